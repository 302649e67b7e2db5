/* /operator/reversals: what the acquirer refused to take back to the end, and the form of whoever decides about it,
 * which comes back with what was typed when it is refused. */
#include "paysrv/decision_request.h"
#include "paysrv/faults.h"
#include "paysrv/flow/payment/reversal.h"
#include "paysrv/operator_page.h"
#include "paysrv/routes.h"
#include "paysrv/words.h"
#include "shared/text/money_text.h"
#include "web/operator/pages.h"
#include "web/text.h"

#define PATH "/operator/reversals"
#define ROWS 200
#define RETRY STR("retry")

static const struct param list_params[] = {
    P_BOOL(struct reversal_wish, all, .need = OPTIONAL),
    P_STR(struct reversal_wish, reversal, .need = OPTIONAL, .set = LINE, .max = 100),
    P_STR(struct reversal_wish, payment, .need = OPTIONAL, .set = LINE, .max = 100),
    P_STR(struct reversal_wish, before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
};

/* A form that was refused. */
struct refused {
    str reversal, note;
    struct operator_refusal said;
};

static struct operator_reversal_row row_of(struct task *t, const struct operator_session *who,
                                           const struct reversal_list_row *r)
{
    bool is_decided = str_given(r->decision), waits = str_given(r->waits);
    return (struct operator_reversal_row){
        .id = r->call_id,
        .kind = word_of_reversal(r->op),
        .payment = r->payment_id.v,
        .payment_url = operator_object(t, r->payment_id.v),
        .partner = r->partner_name,
        .amount = money_text(t->arena, r->amount, r->currency),
        .time = instant_text(t->arena, r->refused_at),
        .time_iso = instant_iso(t->arena, r->refused_at),
        .refusals = r->refusals,
        .decline_code = r->decline_code,
        .acquirer = r->acquirer,
        .charge = r->charge_ref,
        .is_refund = str_eq(reversal_kind(r->op), STR("refund")),
        .action = who->only_looks || is_decided || waits ? STR_NONE : operator_link(t, "reversals", r->call_id),
        .waits = !is_decided && waits,
        .decision =
            is_decided ? word_of_reversal_decision(str_given(r->settled_as) ? r->settled_as : r->decision) : STR_NONE,
        .decided = is_decided ? instant_text(t->arena, r->decided_at) : STR_NONE,
        .decided_iso = is_decided ? instant_iso(t->arena, r->decided_at) : STR_NONE,
        .decided_by = r->decided_name,
        .decided_note = r->note,
    };
}

static err show(struct task *t, const struct operator_session *who, const struct reversal_wish *in,
                const struct refused *refused, struct response *rs)
{
    const struct operator_query queries[] = { { "payment", in->payment }, { "all", STR("true") } };
    struct page_operator_reversals page = { OPERATOR_FRAME(who), .payment = operator_wish(in->payment) };
    const struct operator_list list = { .name = in->all ? "operator reversals" : "operator reversals waiting",
                                        .path = STR(PATH),
                                        .queries = queries,
                                        .n_queries = in->all ? 2 : 1 };
    const struct reversal_list_row *rows;
    size_t found;
    int64_t number;
    const int64_t *last;
    TRY(operator_position_number(t, &list, in->before, &number, &last));
    TRY(reversals_find(t, in, last, ROWS + 1, &rows, &found));
    size_t n = found < ROWS ? found : ROWS;
    struct operator_reversal_row *items = arena_array(t->arena, struct operator_reversal_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        items[i] = row_of(t, who, &rows[i]);
        if (refused && str_eq(rows[i].call_id, refused->reversal)) {
            items[i].problem = refused->said.why;
            items[i].note = refused->note;
        }
    }
    TRY(operator_names_put(t, &items->decided_by, n, sizeof *items));
    page.reversals.items = items;
    page.reversals.n = n;
    page.older_url = operator_older(t, &list, found > n, n ? operator_number(t, rows[n - 1].anomaly_id) : STR_NONE);
    if (in->all)
        page.waiting_url = operator_url(t, STR(PATH), queries, 1);
    else
        page.all_url = operator_url(t, STR(PATH), queries, 2);
    page_operator_reversals(reply_html(rs, refused ? refused->said.status : 200), &page);
    return OK;
}

static err list_page(struct task *t, const struct request *rq, struct response *rs)
{
    return show(t, rq->caller, rq->in, NULL, rs);
}

const struct route operator_reversals_route = {
    .method = GET,
    .path = PATH,
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .ignore_unknown = true,
    INPUT(struct reversal_wish, list_params),
    .handle = list_page,
    .summary =
        "Reversals that the acquirer refused to the end, the oldest first; of all, the newest; of one payment, or one",
};

struct word_in {
    str csrf, as, note;
};

static const struct param word_params[] = {
    P_STR(struct word_in, csrf, .need = REQUIRED, .set = BASE64URL, .min = 43, .max = 43),
    P_STR(struct word_in, as, .need = REQUIRED, .set = ID, .min = 1, .max = 20),
    P_STR(struct word_in, note, .need = OPTIONAL, .set = LINE, .max = 4 * NOTE_MOST),
};

static err word_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct word_in *in = rq->in;
    const struct operator_session *who = rq->caller;
    const struct reversal_list_row *row;
    const struct reversal_word word = { .reversal = request_path_param(rq, "reversal"),
                                        .as = str_eq(in->as, RETRY) ? STR_NONE : in->as,
                                        .note = in->note.n ? in->note : STR(""),
                                        .by = who->subject,
                                        .by_name = who->name };
    struct refused refused = { .reversal = word.reversal, .note = in->note };
    TRY(operator_form(t, who, in->csrf));
    err e = reversal_decide(t, &word, &row);
    if (!err_is(e, &FAULT_NOT_FOUND) && operator_refused(t, e, &refused.said))
        return show(t, who, &(struct reversal_wish){ .all = true, .reversal = word.reversal }, &refused, rs);
    TRY(e);
    reply_see_other(rs, str_given(row->waits) ? STR("/operator/bank") : STR(PATH));
    return OK;
}

const struct route operator_reversal_route = {
    .method = POST,
    .path = PATH "/{reversal}",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct word_in, word_params),
    .handle = word_post,
    .summary = "Have the acquirer asked once more, or say where the money went",
};
