/* Attacks on tokens (SECURITY cases 85 to 106, RFC 8725): each forged token must meet its own refusal. */
#include "shared/jose/jose.h"

#include "shared/crypto/crypto.h"
#include "shared/jose/signature.h"
#include "shared/text/encode.h"
#include "tests/support/test.h"
#include "tests/unit/shared/jose/test_keys.h"

static struct jose_key *ec, *rsa;
static struct jose_set *both;

/* Parsed once for all tests of this file. */
static const struct jose_set *keys(void)
{
    if (!both) {
        ec = jose_key_of_pem(str_of(EC_PEM), ALG_ES256);
        rsa = jose_key_of_pem(str_of(RSA_PEM), ALG_RS256);
        CHECK(ec && rsa);
        const struct jose_key *list[] = { ec, rsa };
        both = jose_set_of(list, 2);
    }
    return both;
}

__attribute__((destructor)) static void keys_free(void)
{
    jose_set_free(both);
    jose_key_free(ec);
    jose_key_free(rsa);
}

static str encoded(struct arena *a, str s)
{
    return base64url_encode(a, bytes_of(s));
}

static str with_signature(struct arena *a, str header, str claims, bytes signature)
{
    return arena_printf(a, "%.*s.%.*s.%.*s", STR_ARG(encoded(a, header)), STR_ARG(encoded(a, claims)),
                        STR_ARG(base64url_encode(a, signature)));
}

/* A token whose signature is right for whatever header it has. */
static str forged(struct arena *a, const struct jose_key *key, str header, str claims)
{
    unsigned char signature[SIGNATURE_MAX_BYTES];
    str text = arena_printf(a, "%.*s.%.*s", STR_ARG(encoded(a, header)), STR_ARG(encoded(a, claims)));
    size_t n = key_sign(key, text, signature);
    return with_signature(a, header, claims, (bytes){ signature, n });
}

static enum jws_verdict verdict(struct arena *a, const char *typ, str token)
{
    const struct json_value *claims = NULL;
    enum jws_verdict v = jws_verify(a, keys(), typ, token, &claims);
    CHECK((claims != NULL) == (v == JWS_GOOD));
    return v;
}

/* Header {alg, kid of the EC key, typ JWT} plus members. */
static enum jws_verdict verdict_with_member(struct arena *a, const char *member)
{
    keys();
    str header = arena_printf(a, "{\"alg\":\"ES256\",\"kid\":\"%.*s\",%s}", STR_ARG(jose_key_kid(ec)), member);
    return verdict(a, NULL, forged(a, ec, header, STR("{}")));
}

TEST(jws_signs_what_it_verifies)
{
    const struct json_value *claims;
    str sub;
    keys();
    str token = jws_sign(arena, ec, "at+jwt", STR("{\"sub\":\"usr_1\"}"));
    CHECK_I64(jws_verify(arena, keys(), "at+jwt", token, &claims), JWS_GOOD);
    CHECK(json_get_str(claims, "sub", &sub));
    CHECK_STR(sub, STR("usr_1"));
    CHECK_I64(verdict(arena, "JWT", jws_sign(arena, rsa, "JWT", STR("{}"))), JWS_GOOD);
    struct jws_peek peek;
    CHECK(jws_peek(arena, token, &peek));
    CHECK_STR(peek.kid, jose_key_kid(ec));
}

TEST(case_85_alg_none)
{
    static const char *const HEADERS[] = {
        "{\"alg\":\"none\"}", "{\"alg\":\"None\"}",    "{\"alg\":\"nOnE\"}",  "{\"alg\":\"\"}",      "{}",
        "{\"alg\":null}",     "{\"alg\":[\"ES256\"]}", "{\"alg\":\"es256\"}", "{\"alg\":\"ES256 \"}"
    };
    keys();
    for (size_t i = 0; i < sizeof HEADERS / sizeof *HEADERS; i++) {
        CHECK_I64(verdict(arena, NULL, with_signature(arena, str_of(HEADERS[i]), STR("{}"), (bytes){ NULL, 0 })),
                  JWS_WRONG_ALG);
        CHECK_I64(verdict(arena, NULL, forged(arena, ec, str_of(HEADERS[i]), STR("{}"))), JWS_WRONG_ALG);
    }
    str good = jws_sign(arena, ec, "JWT", STR("{}"));
    size_t cut = good.n;
    while (good.p[cut - 1] != '.')
        cut--;
    CHECK_I64(verdict(arena, NULL, (str){ good.p, cut }), JWS_BAD_SIGNATURE);
    CHECK_I64(verdict(arena, NULL, (str){ good.p, cut - 1 }), JWS_MALFORMED);
}

