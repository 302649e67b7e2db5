/* Encrypted tokens: every pair of algorithms there and back, and attacks on each part (RFC 7516 section 11). */
#include "shared/jose/jwe.h"

#include "shared/base/buf.h"
#include "shared/jose/jwe_key.h"
#include "shared/jose/key.h"
#include "shared/text/encode.h"
#include "tests/support/test.h"
#include "tests/unit/shared/jose/other_keys.h"
#include "tests/unit/shared/jose/test_keys.h"

#define PLAIN STR("the plain text of more than one block")

static struct jose_key *ec, *rsa;
static struct jose_set *ours;
static const struct jwe_want ANY = { 0 };

static const struct jose_set *keys(void)
{
    if (!ours) {
        ec = jwe_key_of_pem(str_of(EC_PEM), JWE_ECDH_ES);
        rsa = jwe_key_of_pem(str_of(RSA_PEM), JWE_RSA_OAEP);
        CHECK(ec && rsa);
        const struct jose_key *list[] = { ec, rsa };
        ours = jose_set_of(list, 2);
    }
    return ours;
}

__attribute__((destructor)) static void keys_free(void)
{
    jose_set_free(ours);
    jose_key_free(ec);
    jose_key_free(rsa);
}

static const struct jose_key *key_for(enum jwe_alg alg)
{
    keys();
    return alg <= JWE_RSA_OAEP_256 ? rsa : ec;
}

static enum jwe_verdict verdict(struct arena *a, str token)
{
    struct jwe_read read = { 0 };
    enum jwe_verdict v = jwe_decrypt(a, keys(), &ANY, token, &read);
    CHECK(str_given(read.plain) == (v == JWE_GOOD));
    return v;
}

/* The token with its part i (0 to 4) replaced. */
static str with_part(struct arena *a, str token, int wanted, str replacement)
{
    struct buf b;
    str rest = token, part;
    buf_init(&b, a, 20000);
    for (int i = 0; i < 5; i++) {
        if (!str_cut(&rest, '.', &part))
            part = rest;
        buf_add(&b, i == wanted ? replacement : part);
        if (i < 4)
            buf_add_char(&b, '.');
    }
    return buf_str(&b);
}

static str part_of(str token, int wanted)
{
    str rest = token, part;
    for (int i = 0; str_cut(&rest, '.', &part); i++) {
        if (i == wanted)
            return part;
    }
    return rest;
}

static str encoded(struct arena *a, str s)
{
    return base64url_encode(a, bytes_of(s));
}

TEST(jwe_decrypts_what_it_encrypts)
{
    static const str TEXTS[] = { STR(""), STR("x"), STR("exactly 16 bytes"), PLAIN };
    struct jwe_read read;
    for (enum jwe_alg alg = JWE_RSA_OAEP; alg <= JWE_ECDH_ES_A256KW; alg++) {
        for (enum jwe_enc enc = JWE_A128GCM; enc <= JWE_A256CBC_HS512; enc++) {
            for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
                str token = jwe_encrypt(arena, key_for(alg), alg, enc, i ? "JWT" : NULL, TEXTS[i]);
                CHECK_I64(jwe_decrypt(arena, keys(), &ANY, token, &read), JWE_GOOD);
                CHECK_STR(read.plain, TEXTS[i]);
                CHECK(read.alg == alg && read.enc == enc && read.is_nested == (i > 0));
            }
        }
    }
}

TEST(jwe_names_are_exact)
{
    enum jwe_alg alg;
    enum jwe_enc enc;
    for (enum jwe_alg i = JWE_RSA_OAEP; i <= JWE_ECDH_ES_A256KW; i++)
        CHECK(jwe_alg_parse(jwe_alg_name(i), &alg) && alg == i);
    for (enum jwe_enc i = JWE_A128GCM; i <= JWE_A256CBC_HS512; i++)
        CHECK(jwe_enc_parse(jwe_enc_name(i), &enc) && enc == i);
    CHECK(!jwe_alg_parse(STR("RSA1_5"), &alg) && !jwe_alg_parse(STR("dir"), &alg) && !jwe_alg_parse(STR(""), &alg));
    CHECK(!jwe_alg_parse(STR("PBES2-HS256+A128KW"), &alg) && !jwe_enc_parse(STR("a128gcm"), &enc));
}

