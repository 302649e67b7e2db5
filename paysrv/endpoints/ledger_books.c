/* GET /v1/ledger/journal, GET /v1/ledger/trial_balance: a partner's books of a period, for his accountant. */
#include "paysrv/faults.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/statement_reply.h"

struct books_in {
    str from, to, zone, format;
};

static const struct param books_params[] = {
    P_STR(struct books_in, from, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 40),
    P_STR(struct books_in, to, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 40),
    P_STR(struct books_in, zone, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 64),
    P_STR(struct books_in, format, .need = OPTIONAL, .set = ID, .min = 1, .max = 10, .words = "csv jsonl"),
};

static err books(struct task *t, const struct request *rq, enum books_paper paper, struct response *rs)
{
    const struct books_in *in = rq->in;
    const struct books_wanted wanted = { .paper = paper,
                                         .partner = caller_of(rq)->partner,
                                         .is_partners = true,
                                         .from = in->from,
                                         .to = in->to,
                                         .zone = in->zone,
                                         .format = in->format };
    if (str_given(caller_of(rq)->subject))
        return FAIL(t, NOT_FOUND, "a user's token does not see the partner's books");
    return books_reply(t, &wanted, false, rs);
}

static err journal(struct task *t, const struct request *rq, struct response *rs)
{
    return books(t, rq, BOOKS_JOURNAL, rs);
}

static err trial_balance(struct task *t, const struct request *rq, struct response *rs)
{
    return books(t, rq, BOOKS_TRIAL_BALANCE, rs);
}

#define BOOKS_ROUTE                                                                                                    \
    .method = GET, .guard = &GUARD_BALANCE, .body = BODY_NONE, .run = RUN_COSTLY, .errors = ERRORS_PROBLEM,            \
    .no_store = true, INPUT(struct books_in, books_params), .sheet = "application/octet-stream"

const struct route ledger_journal_route = {
    BOOKS_ROUTE, .path = "/v1/ledger/journal", .handle = journal,
    .summary = "Every entry of the partner's books with its debits and credits: csv or jsonl, from a day to a day"
};
const struct route ledger_trial_balance_route = {
    BOOKS_ROUTE, .path = "/v1/ledger/trial_balance", .handle = trial_balance,
    .summary = "Opening, debits, credits and closing of each of the partner's accounts, and their sums: csv or jsonl"
};
