/* /operator/anomalies: what a person has to look at, and closing it with a word. A form that was refused is shown again
 * with what was typed. */
#include "paysrv/decision_request.h"
#include "paysrv/faults.h"
#include "paysrv/flow/anomaly.h"
#include "paysrv/flow/payment/call_word.h"
#include "paysrv/operator_page.h"
#include "paysrv/routes.h"
#include "paysrv/store/anomaly.sql.h"
#include "paysrv/words.h"
#include "shared/base/num.h"
#include "web/operator/pages.h"

#define PATH "/operator/anomalies"

static str one_url(struct task *t, int64_t id)
{
    return arena_printf(t->arena, PATH "?no=%lld", (long long)id);
}

static str of_partner_url(struct task *t, str partner)
{
    return operator_url(t, STR(PATH), &(const struct operator_query){ "partner", partner }, 1);
}

static str partner_shown(struct task *t, const struct anomalies_open_row *a)
{
    str name = str_given(a->partner_name) ? a->partner_name : a->partner_id;
    return a->is_sandbox ? arena_printf(t->arena, "%.*s (sandbox)", STR_ARG(name)) : name;
}

/* Of payouts, which have no payment, the outcome is said by a verb of their own. */
static bool may_resolve(const struct operator_session *who, const struct anomalies_open_row *a)
{
    enum anomaly kind;
    bool is_open = !a->closed_at_given && !str_given(a->waits);
    return !who->only_looks && is_open && str_given(a->payment_id) && anomaly_parse(a->kind, &kind) &&
           call_word_may_end(kind);
}

static struct operator_anomaly_row row_of(struct task *t, const struct operator_session *who,
                                          const struct anomalies_open_row *a)
{
    bool is_open = !a->closed_at_given;
    str payment = str_eq(a->payment_id, a->ref) ? STR_NONE : a->payment_id;
    str subscription = str_eq(a->subscription_id, a->ref) ? STR_NONE : a->subscription_id;
    return (struct operator_anomaly_row){
        .id = arena_printf(t->arena, "%lld", (long long)a->anomaly_id),
        .url = one_url(t, a->anomaly_id),
        .kind = a->kind,
        .means = word_of_anomaly(a->kind),
        .time = instant_text(t->arena, a->created_at),
        .time_iso = instant_iso(t->arena, a->created_at),
        .age = is_open ? operator_age(t, a->created_at) : STR_NONE,
        .of = a->ref,
        .of_url = operator_object(t, a->ref),
        .payment = payment,
        .payment_url = operator_object(t, payment),
        .subscription = subscription,
        .subscription_url = operator_object(t, subscription),
        .partner = partner_shown(t, a),
        .partner_url = str_given(a->partner_id) ? of_partner_url(t, a->partner_id) : STR_NONE,
        .detail = a->detail,
        .closed = is_open ? STR_NONE : instant_text(t->arena, a->closed_at),
        .closed_iso = is_open ? STR_NONE : instant_iso(t->arena, a->closed_at),
        .closed_by = a->closed_by,
        .closed_note = a->note,
        .action = who->only_looks || !is_open ? STR_NONE
                                              : arena_printf(t->arena, PATH "/%lld/close", (long long)a->anomaly_id),
        .resolve =
            may_resolve(who, a) ? arena_printf(t->arena, PATH "/%lld/resolve", (long long)a->anomaly_id) : STR_NONE,
        .waits = a->waits,
    };
}

struct list_in {
    str status, kind, partner, before;
    str no; /* one, open or not */
};