TEST(jwe_keys_are_for_encryption_only)
{
    struct buf b;
    struct json j;
    buf_init(&b, arena, 10000);
    json_begin(&j, &b);
    json_array(&j, "keys");
    keys();
    jose_key_write_jwk(&j, NULL, ec);
    jose_key_write_jwk(&j, NULL, rsa);
    json_close(&j);
    json_end(&j);
    struct jose_set *set = jose_set_parse(buf_str(&b), 10000);
    CHECK(set && jose_set_size(set) == 0);
    CHECK(!jose_set_find(set, jose_key_kid(ec)) && !jose_key_verifies(ec, ALG_ES256));
    for (enum jwe_alg alg = JWE_RSA_OAEP; alg <= JWE_ECDH_ES_A256KW; alg++) {
        const struct jose_key *to = jose_set_find_enc(set, alg);
        CHECK(to);
        CHECK_STR(jose_key_kid(to), jose_key_kid(key_for(alg)));
        CHECK_I64(verdict(arena, jwe_encrypt(arena, to, alg, JWE_A256GCM, NULL, PLAIN)), JWE_GOOD);
    }
    jose_set_free(set);
    CHECK(!jwe_key_of_pem(str_of(ED_PEM), JWE_ECDH_ES) && !jwe_key_of_pem(str_of(RSA_1024_PEM), JWE_RSA_OAEP));
}

TEST(jwe_notices_every_changed_part)
{
    static const enum jwe_alg ALGS[] = { JWE_RSA_OAEP_256, JWE_ECDH_ES_A256KW };
    for (size_t i = 0; i < 2; i++) {
        for (enum jwe_enc enc = JWE_A128GCM; enc <= JWE_A256CBC_HS512; enc++) {
            str token = jwe_encrypt(arena, key_for(ALGS[i]), ALGS[i], enc, NULL, PLAIN);
            for (int part = 0; part < 5; part++) {
                str old = part_of(token, part);
                char *changed = arena_cstr(arena, old);
                changed[old.n / 2] = changed[old.n / 2] == 'A' ? 'B' : 'A';
                enum jwe_verdict v = verdict(arena, with_part(arena, token, part, (str){ changed, old.n }));
                CHECK(v != JWE_GOOD);
                if (part > 0)
                    CHECK_I64(v, JWE_BAD_TAG);
                CHECK(verdict(arena, with_part(arena, token, part, STR(""))) != JWE_GOOD);
            }
        }
    }
}

TEST(jwe_tags_and_ivs_have_one_length)
{
    static const str SHORT[] = { STR("AAAAAAAAAAAAAAAA"), STR("AAAAAAAAAAAAAAAAAAAAAA"), STR("AA"), STR("") };
    for (enum jwe_enc enc = JWE_A128GCM; enc <= JWE_A256CBC_HS512; enc++) {
        str token = jwe_encrypt(arena, key_for(JWE_ECDH_ES), JWE_ECDH_ES, enc, NULL, PLAIN);
        for (size_t i = 0; i < sizeof SHORT / sizeof *SHORT; i++) {
            CHECK_I64(verdict(arena, with_part(arena, token, 2, SHORT[i])), JWE_BAD_TAG);
            CHECK_I64(verdict(arena, with_part(arena, token, 4, SHORT[i])), JWE_BAD_TAG);
        }
        str tag = part_of(token, 4);
        bytes whole;
        CHECK(base64url_decode(arena, tag, &whole));
        for (size_t n = 1; n < whole.n; n++)
            CHECK_I64(verdict(arena, with_part(arena, token, 4, base64url_encode(arena, (bytes){ whole.p, n }))),
                      JWE_BAD_TAG);
    }
}

/* A key that does not come out is told as a wrong tag, whatever is wrong with it (RFC 7516 section 11.5). */
TEST(jwe_bad_rsa_keys_look_like_bad_tags)
{
    str token = jwe_encrypt(arena, key_for(JWE_RSA_OAEP), JWE_RSA_OAEP, JWE_A128CBC_HS256, NULL, PLAIN);
    unsigned char garbage[257];
    static const size_t SIZES[] = { 0, 1, 16, 255, 256, 257 };
    for (int fill = 0; fill < 256; fill += 51) {
        memset(garbage, fill, sizeof garbage);
        for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++)
            CHECK_I64(verdict(arena, with_part(arena, token, 1, base64url_encode(arena, (bytes){ garbage, SIZES[i] }))),
                      JWE_BAD_TAG);
    }
    /* Wrapped well, but for an enc with keys of another length. */
    str other = jwe_encrypt(arena, rsa, JWE_RSA_OAEP, JWE_A128GCM, NULL, PLAIN);
    CHECK_I64(verdict(arena, with_part(arena, token, 1, part_of(other, 1))), JWE_BAD_TAG);
}

static enum jwe_verdict verdict_with_header(struct arena *a, enum jwe_alg alg, const char *header)
{
    str token = jwe_encrypt(a, key_for(alg), alg, JWE_A128GCM, NULL, PLAIN);
    return verdict(a, with_part(a, token, 0, encoded(a, str_of(header))));
}

