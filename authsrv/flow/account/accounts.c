/* See accounts.h. A change and its audit entry are one transaction: what cannot be written down does not happen. */
#include "authsrv/flow/account/accounts.h"

#include "authsrv/app.h"
#include "authsrv/domain/account/account.h"
#include "authsrv/domain/admin.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/store/admin.sql.h"
#include "authsrv/store/credential.sql.h"
#include "authsrv/store/user.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"

static err refuse(struct task *t, const char *param, const char *explain)
{
    return FAIL_PARAM(t, INVALID_REQUEST, str_of(param), str_of(explain));
}

err account_load(struct task *t, str id_or_login, str tenant, const struct account_find_row **ret)
{
    TRY(account_find(t, id_or_login, tenant, ret));
    return *ret ? OK : FAIL(t, NOT_FOUND, "account %.*s", STR_ARG(id_or_login));
}

struct creation {
    str actor, role;
    struct user_create_args row;
};

static err create_in_tx(struct task *t, void *context)
{
    struct creation *c = context;
    int64_t n;
    TRY(user_create(t, &c->row, &n));
    return audit_write(t, c->actor, STR("account.created"), c->row.id.v, c->role);
}

err account_create(struct task *t, str actor, const struct account_draft *d, str *id)
{
    str login, role = str_given(d->role) ? d->role : STR("user");
    if (!account_login(t->arena, d->email, &login))
        return refuse(t, "email", "an e-mail address");
    if (!account_name_valid(d->name))
        return refuse(t, "name", "1 to 128 characters, none of them control characters");
    if (!role_is_known(role))
        return refuse(t, "role", "admin, operator, accountant or user");
    if (!account_password_valid(d->password))
        return refuse(t, "password", "8 to 256 characters");
    *id = random_id(t->arena, "usr_");
    struct creation c = { actor,
                          role,
                          { .id = { *id },
                            .login = login,
                            .password_hash =
                                password_hash(t->arena, app_of(t)->config.pepper_file, (secret){ d->password }),
                            .role = role,
                            .name = d->name,
                            .email_verified = true,
                            .profile = str_given(d->profile) ? d->profile : STR("{}") } };
    return db_tx(t, create_in_tx, &c);
}

struct update {
    str actor;
    user_id id;
    int64_t version, changed;
    struct account_change change;
};

static err update_in_tx(struct task *t, void *context)
{
    struct update *u = context;
    const struct account_change *c = &u->change;
    TRY(account_change(t, c->name, c->email, c->email_verified, c->role, u->id, u->version, &u->changed));
    return u->changed ? audit_write(t, u->actor, str_given(c->role) ? STR("account.role") : STR("account.changed"),
                                    u->id.v, str_given(c->role) ? c->role : STR(""))
                      : OK;
}

err account_update(struct task *t, str actor, user_id id, int64_t version, const struct account_change *c)
{
    struct update u = { .actor = actor, .id = id, .version = version, .change = *c };
    if (str_given(c->name) && !account_name_valid(c->name))
        return refuse(t, "name", "1 to 128 characters, none of them control characters");
    if (str_given(c->email) && !account_login(t->arena, c->email, &u.change.email))
        return refuse(t, "email", "an e-mail address");
    if (str_given(c->role) && !role_is_known(c->role))
        return refuse(t, "role", "admin, operator, accountant or user");
    TRY(db_tx(t, update_in_tx, &u));
    return u.changed ? OK : FAIL(t, VERSION_DIFFERS, "the account has another version than %lld", (long long)version);
}

struct disabling {
    str actor;
    user_id id;
    bool done;
};

static err disable_in_tx(struct task *t, void *context)
{
    struct disabling *d = context;
    const struct user_disable_row *row;
    TRY(user_disable(t, d->id, &row));
    d->done = row != NULL;
    return row ? audit_write(t, d->actor, STR("account.disabled"), row->id.v, STR("")) : OK;
}

/* Once more: what requests that were under way made for it meanwhile ends, too. */
err account_disable(struct task *t, str actor, user_id id)
{
    struct disabling d = { .actor = actor, .id = id };
    const struct user_settle_row *settled;
    const struct user_disable_row *row;
    TRY(db_tx_in_turn(t, disable_in_tx, &d));
    if (!d.done)
        return FAIL(t, NOT_FOUND, "account %.*s", STR_ARG(id.v));
    TRY(user_settle(t, id, &settled));
    return user_disable(t, id, &row);
}

struct expiry {
    str actor;
    user_id id;
    bool expired;
};

static err expire_in_tx(struct task *t, void *context)
{
    const struct expiry *e = context;
    int64_t n;
    TRY(password_expire(t, e->expired, e->id, &n));
    str action = e->expired ? STR("account.password_expired") : STR("account.password_accepted");
    return n > 0 ? audit_write(t, e->actor, action, e->id.v, STR("")) : OK;
}

err account_expiry_check(struct task *t, const struct account_find_row *row, bool expired)
{
    if (!row->has_password)
        return FAIL_PARAM(t, CONFLICT, STR("password_expired"), STR("the account has no password"));
    if (expired && app_of(t)->config.smtp_url.n == 0)
        return FAIL_PARAM(t, CONFLICT, STR("password_expired"),
                          STR("no mails are sent, so nobody could choose another"));
    return OK;
}

err account_expire_password(struct task *t, str actor, const struct account_find_row *row, bool expired)
{
    struct expiry e = { actor, row->id, expired };
    TRY(account_expiry_check(t, row, expired));
    return row->password_expired == expired ? OK : db_tx(t, expire_in_tx, &e);
}

struct enabling {
    str actor;
    user_id id;
};

static err enable_in_tx(struct task *t, void *context)
{
    const struct enabling *e = context;
    int64_t n;
    TRY(account_enable(t, e->id, &n));
    return n > 0 ? audit_write(t, e->actor, STR("account.enabled"), e->id.v, STR("")) : OK;
}

err account_allow_again(struct task *t, str actor, user_id id)
{
    struct enabling e = { actor, id };
    return db_tx(t, enable_in_tx, &e);
}
