/*
 * Random values. Each thread draws from a store of bytes that is filled at once, since one RAND_bytes call costs
 * about the same for 32 bytes as for 1024; what was given out is wiped from the store.
 */
#include "shared/crypto/crypto.h"

#include <openssl/rand.h>

#include "shared/base/instant.h"
#include "shared/base/panic.h"
#include "shared/crypto/state.h"
#include "shared/text/encode.h"

#define STORE_BYTES 1024

static _Thread_local struct {
    unsigned char b[STORE_BYTES];
    size_t left;
} store;

void random_store_forget(void)
{
    explicit_bzero(&store, sizeof store);
}

static void fresh_bytes(void *out, size_t n)
{
    if (n > INT32_MAX || RAND_bytes(out, (int)n) != 1)
        panic("no randomness");
}

void random_bytes(void *out, size_t n)
{
    if (n == 0)
        return;
    if (n > STORE_BYTES) {
        fresh_bytes(out, n);
        return;
    }
    if (store.left < n) {
        crypto_state(); /* so that a fork forgets the store */
        fresh_bytes(store.b, STORE_BYTES);
        store.left = STORE_BYTES;
    }
    store.left -= n;
    memcpy(out, store.b + store.left, n);
    explicit_bzero(store.b + store.left, n);
}

static str prefixed(struct arena *a, str prefix, str s)
{
    char *p = arena_alloc(a, prefix.n + s.n);
    memcpy(p, prefix.p, prefix.n);
    memcpy(p + prefix.n, s.p, s.n);
    return (str){ p, prefix.n + s.n };
}

str random_token(struct arena *a, const char *prefix)
{
    unsigned char b[32];
    random_bytes(b, sizeof b);
    str text = base64url_encode(a, (bytes){ b, sizeof b });
    explicit_bzero(b, sizeof b);
    return *prefix ? prefixed(a, str_of(prefix), text) : text;
}

#define ID_RANDOM_BYTES 10

static str id_of(struct arena *a, const char *prefix, instant at, const unsigned char *rest)
{
    /* Crockford's alphabet: in the order of ASCII, so that text sorts as the number does. */
    static const char ALPHABET[] = "0123456789abcdefghjkmnpqrstvwxyz";
    uint64_t ms = (uint64_t)(at.us / 1000);
    unsigned __int128 v = ms & 0xFFFFFFFFFFFF;
    for (int i = 0; i < ID_RANDOM_BYTES; i++)
        v = v << 8 | rest[i];
    char text[26];
    for (int i = 25; i >= 0; i--) {
        text[i] = ALPHABET[v & 31];
        v >>= 5;
    }
    return prefixed(a, str_of(prefix), (str){ text, sizeof text });
}

str random_id(struct arena *a, const char *prefix)
{
    unsigned char rest[ID_RANDOM_BYTES];
    random_bytes(rest, sizeof rest);
    return id_of(a, prefix, wall_clock_now(), rest);
}

str random_id_least(struct arena *a, const char *prefix, instant at)
{
    static const unsigned char least[ID_RANDOM_BYTES];
    return id_of(a, prefix, at, least);
}

str random_letters(struct arena *a, str alphabet, size_t n)
{
    char *p = arena_alloc(a, n);
    /* Bytes from here on would make the first letters likelier. */
    unsigned fair = 256 - 256 % (unsigned)alphabet.n;
    for (size_t i = 0; i < n;) {
        unsigned char b;
        random_bytes(&b, 1);
        if (b < fair)
            p[i++] = alphabet.p[b % alphabet.n];
    }
    return (str){ p, n };
}

str random_digits(struct arena *a, size_t n)
{
    return random_letters(a, STR("0123456789"), n);
}