TEST(case_86_hmac_with_a_public_key)
{
    keys();
    const struct jose_key *owners[] = { ec, rsa };
    const char *const pems[] = { EC_PUBLIC_PEM, RSA_PUBLIC_PEM };
    for (size_t i = 0; i < 2; i++) {
        str header = arena_printf(arena, "{\"alg\":\"HS256\",\"kid\":\"%.*s\"}", STR_ARG(jose_key_kid(owners[i])));
        str text =
            arena_printf(arena, "%.*s.%.*s", STR_ARG(encoded(arena, header)), STR_ARG(encoded(arena, STR("{}"))));
        str secret_text = str_of(pems[i]);
        for (int cut = 0; cut < 2; cut++, secret_text.n--) {
            digest mac = hmac_sha256(bytes_of(secret_text), bytes_of(text));
            CHECK_I64(verdict(arena, NULL, with_signature(arena, header, STR("{}"), digest_bytes(&mac))),
                      JWS_WRONG_ALG);
        }
    }
}

TEST(case_86_algorithm_of_another_key)
{
    keys();
    str header = arena_printf(arena, "{\"alg\":\"PS256\",\"kid\":\"%.*s\"}", STR_ARG(jose_key_kid(rsa)));
    CHECK_I64(verdict(arena, NULL, forged(arena, rsa, header, STR("{}"))), JWS_WRONG_ALG);
    header = arena_printf(arena, "{\"alg\":\"ES256\",\"kid\":\"%.*s\"}", STR_ARG(jose_key_kid(rsa)));
    CHECK_I64(verdict(arena, NULL, forged(arena, ec, header, STR("{}"))), JWS_WRONG_ALG);
    header = arena_printf(arena, "{\"alg\":\"RS256\",\"kid\":\"%.*s\"}", STR_ARG(jose_key_kid(rsa)));
    CHECK_I64(verdict(arena, NULL, forged(arena, ec, header, STR("{}"))), JWS_BAD_SIGNATURE);
}

TEST(case_89_kid)
{
    static const char *const UNKNOWN[] = { "\"../../dev/null\"", "\"' OR 1=1--\"", "\"\"", "1", "[]", "null", "{}" };
    keys();
    for (size_t i = 0; i < sizeof UNKNOWN / sizeof *UNKNOWN; i++) {
        str header = arena_printf(arena, "{\"alg\":\"ES256\",\"kid\":%s}", UNKNOWN[i]);
        CHECK_I64(verdict(arena, NULL, forged(arena, ec, header, STR("{}"))), JWS_UNKNOWN_KEY);
    }
    char kid[300];
    memset(kid, 'k', sizeof kid);
    str header = arena_printf(arena, "{\"alg\":\"ES256\",\"kid\":\"%.300s\"}", kid);
    struct jws_peek seen;
    str token = forged(arena, ec, header, STR("{}"));
    CHECK_I64(verdict(arena, NULL, token), JWS_UNKNOWN_KEY);
    CHECK(jws_peek(arena, token, &seen) && !str_given(seen.kid));
    CHECK_I64(verdict(arena, NULL, forged(arena, ec, STR("{\"alg\":\"ES256\",\"kid\":\"a\\u0000b\"}"), STR("{}"))),
              JWS_MALFORMED);
}

TEST(case_89_no_kid)
{
    keys();
    str token = forged(arena, ec, STR("{\"alg\":\"ES256\"}"), STR("{}"));
    CHECK_I64(verdict(arena, NULL, token), JWS_GOOD);
    struct jose_key *second = jose_key_generate(ALG_ES256);
    const struct jose_key *list[] = { ec, second };
    struct jose_set *two = jose_set_of(list, 2);
    const struct json_value *claims;
    CHECK_I64(jws_verify(arena, two, NULL, token, &claims), JWS_UNKNOWN_KEY);
    jose_set_free(two);
    jose_key_free(second);
}

