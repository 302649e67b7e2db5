/* /admin/v1/users/{user}/identities and /admin/v1/partners/{partner}/identities/move: who accounts are at partners. */
#include "authsrv/admin.h"
#include "authsrv/domain/admin.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/accounts.h"
#include "authsrv/flow/account/linking.h"
#include "authsrv/routes.h"
#include "authsrv/store/identity.sql.h"
#include "shared/text/shape.h"

SHAPE(identity, "Identity",
      "object: 'identity', id: string, partner?: string, issuer?: string, subject: string, name: string | null, email: "
      "string | null, email_verified: boolean, linked_at: time, last_login_at: time")

static void identity_write(struct json *j, const struct identity_list_row *i)
{
    json_object(j, NULL);
    json_str(j, "object", STR("identity"));
    json_str(j, "id", i->id);
    json_str(j, "partner", i->partner);
    json_str(j, "issuer", i->issuer);
    json_str(j, "subject", i->subject);
    json_str_or_null(j, "name", i->name);
    json_str_or_null(j, "email", i->email);
    json_bool(j, "email_verified", i->email_verified);
    json_time(j, "linked_at", i->linked_at);
    json_time(j, "last_login_at", i->last_login_at);
    json_close(j);
}

/* An account that several partners lead to is no partner's: a tenant sees identities of its own only. */
static err admin_identities(struct task *t, const struct request *rq, struct response *rs)
{
    const struct account_find_row *account;
    const struct identity_list_row *rows;
    size_t n;
    TRY(account_load(t, request_path_param(rq, "user"), admin_of(rq)->tenant, &account));
    TRY(identity_list(t, account->id, &rows, &n));
    struct json *j = list_begin(rs);
    for (size_t i = 0; i < n; i++)
        identity_write(j, &rows[i]);
    list_end(t, j, "identities", false, STR_NONE);
    return OK;
}

const struct route admin_identities_route =
    ADMIN_ROUTE(GET, "/admin/v1/users/{user}/identities", GUARD_ADMIN_USERS_OWN, BODY_NONE, .answer = "Page<Identity>",
                .handle = admin_identities, .summary = "List who an account is at partners");

static err admin_identity_end(struct task *t, const struct request *rq, struct response *rs)
{
    const struct account_find_row *account;
    TRY(account_load(t, request_path_param(rq, "user"), admin_of(rq)->tenant, &account));
    if (!admin_may_touch(admin_of(rq)->scope, account->role))
        return FAIL(t, FORBIDDEN_ROLE, "%.*s may do more than the caller", STR_ARG(account->role));
    TRY(link_remove(t, admin_of(rq)->actor, account->id, NULL, request_path_param(rq, "identity")));
    reply_empty(rs, 204);
    return OK;
}

const struct route admin_identity_end_route =
    ADMIN_ROUTE(DELETE, "/admin/v1/users/{user}/identities/{identity}", GUARD_ADMIN_USERS_OWN, BODY_NONE,
                .handle = admin_identity_end, .done = "204", .summary = "Unlink an identity, but not the last way in");

struct move_in {
    str to;
    const struct json_value *subjects;
};

static const struct param move_params[] = {
    P_STR(struct move_in, to, .need = REQUIRED, .set = TOKEN, .min = 1, .max = 39),
    P_VALUE(struct move_in, subjects, .need = REQUIRED),
};

static err admin_identities_move(struct task *t, const struct request *rq, struct response *rs)
{
    const struct move_in *in = rq->in;
    const struct identity_mover who = { admin_of(rq)->actor, admin_of(rq)->scope };
    size_t n;
    TRY(identities_move(t, &who, request_path_param(rq, "partner"), in->to, in->subjects, &n));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("identities_moved"));
    json_i64(j, "moved", (int64_t)n);
    return OK;
}

const struct route admin_identities_move_route =
    ADMIN_ROUTE(POST, "/admin/v1/partners/{partner}/identities/move", GUARD_ADMIN_PARTNERS, BODY_JSON,
                INPUT(struct move_in, move_params), .answer = "{ object: 'identities_moved', moved: integer }",
                .handle = admin_identities_move, .summary = "Move people of merged partners, all or none");
