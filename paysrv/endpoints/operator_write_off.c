/* /operator/negative_balances: what sellers owe. From a seller's page: /operator/sellers/{user}/write_offs, and
 * /operator/write_offs/{write_off}/undo of one that was a mistake. */
#include "paysrv/decision_request.h"
#include "paysrv/domain/bank/bank_answer.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/ledger/negative.h"
#include "paysrv/operator_seller_page.h"
#include "paysrv/routes.h"
#include "paysrv/store/negative.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/text/currency.h"
#include "shared/text/encode.h"
#include "shared/text/money_text.h"
#include "web/operator/pages.h"
#include "web/text.h"

#define DEBTS 500

/* How long by the seller's own time: a sandbox's is ahead. */
static err debt_fill(struct task *t, const struct negative_list_row *row, struct operator_debt_row *ret)
{
    TRY(clock_enter(t, row->partner_id));
    *ret = (struct operator_debt_row){
        .url = operator_link(t, "sellers", row->user_id.v),
        .name = row->user_name,
        .partner_name = row->partner_name,
        .owed = row->owed ? money_text(t->arena, row->owed, row->currency) : STR_NONE,
        .available = money_text(t->arena, row->available, row->currency),
        .since = instant_text(t->arena, row->negative_since),
        .since_iso = instant_iso(t->arena, row->negative_since),
        .days = (t->now.us - row->negative_since.us) / DAYS(1).us,
    };
    clock_leave(t);
    return OK;
}

static err debts_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct negative_list_row *rows;
    size_t found;
    TRY(negative_list(t, false, DEBTS + 1, &rows, &found));
    size_t n = found < DEBTS ? found : DEBTS;
    struct operator_debt_row *items = arena_array(t->arena, struct operator_debt_row, n + 1);
    for (size_t i = 0; i < n; i++)
        TRY(debt_fill(t, &rows[i], &items[i]));
    const struct page_operator_debts page = { OPERATOR_FRAME((const struct operator_session *)rq->caller),
                                              .debts = { items, n }, .has_more = found > n };
    page_operator_debts(reply_html(rs, 200), &page);
    return OK;
}

const struct route operator_debts_route = {
    .method = GET,
    .path = "/operator/negative_balances",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .ignore_unknown = true,
    .handle = debts_page,
    .summary = "Sellers' balances below zero, the oldest first",
};

struct write_off_in {
    str csrf, currency, amount, borne_by, reason;
    int64_t owed; /* as the page showed it: a form that is sent twice is done once */
};

static const struct param write_off_params[] = {
    P_STR(struct write_off_in, csrf, .need = REQUIRED, .set = BASE64URL, .min = 43, .max = 43),
    P_STR(struct write_off_in, currency, .need = REQUIRED, .set = LINE, .min = 3, .max = 3),
    P_STR(struct write_off_in, amount, .need = OPTIONAL, .set = LINE, .max = 100),
    P_STR(struct write_off_in, borne_by, .need = REQUIRED, .set = ID, .min = 1, .max = 20),
    P_STR(struct write_off_in, reason, .need = OPTIONAL, NOTE_PARAM),
    P_I64(struct write_off_in, owed, .need = REQUIRED, .low = 1, .high = INT64_MAX),
};

static err reason_judge(struct task *t, str reason)
{
    return utf8_within(reason, NOTE_LEAST, NOTE_MOST)
               ? OK
               : FAIL_PARAM(t, INVALID_PARAMETER, STR("reason"), STR("says why in " NOTE_WANTED));
}

static err ask(struct task *t, const struct write_off_in *in, struct relief *relief, str *waits)
{
    TRY(reason_judge(t, in->reason));
    if (!currency_find(in->currency))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("currency"), currency_allowed(in->currency));
    if (in->amount.n && (!bank_amount_parse(in->amount, in->currency, &relief->amount_minor) || !relief->amount_minor))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("amount"), STR("must be an amount like 12.50"));
    return write_off_ask(t, relief, waits);
}

static err write_off_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct write_off_in *in = rq->in;
    const struct operator_session *who = rq->caller;
    const struct user_any_row *whose;
    struct seller_refused refused = { .currency = in->currency, .amount = in->amount, .reason = in->reason };
    struct relief relief = { .user = { request_path_param(rq, "user") },
                             .currency = in->currency,
                             .owed_minor = in->owed,
                             .borne_by = in->borne_by,
                             .reason = in->reason,
                             .by = who->subject,
                             .by_name = who->name };
    str waits;
    TRY(operator_form(t, who, in->csrf));
    TRY(user_any(t, relief.user, &whose));
    if (!whose)
        return FAIL(t, NOT_FOUND, "no such user");
    relief.partner = whose->partner_id;
    TRY(clock_enter(t, relief.partner));
    err e = ask(t, in, &relief, &waits);
    if (operator_refused(t, e, &refused.said))
        return operator_seller_show(t, who, relief.user, &refused, rs);
    TRY(e);
    reply_see_other(rs, str_given(waits) ? STR("/operator/bank") : operator_link(t, "sellers", relief.user.v));
    return OK;
}

const struct route operator_write_off_route = {
    .method = POST,
    .path = "/operator/sellers/{user}/write_offs",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct write_off_in, write_off_params),
    .handle = write_off_post,
    .summary = "Write off what a seller owes, all of it or an amount",
};

struct undo_in {
    str csrf, reason;
};

static const struct param undo_params[] = {
    P_STR(struct undo_in, csrf, .need = REQUIRED, .set = BASE64URL, .min = 43, .max = 43),
    P_STR(struct undo_in, reason, .need = OPTIONAL, NOTE_PARAM),
};

static err undo_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct undo_in *in = rq->in;
    const struct operator_session *who = rq->caller;
    const struct undoing undoing = {
        .write_off = request_path_param(rq, "write_off"), .reason = in->reason, .by = who->subject, .by_name = who->name
    };
    struct seller_refused refused = { .write_off = undoing.write_off, .reason = in->reason };
    const struct write_off_left_row *whose;
    struct relief relief;
    str waits;
    TRY(operator_form(t, who, in->csrf));
    TRY(write_off_left(t, undoing.write_off, &whose));
    if (!whose)
        return FAIL(t, NOT_FOUND, "no such write-off");
    err e = reason_judge(t, in->reason);
    if (!e)
        e = write_off_undo(t, &undoing, &relief, &waits);
    if (operator_refused(t, e, &refused.said))
        return operator_seller_show(t, who, whose->user_id, &refused, rs);
    TRY(e);
    bool is_booked = !str_given(waits) && relief.user.v.n;
    reply_see_other(rs, is_booked ? operator_link(t, "sellers", relief.user.v) : STR("/operator/bank"));
    return OK;
}

const struct route operator_write_off_undo_route = {
    .method = POST,
    .path = "/operator/write_offs/{write_off}/undo",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct undo_in, undo_params),
    .handle = undo_post,
    .summary = "Have a seller owe again what was written off by mistake",
};
