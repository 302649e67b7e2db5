/*
 * Passwords: argon2id (RFC 9106; 19 MiB, 2 passes) over HMAC-SHA-256(pepper, password). A stolen table is useless
 * without the pepper, and a password of any length and any bytes becomes 44 characters first.
 */
#include "shared/crypto/crypto.h"

#include <argon2.h>
#include <errno.h>
#include <malloc.h>
#include <openssl/evp.h>

#include "shared/base/instant.h"
#include "shared/base/panic.h"
#include "shared/crypto/state.h"

#define PASSES 2
#define MEMORY_KIB (19 * 1024)
#define LANES 1
#define PARAMETERS "$argon2id$v=19$m=19456,t=2,p=1$"
#define SALT_BYTES 16
#define HASH_BYTES 32
#define STORED_MAX 128
#define PEPPERED_CHARACTERS 44
#define REST_AFTER_US 10000000

static _Atomic int64_t hashed_us; /* monotonic; 0: never, or its memory was given back since */

/* Of a password nobody has, with the parameters above: what an unknown user's attempt is checked against. */
static const char DUMMY[STORED_MAX] = PARAMETERS "DiFdb9g8C49+JwCFMexrGw$8VJNbRfoWAovKFwh/oED8QRE4LlsJl0Rbi+BZAhiyOw";

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
    hashed_us = monotonic_us();
}

/*
 * The allocator keeps the memory of a hash for the next one. Mapping it anew each time holds up every thread that maps
 * anything meanwhile, and costs as much as the hash.
 */
void password_rest(void)
{
    int64_t last_us = hashed_us;
    if (last_us == 0 || monotonic_us() - last_us < REST_AFTER_US)
        return;
    hashed_us = 0;
    malloc_trim(0);
}

str password_hash(struct arena *a, secret pepper, secret password)
{
    char text[PEPPERED_CHARACTERS + 1], out[STORED_MAX];
    unsigned char salt[SALT_BYTES];
    peppered(pepper, password, text);
    random_bytes(salt, sizeof salt);
    slot_take();
    int status = argon2id_hash_encoded(PASSES, MEMORY_KIB, LANES, text, PEPPERED_CHARACTERS, salt, sizeof salt,
                                       HASH_BYTES, out, sizeof out);
    slot_give();
    if (status != ARGON2_OK)
        panic(argon2_error_message(status));
    explicit_bzero(text, sizeof text);
    return arena_str(a, str_of(out));
}

bool password_is_outdated(str stored)
{
    return !str_given(stored) || !str_starts(stored, STR(PARAMETERS));
}

bool password_verify(secret pepper, secret password, str stored)
{
    char text[PEPPERED_CHARACTERS + 1], hash[STORED_MAX] = { 0 };
    bool is_known = str_given(stored) && stored.n < sizeof hash;
    if (is_known)
        memcpy(hash, stored.p, stored.n);
    else
        memcpy(hash, DUMMY, sizeof hash);
    peppered(pepper, password, text);
    slot_take();
    int status = argon2id_verify(hash, text, PEPPERED_CHARACTERS);
    slot_give();
    if (status == ARGON2_MEMORY_ALLOCATION_ERROR)
        panic(argon2_error_message(status));
    explicit_bzero(text, sizeof text);
    return is_known && status == ARGON2_OK;
}
