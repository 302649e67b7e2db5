/* /v1/agreement and /v1/users/{user}/agreement_acceptances: what sellers agree to with the operator. */
#include "paysrv/faults.h"
#include "paysrv/flow/party/agreement.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/agreement.sql.h"

static err agreement_get(struct task *t, const struct request *rq, struct response *rs)
{
    const struct agreement_in_force_row *row;
    TRY(agreement_in_force(t, caller_of(rq)->partner, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no agreement is in force");
    agreement_write(reply_json(rs, 200), t, row);
    return OK;
}

const struct route agreement_read_route = {
    .method = GET,
    .path = "/v1/agreement",
    .guard = &GUARD_USERS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = agreement_get,
    .answer = "Agreement",
    .summary = "Read the agreement that is in force for the partner's sellers",
};

struct accept_in {
    str version, accepted_ip, user_agent;
};

static const struct param accept_params[] = {
    P_STR(struct accept_in, version, .need = REQUIRED, .set = TOKEN, .min = 1, .max = 40),
    P_STR(struct accept_in, accepted_ip, .need = OPTIONAL, .set = TOKEN, .min = 2, .max = 45),
    P_STR(struct accept_in, user_agent, .need = OPTIONAL, .set = LINE, .min = 1, .max = 500),
};

/* In either notation; what it is not is no evidence. */
static bool ip_is_shaped(str s)
{
    bool is_shaped = true;
    for (size_t i = 0; i < s.n; i++)
        is_shaped &= (s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f') ||
                     (s.p[i] >= 'A' && s.p[i] <= 'F') || s.p[i] == '.' || s.p[i] == ':';
    return is_shaped;
}

static err acceptance_judged(struct task *t, const struct request *rq, const struct once *once, struct answer *answer)
{
    const struct accept_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    const struct acceptance acceptance = { in->version, in->accepted_ip, in->user_agent };
    const struct user_find_row *user;
    if (!ip_is_shaped(in->accepted_ip))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("accepted_ip"), STR("an IPv4 or IPv6 address"));
    TRY(party_user(t, c, request_path_param(rq, "user"), &user));
    TRY(party_is_active(t, user));
    TRY(agreements_accept(t, c, user, &acceptance, once, answer));
    return OK;
}

static err acceptance_post(struct task *t, const struct request *rq, struct response *rs)
{
    return once_handle(t, rq, rs, acceptance_judged); /* another version may be in force by now */
}

const struct route agreement_acceptance_create_route = {
    .method = POST,
    .path = "/v1/users/{user}/agreement_acceptances",
    .guard = &GUARD_USERS,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct accept_in, accept_params),
    .handle = acceptance_post,
    .answer = "AgreementAcceptance",
    .done = "200 201",
    .summary = "Record that a user has accepted a version of the agreement",
};

static err acceptance_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct caller *c = caller_of(rq);
    const struct user_find_row *user;
    const struct acceptance_list_row *rows;
    size_t n;
    TRY(party_user(t, c, request_path_param(rq, "user"), &user));
    TRY(acceptance_list(t, c->partner, user->user_id, STR_NONE, ACCEPTANCES_MOST, &rows, &n));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("list"));
    json_array(j, "data");
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        acceptance_write(j, t, &rows[i]);
        json_close(j);
    }
    json_close(j);
    return OK;
}

const struct route agreement_acceptance_page_route = {
    .method = GET,
    .path = "/v1/users/{user}/agreement_acceptances",
    .guard = &GUARD_USERS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = acceptance_page,
    .answer = "List<AgreementAcceptance>",
    .summary = "List what a user has accepted, newest first",
};
