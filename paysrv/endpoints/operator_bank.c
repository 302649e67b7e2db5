/* /operator/bank, and what a person says about a break. */
#include "paysrv/decision_request.h"
#include "paysrv/faults.h"
#include "paysrv/flow/settlement/settlement_book.h"
#include "paysrv/flow/transfer/transfer.h"
#include "paysrv/flow/transfer/transfer_lines.h"
#include "paysrv/operator_bank_page.h"
#include "paysrv/routes.h"
#include "paysrv/store/bank.sql.h"
#include "paysrv/store/settlement.sql.h"
#include "shared/base/num.h"
#include "shared/text/encode.h"

static const struct param bank_params[] = {
    P_STR(struct bank_wish, before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
    P_STR(struct bank_wish, entries_before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
    P_STR(struct bank_wish, files_before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
    P_STR(struct bank_wish, registries_before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
    P_BOOL(struct bank_wish, closed, .need = OPTIONAL),
    P_BOOL(struct bank_wish, decided, .need = OPTIONAL),
    P_STR(struct bank_wish, no, .need = OPTIONAL, .set = ID, .max = 19),
};

static err bank_page(struct task *t, const struct request *rq, struct response *rs)
{
    return operator_bank_show(t, rq->caller, rq->in, NULL, rs);
}

const struct route operator_bank_route = {
    .method = GET,
    .path = "/operator/bank",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .ignore_unknown = true,
    INPUT(struct bank_wish, bank_params),
    .handle = bank_page,
    .summary = "What the bank said that a person has to look at",
};

/* ---- what a person says about it ---- */

struct close_in {
    str csrf, note, as, seen, partner, payment, suggested, iban, holder_name;
};

static const struct param close_params[] = {
    P_STR(struct close_in, csrf, .need = REQUIRED, .set = BASE64URL, .min = 43, .max = 43),
    P_STR(struct close_in, note, .need = OPTIONAL, NOTE_PARAM),
    P_STR(struct close_in, as, .need = OPTIONAL, .set = ID, .max = 20),
    P_STR(struct close_in, seen, .need = OPTIONAL, .set = LINE, .max = 400),
    P_STR(struct close_in, partner, .need = OPTIONAL, .set = LINE, .max = 63),
    P_STR(struct close_in, payment, .need = OPTIONAL, .set = LINE, .max = 100),
    P_STR(struct close_in, suggested, .need = OPTIONAL, .set = ID, .max = 40),
    P_STR(struct close_in, iban, .need = OPTIONAL, .set = LINE, .max = 60),
    P_STR(struct close_in, holder_name, .need = OPTIONAL, .set = LINE, .max = 70, .in_characters = true),
};

/* What it came in for: its payment has it then. */
static err give(struct task *t, const struct close_in *in, const struct operator_session *who, int64_t id)
{
    struct transfer_assigning a = { .break_id = id,
                                    .payment = { in->suggested.n ? in->suggested : in->payment },
                                    .note = in->note,
                                    .by = who->subject,
                                    .by_name = who->name };
    return a.payment.v.n
               ? transfer_assign(t, &a)
               : FAIL_PARAM(t, INVALID_PARAMETER, STR("payment"), STR("is needed: the payment that it came in for"));
}

/* Back to who paid, at the account that he names. */
static err send_back(struct task *t, const struct close_in *in, const struct operator_session *who, int64_t id)
{
    struct transfer_sending sending = {
        .iban = in->iban, .holder_name = in->holder_name, .note = in->note, .by = who->subject, .by_name = who->name
    };
    return in->holder_name.n
               ? break_send(t, id, &sending)
               : FAIL_PARAM(t, INVALID_PARAMETER, STR("holder_name"), STR("is needed: whose account it is"));
}

/* Who looks at it, or how it ends: by an entry, as the credit of a payment, on its way back, or with a note only. */
static err decide(struct task *t, const struct close_in *in, const struct operator_session *who, int64_t id)
{
    struct break_resolution r = { .break_id = id,
                                  .as = in->as,
                                  .reason = in->note,
                                  .by = who->subject,
                                  .by_name = who->name,
                                  .partner = in->partner.n ? in->partner : STR_NONE };
    if (str_eq(in->as, STR("mine")))
        return break_look(t, id, who->name, in->seen.n ? in->seen : STR_NONE);
    if (!utf8_within(in->note, NOTE_LEAST, NOTE_MOST))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("note"), STR("says in " NOTE_WANTED " what happened"));
    if (in->suggested.n || str_eq(in->as, STR("credit")))
        return give(t, in, who, id);
    if (str_eq(in->as, STR("send")))
        return send_back(t, in, who, id);
    return in->as.n ? break_resolve(t, &r) : break_end(t, id, who->subject, in->note);
}

/* What was typed is not typed again: the page with the form as it was sent, and what is wrong about it. */
static err refused_show(struct task *t, const struct request *rq, const struct operator_refusal *said,
                        struct response *rs)
{
    const struct close_in *in = rq->in;
    const struct bank_wish newest = { .closed = false };
    struct bank_refused refused = { .said = *said,
                                    .break_no = request_path_param(rq, "break"),
                                    .note = in->note,
                                    .partner = in->partner,
                                    .payment = in->payment,
                                    .iban = in->iban,
                                    .holder_name = in->holder_name };
    return operator_bank_show(t, rq->caller, &newest, &refused, rs);
}

static err break_close(struct task *t, const struct request *rq, struct response *rs)
{
    const struct close_in *in = rq->in;
    const struct operator_session *who = rq->caller;
    struct operator_refusal said;
    int64_t id;
    TRY(operator_form(t, who, in->csrf));
    if (!num_parse(request_path_param(rq, "break"), &id))
        return FAIL(t, NOT_FOUND, "no number");
    err e = decide(t, in, who, id);
    if (operator_refused(t, e, &said))
        return refused_show(t, rq, &said, rs);
    TRY(e);
    reply_see_other(rs, STR("/operator/bank"));
    return OK;
}

const struct route operator_break_close_route = {
    .method = POST,
    .path = "/operator/bank/breaks/{break}",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct close_in, close_params),
    .handle = break_close,
    .summary = "Close what was looked at, with a note or by an entry",
};
