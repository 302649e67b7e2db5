/* See passkey.h. */
#include "authsrv/flow/account/passkey.h"

#include "authsrv/app.h"
#include "authsrv/domain/account/passkey.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/credentials.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/authorization/request_batch.h"
#include "authsrv/flow/mailer.h"
#include "authsrv/store/credential.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/crypto/webauthn.h"
#include "shared/db/db.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"
#include "web/text.h"

#define CHALLENGE_LIFE MINUTES(5)
#define NONCE_BYTES 16
#define STAMP_BYTES (NONCE_BYTES + 8) /* and when it ends */

str passkey_rp(const struct task *t)
{
    struct url u;
    return url_parse(app_of(t)->config.issuer, &u) ? passkey_site(u.host) : STR_NONE;
}

static digest stamp_mac(struct task *t, const unsigned char stamp[STAMP_BYTES], str bound_to)
{
    str shown = base64url_encode(t->arena, (bytes){ stamp, STAMP_BYTES });
    str message = arena_printf(t->arena, "passkey\n%.*s\n%.*s", STR_ARG(shown), STR_ARG(bound_to));
    return hmac_sha256(digest_bytes(&app_of(t)->sealing_key), bytes_of(message));
}

str passkey_challenge(struct task *t, str bound_to)
{
    unsigned char all[STAMP_BYTES + sizeof(digest)];
    int64_t end = instant_add(t->now, CHALLENGE_LIFE).us;
    random_bytes(all, NONCE_BYTES);
    memcpy(all + NONCE_BYTES, &end, sizeof end);
    digest mac = stamp_mac(t, all, bound_to);
    memcpy(all + STAMP_BYTES, mac.b, sizeof mac.b);
    return base64url_encode(t->arena, (bytes){ all, sizeof all });
}

static err challenge_take(struct task *t, str challenge, str bound_to, bool *is_good)
{
    bytes all;
    int64_t end, n;
    *is_good = false;
    if (!base64url_decode(t->arena, challenge, &all) || all.n != STAMP_BYTES + sizeof(digest))
        return OK;
    digest mac = stamp_mac(t, all.p, bound_to);
    memcpy(&end, all.p + NONCE_BYTES, sizeof end);
    if (!equal_bytes(digest_bytes(&mac), (bytes){ all.p + STAMP_BYTES, sizeof mac.b }) || end <= t->now.us)
        return OK;
    TRY(jti_spend(t, typed_digest("passkey_challenge", challenge), (instant){ end }, &n));
    *is_good = n == 1;
    return OK;
}

struct opened {
    bytes client_data, authenticator_data, id;
};

/* Reads what came and spends its challenge. *is_good false: malformed, of another page, too old, or for the second
 * time. */
static err answer_open(struct task *t, const struct passkey_answer *a, str type, str bound_to, struct opened *ret,
                       bool *is_good)
{
    str challenge;
    *is_good = str_given(passkey_rp(t)) && base64url_decode(t->arena, a->client_data, &ret->client_data) &&
               base64url_decode(t->arena, a->authenticator_data, &ret->authenticator_data) &&
               base64url_decode(t->arena, a->id, &ret->id) && ret->id.n > 0 &&
               client_data_challenge(t->arena, ret->client_data, type, app_of(t)->origin, &challenge);
    return *is_good ? challenge_take(t, challenge, bound_to, is_good) : OK;
}

struct change {
    user_id user;
    const struct session *by;
    const struct webauthn_key *key; /* added; NULL: removed */
    bytes id;
    str name;
};

static err change_in_tx(struct task *t, void *context)
{
    const struct change *c = context;
    const struct webauthn_key *k = c->key;
    int64_t n;
    TRY(credentials_change(t, c->user, c->by));
    if (k)
        TRY(passkey_add(t,
                        &(struct passkey_add_args){ .id = k->id,
                                                    .user = c->user,
                                                    .alg = k->alg,
                                                    .public_key = k->public_key,
                                                    .sign_count = k->sign_count,
                                                    .is_synced = k->is_synced,
                                                    .name = c->name },
                        &n));
    else
        TRY(passkey_remove(t, c->user, c->id, &n));
    if (n == 0)
        return FAIL(t, CONFLICT, "%s", k ? "as many passkeys as there may be" : "the last way in");
    TRY(audit_write(t, c->user.v, k ? STR("passkey.added") : STR("passkey.removed"), c->user.v, c->name));
    return security_notice(t, c->user, &(struct notice){ .what = k ? TEXT_NOTICE_PASSKEY : TEXT_NOTICE_PASSKEY_GONE });
}