TEST(jwe_headers_that_are_refused)
{
    static const char *const MEMBERS[] = { "\"crit\":[\"exp\"]",
                                           "\"zip\":\"DEF\"",
                                           "\"jku\":\"https://evil.example\"",
                                           "\"x5u\":\"https://evil.example\"",
                                           "\"x5c\":[]",
                                           "\"jwk\":{}",
                                           "\"p2s\":\"AA\"",
                                           "\"p2c\":100000000" };
    char header[300];
    for (size_t i = 0; i < sizeof MEMBERS / sizeof *MEMBERS; i++) {
        snprintf(header, sizeof header, "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\",%s}", MEMBERS[i]);
        CHECK_I64(verdict_with_header(arena, JWE_RSA_OAEP, header), JWE_MALFORMED);
    }
    static const char *const WRONG[] = { "{\"alg\":\"RSA1_5\",\"enc\":\"A128GCM\"}",
                                         "{\"alg\":\"dir\",\"enc\":\"A128GCM\"}",
                                         "{\"alg\":\"none\",\"enc\":\"A128GCM\"}",
                                         "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128GCM\"}",
                                         "{\"alg\":\"RSA-OAEP\",\"enc\":\"A192GCM\"}",
                                         "{\"alg\":\"RSA-OAEP\"}",
                                         "{\"enc\":\"A128GCM\"}",
                                         "{\"alg\":1,\"enc\":\"A128GCM\"}" };
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        CHECK_I64(verdict_with_header(arena, JWE_RSA_OAEP, WRONG[i]), JWE_WRONG_ALG);
    static const char *const BAD[] = { "", "[]", "{}x",
                                       "{\"alg\":\"RSA-OAEP\",\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\"}" };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        CHECK_I64(verdict_with_header(arena, JWE_RSA_OAEP, BAD[i]), JWE_MALFORMED);
    CHECK_I64(verdict_with_header(arena, JWE_RSA_OAEP, "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\",\"kid\":\"x\"}"),
              JWE_UNKNOWN_KEY);
    CHECK_I64(verdict_with_header(arena, JWE_RSA_OAEP, "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\",\"kid\":1}"),
              JWE_UNKNOWN_KEY);
}

TEST(jwe_epk_is_checked)
{
#define X "\"x\":\"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs\""
#define Y "\"y\":\"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA\""
#define ZEROS                                                                                                          \
    "\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\""
    static const char *const BAD[] = { "1",
                                       "{}",
                                       "null",
                                       "{\"kty\":\"EC\",\"crv\":\"P-256\"," X "}",
                                       "{\"kty\":\"EC\",\"crv\":\"P-256\"," X
                                       ",\"y\":\"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs\"}",
                                       "{\"kty\":\"EC\",\"crv\":\"P-384\"," X "," Y "}",
                                       "{\"kty\":\"OKP\",\"crv\":\"X25519\"," X "}",
                                       "{\"kty\":\"EC\",\"crv\":\"P-256\"," X "," Y ",\"d\":\"AA\"}",
                                       "{\"kty\":\"EC\",\"crv\":\"P-256\"," ZEROS "}" };
    char header[500];
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        snprintf(header, sizeof header, "{\"alg\":\"ECDH-ES\",\"enc\":\"A128GCM\",\"epk\":%s}", BAD[i]);
        CHECK_I64(verdict_with_header(arena, JWE_ECDH_ES, header), JWE_MALFORMED);
    }
    CHECK_I64(verdict_with_header(arena, JWE_ECDH_ES, "{\"alg\":\"ECDH-ES\",\"enc\":\"A128GCM\"}"), JWE_MALFORMED);
    snprintf(header, sizeof header,
             "{\"alg\":\"ECDH-ES\",\"enc\":\"A128GCM\",\"apu\":1,\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\",%s,%s}}", X,
             Y);
    CHECK_I64(verdict_with_header(arena, JWE_ECDH_ES, header), JWE_MALFORMED);
    snprintf(header, sizeof header,
             "{\"alg\":\"ECDH-ES\",\"enc\":\"A128GCM\",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\",%s,%s}}", X, Y);
    CHECK_I64(verdict_with_header(arena, JWE_ECDH_ES, header), JWE_BAD_TAG);
}

TEST(jwe_encrypted_key_of_direct_agreement_is_empty)
{
    str token = jwe_encrypt(arena, key_for(JWE_ECDH_ES), JWE_ECDH_ES, JWE_A128GCM, NULL, PLAIN);
    CHECK_I64(part_of(token, 1).n, 0);
    CHECK_I64(verdict(arena, with_part(arena, token, 1, STR("AAAA"))), JWE_MALFORMED);
}

