/* Entries by hand that wait for a second operator: /v1/operator/manual_entries, and the form of /operator/bank. */
#include "paysrv/decision_request.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/ledger/manual_entry.h"
#include "paysrv/guards.h"
#include "paysrv/operator_bank_page.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/manual_entry.sql.h"
#include "shared/text/shape.h"

SHAPE(manual_entry, "ManualEntry",
      "id: string, object: 'manual_entry', kind: 'write_off' | 'undo' | 'resolve' | 'send' | 'assign' | 'payout' | "
      "'batch' | "
      "'order' | 'reversal' | 'call', of: string, partner: string | null, "
      "amount: integer, "
      "currency: string, borne_by: string, iban: string | null, holder_name: string | null, acquirer_ref: string | "
      "null, reason: string, status: 'waiting' | 'booked' | 'rejected' | 'alone', asked_by: string, "
      "decided_by: string | null, note: string | null, created_at: time")

static void entry_write(struct json *j, const struct manual_entry_list_row *e)
{
    json_str(j, "id", e->manual_entry_id);
    json_str(j, "object", STR("manual_entry"));
    json_str(j, "kind", e->kind);
    json_str(j, "of", e->object);
    json_str_or_null(j, "partner", e->partner_id.v);
    json_i64(j, "amount", e->amount);
    json_str(j, "currency", e->currency);
    json_str(j, "borne_by", e->borne_by);
    json_str_or_null(j, "iban", e->iban); /* whole: who approves has to see it */
    json_str_or_null(j, "holder_name", e->holder_name);
    json_str_or_null(j, "acquirer_ref", e->acquirer_ref);
    json_str(j, "reason", e->reason);
    json_str(j, "status", e->status);
    json_str(j, "asked_by", e->asked_name);
    json_str_or_null(j, "decided_by", e->decided_name);
    json_str_or_null(j, "note", e->note);
    json_time(j, "created_at", e->created_at);
}

#define LIST "manual entries"
static const partner_id ALL = { { "", 0 } };

struct entries_in {
    PAGE_FIELDS
    bool all;
};

static const struct param entries_params[] = { PAGE_PARAMS(struct entries_in),
                                               P_BOOL(struct entries_in, all, .need = OPTIONAL) };

static err entries_list(struct task *t, const struct request *rq, struct response *rs)
{
    const struct entries_in *in = rq->in;
    const struct manual_entry_list_row *rows;
    size_t limit = parts_limit(in->limit), found;
    str position;
    TRY(cursor_read(t, LIST, ALL, in->cursor, &position));
    TRY(manual_entry_list(t, in->all, position, (int64_t)limit + 1, &rows, &found));
    size_t n = found < limit ? found : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        entry_write(j, &rows[i]);
        json_close(j);
    }
    page_end(t, j, LIST, ALL, found > n, n ? rows[n - 1].manual_entry_id : STR_NONE);
    return OK;
}

const struct route manual_entries_route = {
    .method = GET,
    .path = "/v1/operator/manual_entries",
    .guard = &GUARD_OPERATOR,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct entries_in, entries_params),
    .handle = entries_list,
    .answer = "Page<ManualEntry>",
    .summary = "Entries by hand that wait for a second operator (all=true: decided ones too), newest first",
};

static err decide(struct task *t, const struct request *rq, struct response *rs, bool is_approval)
{
    struct operator_decision decision;
    const struct manual_entry_list_row *row;
    TRY(decision_of_token(t, rq, is_approval, &decision));
    TRY(manual_entry_decision(t, request_path_param(rq, "entry"), &decision, &row));
    entry_write(reply_json(rs, 200), row);
    return OK;
}

static err approve(struct task *t, const struct request *rq, struct response *rs)
{
    return decide(t, rq, rs, true);
}

const struct route manual_entry_approve_route = {
    .method = POST,
    .path = "/v1/operator/manual_entries/{entry}/approve",
    .guard = &GUARD_OPERATOR,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct note_in, note_params),
    .repeatable = true,
    .handle = approve,
    .answer = "ManualEntry",
    .summary = "Approve an entry that another operator has asked for, and book it",
};

static err reject(struct task *t, const struct request *rq, struct response *rs)
{
    return decide(t, rq, rs, false);
}

const struct route manual_entry_reject_route = {
    .method = POST,
    .path = "/v1/operator/manual_entries/{entry}/reject",
    .guard = &GUARD_OPERATOR,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct note_in, note_params),
    .repeatable = true,
    .handle = reject,
    .answer = "ManualEntry",
    .summary = "Reject an entry that waits, or take one's own back",
};

/* ---- the page's form ---- */

static err decision_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct bank_wish newest = { .closed = false };
    const struct decision_in *in = rq->in;
    struct bank_refused refused = { .entry = request_path_param(rq, "entry"), .note = in->note };
    struct operator_decision decision;
    const struct manual_entry_list_row *row;
    TRY(decision_of_form(t, rq, &decision));
    err e = manual_entry_decision(t, request_path_param(rq, "entry"), &decision, &row);
    if (operator_refused(t, e, &refused.said))
        return operator_bank_show(t, rq->caller, &newest, &refused, rs);
    TRY(e);
    reply_see_other(rs, STR("/operator/bank"));
    return OK;
}

const struct route operator_entry_decision_route = {
    .method = POST,
    .path = "/operator/entries/{entry}/decision",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct decision_in, decision_params),
    .handle = decision_post,
    .summary = "Approve or reject an entry by hand that waits for it",
};