err passkey_register(struct task *t, const struct session *by, str bound_to, const struct passkey_answer *a, str name,
                     enum passkey_verdict *verdict)
{
    struct opened o;
    struct webauthn_key key;
    bool is_good;
    *verdict = PASSKEY_REFUSED;
    TRY(answer_open(t, a, PASSKEY_CREATE, bound_to, &o, &is_good));
    if (!is_good || !webauthn_key_read(t->arena, passkey_rp(t), o.client_data, o.authenticator_data, &key) ||
        !equal_bytes(key.id, o.id))
        return OK;
    struct change c = {
        .user = by->row->user_id, .by = by, .key = &key, .name = passkey_name(name, text_in(t->language, TEXT_PASSKEY))
    };
    err e = db_tx_in_turn(t, change_in_tx, &c);
    if (err_is(e, &FAULT_ALREADY_EXISTS) || err_is(e, &FAULT_CONFLICT)) {
        *verdict = err_is(e, &FAULT_CONFLICT) ? PASSKEY_FULL : PASSKEY_TAKEN;
        return OK;
    }
    TRY(e);
    *verdict = PASSKEY_GOOD;
    mails_wake(t);
    return OK;
}

err passkey_is_there(struct task *t, user_id user, str id, bool *ret)
{
    const struct passkey_find_row *row = NULL;
    bytes raw;
    if (base64url_decode(t->arena, id, &raw))
        TRY(passkey_find(t, raw, &row));
    *ret = row && str_eq(row->user_id.v, user.v);
    return OK;
}

static bool is_owners(struct task *t, str user_handle, user_id user)
{
    bytes handle;
    return base64url_decode(t->arena, user_handle, &handle) &&
           str_eq((str){ (const char *)handle.p, handle.n }, user.v);
}

static err counter_stuck(struct task *t, user_id user, str name)
{
    TRY(audit_write(t, user.v, STR("passkey.counter_stuck"), user.v, name));
    TRY(security_notice(t, user, &(struct notice){ .what = TEXT_NOTICE_PASSKEY_COPIED }));
    mails_wake(t);
    return OK;
}

err passkey_prove(struct task *t, str bound_to, const struct passkey_answer *a, enum passkey_verdict *verdict,
                  struct passkey_login *ret)
{
    const struct passkey_find_row *row;
    struct opened o;
    bytes signature;
    int64_t count, n;
    bool is_good;
    *verdict = PASSKEY_REFUSED;
    TRY(answer_open(t, a, PASSKEY_GET, bound_to, &o, &is_good));
    if (!is_good || !base64url_decode(t->arena, a->signature, &signature))
        return OK;
    TRY(passkey_find(t, o.id, &row));
    if (!row || !is_owners(t, a->user_handle, row->user_id))
        return OK;
    const struct webauthn_key key = { .alg = row->alg, .id = o.id, .public_key = row->public_key };
    if (!webauthn_verify(t->arena, passkey_rp(t), o.client_data, o.authenticator_data, signature, &key, &count))
        return OK;
    TRY(passkey_use(t, count, o.id, &n));
    if (n == 0)
        return counter_stuck(t, row->user_id, row->name);
    *ret = (struct passkey_login){ { row->user_id, row->cred_version }, row->is_synced };
    *verdict = PASSKEY_GOOD;
    return OK;
}

err passkey_discard(struct task *t, const struct session *by, str id)
{
    struct change c = { .user = by->row->user_id, .by = by, .name = STR("") };
    bool is_there;
    if (!base64url_decode(t->arena, id, &c.id))
        return FAIL(t, NOT_FOUND, "no name of a passkey");
    err e = db_tx_in_turn(t, change_in_tx, &c);
    if (err_is(e, &FAULT_CONFLICT)) {
        TRY(passkey_is_there(t, c.user, id, &is_there));
        return is_there ? e : (err)FAIL(t, NOT_FOUND, "no such passkey");
    }
    TRY(e);
    mails_wake(t);
    return OK;
}
