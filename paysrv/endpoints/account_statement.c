/* GET /v1/statement: every entry of an account in a period, with the balance after each. */
#include "paysrv/domain/party/party_text.h"
#include "paysrv/faults.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/flow/report/paper_words.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/statement_reply.h"

struct statement_in {
    str account, user, currency, from, to, zone, format, locale;
};

static const struct param statement_params[] = {
    P_STR(struct statement_in, account, .need = OPTIONAL, .set = ID, .min = 1, .max = 20,
          .words = "seller partner own_sales"),
    P_STR(struct statement_in, user, .need = OPTIONAL, .set = ID, .min = 1, .max = 64),
    P_STR(struct statement_in, currency, .need = REQUIRED, .set = CURRENCY, .min = 3, .max = 3),
    P_STR(struct statement_in, from, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 40),
    P_STR(struct statement_in, to, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 40),
    P_STR(struct statement_in, zone, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 64),
    P_STR(struct statement_in, format, .need = OPTIONAL, .set = ID, .min = 1, .max = 10,
          .words = "csv jsonl camt053 pdf"),
    P_STR(struct statement_in, locale, .need = OPTIONAL, .set = TOKEN, .min = 2, .max = 35),
};

static err owner_read(struct task *t, const struct caller *c, const struct statement_in *in,
                      struct account_wanted *wanted)
{
    const struct user_find_row *user;
    bool partner = str_eq(in->account, STR("partner")), own_sales = str_eq(in->account, STR("own_sales"));
    wanted->kind = str_given(in->account) ? in->account : STR("seller");
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
    const struct statement_in *in = rq->in;
    struct account_wanted wanted = { .partner = caller_of(rq)->partner,
                                     .user = STR(""),
                                     .currency = in->currency,
                                     .from = in->from,
                                     .to = in->to,
                                     .zone = in->zone,
                                     .format = STATEMENT_CSV };
    if (str_given(in->format) && !account_format_parse(in->format, &wanted.format))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("format"), STR("csv, jsonl, camt053 or pdf"));
    if (str_given(in->locale) && !locale_is_tag(in->locale))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("locale"), LOCALE_ALLOWED);
    wanted.language = paper_language_find(in->locale);
    TRY(owner_read(t, caller_of(rq), in, &wanted));
    return statement_reply(t, &wanted, false, rs);
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
    .summary = "Statement of a user's or the partner's account: csv, jsonl, camt053 or pdf, from a day to a day",
};
