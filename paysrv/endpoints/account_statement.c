/* GET /v1/statement: every entry of an account in a period, with the balance after each. */
#include "paysrv/flow/account_statement.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/party.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "shared/ops/spool.h"

struct statement_in {
    str account, user, currency, from, to, zone, format;
};

static const struct param statement_params[] = {
    P_STR(struct statement_in, account, .need = OPTIONAL, .set = ID, .min = 1, .max = 20),
    P_STR(struct statement_in, user, .need = OPTIONAL, .set = ID, .min = 1, .max = 64),
    P_STR(struct statement_in, currency, .need = OPTIONAL, .set = CURRENCY, .min = 3, .max = 3),
    P_STR(struct statement_in, from, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 10),
    P_STR(struct statement_in, to, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 10),
    P_STR(struct statement_in, zone, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 64),
    P_STR(struct statement_in, format, .need = OPTIONAL, .set = ID, .min = 1, .max = 10),
};

static err put(struct task *t, void *context, str piece)
{
    return spool_add(t, context, piece);
}

static err owner_read(struct task *t, const struct caller *c, const struct statement_in *in,
                      struct account_wanted *wanted)
{
    const struct user_find_row *user;
    bool partner = str_eq(in->account, STR("partner")), own_sales = str_eq(in->account, STR("own_sales"));
    wanted->kind = partner ? STR("partner") : STR("seller");
    if (str_given(in->account) && !partner && !own_sales && !str_eq(in->account, STR("seller")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("account"), STR("seller, partner or own_sales"));
    if (partner || own_sales)
        return str_given(c->subject) ? FAIL(t, NOT_FOUND, "a user's token does not see the partner's accounts") : OK;
    TRY(party_user(t, c, in->user, &user));
    wanted->user = user->user_id.v;
    return OK;
}

static err statement(struct task *t, const struct request *rq, struct response *rs)
{
    static const char *const types[] = { [STATEMENT_CSV] = "text/csv; charset=utf-8",
                                         [STATEMENT_JSONL] = "application/jsonl",
                                         [STATEMENT_CAMT053] = "application/xml" };
    static const char *const endings[] = {
        [STATEMENT_CSV] = "csv", [STATEMENT_JSONL] = "jsonl", [STATEMENT_CAMT053] = "xml"
    };
    const struct statement_in *in = rq->in;
    const struct app *app = t->app;
    struct account_wanted wanted = { .partner = caller_of(rq)->partner,
                                     .user = STR(""),
                                     .currency = in->currency,
                                     .from = in->from,
                                     .to = in->to,
                                     .zone = in->zone,
                                     .format = STATEMENT_CSV };
    struct account_statement s;
    struct spool spool;
    const struct sink sink = { put, &spool };
    if (str_given(in->format) && !account_format_parse(in->format, &wanted.format))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("format"), STR("csv, jsonl or camt053"));
    TRY(owner_read(t, caller_of(rq), in, &wanted));
    TRY(account_statement_open(t, &wanted, &s));
    TRY(spool_open(t, arena_cstr(t->arena, app->config.spool_directory), &spool));
    TRY(account_statement_write(t, &s, &sink));
    TRY(spool_flush(t, &spool));
    reply_file(rs, 200, types[wanted.format], spool.fd, spool.bytes);
    reply_header(rs, "Content-Disposition",
                 arena_printf(t->arena, "attachment; filename=\"statement-%.*s.%s\"",
                              STR_ARG(instant_date(t->arena, s.from)), endings[wanted.format]));
    return OK;
}

const struct route account_statement_route = {
    .method = GET,
    .path = "/v1/statement",
    .guard = &GUARD_BALANCE,
    .body = BODY_NONE,
    .run = RUN_COSTLY,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct statement_in, statement_params),
    .handle = statement,
    .sheet = "application/octet-stream",
    .summary = "Statement of a user's or the partner's account: csv, jsonl or camt053, from a day to a day",
};
