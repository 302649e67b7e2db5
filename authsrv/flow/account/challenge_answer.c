/* The second half of challenge.h: a code that was typed, and an owner who says that it was somebody else. */
#include "authsrv/app.h"
#include "authsrv/counters.h"
#include "authsrv/domain/account/account.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/challenge.h"
#include "authsrv/flow/account/challenge_mail.h"
#include "authsrv/flow/account/mailed_code.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/token/tokens.h"
#include "authsrv/store/challenge.sql.h"
#include "authsrv/store/user.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/text/encode.h"

struct confirmation {
    const struct client *client;
    const struct challenge_by_session_row *challenge;
    struct challenge_answer *ret;
    bool created;
};

/* As the application said; else what stands before the '@', as far as a name may go without splitting a character. */
static str name_of(const struct challenge_by_session_row *c)
{
    const char *at = memchr(c->address.p, '@', c->address.n);
    str name = str_given(c->name) ? c->name : (str){ c->address.p, at ? (size_t)(at - c->address.p) : c->address.n };
    if (!str_given(c->name) && name.n > ACCOUNT_NAME_MAX)
        name.n = ACCOUNT_NAME_MAX;
    while (name.n > 1 && !utf8_valid(name))
        name.n--;
    return name;
}

/* The address is proved, so it is verified; the account has no password until its person wants one. */
static err account_open(struct task *t, const struct confirmation *c, user_id *user)
{
    int64_t n;
    *user = (user_id){ random_id(t->arena, "usr_") };
    TRY(user_create(t,
                    &(struct user_create_args){ .id = *user,
                                                .login = c->challenge->address,
                                                .role = STR("user"),
                                                .name = name_of(c->challenge),
                                                .email_verified = true,
                                                .profile = STR("{}") },
                    &n));
    return audit_write(t, c->client->id.v, STR("account.created"), user->v, STR("challenge"));
}

static err grant(struct task *t, const struct confirmation *c)
{
    const struct challenge_grant_row *row;
    struct challenge_answer *ret = c->ret;
    ret->code = random_token(t->arena, "");
    const struct challenge_grant_args args = {
        .id = c->challenge->id,
        .user = ret->user,
        .grant = { random_id(t->arena, "gr_") },
        .sid = random_id(t->arena, "sid_"),
        .amr = CHALLENGE_AMR,
        .grant_expires_at = grant_ends_at(t, c->client),
        .code_hash = code_digest(ret->code),
        .redeem_until = code_ends_at(t, c->client),
    };
    TRY(challenge_grant(t, &args, &row));
    if (!row)
        return FAIL(t, INVALID_SESSION, "used by another request, or user or client are not good any more");
    return audit_write(t, ret->user.v, STR("challenge.confirmed"), c->challenge->id, c->client->id.v);
}

static err confirm_in_tx(struct task *t, void *context)
{
    struct confirmation *c = context;
    const struct challenge_person_row *person;
    int64_t n;
    TRY(challenge_person(t, c->challenge->address, &person));
    c->created = false;
    switch (challenge_entry_of(challenge_policy_of(c->client), person)) {
    case ENTRY_SIGN_IN:
        c->ret->user = person->id;
        break;
    case ENTRY_CREATE:
        TRY(account_open(t, c, &c->ret->user));
        c->created = true;
        break;
    case ENTRY_NOBODY:
        c->ret->end = CHALLENGE_WRONG;
        return OK;
    case ENTRY_PAGE:
        c->ret->end = CHALLENGE_WEB;
        TRY(challenge_to_web(t, c->challenge->id, &n));
        return audit_write(t, person->id.v, STR("challenge.sent_on"), c->challenge->id, c->client->id.v);
    }
    c->ret->end = CHALLENGE_CONFIRMED;
    return grant(t, c);
}

static err confirm(struct task *t, struct confirmation *c)
{
    TRY(challenge_tx(t, confirm_in_tx, c));
    if (c->ret->end == CHALLENGE_WEB)
        count_challenge(t, CHALLENGE_SENT_ON);
    if (c->created)
        count_challenge(t, CHALLENGE_CREATED);
    return OK;
}

err challenge_try(struct task *t, const struct client *client, const struct challenge_by_session_row *c, str typed,
                  struct challenge_answer *ret)
{
    const struct challenge_attempt_row *row;
    struct confirmation confirmation = { .client = client, .challenge = c, .ret = ret };
    *ret = (struct challenge_answer){ .end = CHALLENGE_WRONG };
    TRY(challenge_attempt(t, c->id, CHALLENGE_ATTEMPTS, &row));
    digest given = mailed_code_digest(t, c->id, typed);
    if (row && equal_digest(&given, &row->code_hash))
        TRY(confirm(t, &confirmation));
    if (row)
        ret->attempts_left = CHALLENGE_ATTEMPTS - row->attempts;
    count_login(t, LOGIN_CHALLENGE, ret->end != CHALLENGE_WRONG);
    return ret->end == CHALLENGE_WRONG ? audit_write(t, client->id.v, STR("challenge.failed"), c->id, STR("")) : OK;
}

/* ---- "this was not me" ---- */

bool challenge_link_good(struct task *t, str id, str key)
{
    return equal_bytes(bytes_of(challenge_link_key(t, id)), bytes_of(key));
}

struct disowning {
    str id;
    bool done;
};

static err disown_in_tx(struct task *t, void *context)
{
    struct disowning *d = context;
    const struct challenge_disown_row *row;
    TRY(challenge_disown(t, d->id, &row));
    d->done = row != NULL;
    return row ? audit_write(t, str_given(row->user_id.v) ? row->user_id.v : STR("nobody"), STR("challenge.disowned"),
                             d->id, row->client_id.v)
               : OK;
}

err challenge_end_disowned(struct task *t, str id)
{
    struct disowning d = { .id = id };
    TRY(db_tx(t, disown_in_tx, &d));
    if (d.done)
        count_challenge(t, CHALLENGE_DISOWNED);
    return OK;
}
