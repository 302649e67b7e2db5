/* See self.h. */
#include "authsrv/flow/account/self.h"

#include "authsrv/faults.h"
#include "authsrv/flow/account/accounts.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/session/logout.h"
#include "authsrv/store/admin.sql.h"
#include "authsrv/store/credential.sql.h"
#include "authsrv/store/identity.sql.h"
#include "authsrv/store/self.sql.h"
#include "authsrv/store/session.sql.h"
#include "authsrv/store/user.sql.h"
#include "shared/db/db.h"

#define EVENTS_MAX 1000
#define SESSIONS_MAX 200

err self_session_end(struct task *t, user_id user, str sid)
{
    const struct session_by_sid_row *row;
    const struct session_end_row *ended;
    TRY(session_by_sid(t, sid, STR_NONE, &row));
    if (!row || !str_eq(row->user_id.v, user.v))
        return FAIL(t, NOT_FOUND, "no session of this account");
    TRY(session_end(t, row->id_hash, STR("logout"), &ended));
    logouts_wake(t);
    return OK;
}

/* ---- export ---- */

static err person_write(struct task *t, user_id user, struct json *j)
{
    const struct user_find_row *u;
    const struct ways_find_row *ways;
    TRY(user_find(t, user, &u));
    TRY(ways_find(t, user, &ways));
    if (!u || !ways)
        return FAIL(t, NOT_FOUND, "the account is gone");
    json_str(j, "id", user.v);
    json_str(j, "name", u->name);
    json_str(j, "email", u->email);
    json_bool(j, "email_verified", u->email_verified);
    json_raw(j, "profile", u->profile);
    json_time(j, "updated_at", u->updated_at);
    json_object(j, "sign_in");
    json_str(j, "login", ways->login);
    json_bool(j, "password", ways->has_password);
    json_bool(j, "authenticator_app", ways->has_totp);
    json_i64(j, "recovery_codes_left", ways->recovery_codes);
    json_close(j);
    return OK;
}

static err passkeys_write(struct task *t, user_id user, struct json *j)
{
    const struct passkey_list_row *rows;
    size_t n;
    TRY(passkey_list(t, user, &rows, &n));
    json_array(j, "passkeys");
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        json_str(j, "name", rows[i].name);
        json_time(j, "created_at", rows[i].created_at);
        json_close(j);
    }
    json_close(j);
    return OK;
}

static err partners_write(struct task *t, user_id user, struct json *j)
{
    const struct identity_list_row *rows;
    size_t n;
    TRY(identity_list(t, user, &rows, &n));
    json_array(j, "partners");
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        json_str(j, "partner", rows[i].partner_name);
        json_str(j, "subject", rows[i].subject);
        json_str_or_null(j, "name", rows[i].name);
        json_str_or_null(j, "email", rows[i].email);
        json_time(j, "linked_at", rows[i].linked_at);
        json_time(j, "last_login_at", rows[i].last_login_at);
        json_bool(j, "keeps_tokens", rows[i].keeps);
        json_close(j);
    }
    json_close(j);
    return OK;
}

static err sessions_write(struct task *t, user_id user, struct json *j)
{
    const struct session_page_row *rows;
    size_t n;
    TRY(session_page(t, user, STR_NONE, SESSIONS_MAX, &rows, &n));
    json_array(j, "sessions");
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        json_words(j, "methods", rows[i].amr);
        json_time(j, "created_at", rows[i].created_at);
        json_time(j, "last_seen_at", rows[i].last_seen_at);
        json_close(j);
    }
    json_close(j);
    return OK;
}

static err apps_write(struct task *t, user_id user, struct json *j)
{
    const struct self_apps_row *rows;
    size_t n;
    TRY(self_apps(t, user, &rows, &n));
    json_array(j, "applications");
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        json_str(j, "name", rows[i].name);
        json_words(j, "scope", rows[i].scope);
        json_time(j, "since", rows[i].since);
        json_close(j);
    }
    json_close(j);
    return OK;
}

static err events_write(struct task *t, user_id user, struct json *j)
{
    const struct self_events_row *rows;
    size_t n;
    TRY(self_events(t, user, EVENTS_MAX, &rows, &n));
    json_array(j, "activity");
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        json_time(j, "at", rows[i].at);
        json_str(j, "action", rows[i].action);
        json_str(j, "detail", rows[i].detail);
        json_close(j);
    }
    json_close(j);
    return OK;
}

err self_export(struct task *t, user_id user, struct json *j)
{
    TRY(person_write(t, user, j));
    TRY(passkeys_write(t, user, j));
    TRY(partners_write(t, user, j));
    TRY(sessions_write(t, user, j));
    TRY(apps_write(t, user, j));
    return events_write(t, user, j);
}

/* ---- deletion ---- */

static err erase_in_tx(struct task *t, void *context)
{
    const user_id *user = context;
    const struct user_settle_row *settled;
    int64_t n;
    TRY(user_settle(t, *user, &settled));
    TRY(account_erase(t, *user, &n));
    return n == 1 ? audit_write(t, user->v, STR("account.deleted"), user->v, STR("")) : OK;
}

err self_delete(struct task *t, user_id user)
{
    TRY(account_disable(t, user.v, user));
    logouts_wake(t);
    return db_tx_in_turn(t, erase_in_tx, &user);
}
