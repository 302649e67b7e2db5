/* /v1/operator/partners/{partner}/payout_limits: limits of a partner's payouts, and from which amount on operators
 * approve. */
#include "paysrv/domain/payout/payout_limit.h"
#include "paysrv/faults.h"
#include "paysrv/flow/payout/limits.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/approval.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/text/shape.h"

struct limit_in {
    str scope, user, currency;
    int64_t least, most, per_day, per_month, count_per_day, approve_from, step_up_from, step_up_max_age, details_from;
    str step_up_acr;
};

#define LIMIT_FIELD(field) P_I64(struct limit_in, field, .need = OPTIONAL, .low = 1, .high = INT64_C(1000000000000))
static const struct param limit_params[] = {
    P_STR(struct limit_in, scope, .need = REQUIRED, .set = ID, .min = 1, .max = 10),
    P_STR(struct limit_in, user, .need = OPTIONAL, .set = ID, .min = 1, .max = 64),
    P_STR(struct limit_in, currency, .need = REQUIRED, .set = CURRENCY, .min = 3, .max = 3),
    LIMIT_FIELD(least),
    LIMIT_FIELD(most),
    LIMIT_FIELD(per_day),
    LIMIT_FIELD(per_month),
    LIMIT_FIELD(count_per_day),
    LIMIT_FIELD(approve_from),
    LIMIT_FIELD(step_up_from),
    LIMIT_FIELD(details_from),
    P_STR(struct limit_in, step_up_acr, .need = OPTIONAL, .set = LINE, .min = 1, .max = 200),
    P_I64(struct limit_in, step_up_max_age, .need = OPTIONAL, .low = 1, .high = 31536000),
};

static void number_or_null(struct json *j, const char *name, bool given, int64_t v)
{
    if (given)
        json_i64(j, name, v);
    else
        json_null(j, name);
}

SHAPE(payout_limit, "PayoutLimit",
      "scope: 'each' | 'seller' | 'all', user: string | null, currency: string, least: integer | "
      "null, most: integer | null, per_day: integer | null, per_month: integer | null, count_per_day: "
      "integer | null, approve_from: integer | null, step_up_from: integer | null, step_up_acr: string | null, "
      "step_up_max_age: integer | null, details_from: integer | null, updated_by: string")

static void limit_write(struct json *j, const struct payout_limit_list_row *l)
{
    json_object(j, NULL);
    json_str(j, "scope", l->scope);
    json_str_or_null(j, "user", l->user_id.n ? l->user_id : STR_NONE);
    json_str(j, "currency", l->currency);
    number_or_null(j, "least", l->least_given, l->least);
    number_or_null(j, "most", l->most_given, l->most);
    number_or_null(j, "per_day", l->per_day_given, l->per_day);
    number_or_null(j, "per_month", l->per_month_given, l->per_month);
    number_or_null(j, "count_per_day", l->count_per_day_given, l->count_per_day);
    number_or_null(j, "approve_from", l->approve_from_given, l->approve_from);
    number_or_null(j, "step_up_from", l->step_up_from_given, l->step_up_from);
    json_str_or_null(j, "step_up_acr", l->step_up_acr);
    number_or_null(j, "step_up_max_age", l->step_up_max_age_given, l->step_up_max_age);
    number_or_null(j, "details_from", l->details_from_given, l->details_from);
    json_str(j, "updated_by", l->updated_by);
    json_close(j);
}

static err limits_send(struct task *t, partner_id partner, struct response *rs)
{
    const struct payout_limit_list_row *rows;
    size_t n;
    TRY(payout_limit_list(t, partner, &rows, &n));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("list"));
    json_array(j, "data");
    for (size_t i = 0; i < n; i++)
        limit_write(j, &rows[i]);
    json_close(j);
    return OK;
}

static err partner_of(struct task *t, const struct request *rq, partner_id *ret)
{
    const struct partner_find_row *row;
    *ret = (partner_id){ request_path_param(rq, "partner") };
    TRY(partner_find(t, *ret, &row));
    return row ? OK : FAIL(t, NOT_FOUND, "no such partner");
}

static err limits_read(struct task *t, const struct request *rq, struct response *rs)
{
    partner_id partner;
    TRY(partner_of(t, rq, &partner));
    return limits_send(t, partner, rs);
}

const struct route payout_limits_read_route = {
    .method = GET,
    .path = "/v1/operator/partners/{partner}/payout_limits",
    .guard = &GUARD_OPERATOR,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = limits_read,
    .answer = "List<PayoutLimit>",
    .summary = "Limits of a partner's payouts",
};

static err scope_judge(struct task *t, partner_id partner, const struct limit_in *in)
{
    bool is_seller = str_eq(in->scope, STR("seller"));
    if (!is_seller && !str_eq(in->scope, STR("each")) && !str_eq(in->scope, STR("all")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("scope"), STR("each, seller or all"));
    if (is_seller != str_given(in->user))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("user"), STR("belongs to the scope seller, and only to it"));
    const struct user_find_row *user;
    if (!is_seller)
        return OK;
    TRY(user_find(t, partner, (user_id){ in->user }, &user));
    return user ? OK : FAIL_PARAM(t, INVALID_PARAMETER, STR("user"), STR("a user of this partner"));
}

static err step_up_judge(struct task *t, const struct limit_in *in)
{
    if (str_given(in->step_up_acr) && !acr_values_valid(in->step_up_acr))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("step_up_acr"),
                          STR("values of acr, without quotes and backslashes"));
    if ((in->step_up_from != 0) != str_given(in->step_up_acr))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("step_up_acr"),
                          STR("belongs to step_up_from, and to nothing else"));
    return in->step_up_max_age && !in->step_up_from
               ? FAIL_PARAM(t, INVALID_PARAMETER, STR("step_up_max_age"), STR("belongs to step_up_from"))
               : OK;
}

static err limits_set(struct task *t, const struct request *rq, struct response *rs)
{
    const struct limit_in *in = rq->in;
    const struct caller *c = rq->caller;
    partner_id partner;
    TRY(partner_of(t, rq, &partner));
    TRY(scope_judge(t, partner, in));
    TRY(step_up_judge(t, in));
    if (!payout_limits_fit(in->least, in->most))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("least"), STR("is more than most"));
    const struct payout_limit_set_args to = {
        .partner = partner,
        .scope = in->scope,
        .user = str_given(in->user) ? in->user : STR(""),
        .currency = in->currency,
        .least = in->least,
        .most = in->most,
        .per_day = in->per_day,
        .per_month = in->per_month,
        .count_per_day = in->count_per_day,
        .approve_from = in->approve_from,
        .step_up_from = in->step_up_from,
        .step_up_acr = in->step_up_acr,
        .step_up_max_age = in->step_up_max_age,
        .details_from = in->details_from,
        .by = caller_actor(c),
    };
    const struct limits_change change = { .to = to, .is_of_one = true };
    TRY(limits_put(t, &change));
    return limits_send(t, partner, rs);
}

const struct route payout_limits_set_route = {
    .method = POST,
    .path = "/v1/operator/partners/{partner}/payout_limits",
    .guard = &GUARD_OPERATOR,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct limit_in, limit_params),
    .repeatable = true,
    .handle = limits_set,
    .answer = "List<PayoutLimit>",
    .summary =
        "Set the limits of one scope and currency; what is left out is no limit, but for approve_from, which stays as "
        "it is",
};