static const struct param list_params[] = {
    P_STR(struct list_in, status, .need = OPTIONAL, .set = ID, .max = 20),
    P_STR(struct list_in, kind, .need = OPTIONAL, .set = ID, .max = 40),
    P_STR(struct list_in, partner, .need = OPTIONAL, .set = LINE, .max = 63),
    P_STR(struct list_in, before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
    P_STR(struct list_in, no, .need = OPTIONAL, .set = ID, .max = 19),
};

static void kinds_offer(struct task *t, str chosen, struct page_operator_anomalies *page)
{
    struct operator_choice *items = arena_array(t->arena, struct operator_choice, ANOMALY_COUNT);
    for (int i = 0; i < ANOMALY_COUNT; i++) {
        str name = anomaly_name((enum anomaly)i);
        items[i] = (struct operator_choice){ name, name, str_eq(name, chosen) };
    }
    page->kinds.items = items;
    page->kinds.n = ANOMALY_COUNT;
}

static err many_read(struct task *t, const struct operator_session *who, const struct list_in *in,
                     struct page_operator_anomalies *page)
{
    const struct operator_query queries[] = { { "status", in->status },
                                              { "kind", in->kind },
                                              { "partner", in->partner } };
    page->is_closed = str_eq(in->status, STR("closed"));
    const struct operator_list list = { .name = page->is_closed ? "operator closed anomalies" : "operator anomalies",
                                        .path = STR(PATH),
                                        .queries = queries,
                                        .n_queries = 3 };
    const struct anomaly_wish wish = { in->status, in->kind, in->partner };
    struct anomalies_found found;
    str position;
    TRY(operator_position(t, &list, in->before, &position));
    TRY(anomalies_find(t, &wish, position, OPERATOR_ROWS, &found));
    struct operator_anomaly_row *items = arena_array(t->arena, struct operator_anomaly_row, found.n + 1);
    for (size_t i = 0; i < found.n; i++)
        items[i] = row_of(t, who, &found.rows[i]);
    TRY(operator_names_put(t, &items->closed_by, found.n, sizeof *items));
    page->anomalies.items = items;
    page->anomalies.n = found.n;
    page->older_url = operator_older(t, &list, str_given(found.next), found.next);
    page->partner = in->partner;
    kinds_offer(t, in->kind, page);
    return OK;
}

static err one_read(struct task *t, const struct operator_session *who, str no, struct page_operator_anomalies *page,
                    struct operator_anomaly_row *item)
{
    const struct anomalies_open_row *row = NULL;
    int64_t id;
    if (num_parse(no, &id))
        TRY(anomaly_find(t, id, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such anomaly");
    *item = row_of(t, who, row);
    TRY(operator_names_put(t, &item->closed_by, 1, sizeof *item));
    page->is_one = true;
    page->anomalies.items = item;
    page->anomalies.n = 1;
    return OK;
}

static err list_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    const struct operator_session *who = rq->caller;
    str_array partners;
    TRY(operator_partners(t, &partners));
    struct page_operator_anomalies page = { OPERATOR_FRAME(who), .partners = { partners.items, partners.n } };
    struct operator_anomaly_row item;
    TRY(in->no.n ? one_read(t, who, in->no, &page, &item) : many_read(t, who, in, &page));
    page_operator_anomalies(reply_html(rs, 200), &page);
    return OK;
}

const struct route operator_anomalies_route = {
    .method = GET,
    .path = PATH,
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .ignore_unknown = true,
    INPUT(struct list_in, list_params),
    .handle = list_page,
    .summary = "What a person has to look at, the oldest first, or what was closed; or one by its number",
};

/* ---- what a person says about it ---- */

struct close_in {
    str csrf, note;
};

static const struct param close_params[] = {
    P_STR(struct close_in, csrf, .need = REQUIRED, .set = BASE64URL, .min = 43, .max = 43),
    P_STR(struct close_in, note, .need = OPTIONAL, .set = LINE, .max = 4 * NOTE_MOST),
};

struct typed {
    str note, acquirer_ref;
};

static err refused_show(struct task *t, const struct request *rq, const struct operator_refusal *said,
                        const struct typed *in, struct response *rs)
{
    const struct operator_session *who = rq->caller;
    struct page_operator_anomalies page = { OPERATOR_FRAME(who) };
    struct operator_anomaly_row item;
    TRY(one_read(t, who, request_path_param(rq, "anomaly"), &page, &item));
    item.problem = said->why;
    item.note = in->note;
    item.acquirer_ref = in->acquirer_ref;
    page_operator_anomalies(reply_html(rs, said->status), &page);
    return OK;
}

static err close_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct close_in *in = rq->in;
    const struct operator_session *who = rq->caller;
    struct operator_refusal said;
    int64_t id;
    TRY(operator_form(t, who, in->csrf));
    if (!num_parse(request_path_param(rq, "anomaly"), &id))
        return FAIL(t, NOT_FOUND, "no number");
    err e = anomaly_end(t, id, who->subject, in->note);
    if (operator_refused(t, e, &said))
        return refused_show(t, rq, &said, &(struct typed){ .note = in->note }, rs);
    TRY(e);
    reply_see_other(rs, STR(PATH));
    return OK;
}

const struct route operator_anomaly_close_route = {
    .method = POST,
    .path = PATH "/{anomaly}/close",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct close_in, close_params),
    .handle = close_post,
    .summary = "Close what was looked at, with a note",
};

struct resolve_in {
    str csrf, as, acquirer_ref, note;
};

static const struct param resolve_params[] = {
    P_STR(struct resolve_in, csrf, .need = REQUIRED, .set = BASE64URL, .min = 43, .max = 43),
    P_STR(struct resolve_in, as, .need = REQUIRED, .set = ID, .min = 1, .max = 20),
    P_STR(struct resolve_in, acquirer_ref, .need = OPTIONAL, .set = LINE, .max = 1020),
    P_STR(struct resolve_in, note, .need = OPTIONAL, .set = LINE, .max = 4 * NOTE_MOST),
};

static err resolve_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct resolve_in *in = rq->in;
    const struct operator_session *who = rq->caller;
    struct operator_refusal said;
    int64_t id;
    TRY(operator_form(t, who, in->csrf));
    if (!num_parse(request_path_param(rq, "anomaly"), &id))
        return FAIL(t, NOT_FOUND, "no number");
    struct call_word word = {
        .as = in->as, .acquirer_ref = in->acquirer_ref, .note = in->note, .by = who->subject, .by_name = who->name
    };
    err e = call_word_take(t, id, &word);
    if (operator_refused(t, e, &said))
        return refused_show(t, rq, &said, &(struct typed){ in->note, in->acquirer_ref }, rs);
    TRY(e);
    reply_see_other(rs, str_given(word.waits) ? STR("/operator/bank") : STR(PATH));
    return OK;
}

const struct route operator_anomaly_resolve_route = {
    .method = POST,
    .path = PATH "/{anomaly}/resolve",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct resolve_in, resolve_params),
    .handle = resolve_post,
    .summary = "Say how an operation ended that its acquirer answers nothing about any more",
};
