/* /admin/v1/users: accounts as the operator sees and changes them. */
#include "authsrv/admin.h"
#include "authsrv/domain/account/account.h"
#include "authsrv/domain/admin.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/accounts.h"
#include "authsrv/flow/account/second.h"
#include "authsrv/flow/cursor.h"
#include "authsrv/routes.h"
#include "authsrv/store/admin.sql.h"
#include "shared/text/shape.h"

SHAPE(user, "User",
      "object: 'user', id: string, login: string | null, name: string, email: string | null, email_verified: boolean, "
      "role: string, status: 'enabled' | 'disabled', has_password: boolean, password_expired: boolean, version: "
      "integer, created_at: time, updated_at: time, disabled_at?: time")

static void account_write(struct json *j, const struct account_find_row *u)
{
    json_str(j, "object", STR("user"));
    json_str(j, "id", u->id.v);
    json_str_or_null(j, "login", u->login);
    json_str(j, "name", u->name);
    json_str_or_null(j, "email", u->email);
    json_bool(j, "email_verified", u->email_verified);
    json_str(j, "role", u->role);
    json_str(j, "status", u->disabled_at_given ? STR("disabled") : STR("enabled"));
    json_bool(j, "has_password", u->has_password);
    json_bool(j, "password_expired", u->password_expired);
    json_i64(j, "version", u->version);
    json_time(j, "created_at", u->created_at);
    json_time(j, "updated_at", u->updated_at);
    if (u->disabled_at_given)
        json_time(j, "disabled_at", u->disabled_at);
}

static err account_reply(struct task *t, const struct request *rq, struct response *rs, int status, str id)
{
    const struct account_find_row *row;
    TRY(account_load(t, id, admin_of(rq)->tenant, &row));
    version_tag(t, rs, row->version);
    account_write(reply_json(rs, status), row);
    return OK;
}

static err may_touch(struct task *t, const struct request *rq, str role)
{
    return admin_may_touch(admin_of(rq)->scope, role)
               ? OK
               : (err)FAIL(t, FORBIDDEN_ROLE, "%.*s may do more than the caller", STR_ARG(role));
}

/* ---- list ---- */

struct users_in {
    ADMIN_PAGE_FIELDS
    str query, role, status;
};

static const struct param users_params[] = {
    ADMIN_PAGE_PARAMS(struct users_in),
    P_STR(struct users_in, query, .need = OPTIONAL, .set = LINE, .min = 1, .max = 200),
    P_STR(struct users_in, role, .need = OPTIONAL, .set = ID, .max = 16),
    P_STR(struct users_in, status, .need = OPTIONAL, .set = ID, .max = 16),
};

/* status as the caller may say it. *given false: not said. */
static err status_read(struct task *t, str status, bool *given, bool *disabled)
{
    *given = str_given(status);
    *disabled = str_eq(status, STR("disabled"));
    if (*given && !*disabled && !str_eq(status, STR("enabled")))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("status"), STR("enabled or disabled"));
    return OK;
}

static err admin_users(struct task *t, const struct request *rq, struct response *rs)
{
    const struct users_in *in = rq->in;
    bool given, disabled;
    str before;
    const struct account_find_row *rows;
    size_t n, limit = (size_t)in->limit;
    TRY(status_read(t, in->status, &given, &disabled));
    TRY(cursor_read(t, "users", in->cursor, &before));
    TRY(account_page(t, before, admin_of(rq)->tenant, in->role, given ? &disabled : NULL, in->query, in->limit + 1,
                     &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = list_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        account_write(j, &rows[i]);
        json_close(j);
    }
    list_end(t, j, "users", n > limit, shown ? rows[shown - 1].id.v : STR_NONE);
    return OK;
}

const struct route admin_users_route =
    ADMIN_ROUTE(GET, "/admin/v1/users", GUARD_ADMIN_USERS_OWN, BODY_NONE, INPUT(struct users_in, users_params),
                .answer = "Page<User>", .handle = admin_users, .summary = "List and search accounts");

/* ---- create ---- */

struct user_new_in {
    str email, name, password, role;
};

static const struct param user_new_params[] = {
    P_STR(struct user_new_in, email, .need = REQUIRED, .set = LINE, .max = 254),
    P_STR(struct user_new_in, name, .need = REQUIRED, .set = LINE, .max = ACCOUNT_NAME_MAX, .in_characters = true),
    P_STR(struct user_new_in, password, .need = REQUIRED, .set = TEXT, .max = 256),
    P_STR(struct user_new_in, role, .need = OPTIONAL, .set = ID, .max = 16),
};

static err admin_user_create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct user_new_in *in = rq->in;
    const struct account_draft d = { .email = in->email, .name = in->name, .password = in->password, .role = in->role };
    str id;
    if (str_given(in->role))
        TRY(may_touch(t, rq, in->role));
    TRY(account_create(t, admin_of(rq)->actor, &d, &id));
    reply_header(rs, "Location", arena_printf(t->arena, "/admin/v1/users/%.*s", STR_ARG(id)));
    return account_reply(t, rq, rs, 201, id);
}

