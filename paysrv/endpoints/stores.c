/* /v1/stores: what sells. The owner is the token's user, or named by a partner's token; the split is the partner's. */
#include "paysrv/faults.h"
#include "paysrv/flow/confirmation/confirmation.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/flow/party/party_object.h"
#include "paysrv/flow/stores/split.h"
#include "paysrv/flow/stores/store_open.h"
#include "paysrv/flow/stores/store_terms.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/store_request.h"
#include "shared/crypto/crypto.h"
#include "shared/text/currency.h"
#include "shared/text/url.h"

struct store_in {
    str name, user, currency, url, external_id, split_profile, status, owner;
    const struct points_in *split;
    const struct json_value *methods;
};

static const struct param store_params[] = {
    P_STR(struct store_in, name, .need = REQUIRED, .set = LINE, .min = 1, .max = 200, .in_characters = true),
    P_STR(struct store_in, user, .need = OPTIONAL, .set = ID, .min = 1, .max = 64),
    P_STR(struct store_in, currency, .need = REQUIRED, .set = CURRENCY, .min = 3, .max = 3),
    P_STR(struct store_in, url, .need = OPTIONAL, .set = URI, .min = 1, .max = 500),
    P_STR(struct store_in, external_id, .need = OPTIONAL, .set = LINE, .min = 1, .max = 200),
    P_OBJECT(struct store_in, split, struct points_in, points_params, .need = OPTIONAL),
    P_VALUE(struct store_in, methods, .need = OPTIONAL, .type = METHODS_TYPE),
    P_STR(struct store_in, owner, .need = OPTIONAL, .set = ID, .min = 1, .max = 10, .words = "user partner"),
    P_STR(struct store_in, split_profile, .need = OPTIONAL, .set = ID, .min = 1, .max = 40),
    P_STR(struct store_in, status, .need = OPTIONAL, .set = ID, .min = 1, .max = 20),
};

struct opening {
    partner_id partner;
    const struct caller *caller;
    const struct user_find_row *user;
    struct store_find_row row;
    bool needs_code;
};

/* It waits for its owner; then it is opened as its partner's stores are. */
static err code_ask(struct task *t, const struct opening *opening, struct answer *ret)
{
    const struct confirmation_order order = { .operation = CONFIRM_STORE,
                                              .user = opening->user,
                                              .object = opening->row.store_id.v };
    str document;
    TRY(confirmation_begin(t, opening->caller, &order, &document));
    *ret = (struct answer){ .status = 202, .body = confirmation_join(t, ret->body, document) };
    return OK;
}

static err open_effect(struct task *t, void *context, struct answer *ret)
{
    const struct opening *opening = context;
    const struct store_find_row *row = &opening->row;
    const struct store_insert_args args = {
        .partner = opening->partner,
        .store = row->store_id,
        .user = row->user_id,
        .name = row->name,
        .currency = row->currency,
        .url = row->url,
        .external_id = row->external_id,
        .status = row->status,
        .platform_bp = row->platform_bp,
        .partner_bp = row->partner_bp,
        .split_profile_id = row->split_profile_id,
        .methods = row->methods,
    };
    int64_t n;
    TRY(store_make(t, &args));
    *ret = (struct answer){ .status = 201, .body = store_document(t, row) };
    event_id event = { random_id(t->arena, "evt_") };
    TRY(event_insert(t, event, opening->partner, STR("store.created"), row->store_id.v, ret->body, &n));
    return opening->needs_code ? code_ask(t, opening, ret) : OK;
}

/* What a partner sells itself is shared by the platform's terms alone: it takes no commission of its own sales. */
static err own_profile(struct task *t, partner_id partner, struct store_find_row *row)
{
    struct split_draft draft = { .param = "owner", .currency = row->currency };
    TRY(split_complete(t, partner, &draft));
    TRY(split_check(t, partner, &draft));
    return split_keep(t, partner, &draft, &row->split_profile_id);
}

/* The profile that the partner names for this store, or else his own; none: basis points. */
static err profile_of(struct task *t, const struct store_in *in, const struct partner_find_row *partner,
                      struct store_find_row *row)
{
    if (in->split)
        return store_points_take(t, partner->partner_id, "split", row);
    if (row->user_id.v.n == 0 && !str_given(in->split_profile))
        return str_given(partner->split_profile_id) ? own_profile(t, partner->partner_id, row) : OK;
    row->split_profile_id = str_given(in->split_profile) ? in->split_profile : partner->split_profile_id;
    return str_given(row->split_profile_id) ? store_profile_take(t, partner->partner_id, row->split_profile_id, row)
                                            : OK;
}

/* As the partner's stores are opened, or a draft. */
static err status_of(struct task *t, str asked, const struct partner_find_row *partner, str *ret)
{
    *ret = str_given(asked) ? asked : partner->store_opening;
    if (str_eq(*ret, STR("draft")) || str_eq(*ret, partner->store_opening))
        return OK;
    return FAIL_PARAM(t, INVALID_PARAMETER, STR("status"),
                      arena_printf(t->arena, "must be draft or %.*s", STR_ARG(partner->store_opening)));
}

static err terms_of(struct task *t, const struct caller *c, const struct store_in *all, struct store_find_row *row)
{
    const struct points_in *in = all->split;
    if (in && str_given(c->subject))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("split"), STR("only with the partner's own token"));
    if (str_given(all->split_profile) && (in || str_given(c->subject)))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("split_profile"),
                          STR("only without split, and with the partner's own token"));
    const struct partner_find_row *partner;
    TRY(partner_find(t, c->partner, &partner));
    if (!partner)
        return FAIL(t, NO_PARTNER, "the token's partner is not set up here");
    if (in)
        TRY(points_check(t, in, partner));
    TRY(status_of(t, all->status, partner, &row->status));
    row->platform_bp = in ? (int32_t)in->platform_bp : partner->platform_bp;
    row->partner_bp = in ? (int32_t)in->partner_bp : row->user_id.v.n ? partner->partner_bp : 0;
    return profile_of(t, all, partner, row);
}

