/*
 * Passwords: argon2id (RFC 9106; 19 MiB, 2 passes) over HMAC-SHA-256(pepper, password). A stolen table is useless
 * without the pepper, and a password of any length and any bytes becomes 44 characters first.
 */
#include "shared/crypto/crypto.h"

#include <errno.h>
#include <openssl/evp.h>
#include <sodium.h>

#include "shared/base/panic.h"
#include "shared/crypto/state.h"

#define PASSES 2
#define MEMORY_BYTES ((size_t)19 << 20)
#define PEPPERED_CHARACTERS 44

/* Of a password nobody has, with the parameters above: what an unknown user's attempt is checked against. */
static const char DUMMY[crypto_pwhash_STRBYTES] =
    "$argon2id$v=19$m=19456,t=2,p=1$DiFdb9g8C49+JwCFMexrGw$8VJNbRfoWAovKFwh/oED8QRE4LlsJl0Rbi+BZAhiyOw";

static void peppered(secret pepper, secret password, char out[PEPPERED_CHARACTERS + 1])
{
    digest mac = hmac_sha256(bytes_of(pepper.hidden), bytes_of(password.hidden));
    EVP_EncodeBlock((unsigned char *)out, mac.b, sizeof mac.b);
    explicit_bzero(&mac, sizeof mac);
}

static void slot_take(void)
{
    while (sem_wait(&crypto_state()->password_slots) != 0) {
        if (errno != EINTR)
            panic("semaphore cannot be taken");
    }
}

static void slot_give(void)
{
    if (sem_post(&crypto_state()->password_slots) != 0)
        panic("semaphore cannot be given");
}

str password_hash(struct arena *a, secret pepper, secret password)
{
    char text[PEPPERED_CHARACTERS + 1], out[crypto_pwhash_STRBYTES];
    peppered(pepper, password, text);
    slot_take();
    int status = crypto_pwhash_str(out, text, PEPPERED_CHARACTERS, PASSES, MEMORY_BYTES);
    slot_give();
    if (status != 0)
        panic("out of memory");
    explicit_bzero(text, sizeof text);
    return arena_str(a, str_of(out));
}

bool password_is_outdated(str stored)
{
    char hash[crypto_pwhash_STRBYTES] = { 0 };
    if (!str_given(stored) || stored.n >= sizeof hash)
        return true;
    memcpy(hash, stored.p, stored.n);
    return crypto_pwhash_str_needs_rehash(hash, PASSES, MEMORY_BYTES) != 0;
}

bool password_verify(secret pepper, secret password, str stored)
{
    char text[PEPPERED_CHARACTERS + 1], hash[crypto_pwhash_STRBYTES] = { 0 };
    bool is_known = str_given(stored) && stored.n < sizeof hash;
    if (is_known)
        memcpy(hash, stored.p, stored.n);
    else
        memcpy(hash, DUMMY, sizeof hash);
    peppered(pepper, password, text);
    slot_take();
    bool is_right = crypto_pwhash_str_verify(hash, text, PEPPERED_CHARACTERS) == 0;
    slot_give();
    explicit_bzero(text, sizeof text);
    return is_known && is_right;
}