const struct route admin_user_create_route =
    ADMIN_ROUTE(POST, "/admin/v1/users", GUARD_ADMIN_USERS, BODY_JSON, INPUT(struct user_new_in, user_new_params),
                .answer = "User", .handle = admin_user_create, .done = "201", .summary = "Create a local account");

/* ---- read ---- */

static err admin_user(struct task *t, const struct request *rq, struct response *rs)
{
    return account_reply(t, rq, rs, 200, request_path_param(rq, "user"));
}

const struct route admin_user_route =
    ADMIN_ROUTE(GET, "/admin/v1/users/{user}", GUARD_ADMIN_USERS_OWN, BODY_NONE, .answer = "User", .handle = admin_user,
                .summary = "Read an account, by id or e-mail");

/* ---- change ---- */

struct user_change_in {
    str name, email, role, status;
    const struct json_value *password_expired; /* true or false; NULL: stays */
};

static const struct param user_change_params[] = {
    P_STR(struct user_change_in, name, .need = OPTIONAL, .set = LINE, .min = 1, .max = ACCOUNT_NAME_MAX,
          .in_characters = true),
    P_STR(struct user_change_in, email, .need = OPTIONAL, .set = LINE, .min = 1, .max = 254),
    P_STR(struct user_change_in, role, .need = OPTIONAL, .set = ID, .max = 16),
    P_STR(struct user_change_in, status, .need = OPTIONAL, .set = ID, .max = 16),
    P_VALUE(struct user_change_in, password_expired, .need = OPTIONAL),
};

/* *expired as it is where nothing is said. */
static err expiry_read(struct task *t, const struct account_find_row *row, const struct json_value *said, bool *expired)
{
    *expired = row->password_expired;
    if (!said)
        return OK;
    return json_is_bool(said, expired)
               ? account_expiry_check(t, row, *expired)
               : (err)FAIL_PARAM(t, INVALID_REQUEST, STR("password_expired"), STR("must be true or false"));
}

static err expiry_apply(struct task *t, str actor, const struct account_find_row *row, bool expired)
{
    return expired == row->password_expired ? OK : account_expire_password(t, actor, row, expired);
}

static err status_apply(struct task *t, str actor, const struct account_find_row *row, bool disable)
{
    if (disable == row->disabled_at_given)
        return OK;
    return disable ? account_disable(t, actor, row->id) : account_allow_again(t, actor, row->id);
}

/* A new address is not verified by being written down here. */
static err facts_apply(struct task *t, str actor, const struct account_find_row *row, const struct user_change_in *in)
{
    static const bool unverified = false;
    bool new_email = str_given(in->email) && !str_eq(in->email, row->email);
    const struct account_change c = {
        .name = in->name, .email = in->email, .role = in->role, .email_verified = new_email ? &unverified : NULL
    };
    if (!str_given(in->name) && !str_given(in->email) && !str_given(in->role))
        return OK;
    return account_update(t, actor, row->id, row->version, &c);
}

static err admin_user_change(struct task *t, const struct request *rq, struct response *rs)
{
    const struct user_change_in *in = rq->in;
    const struct account_find_row *row;
    int64_t version;
    bool given, disable, expired;
    TRY(version_want(t, rq, &version));
    TRY(status_read(t, in->status, &given, &disable));
    TRY(admin_operator_says(t, rq, "role", str_given(in->role)));
    TRY(account_load(t, request_path_param(rq, "user"), admin_of(rq)->tenant, &row));
    TRY(may_touch(t, rq, row->role));
    if (str_given(in->role))
        TRY(may_touch(t, rq, in->role));
    if (row->version != version)
        return FAIL(t, VERSION_DIFFERS, "the account has the version %lld", (long long)row->version);
    TRY(expiry_read(t, row, in->password_expired, &expired));
    TRY(facts_apply(t, admin_of(rq)->actor, row, in));
    TRY(expiry_apply(t, admin_of(rq)->actor, row, expired));
    if (given)
        TRY(status_apply(t, admin_of(rq)->actor, row, disable));
    return account_reply(t, rq, rs, 200, row->id.v);
}

const struct route admin_user_change_route =
    ADMIN_ROUTE(PATCH, "/admin/v1/users/{user}", GUARD_ADMIN_USERS_OWN, BODY_JSON,
                INPUT(struct user_change_in, user_change_params), .answer = "User", .handle = admin_user_change,
                .summary = "Change an account, disable or enable it; If-Match is needed");

/* ---- who lost the second factor ---- */

static err admin_second_factor_end(struct task *t, const struct request *rq, struct response *rs)
{
    const struct account_find_row *row;
    TRY(account_load(t, request_path_param(rq, "user"), STR_NONE, &row));
    TRY(may_touch(t, rq, row->role));
    TRY(totp_disuse(t, admin_of(rq)->actor, row->id, NULL));
    reply_empty(rs, 204);
    return OK;
}

const struct route admin_second_factor_end_route = ADMIN_ROUTE(
    DELETE, "/admin/v1/users/{user}/second_factor", GUARD_ADMIN_USERS, BODY_NONE, .handle = admin_second_factor_end,
    .done = "204", .summary = "Take away an authenticator app and its recovery codes, for a person who lost them");
