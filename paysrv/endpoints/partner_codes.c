/* /v1/operator/partners/{partner}/codes: where the users of a partner type the codes that they are mailed. */
#include "paysrv/faults.h"
#include "paysrv/guards.h"
#include "paysrv/routes.h"
#include "paysrv/store/partner.sql.h"
#include "shared/text/shape.h"

SHAPE(partner_codes, "PartnerCodes", "object: 'partner_codes', partner: string, codes: 'open' | 'sealed'")

static err codes_send(struct task *t, const struct request *rq, struct response *rs)
{
    const struct partner_find_row *row;
    TRY(partner_find(t, (partner_id){ request_path_param(rq, "partner") }, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such partner");
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("partner_codes"));
    json_str(j, "partner", row->partner_id.v);
    json_str(j, "codes", row->codes_sealed ? STR("sealed") : STR("open"));
    return OK;
}

const struct route partner_codes_read_route = {
    .method = GET,
    .path = "/v1/operator/partners/{partner}/codes",
    .guard = &GUARD_OPERATOR,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = codes_send,
    .answer = "PartnerCodes",
    .summary = "Where a partner's users type their codes",
};

struct codes_in {
    str codes;
};

static const struct param codes_params[] = {
    P_STR(struct codes_in, codes, .need = REQUIRED, .set = ID, .min = 1, .max = 10, .words = "open sealed"),
};

static err codes_set(struct task *t, const struct request *rq, struct response *rs)
{
    const struct codes_in *in = rq->in;
    const bool sealed = str_eq(in->codes, STR("sealed"));
    int64_t changed;
    if (!sealed && !str_eq(in->codes, STR("open")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("codes"), STR("open or sealed"));
    TRY(partner_policy_set(t, NULL, NULL, STR_NONE, &sealed, (partner_id){ request_path_param(rq, "partner") },
                           &changed));
    return codes_send(t, rq, rs);
}

const struct route partner_codes_set_route = {
    .method = POST,
    .path = "/v1/operator/partners/{partner}/codes",
    .guard = &GUARD_OPERATOR,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct codes_in, codes_params),
    .repeatable = true,
    .handle = codes_set,
    .answer = "PartnerCodes",
    .summary = "Say whether they type them in the partner's pages too (open), or only at the link in the mail (sealed)",
};
