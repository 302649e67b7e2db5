/* /v1/users/{user}/legal_profile: who a user is before the law. Each POST is another version. */
#include "paysrv/faults.h"
#include "paysrv/flow/party/legal_profile.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/legal_profile.sql.h"

struct legal_address_in {
    str country, town, street, building, postcode;
};

static const struct param legal_address_params[] = {
    P_STR(struct legal_address_in, country, .need = REQUIRED, .set = TOKEN, .min = 2, .max = 2),
    P_STR(struct legal_address_in, town, .need = REQUIRED, .set = LINE, .min = 1, .max = 70, .in_characters = true),
    P_STR(struct legal_address_in, street, .need = OPTIONAL, .set = LINE, .min = 1, .max = 70, .in_characters = true),
    P_STR(struct legal_address_in, building, .need = OPTIONAL, .set = LINE, .min = 1, .max = 16, .in_characters = true),
    P_STR(struct legal_address_in, postcode, .need = OPTIONAL, .set = LINE, .min = 1, .max = 16, .in_characters = true),
};

struct legal_profile_in {
    str kind, name, tax_id, registration_number, birth_date;
    const struct legal_address_in *address;
};

static const struct param legal_profile_params[] = {
    P_STR(struct legal_profile_in, kind, .need = REQUIRED, .set = ID, .min = 1, .max = 20,
          .words = "individual sole_proprietor company"),
    P_STR(struct legal_profile_in, name, .need = REQUIRED, .set = LINE, .min = 1, .max = 200, .in_characters = true),
    P_STR(struct legal_profile_in, tax_id, .need = OPTIONAL, .set = LINE, .min = 1, .max = 40),
    P_STR(struct legal_profile_in, registration_number, .need = OPTIONAL, .set = LINE, .min = 1, .max = 40),
    P_STR(struct legal_profile_in, birth_date, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 40),
    P_OBJECT(struct legal_profile_in, address, struct legal_address_in, legal_address_params, .need = REQUIRED),
};

static err legal_profile_add(struct task *t, const struct request *rq, struct response *rs)
{
    const struct legal_profile_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    const struct user_find_row *user;
    struct once once;
    struct answer answer;
    struct legal_profile p = { in->kind,      in->name, in->tax_id, in->registration_number, in->address->country,
                               in->birth_date };
    bool is_answered;
    TRY(once_answered(t, rq, rs, &once, &is_answered));
    if (is_answered)
        return OK;
    TRY(party_user(t, c, request_path_param(rq, "user"), &user));
    TRY(party_is_active(t, user));
    struct legal_verdict verdict = legal_profile_judge(t->arena, &p, t->now);
    if (!verdict.good)
        return FAIL_PARAM(t, INVALID_PARAMETER, verdict.param, verdict.explain);
    const struct legal_profile_find_row fresh = { .kind = p.kind,
                                                  .name = p.name,
                                                  .tax_id = p.tax_id,
                                                  .registration_number = p.registration_number,
                                                  .country = p.country,
                                                  .town = in->address->town,
                                                  .street = in->address->street,
                                                  .building = in->address->building,
                                                  .postcode = in->address->postcode,
                                                  .birth_date = p.birth_date };
    TRY(legal_profiles_add(t, c, user, &fresh, &once, &answer));
    answer_send(rs, &answer);
    return OK;
}

const struct route legal_profile_create_route = {
    .method = POST,
    .path = "/v1/users/{user}/legal_profile",
    .guard = &GUARD_USERS,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct legal_profile_in, legal_profile_params),
    .handle = legal_profile_add,
    .answer = "LegalProfile",
    .done = "201",
    .summary = "Say who a user is before the law; the version before stays",
};

static err legal_profile_get(struct task *t, const struct request *rq, struct response *rs)
{
    const struct caller *c = caller_of(rq);
    const struct user_find_row *user;
    const struct legal_profile_find_row *row;
    TRY(party_user(t, c, request_path_param(rq, "user"), &user));
    TRY(legal_profile_find(t, c->partner, user->user_id, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "the user has no legal profile");
    legal_profile_write(reply_json(rs, 200), t, row);
    return OK;
}

const struct route legal_profile_read_route = {
    .method = GET,
    .path = "/v1/users/{user}/legal_profile",
    .guard = &GUARD_USERS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = legal_profile_get,
    .answer = "LegalProfile",
    .summary = "Read the latest legal profile of a user",
};
