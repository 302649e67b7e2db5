/* /operator/disputes: what buyers' banks want back, what is due first, or what had which end; and accepting it. */
#include "paysrv/domain/dispute/dispute.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/dispute/dispute.h"
#include "paysrv/flow/dispute/dispute_search.h"
#include "paysrv/flow/payment/call.h"
#include "paysrv/operator_page.h"
#include "paysrv/routes.h"
#include "paysrv/store/dispute.sql.h"
#include "paysrv/store/negative.sql.h"
#include "paysrv/words.h"
#include "shared/text/money_text.h"
#include "web/operator/pages.h"
#include "web/text.h"

#define NEGATIVES 200

struct disputes_in {
    str status, before;
};

static const struct param disputes_params[] = {
    P_STR(struct disputes_in, status, .need = OPTIONAL, .set = ID, .max = 20),
    P_STR(struct disputes_in, before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
};

static struct operator_dispute_row row_of(struct task *t, const struct operator_session *who,
                                          const struct disputes_undecided_row *d)
{
    bool can_accept = !who->only_looks && dispute_can_be_accepted(d->phase, d->status, d->asked);
    bool has_due = dispute_waits(d->status, d->asked) && d->evidence_due_at_given;
    return (struct operator_dispute_row){
        .id = d->dispute_id.v,
        .url = operator_link(t, "disputes", d->dispute_id.v),
        .payment = d->description,
        .payment_url = operator_link(t, "payments", d->payment_id.v),
        .phase_text = word_of_dispute_phase(d->phase),
        .status = d->status,
        .status_text = word_of_dispute(d->status),
        .reason = d->reason,
        .time = instant_text(t->arena, d->created_at),
        .time_iso = instant_iso(t->arena, d->created_at),
        .due = has_due ? instant_text(t->arena, d->evidence_due_at) : STR_NONE,
        .due_iso = has_due ? instant_iso(t->arena, d->evidence_due_at) : STR_NONE,
        .amount = money_text(t->arena, d->amount, d->currency),
        .taken = money_text(t->arena, d->taken, d->currency),
        .store_name = d->store_name,
        .partner_name = d->partner_name,
        .accept_action =
            can_accept ? arena_printf(t->arena, "/operator/disputes/%.*s/accept", STR_ARG(d->dispute_id.v)) : STR_NONE,
    };
}

static const struct operator_negative_row *negatives_of(struct task *t, const struct negative_list_row *rows, size_t n)
{
    struct operator_negative_row *items = arena_array(t->arena, struct operator_negative_row, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct operator_negative_row){
            .time = instant_text(t->arena, rows[i].negative_since),
            .time_iso = instant_iso(t->arena, rows[i].negative_since),
            .user_url = operator_link(t, "sellers", rows[i].user_id.v),
            .user_name = rows[i].user_name,
            .partner_name = rows[i].partner_name,
            .amount = money_text(t->arena, -rows[i].available, rows[i].currency),
        };
    return items;
}

static void statuses_offer(struct task *t, str chosen, struct page_operator_disputes *page)
{
    struct operator_choice *items = arena_array(t->arena, struct operator_choice, DISPUTE_STATUS_COUNT + 1);
    for (unsigned i = 0; i < DISPUTE_STATUS_COUNT; i++) {
        str name = dispute_status_name((enum dispute_status)i);
        items[i] = (struct operator_choice){ name, word_of_dispute(name), str_eq(name, chosen) };
    }
    items[DISPUTE_STATUS_COUNT] =
        (struct operator_choice){ DISPUTES_ALL, text_of(TEXT_OP_ALL), str_eq(chosen, DISPUTES_ALL) };
    page->statuses.items = items;
    page->statuses.n = DISPUTE_STATUS_COUNT + 1;
}

static err disputes_list(struct task *t, const struct request *rq, struct page_operator_disputes *page)
{
    const struct disputes_in *in = rq->in;
    const struct operator_query queries[] = { { "status", in->status } };
    const struct operator_list list = {
        .name = arena_cstr(t->arena, arena_printf(t->arena, "operator disputes %.*s", STR_ARG(in->status))),
        .path = STR("/operator/disputes"),
        .queries = queries,
        .n_queries = 1,
    };
    struct disputes_found found;
    str position;
    TRY(operator_position(t, &list, in->before, &position));
    TRY(disputes_find(t, operator_wish(in->status), position, OPERATOR_ROWS, &found));
    struct operator_dispute_row *items = arena_array(t->arena, struct operator_dispute_row, found.n + 1);
    for (size_t i = 0; i < found.n; i++)
        items[i] = row_of(t, rq->caller, &found.rows[i]);
    page->disputes.items = items;
    page->disputes.n = found.n;
    page->older_url = operator_older(t, &list, str_given(found.next), found.next);
    return OK;
}

static err disputes_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct disputes_in *in = rq->in;
    const struct negative_list_row *negatives;
    size_t n;
    struct page_operator_disputes page = {
        OPERATOR_FRAME((const struct operator_session *)rq->caller),
        .is_open = !in->status.n,
    };
    TRY(negative_list(t, false, NEGATIVES, &negatives, &n));
    page.negatives.items = negatives_of(t, negatives, n);
    page.negatives.n = n;
    statuses_offer(t, in->status, &page);
    TRY(disputes_list(t, rq, &page));
    page_operator_disputes(reply_html(rs, 200), &page);
    return OK;
}

const struct route operator_disputes_route = {
    .method = GET,
    .path = "/operator/disputes",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct disputes_in, disputes_params),
    .handle = disputes_page,
    .summary = "Disputes that are not decided, what is due first, or those of a status",
};

struct accept_in {
    str csrf;
};

static const struct param accept_params[] = {
    P_STR(struct accept_in, csrf, .need = REQUIRED, .set = BASE64URL, .min = 43, .max = 43),
};

static err accept_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct accept_in *in = rq->in;
    const struct operator_session *who = rq->caller;
    const struct dispute_find_row *row;
    bool asked;
    TRY(operator_form(t, who, in->csrf));
    TRY(dispute_find(t, request_path_param(rq, "dispute"), STR_NONE, STR_NONE, STR_NONE, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such dispute");
    TRY(clock_enter(t, row->partner_id));
    const struct dispute_response what = { .accepts = true, .by = who->subject, .due = call_due(t) };
    TRY(dispute_respond(t, row, &what, &asked));
    bool is_repeated = str_eq(row->asked, STR("accept")) && str_eq(row->asked_by, who->subject);
    if (!asked && !is_repeated)
        return FAIL_PARAM(t, DISPUTE_STATE, STR("dispute"), STR("it is no chargeback that waits for an answer"));
    TRY(dispute_look(t, row->dispute_id));
    reply_see_other(rs, STR("/operator/disputes"));
    return OK;
}

const struct route operator_dispute_accept_route = {
    .method = POST,
    .path = "/operator/disputes/{dispute}/accept",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct accept_in, accept_params),
    .handle = accept_post,
    .summary = "Accept a chargeback in place of its owner",
};