TEST(jwe_allows_what_the_caller_allows)
{
    struct jwe_read read;
    str token = jwe_encrypt(arena, key_for(JWE_RSA_OAEP), JWE_RSA_OAEP, JWE_A128GCM, NULL, PLAIN);
    struct jwe_want want = { .algs = JWE_BIT(JWE_RSA_OAEP_256) | JWE_BIT(JWE_ECDH_ES) };
    CHECK_I64(jwe_decrypt(arena, keys(), &want, token, &read), JWE_WRONG_ALG);
    want = (struct jwe_want){ .algs = JWE_BIT(JWE_RSA_OAEP), .encs = JWE_BIT(JWE_A256GCM) };
    CHECK_I64(jwe_decrypt(arena, keys(), &want, token, &read), JWE_WRONG_ALG);
    want.encs |= JWE_BIT(JWE_A128GCM);
    CHECK_I64(jwe_decrypt(arena, keys(), &want, token, &read), JWE_GOOD);
}

TEST(jwe_shape_and_size)
{
    str token = jwe_encrypt(arena, key_for(JWE_ECDH_ES), JWE_ECDH_ES, JWE_A256GCM, NULL, PLAIN);
    static const char *const TAILS[] = { "=", " ", "\n", ".", ".AAAA", "A" };
    for (size_t i = 0; i < sizeof TAILS / sizeof *TAILS; i++)
        CHECK(verdict(arena, arena_printf(arena, "%.*s%s", STR_ARG(token), TAILS[i])) != JWE_GOOD);
    CHECK_I64(verdict(arena, STR("")), JWE_MALFORMED);
    CHECK_I64(verdict(arena, STR("....")), JWE_MALFORMED);
    CHECK_I64(verdict(arena, STR("a.b.c")), JWE_MALFORMED);
    struct arena *a = arena_create(1024, (size_t)1 << 20);
    char *big = memset(arena_alloc(arena, 1 << 20), 'A', 1 << 20);
    for (size_t i = 100; i < 500; i += 100)
        big[i] = '.';
    CHECK_I64(verdict(a, (str){ big, JWE_MAX_BYTES + 1 }), JWE_MALFORMED);
    CHECK_I64(arena_used(a), 0);
    arena_destroy(a);
}

TEST(jwe_peek_sees_the_header_only)
{
    struct jws_peek peek;
    str token = jwe_encrypt(arena, key_for(JWE_RSA_OAEP), JWE_RSA_OAEP, JWE_A128GCM, "JWT", PLAIN);
    CHECK(jws_peek(arena, token, &peek) && peek.is_encrypted && !str_given(peek.iss));
    CHECK_STR(peek.alg, STR("RSA-OAEP"));
    CHECK_STR(peek.kid, jose_key_kid(rsa));
}

static void encrypt_to_wrong_kind(void *unused)
{
    (void)unused;
    jwe_encrypt(arena_create(1024, 1 << 20), key_for(JWE_ECDH_ES), JWE_RSA_OAEP, JWE_A128GCM, NULL, PLAIN);
}

TEST(encrypting_to_a_key_that_is_not_for_it_aborts)
{
    CHECK_ABORTS(encrypt_to_wrong_kind, NULL);
}

/* Clients name their keys. */
TEST(jwe_names_a_key_whatever_its_name_is)
{
    struct buf b;
    buf_init(&b, arena, 10000);
    buf_add(&b,
            STR("{\"keys\":[{\"kty\":\"EC\",\"use\":\"enc\",\"crv\":\"P-521\","
                "\"x\":\"AMYyr1bggmDLrk42dUHKcIGNlMr_wdhjTWqMWoqybVbZkGqFj8rT3O8ls4NF0vpfaw_DsexGHEezXaqqlicHNg2v\","
                "\"y\":\"AYNEejNCbSHX46Sap9EdHLOA-YBZ5FfB4iQ-gCFT1uMMXMKymR3IAkKZW3Toh-OKU3xzdSEleVCFZO2DslsSX0Ai\","
                "\"kid\":\""));
    for (int i = 0; i < KID_MAX_BYTES; i++)
        buf_add(&b, STR("\\u0001"));
    buf_add(&b, STR("\"}]}"));
    struct jose_set *set = jose_set_parse(buf_str(&b), 10000);
    const struct jose_key *to = set ? jose_set_find_enc(set, JWE_ECDH_ES_A256KW) : NULL;
    CHECK(to);
    str header = part_of(jwe_encrypt(arena, to, JWE_ECDH_ES_A256KW, JWE_A256CBC_HS512, "JWT", PLAIN), 0);
    CHECK(header.n > (size_t)6 * KID_MAX_BYTES);
    jose_set_free(set);
}
