/* /v1/operator/requisites: accounts that nothing is sent to, and their release; as `paysrv requisites held|release`. */
#include "paysrv/decision_request.h"
#include "paysrv/flow/party/verification.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/verification.sql.h"
#include "shared/text/shape.h"

SHAPE(held_requisite, "HeldRequisite",
      "id: string, object: 'held_requisite', partner: string, user: string, user_name: string, destination: string, "
      "holder_name: string | null, status: 'unknown' | 'close_match' | 'no_match', matched_name: string | null, "
      "tries: integer, payouts_waiting: integer, created_at: time")

static err list(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    const struct verification_held_row *rows;
    size_t n;
    TRY(verification_held(t, &rows, &n));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("list"));
    json_array(j, "data");
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        json_str(j, "id", rows[i].requisite_id.v);
        json_str(j, "object", STR("held_requisite"));
        json_str(j, "partner", rows[i].partner_id.v);
        json_str(j, "user", rows[i].user_id.v);
        json_str(j, "user_name", rows[i].user_name);
        json_str(j, "destination", rows[i].masked);
        json_str_or_null(j, "holder_name", rows[i].holder_name);
        json_str(j, "status", rows[i].status);
        json_str_or_null(j, "matched_name", rows[i].matched_name);
        json_i64(j, "tries", rows[i].tries);
        json_i64(j, "payouts_waiting", rows[i].waiting);
        json_time(j, "created_at", rows[i].created_at);
        json_close(j);
    }
    json_close(j);
    return OK;
}

const struct route held_requisite_list_route = {
    .method = GET,
    .path = "/v1/operator/requisites/held",
    .guard = &GUARD_OPERATOR,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = list,
    .answer = "List<HeldRequisite>",
    .summary = "Accounts that nothing is sent to: the bank knows another holder, or does not answer (200 at most)",
};

struct release_in {
    str note;
};

static const struct param release_params[] = {
    P_STR(struct release_in, note, .need = REQUIRED, .min = NOTE_LEAST, NOTE_PARAM),
};

static err release(struct task *t, const struct request *rq, struct response *rs)
{
    const struct release_in *in = rq->in;
    str requisite = request_path_param(rq, "requisite");
    TRY(payee_release(t, requisite, caller_shown(caller_of(rq)), in->note));
    struct json *j = reply_json(rs, 200);
    json_str(j, "id", requisite);
    json_str(j, "object", STR("held_requisite"));
    json_bool(j, "released", true);
    return OK;
}

const struct route held_requisite_release_route = {
    .method = POST,
    .path = "/v1/operator/requisites/{requisite}/release",
    .guard = &GUARD_OPERATOR,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct release_in, release_params),
    .repeatable = true,
    .handle = release,
    .answer = "{ id: string, object: 'held_requisite', released: boolean }",
    .summary = "Let payouts go to an account that is held",
};
