/* Digests (FIPS 180-4, RFC 4231 vectors), sealing, randomness and comparison. */
#include "shared/crypto/crypto.h"

#include <pthread.h>

#include "shared/base/instant.h"
#include "shared/text/encode.h"
#include "tests/support/test.h"

static str hex_of(struct arena *a, digest d)
{
    return hex_encode(a, digest_bytes(&d));
}

static bytes repeated(struct arena *a, int c, size_t n)
{
    unsigned char *p = arena_alloc(a, n);
    memset(p, c, n);
    return (bytes){ p, n };
}

TEST(sha256_vectors)
{
    CHECK_STR(hex_of(arena, sha256_str(STR("abc"))),
              STR("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    CHECK_STR(hex_of(arena, sha256_str(STR(""))),
              STR("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    CHECK_STR(hex_of(arena, sha256((bytes){ NULL, 0 })),
              STR("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

TEST(typed_digest_is_sha256_over_type_zero_value)
{
    digest d = typed_digest("code", STR("xyz")), other = typed_digest("refresh", STR("xyz"));
    digest plain = sha256((bytes){ (const unsigned char *)"code\0xyz", 8 });
    CHECK(equal_digest(&d, &plain));
    CHECK(!equal_digest(&d, &other));
    other = typed_digest("codex", STR("yz"));
    CHECK(!equal_digest(&d, &other));
}

TEST(hmac_vectors_of_rfc_4231)
{
    CHECK_STR(hex_of(arena, hmac_sha256(repeated(arena, 0x0b, 20), bytes_of(STR("Hi There")))),
              STR("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
    CHECK_STR(hex_of(arena, hmac_sha256(bytes_of(STR("Jefe")), bytes_of(STR("what do ya want for nothing?")))),
              STR("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    CHECK_STR(hex_of(arena, hmac_sha256(repeated(arena, 0xaa, 131),
                                        bytes_of(STR("Test Using Larger Than Block-Size Key - Hash Key First")))),
              STR("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
    CHECK_STR(hex_of(arena, hmac_sha256((bytes){ NULL, 0 }, (bytes){ NULL, 0 })),
              STR("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"));
}

TEST(equal_bytes_compares_length_and_content)
{
    CHECK(equal_bytes(bytes_of(STR("abc")), bytes_of(STR("abc"))));
    CHECK(!equal_bytes(bytes_of(STR("abc")), bytes_of(STR("abd"))));
    CHECK(!equal_bytes(bytes_of(STR("abc")), bytes_of(STR("ab"))));
    CHECK(equal_bytes(bytes_of(STR("")), bytes_of(STR(""))));
}

TEST(seal_opens_with_key_and_context_only)
{
    digest key = sha256_str(STR("key")), other = sha256_str(STR("other"));
    bytes plain = bytes_of(STR("DE89370400440532013000")), back = { NULL, 99 };
    bytes sealed = seal(arena, &key, plain, STR("requisites 1"));
    CHECK_I64(sealed.n, plain.n + 28);
    CHECK(!unseal(arena, &other, sealed, STR("requisites 1"), &back));
    CHECK(!unseal(arena, &key, sealed, STR("requisites 2"), &back));
    CHECK(!unseal(arena, &key, sealed, STR(""), &back));
    CHECK_I64(back.n, 99);
    CHECK(unseal(arena, &key, sealed, STR("requisites 1"), &back));
    CHECK_BYTES(back, plain);
}

TEST(seal_notices_every_changed_byte_and_every_cut)
{
    digest key = sha256_str(STR("key"));
    bytes sealed = seal(arena, &key, bytes_of(STR("value")), STR("c")), back;
    for (size_t i = 0; i < sealed.n; i++) {
        unsigned char *changed = arena_alloc(arena, sealed.n);
        memcpy(changed, sealed.p, sealed.n);
        changed[i] ^= 1;
        CHECK(!unseal(arena, &key, (bytes){ changed, sealed.n }, STR("c"), &back));
        CHECK(!unseal(arena, &key, (bytes){ sealed.p, i }, STR("c"), &back));
    }
}

TEST(seal_takes_empty_values_and_uses_fresh_nonces)
{
    digest key = sha256_str(STR("key"));
    bytes one = seal(arena, &key, (bytes){ NULL, 0 }, STR("")), two = seal(arena, &key, (bytes){ NULL, 0 }, STR("")),
          back;
    CHECK(!equal_bytes(one, two));
    CHECK(unseal(arena, &key, one, STR(""), &back));
    CHECK_I64(back.n, 0);
}

TEST(random_tokens_are_43_characters_and_differ)
{
    str a = random_token(arena, ""), b = random_token(arena, "tok_");
    bytes raw;
    CHECK_I64(a.n, 43);
    CHECK_I64(b.n, 47);
    CHECK(str_starts(b, STR("tok_")));
    CHECK(base64url_decode(arena, a, &raw) && raw.n == 32);
    CHECK(!str_eq(a, (str){ b.p + 4, 43 }));
}

TEST(random_ids_sort_by_time)
{
    instant before = wall_clock_now(), later = instant_add(before, MINUTES(1));
    str id = random_id(arena, "evt_"), least = random_id_least(arena, "evt_", before);
    CHECK(least.n == id.n && memcmp(least.p, id.p, id.n) < 0);
    CHECK(memcmp(id.p, random_id_least(arena, "evt_", later).p, id.n) < 0);
    str first = random_id(arena, "pay_");
    int64_t start = wall_clock_now().us / 1000;
    while (wall_clock_now().us / 1000 <= start + 1)
        ;
    str second = random_id(arena, "pay_");
    CHECK_I64(first.n, 4 + 26);
    CHECK(memcmp(first.p, second.p, first.n) < 0);
    for (size_t i = 4; i < first.n; i++)
        CHECK(strchr("0123456789abcdefghjkmnpqrstvwxyz", first.p[i]));
    CHECK(first.p[4] <= '7');
}

TEST(random_digits_are_uniform)
{
    int64_t seen[10] = { 0 }, n = 400000;
    str s = random_digits(arena, (size_t)n);
    double chi_square = 0;
    for (size_t i = 0; i < s.n; i++) {
        CHECK(s.p[i] >= '0' && s.p[i] <= '9');
        seen[s.p[i] - '0']++;
    }
    for (size_t d = 0; d < 10; d++) {
        double off = (double)(seen[d] - n / 10);
        chi_square += off * off / ((double)n / 10);
    }
    /* 9 degrees of freedom: exceeded by chance once in 10^9 runs; modulo without rejection gives about 146 more. */
    CHECK(chi_square < 60);
}

TEST(random_bytes_of_any_size)
{
    static unsigned char big[5000];
    unsigned all = 0;
    random_bytes(big, sizeof big);
    for (size_t i = 4000; i < sizeof big; i++)
        all |= big[i];
    CHECK_I64(all, 255);
    unsigned char small[16] = { 0 };
    random_bytes(small, 0);
    CHECK_I64(small[0], 0);
}

static void *token_in_thread(void *arena)
{
    str *token = arena_new(arena, str);
    *token = random_token(arena, "");
    return token;
}

TEST(random_stores_of_threads_differ)
{
    pthread_t thread;
    void *token;
    struct arena *other = arena_create(1024, 1 << 16);
    str mine = random_token(arena, "");
    CHECK(pthread_create(&thread, NULL, token_in_thread, other) == 0);
    CHECK(pthread_join(thread, &token) == 0);
    CHECK(!str_eq(mine, *(str *)token));
    arena_destroy(other);
}

/* The fastest of many rounds: what the machine does besides makes rounds slower, never faster. */
static int64_t compare_us(bytes a, bytes b)
{
    enum { ROUNDS = 41 };
    int64_t best = INT64_MAX;
    for (int i = 0; i < ROUNDS; i++) {
        int64_t begun_us = monotonic_us();
        CHECK(!equal_bytes(a, b));
        int64_t took_us = monotonic_us() - begun_us;
        best = took_us < best ? took_us : best;
    }
    return best;
}

/* A comparison that stops at the first difference takes hundreds of times longer for the last byte than for the first.
 */
TEST(comparing_takes_as_long_wherever_the_difference_is) /* D 106 */
{
    enum { BYTES = 1 << 20 };
    unsigned char *whole = arena_alloc(arena, BYTES);
    unsigned char *first = arena_alloc(arena, BYTES), *last = arena_alloc(arena, BYTES);
    random_bytes(whole, BYTES);
    memcpy(first, whole, BYTES);
    memcpy(last, whole, BYTES);
    first[0] ^= 1;
    last[BYTES - 1] ^= 1;
    int64_t first_us = compare_us((bytes){ whole, BYTES }, (bytes){ first, BYTES });
    int64_t last_us = compare_us((bytes){ whole, BYTES }, (bytes){ last, BYTES });
    CHECK(first_us > 0 && first_us * 4 > last_us && last_us * 4 > first_us);
}

/* FIPS 180-2 and RFC 2202, second test case. */
TEST(sha1_and_its_hmac_are_those_of_the_standards)
{
    unsigned char out[SHA1_BYTES];
    sha1(bytes_of(STR("abc")), out);
    CHECK_STR(hex_encode(arena, (bytes){ out, sizeof out }), STR("a9993e364706816aba3e25717850c26c9cd0d89d"));
    hmac_sha1(bytes_of(STR("Jefe")), bytes_of(STR("what do ya want for nothing?")), out);
    CHECK_STR(hex_encode(arena, (bytes){ out, sizeof out }), STR("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"));
}