TEST(case_90_headers_that_bring_keys)
{
    CHECK_I64(verdict_with_member(arena, "\"x\":1"), JWS_GOOD);
    CHECK_I64(verdict_with_member(arena, "\"jku\":\"https://evil.example/jwks\""), JWS_MALFORMED);
    CHECK_I64(verdict_with_member(arena, "\"x5u\":\"https://evil.example/x\""), JWS_MALFORMED);
    CHECK_I64(verdict_with_member(arena, "\"jwk\":{\"kty\":\"EC\"}"), JWS_MALFORMED);
    CHECK_I64(verdict_with_member(arena, "\"x5c\":[\"MIIB\"]"), JWS_MALFORMED);
    CHECK_I64(verdict_with_member(arena, "\"crit\":[\"exp\"]"), JWS_MALFORMED);
    CHECK_I64(verdict_with_member(arena, "\"b64\":false,\"crit\":[\"b64\"]"), JWS_MALFORMED);
    CHECK_I64(verdict_with_member(arena, "\"jku\":null"), JWS_MALFORMED);
}

TEST(case_92_duplicates)
{
    keys();
    CHECK_I64(verdict(arena, NULL, forged(arena, ec, STR("{\"alg\":\"ES256\",\"alg\":\"none\"}"), STR("{}"))),
              JWS_MALFORMED);
    CHECK_I64(verdict(arena, NULL, forged(arena, ec, STR("{\"alg\":\"ES256\"}"), STR("{\"sub\":\"a\",\"sub\":\"b\"}"))),
              JWS_MALFORMED);
    CHECK_I64(
        verdict(arena, NULL, forged(arena, ec, STR("{\"alg\":\"ES256\"}"), STR("{\"sub\":\"a\",\"s\\u0075b\":\"b\"}"))),
        JWS_MALFORMED);
    CHECK_I64(
        verdict(arena, NULL, forged(arena, ec, STR("{\"alg\":\"ES256\"}"), STR("{\"aud\":\"a\",\"aud\":[\"b\"]}"))),
        JWS_MALFORMED);
}

TEST(case_93_nesting)
{
    char claims[200] = "{\"a\":";
    keys();
    memset(claims + 5, '[', 20);
    memset(claims + 25, ']', 20);
    claims[45] = '}';
    CHECK_I64(verdict(arena, NULL, forged(arena, ec, STR("{\"alg\":\"ES256\"}"), str_of(claims))), JWS_MALFORMED);
}

TEST(case_94_size)
{
    static const size_t SIZES[] = { 8193, 16384, 266743, (size_t)8 << 20 };
    struct arena *a = arena_create(1024, (size_t)1 << 20);
    keys();
    char *big = arena_alloc(arena, (size_t)8 << 20);
    memset(big, 'A', (size_t)8 << 20);
    big[100] = '.';
    big[200] = '.';
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++)
        CHECK_I64(verdict(a, NULL, (str){ big, SIZES[i] }), JWS_MALFORMED);
    CHECK_I64(arena_used(a), 0); /* refused before anything is decoded */
    arena_destroy(a);
    str filler = { memset(arena_alloc(arena, 6000), 'x', 6000), 0 };
    str token = STR_NONE;
    while (token.n < JWS_MAX_BYTES) {
        filler.n = token.n ? filler.n + 1 : 5900;
        token = jws_sign(arena, ec, "JWT", arena_printf(arena, "{\"x\":\"%.*s\"}", STR_ARG(filler)));
        CHECK_I64(verdict(arena, NULL, token), token.n <= JWS_MAX_BYTES ? JWS_GOOD : JWS_MALFORMED);
    }
}

