/* /operator/stores/{store}: one store, what it may do and who said so; stopping it and letting it sell again. */
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/stores/store_state.h"
#include "paysrv/operator_page.h"
#include "paysrv/routes.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/store/user.sql.h"
#include "paysrv/words.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "web/operator/pages.h"
#include "web/text.h"

/* Closing is for good, and stays with the command. */
static const struct act {
    enum store_status to;
    enum text_key text;
    bool needs_reason;
} acts[] = { { STORE_SUSPENDED, TEXT_OP_STORE_SUSPEND, true },
             { STORE_ACTIVE, TEXT_OP_STORE_RESUME, false },
             { STORE_REVIEW, TEXT_OP_STORE_REVIEW, true },
             { STORE_DRAFT, TEXT_OP_STORE_RETURN, true } };
#define ACTS (sizeof acts / sizeof acts[0])
#define CHANGES 100 /* shown, the newest */

/* The task goes on under its partner's clock. */
static err load(struct task *t, store_id id, struct store_change *c)
{
    const struct store_any_row *any;
    const struct store_find_row *row = NULL;
    TRY(store_any(t, id, &any));
    if (!any)
        return FAIL(t, NOT_FOUND, "no such store");
    c->partner = any->partner_id;
    c->by = STORE_OPERATOR;
    TRY(clock_enter(t, c->partner));
    TRY(store_find(t, c->partner, id, STR_NONE, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such store");
    c->row = *row;
    return OK;
}

/* ---- the page ---- */

static err tariffs_read(struct task *t, const struct store_change *c, struct page_operator_store *page)
{
    const struct tariff_list_row *rows;
    bool in_force = false;
    size_t n;
    TRY(tariff_list(t, c->partner, c->row.store_id, &rows, &n));
    struct operator_tariff_row *items = arena_array(t->arena, struct operator_tariff_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct tariff_list_row *r = &rows[i];
        str terms = arena_printf(t->arena, "%.*s %d.%02d %%, %.*s %d.%02d %%", STR_ARG(text_of(TEXT_OP_PLATFORM)),
                                 (int)r->platform_bp / 100, (int)r->platform_bp % 100,
                                 STR_ARG(text_of(TEXT_OP_PARTNER)), (int)r->partner_bp / 100, (int)r->partner_bp % 100);
        items[i] = (struct operator_tariff_row){
            .state = word_of_tariff(
                tariff_state_name(tariff_state_at(r->valid_from, r->canceled_at_given, t->now, &in_force))),
            .from = instant_text(t->arena, r->valid_from),
            .from_iso = instant_iso(t->arena, r->valid_from),
            .terms = str_given(r->split_profile_id) ? r->split_profile_id : terms,
            .by = r->created_by,
        };
    }
    page->tariffs.items = items;
    page->tariffs.n = n;
    return operator_names_put(t, &items->by, n, sizeof *items);
}

static err changes_read(struct task *t, const struct store_change *c, struct page_operator_store *page)
{
    const struct store_changes_row *rows;
    size_t n;
    TRY(store_changes(t, c->row.store_id, CHANGES, &rows, &n));
    struct operator_change_row *items = arena_array(t->arena, struct operator_change_row, n + 1);
    str *names = arena_array(t->arena, str, n + 1);
    for (size_t i = 0; i < n; i++)
        names[i] = rows[i].actor_name;
    TRY(operator_names_put(t, names, n, sizeof *names));
    for (size_t i = 0; i < n; i++) {
        const struct store_changes_row *r = &rows[i];
        items[i] = (struct operator_change_row){ .time = instant_text(t->arena, r->changed_at),
                                                 .time_iso = instant_iso(t->arena, r->changed_at),
                                                 .from_text = word_of_store(r->from_status),
                                                 .to_text = word_of_store(r->to_status),
                                                 .actor = arena_printf(t->arena, "%.*s %.*s", STR_ARG(r->actor),
                                                                       STR_ARG(names[i])),
                                                 .reason = r->reason };
    }
    page->changes.items = items;
    page->changes.n = n;
    return OK;
}

/* What can be done from the state that it is in. */
static void acts_offer(struct task *t, const struct store_change *c, struct page_operator_store *page)
{
    struct operator_store_act *items = arena_array(t->arena, struct operator_store_act, ACTS);
    size_t n = 0;
    for (size_t i = 0; i < ACTS; i++) {
        struct store_change wanted = *c;
        wanted.to = acts[i].to;
        if (!store_change_judge(t, &wanted))
            items[n++] = (struct operator_store_act){ store_status_name(acts[i].to), text_of(acts[i].text) };
    }
    page->acts.items = items;
    page->acts.n = n;
    page->action = arena_printf(t->arena, "/operator/stores/%.*s/state", STR_ARG(c->row.store_id.v));
}

static struct page_operator_store page_of(struct task *t, const struct operator_session *who,
                                          const struct store_change *c)
{
    const struct store_find_row *s = &c->row;
    str twin = str_given(s->twin) ? s->twin : s->twin_of;
    return (struct page_operator_store){
        OPERATOR_FRAME(who),
        .id = s->store_id.v,
        .name = s->name,
        .status = s->status,
        .status_text = word_of_store(s->status),
        .reason = s->status_reason,
        .seller_url = operator_link(t, "sellers", s->user_id.v),
        .currency = s->currency,
        .external_id = s->external_id,
        .address = s->url,
        .display_name = s->display_name,
        .descriptor = s->statement_descriptor,
        .support = str_given(s->support_email) ? s->support_email : s->support_url,
        .twin = twin,
        .twin_url = operator_link(t, "stores", twin),
        .moved_from = s->moved_from,
        .moved_to = s->moved_to,
        .created = instant_text(t->arena, s->created_at),
        .created_iso = instant_iso(t->arena, s->created_at),
        .methods = { s->methods.items, s->methods.n },
        .domains = { s->domains.items, s->domains.n },
        .payments_url = arena_printf(t->arena, "/operator/payments?store=%.*s", STR_ARG(s->store_id.v)),
        .subscriptions_url =
            arena_printf(t->arena, "/operator/subscriptions?status=all&store=%.*s", STR_ARG(s->store_id.v)),
        .audit_url = arena_printf(t->arena, "/operator/audit?object=%.*s", STR_ARG(s->store_id.v)),
    };
}

/* said NULL: no form was refused; else with what was typed. */
static err store_show(struct task *t, const struct request *rq, const struct operator_refusal *said, str typed,
                      struct response *rs)
{
    const struct operator_session *who = rq->caller;
    const struct partner_find_row *partner;
    const struct user_find_row *seller;
    struct store_change c = { 0 };
    TRY(load(t, (store_id){ request_path_param(rq, "store") }, &c));
    struct page_operator_store page = page_of(t, who, &c);
    TRY(partner_find(t, c.partner, &partner));
    page.partner_name = partner ? partner->name : c.partner.v;
    TRY(user_find(t, c.partner, c.row.user_id, &seller));
    page.seller_name = seller ? seller->name : STR_NONE;
    TRY(tariffs_read(t, &c, &page));
    TRY(changes_read(t, &c, &page));
    if (!who->only_looks)
        acts_offer(t, &c, &page);
    page.problem = said ? said->why : STR_NONE;
    page.typed = typed;
    page_operator_store(reply_html(rs, said ? said->status : 200), &page);
    return OK;
}

static err store_page(struct task *t, const struct request *rq, struct response *rs)
{
    return store_show(t, rq, NULL, STR_NONE, rs);
}

const struct route operator_store_route = {
    .method = GET,
    .path = "/operator/stores/{store}",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .ignore_unknown = true,
    .handle = store_page,
    .summary = "A store: its state, tariffs, and who changed what",
};

/* ---- another state ---- */

struct state_in {
    str csrf, to, reason;
};

static const struct param state_params[] = {
    P_STR(struct state_in, csrf, .need = REQUIRED, .set = BASE64URL, .min = 43, .max = 43),
    P_STR(struct state_in, to, .need = REQUIRED, .set = ID, .min = 1, .max = 40),
    P_STR(struct state_in, reason, .need = OPTIONAL, .set = LINE, .max = 200, .in_characters = true),
};

static err act_read(struct task *t, const struct state_in *in, struct store_change *c)
{
    for (size_t i = 0; i < ACTS; i++)
        if (str_eq(in->to, store_status_name(acts[i].to))) {
            c->to = acts[i].to;
            c->reason = operator_wish(in->reason);
            return str_given(c->reason) || !acts[i].needs_reason
                       ? OK
                       : FAIL_PARAM(t, INVALID_PARAMETER, STR("reason"), STR("is needed: the partner reads it"));
        }
    return FAIL_PARAM(t, INVALID_PARAMETER, STR("to"), STR("suspended, active, review or draft"));
}

static err change_in_tx(struct task *t, void *context)
{
    struct answer unused;
    return store_change_effect(t, context, &unused);
}

/* A form that is sent twice has one effect, and the same answer. */
static err change(struct task *t, const struct state_in *in, struct store_change *c)
{
    TRY(act_read(t, in, c));
    if (str_eq(c->row.status, in->to) && str_eq(c->row.status_by, store_actor_name(STORE_OPERATOR)))
        return OK;
    TRY(store_change_judge(t, c));
    TRY(db_tx(t, change_in_tx, c));
    store_changed(t, c->partner, c->row.store_id);
    return OK;
}

static err state_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct state_in *in = rq->in;
    const struct operator_session *who = rq->caller;
    struct store_change c = { .by_name = who->subject, .event = { random_id(t->arena, "evt_") } };
    struct operator_refusal said;
    TRY(operator_form(t, who, in->csrf));
    TRY(load(t, (store_id){ request_path_param(rq, "store") }, &c));
    err e = change(t, in, &c);
    if (operator_refused(t, e, &said))
        return store_show(t, rq, &said, in->reason, rs);
    TRY(e);
    reply_see_other(rs, arena_printf(t->arena, "/operator/stores/%.*s", STR_ARG(c.row.store_id.v)));
    return OK;
}

const struct route operator_store_state_route = {
    .method = POST,
    .path = "/operator/stores/{store}/state",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct state_in, state_params),
    .handle = state_post,
    .summary = "Stop a store from selling, or let it sell again",
};