static err url_judge(struct task *t, str text)
{
    return !str_given(text) || url_is_web(text)
               ? OK
               : FAIL_PARAM(t, INVALID_PARAMETER, STR("url"), STR("an http or https URL"));
}

/* The user whose store it is; *ret stays NULL: the partner itself. */
static err owner_of(struct task *t, const struct caller *c, const struct store_in *in, const struct user_find_row **ret)
{
    bool is_own = str_eq(in->owner, STR("partner"));
    if (str_given(in->owner) && !is_own && !str_eq(in->owner, STR("user")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("owner"), STR("must be user or partner"));
    if (is_own && str_given(c->subject))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("owner"), STR("partner: only with the partner's own token"));
    if (is_own && str_given(in->user))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("user"), STR("not together with owner: \"partner\""));
    if (is_own)
        return OK;
    TRY(party_user(t, c, in->user, ret));
    return party_is_active(t, *ret);
}

/* Whether its owner is asked, and then its state until he has answered. */
static err code_judge(struct task *t, const struct store_in *in, struct opening *o)
{
    if (o->user)
        TRY(confirmation_is_needed(t, o->partner, CONFIRM_STORE, &o->needs_code));
    if (o->needs_code && str_given(in->status))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("status"),
                          STR("not where the owner confirms it: then it is as the partner's stores are opened"));
    if (o->needs_code)
        o->row.status = store_status_name(STORE_PENDING_CONFIRMATION);
    return OK;
}

static err open_judged(struct task *t, const struct request *rq, const struct once *once, struct answer *answer)
{
    const struct store_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    if (!currency_is_taken(in->currency))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("currency"), currency_allowed(in->currency));
    TRY(url_judge(t, in->url));
    const struct user_find_row *user = NULL;
    user_id owner;
    TRY(owner_of(t, c, in, &user));
    owner = user ? user->user_id : (user_id){ STR("") };
    struct opening opening = {
        .partner = c->partner,
        .caller = c,
        .user = user,
        .row = { .store_id = { random_id(t->arena, "st_") },
                 .user_id = owner,
                 .name = in->name,
                 .currency = in->currency,
                 .url = in->url,
                 .external_id = in->external_id,
                 .created_at = t->now },
    };
    opening.row.tariff_id = arena_printf(t->arena, "trf_%s", arena_cstr(t->arena, opening.row.store_id.v) + 3);
    TRY(terms_of(t, c, in, &opening.row));
    TRY(methods_read(t, in->methods, &opening.row.methods));
    TRY(code_judge(t, in, &opening));
    TRY(once_run(t, c->partner, once, opening.row.store_id.v, open_effect, &opening, answer));
    int64_t opened;
    TRY(accounts_open(t, owner, c->partner, in->currency, &opened));
    if (opening.needs_code)
        mail_wake(t);
    return OK;
}

static err store_create(struct task *t, const struct request *rq, struct response *rs)
{
    return once_handle(t, rq, rs, open_judged);
}

const struct route store_create_route = {
    .method = POST,
    .path = "/v1/stores",
    .guard = &GUARD_STORES,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct store_in, store_params),
    .needs_key = true,
    .handle = store_create,
    .answer = "Store",
    .done = "201 202",
    .summary = "Open a store",
};

/* ---- GET /v1/stores/{store} ---- */

static err store_read(struct task *t, const struct request *rq, struct response *rs)
{
    const struct store_find_row *row;
    TRY(store_load(t, rq, &row));
    store_write(t, reply_json(rs, 200), row);
    return OK;
}

const struct route store_read_route = {
    .method = GET,
    .path = "/v1/stores/{store}",
    .guard = &GUARD_STORES,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = store_read,
    .answer = "Store",
    .summary = "Read a store",
};

/* ---- GET /v1/stores ---- */

struct stores_in {
    str status, user, external_id;
    PAGE_FIELDS
};

static const struct param stores_params[] = {
    P_STR(struct stores_in, status, .need = OPTIONAL, .set = ID, .min = 1, .max = 20,
          .words = STORE_STATUSES(STR_LISTED)),
    P_STR(struct stores_in, user, .need = OPTIONAL, .set = ID, .min = 1, .max = 40),
    P_STR(struct stores_in, external_id, .need = OPTIONAL, .set = LINE, .min = 1, .max = 200),
    PAGE_PARAMS(struct stores_in),
};

static err store_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct stores_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    enum store_status status;
    str before, owner;
    if (str_given(in->status) && !store_status_parse(in->status, &status))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("status"), STR("must be one of:" STORE_STATUSES(STR_LISTED)));
    TRY(cursor_read(t, "stores", c->partner, in->cursor, &before));
    TRY(party_listed(t, c, in->user, &owner));
    size_t limit = page_limit(in->limit), n;
    const struct store_find_row *rows;
    TRY(store_list(t, c->partner, before, owner, in->external_id, in->status, (int64_t)limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        store_write(t, j, &rows[i]);
        json_close(j);
    }
    page_end(t, j, "stores", c->partner, n > limit, shown ? rows[shown - 1].store_id.v : STR_NONE);
    return OK;
}

const struct route store_page_route = {
    .method = GET,
    .path = "/v1/stores",
    .guard = &GUARD_STORES,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct stores_in, stores_params),
    .handle = store_page,
    .answer = "Page<Store>",
    .summary = "List stores, newest first",
};