TEST(case_96_one_spelling)
{
    keys();
    str good = jws_sign(arena, ec, "JWT", STR("{\"a\":\"?>?>\"}"));
    static const char *const TAILS[] = { "=", "==", " ", "\n", ".", ".x", "\t", "A" };
    for (size_t i = 0; i < sizeof TAILS / sizeof *TAILS; i++)
        CHECK(verdict(arena, NULL, arena_printf(arena, "%.*s%s", STR_ARG(good), TAILS[i])) != JWS_GOOD);
    CHECK_I64(verdict(arena, NULL, arena_printf(arena, " %.*s", STR_ARG(good))), JWS_MALFORMED);
    char *p = arena_cstr(arena, good);
    size_t last = good.n - 1; /* 64 bytes leave 4 spare bits in the last character */
    for (const char *c = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"; *c; c++) {
        p[last] = *c;
        CHECK((verdict(arena, NULL, (str){ p, good.n }) == JWS_GOOD) == (*c == good.p[last]));
    }
    p[last] = '\0';
    CHECK_I64(verdict(arena, NULL, (str){ p, good.n }), JWS_MALFORMED);
    CHECK_I64(verdict(arena, NULL, STR("")), JWS_MALFORMED);
    CHECK_I64(verdict(arena, NULL, STR("..")), JWS_MALFORMED);
    CHECK_I64(verdict(arena, NULL, STR_NONE), JWS_MALFORMED);
}

TEST(case_97_bad_text)
{
    static const char *const CLAIMS[] = { "{\"a\":\"\xC0\xAF\"}",
                                          "{\"a\":\"\xED\xA0\x80\"}",
                                          "{\"a\":\"\\ud800\"}",
                                          "{\"a\":\"\\u0000\"}",
                                          "\xEF\xBB\xBF{}",
                                          "[]",
                                          "\"x\"",
                                          "1",
                                          "",
                                          "{} {}" };
    keys();
    for (size_t i = 0; i < sizeof CLAIMS / sizeof *CLAIMS; i++)
        CHECK_I64(verdict(arena, NULL, forged(arena, ec, STR("{\"alg\":\"ES256\"}"), str_of(CLAIMS[i]))),
                  JWS_MALFORMED);
    CHECK_I64(verdict(arena, NULL, forged(arena, ec, STR("[]"), STR("{}"))), JWS_MALFORMED);
}

TEST(case_102_types)
{
    keys();
    str access = jws_sign(arena, ec, "at+jwt", STR("{}")), plain = jws_sign(arena, ec, "JWT", STR("{}"));
    str without = forged(arena, ec, STR("{\"alg\":\"ES256\"}"), STR("{}"));
    CHECK_I64(verdict(arena, "at+jwt", access), JWS_GOOD);
    CHECK_I64(verdict(arena, "at+jwt", plain), JWS_WRONG_TYPE);
    CHECK_I64(verdict(arena, "at+jwt", without), JWS_WRONG_TYPE);
    CHECK_I64(verdict(arena, NULL, plain), JWS_GOOD);
    CHECK_I64(verdict(arena, NULL, without), JWS_GOOD);
    CHECK_I64(verdict(arena, NULL, access), JWS_WRONG_TYPE);
    CHECK_I64(verdict(arena, "logout+jwt", access), JWS_WRONG_TYPE);
    CHECK_I64(verdict(arena, "at+jwt",
                      forged(arena, ec, STR("{\"alg\":\"ES256\",\"typ\":\"application/AT+JWT\"}"), STR("{}"))),
              JWS_GOOD);
    CHECK_I64(verdict(arena, "at+jwt", forged(arena, ec, STR("{\"alg\":\"ES256\",\"typ\":\"at+jwtx\"}"), STR("{}"))),
              JWS_WRONG_TYPE);
    CHECK_I64(verdict(arena, NULL, forged(arena, ec, STR("{\"alg\":\"ES256\",\"typ\":1}"), STR("{}"))), JWS_WRONG_TYPE);
}

TEST(case_104_es256_numbers)
{
    static const unsigned char ORDER[32] = { 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF,
                                             0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17,
                                             0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51 };
    str header = STR("{\"alg\":\"ES256\"}");
    unsigned char right[SIGNATURE_MAX_BYTES], raw[66];
    keys();
    str text = arena_printf(arena, "%.*s.%.*s", STR_ARG(encoded(arena, header)), STR_ARG(encoded(arena, STR("{}"))));
    CHECK_I64(key_sign(ec, text, right), 64);
    CHECK_I64(verdict(arena, NULL, with_signature(arena, header, STR("{}"), (bytes){ right, 64 })), JWS_GOOD);
    for (int r = 0; r < 3; r++) {
        for (int s = 0; s < 3; s++) {
            static const unsigned char ZERO[32];
            memcpy(raw, r == 1 ? ZERO : r == 2 ? ORDER : right, 32);
            memcpy(raw + 32, s == 1 ? ZERO : s == 2 ? ORDER : right + 32, 32);
            if (r || s)
                CHECK_I64(verdict(arena, NULL, with_signature(arena, header, STR("{}"), (bytes){ raw, 64 })),
                          JWS_BAD_SIGNATURE);
        }
    }
    memset(raw, 0, sizeof raw);
    memcpy(raw + 1, right, 64);
    CHECK_I64(verdict(arena, NULL, with_signature(arena, header, STR("{}"), (bytes){ raw, 65 })), JWS_BAD_SIGNATURE);
    CHECK_I64(verdict(arena, NULL, with_signature(arena, header, STR("{}"), (bytes){ right, 63 })), JWS_BAD_SIGNATURE);
    CHECK_I64(verdict(arena, NULL, with_signature(arena, header, STR("{}"), (bytes){ raw, 66 })), JWS_BAD_SIGNATURE);
    unsigned char der[70] = { 0x30, 68, 0x02, 32 };
    memcpy(der + 4, right, 32);
    memcpy(der + 36, (unsigned char[]){ 0x02, 32 }, 2);
    memcpy(der + 38, right + 32, 32);
    CHECK_I64(verdict(arena, NULL, with_signature(arena, header, STR("{}"), (bytes){ der, 70 })), JWS_BAD_SIGNATURE);
}

TEST(case_105_rsa_signatures)
{
    str header = STR("{\"alg\":\"RS256\"}");
    unsigned char right[SIGNATURE_MAX_BYTES], changed[SIGNATURE_MAX_BYTES] = { 0 };
    keys();
    str text = arena_printf(arena, "%.*s.%.*s", STR_ARG(encoded(arena, header)), STR_ARG(encoded(arena, STR("{}"))));
    CHECK_I64(key_sign(rsa, text, right), 256);
    CHECK_I64(verdict(arena, NULL, with_signature(arena, header, STR("{}"), (bytes){ right, 256 })), JWS_GOOD);
    for (size_t n = 250; n < 263; n++) {
        if (n != 256)
            CHECK_I64(verdict(arena, NULL, with_signature(arena, header, STR("{}"), (bytes){ right, n })),
                      JWS_BAD_SIGNATURE);
    }
    memcpy(changed + 1, right,
           256); /* a zero before the number does not make it another number, but another spelling */
    CHECK_I64(verdict(arena, NULL, with_signature(arena, header, STR("{}"), (bytes){ changed, 257 })),
              JWS_BAD_SIGNATURE);
    for (size_t i = 0; i < 256; i += 17) {
        memcpy(changed, right, 256);
        changed[i] ^= 0x10;
        CHECK_I64(verdict(arena, NULL, with_signature(arena, header, STR("{}"), (bytes){ changed, 256 })),
                  JWS_BAD_SIGNATURE);
    }
}

TEST(jws_notices_every_changed_character)
{
    keys();
    str good = jws_sign(arena, ec, "JWT", STR("{\"sub\":\"usr_1\"}"));
    struct arena *a = arena_create(8192, (size_t)1 << 20);
    char *p = arena_cstr(arena, good);
    for (size_t i = 0; i < good.n; i++) {
        p[i] = p[i] == 'A' ? 'B' : 'A';
        CHECK(verdict(a, NULL, (str){ p, good.n }) != JWS_GOOD);
        p[i] = good.p[i];
        arena_reset(a);
    }
    arena_destroy(a);
}

static void sign_with_public_key(void *unused)
{
    (void)unused;
    struct jose_set *set = jose_set_parse(STR("{\"keys\":[{\"kid\":\"a\",\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                                              "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}"),
                                          1000);
    jws_sign(arena_create(1024, 1 << 20), jose_set_find(set, STR("a")), "JWT", STR("{}"));
}

TEST(signing_with_a_public_key_aborts)
{
    CHECK_ABORTS(sign_with_public_key, NULL);
}
