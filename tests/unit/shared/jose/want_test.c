/* What a caller asks of a foreign token: algorithms it pins, types, keys in the header, secrets instead of keys. */
#include "shared/crypto/crypto.h"
#include "shared/jose/jwe.h"
#include "shared/jose/signature.h"
#include "shared/text/encode.h"
#include "tests/support/test.h"
#include "tests/unit/shared/jose/other_keys.h"
#include "tests/unit/shared/jose/test_keys.h"

#define SECRET ((secret){ STR("a secret of more than thirty-two bytes") })

static str encoded(struct arena *a, str s)
{
    return base64url_encode(a, bytes_of(s));
}

/* header and claims with the signature of key. */
static str made(struct arena *a, const struct jose_key *key, str header, str claims)
{
    unsigned char signature[SIGNATURE_MAX_BYTES];
    str text = arena_printf(a, "%.*s.%.*s", STR_ARG(encoded(a, header)), STR_ARG(encoded(a, claims)));
    size_t n = key_sign(key, text, signature);
    return arena_printf(a, "%.*s.%.*s", STR_ARG(text), STR_ARG(base64url_encode(a, (bytes){ signature, n })));
}

/* A set of the key's public part without "alg" and "use", as clients register it. */
static struct jose_set *plain_set(struct arena *a, const struct jose_key *key)
{
    struct buf b;
    struct json j;
    const struct json_value *jwk;
    buf_init(&b, a, 10000);
    json_begin(&j, &b);
    jose_key_write_jwk(&j, "k", key);
    json_end(&j);
    CHECK(json_parse(a, buf_str(&b), &jwk));
    jwk = json_get(jwk, "k");
    b.n = 0;
    json_begin(&j, &b);
    json_array(&j, "keys");
    json_object(&j, NULL);
    static const char *const MEMBERS[] = { "kty", "kid", "crv", "x", "y", "n", "e" };
    for (size_t i = 0; i < sizeof MEMBERS / sizeof *MEMBERS; i++) {
        str text;
        if (json_get_str(jwk, MEMBERS[i], &text))
            json_str(&j, MEMBERS[i], text);
    }
    json_close(&j);
    json_close(&j);
    json_end(&j);
    struct jose_set *set = jose_set_parse(buf_str(&b), 65536);
    CHECK(set && jose_set_size(set) == 1);
    return set;
}

TEST(the_caller_pins_the_algorithm_of_a_key_without_one)
{
    static const enum jose_alg RSA_ALGS[] = { ALG_RS256, ALG_PS256, ALG_RS384, ALG_RS512, ALG_PS384, ALG_PS512 };
    struct jws_read read;
    for (size_t i = 0; i < 6; i++) {
        struct jose_key *key = jose_key_of_pem(str_of(RSA_PEM), RSA_ALGS[i]);
        struct jose_set *set = plain_set(arena, key);
        str token = jws_sign(arena, key, "JWT", STR("{}"));
        for (size_t k = 0; k < 6; k++) {
            struct jws_want want = { .algs = ALG_BIT(RSA_ALGS[k]) };
            CHECK_I64(jws_verify_with(arena, set, &want, token, &read), i == k ? JWS_GOOD : JWS_WRONG_ALG);
        }
        struct jws_want any = { .typ = NULL };
        CHECK_I64(jws_verify_with(arena, set, &any, token, &read), JWS_GOOD);
        CHECK(read.alg == RSA_ALGS[i] && read.key == jose_set_find(set, jose_key_kid(key)));
        struct jws_want symmetric = { .algs = ALG_BIT(ALG_HS256) };
        CHECK_I64(jws_verify_with(arena, set, &symmetric, token, &read), JWS_WRONG_ALG);
        jose_set_free(set);
        jose_key_free(key);
    }
}

/* Case 88: an RSA key without "alg", and a MAC made with what is public of it. */
TEST(case_88_hs256_against_a_key_without_alg)
{
    struct jose_key *key = jose_key_of_pem(str_of(RSA_PEM), ALG_RS256);
    struct jose_set *set = plain_set(arena, key);
    struct jws_read read;
    struct jws_want want = { .algs = ALG_BIT(ALG_HS256) | ALGS_ASYMMETRIC };
    str token = jws_sign_hs256(arena, (secret){ str_of(RSA_PUBLIC_PEM) }, "JWT", STR("{}"));
    CHECK_I64(jws_verify_with(arena, set, &want, token, &read), JWS_WRONG_ALG);
    CHECK_I64(jws_verify_with(arena, set, &want, jws_unsecured(arena, "JWT", STR("{}")), &read), JWS_WRONG_ALG);
    jose_set_free(set);
    jose_key_free(key);
}

TEST(signatures_of_every_curve_are_one_length)
{
    static const struct {
        enum jose_alg alg;
        size_t bytes;
    } CASES[] = { { ALG_ES256, 64 }, { ALG_ES384, 96 }, { ALG_ES512, 132 }, { ALG_EDDSA, 64 } };
    unsigned char signature[SIGNATURE_MAX_BYTES + 1];
    for (size_t i = 0; i < 4; i++) {
        struct jose_key *key = jose_key_generate(CASES[i].alg);
        /* Many rounds: numbers with leading zeros, and sequences with a long and a short length, all occur. */
        for (int round = 0; round < 150; round++) {
            str text = arena_printf(arena, "text %d", round);
            CHECK_I64(key_sign(key, text, signature), CASES[i].bytes);
            CHECK(key_verify(key, CASES[i].alg, text, (bytes){ signature, CASES[i].bytes }));
        }
        for (size_t n = 0; n <= CASES[i].bytes + 1; n++)
            CHECK(key_verify(key, CASES[i].alg, STR("text 149"), (bytes){ signature, n }) == (n == CASES[i].bytes));
        CHECK(!key_verify(key, ALG_RS256, STR("text 149"), (bytes){ signature, CASES[i].bytes }));
        memset(signature, 0, sizeof signature);
        CHECK(!key_verify(key, CASES[i].alg, STR("text 149"), (bytes){ signature, CASES[i].bytes }));
        jose_key_free(key);
    }
}

TEST(peers_that_set_no_type_can_be_let_in)
{
    struct jose_key *key = jose_key_of_pem(str_of(EC_PEM), ALG_ES256);
    const struct jose_key *list[] = { key };
    struct jose_set *set = jose_set_of(list, 1);
    struct jws_read read;
    struct jws_want strict = { .typ = "oauth-authz-req+jwt" };
    struct jws_want loose = { .typ = "oauth-authz-req+jwt", .or_untyped = true };
    str typed = jws_sign(arena, key, "oauth-authz-req+jwt", STR("{}")), plain = jws_sign(arena, key, "JWT", STR("{}"));
    str untyped = made(arena, key, STR("{\"alg\":\"ES256\"}"), STR("{}"));
    str other = jws_sign(arena, key, "at+jwt", STR("{}"));
    CHECK_I64(jws_verify_with(arena, set, &strict, typed, &read), JWS_GOOD);
    CHECK_I64(jws_verify_with(arena, set, &strict, plain, &read), JWS_WRONG_TYPE);
    CHECK_I64(jws_verify_with(arena, set, &strict, untyped, &read), JWS_WRONG_TYPE);
    CHECK_I64(jws_verify_with(arena, set, &loose, typed, &read), JWS_GOOD);
    CHECK_I64(jws_verify_with(arena, set, &loose, plain, &read), JWS_GOOD);
    CHECK_I64(jws_verify_with(arena, set, &loose, untyped, &read), JWS_GOOD);
    CHECK_I64(jws_verify_with(arena, set, &loose, other, &read), JWS_WRONG_TYPE);
    CHECK(json_get(read.header, "alg"));
    jose_set_free(set);
    jose_key_free(key);
}

static str proof(struct arena *a, const struct jose_key *key, const char *alg, const char *more)
{
    struct buf b;
    struct json j;
    buf_init(&b, a, 10000);
    json_begin(&j, &b);
    json_str(&j, "typ", STR("dpop+jwt"));
    json_str(&j, "alg", str_of(alg));
    jose_key_write_jwk(&j, "jwk", key);
    json_end(&j);
    str header = arena_printf(a, "%.*s%s}", (int)b.n - 1, b.p, more);
    return made(a, key, header, STR("{\"jti\":\"j\"}"));
}

TEST(a_proof_brings_its_own_key)
{
    static const enum jose_alg ALGS[] = { ALG_ES256, ALG_RS256, ALG_PS256, ALG_EDDSA, ALG_ES512 };
    struct jws_read read;
    struct jws_want want = { .typ = "dpop+jwt", .algs = ALG_BIT(ALG_ES256) | ALG_BIT(ALG_PS256) | ALG_BIT(ALG_EDDSA) };
    for (size_t i = 0; i < sizeof ALGS / sizeof *ALGS; i++) {
        struct jose_key *key = jose_key_generate(ALGS[i]);
        str token = proof(arena, key, jose_alg_name(ALGS[i]).p, "");
        bool is_allowed = (want.algs & ALG_BIT(ALGS[i])) != 0;
        CHECK_I64(jws_verify_embedded(arena, &want, token, &read), is_allowed ? JWS_GOOD : JWS_WRONG_ALG);
        if (is_allowed)
            CHECK_STR(jose_key_thumbprint(read.key), jose_key_thumbprint(key));
        jose_key_free(key);
    }
    arena_reset(arena); /* frees the keys that were read */
}

TEST(a_proof_is_refused)
{
    struct jws_read read;
    struct jws_want want = { .typ = "dpop+jwt", .algs = ALGS_ASYMMETRIC };
    struct jose_key *key = jose_key_of_pem(str_of(EC_PEM), ALG_ES256), *other = jose_key_generate(ALG_ES256);
    static const char *const JWKS[] = { "1",
                                        "{}",
                                        "null",
                                        "[]",
                                        "{\"kty\":\"oct\",\"k\":\"AAAA\"}",
                                        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}",
                                        "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
                                        "{\"kty\":\"XYZ\"}" };
    for (size_t i = 0; i < sizeof JWKS / sizeof *JWKS; i++) {
        str header = arena_printf(arena, "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":%s}", JWKS[i]);
        CHECK_I64(jws_verify_embedded(arena, &want, made(arena, key, header, STR("{}")), &read), JWS_UNKNOWN_KEY);
    }
    str without = STR("{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\"}");
    CHECK_I64(jws_verify_embedded(arena, &want, made(arena, key, without, STR("{}")), &read), JWS_UNKNOWN_KEY);
    CHECK_I64(jws_verify_embedded(arena, &want, proof(arena, key, "ES256", ",\"jku\":\"x\""), &read), JWS_MALFORMED);
    CHECK_I64(jws_verify_embedded(arena, &want, proof(arena, key, "ES384", ""), &read), JWS_WRONG_ALG);
    CHECK_I64(jws_verify_embedded(arena, &want, proof(arena, key, "HS256", ""), &read), JWS_WRONG_ALG);
    CHECK_I64(jws_verify_embedded(arena, &want, proof(arena, key, "none", ""), &read), JWS_WRONG_ALG);
    CHECK_I64(jws_verify_embedded(arena, &want, jws_sign(arena, key, "JWT", STR("{}")), &read), JWS_WRONG_TYPE);
    /* The header of one key under the signature of another. */
    str good = proof(arena, key, "ES256", ""), theirs = proof(arena, other, "ES256", ""), rest = theirs, part;
    str mixed = good;
    CHECK(str_cut(&rest, '.', &part) && str_cut(&rest, '.', &part));
    mixed.n = good.n - rest.n;
    mixed = arena_printf(arena, "%.*s%.*s", STR_ARG(mixed), STR_ARG(rest));
    CHECK_I64(jws_verify_embedded(arena, &want, mixed, &read), JWS_BAD_SIGNATURE);
    jose_key_free(key);
    jose_key_free(other);
}

TEST(a_jwk_with_a_private_part_is_refused)
{
    const struct json_value *jwk;
    CHECK(json_parse(arena,
                     STR("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\","
                         "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\"}"),
                     &jwk));
    CHECK(!jose_key_of_jwk(arena, jwk) && !jose_key_of_jwk(arena, NULL));
}

TEST(hs256_there_and_back)
{
    struct jws_read read;
    str sub, token = jws_sign_hs256(arena, SECRET, "JWT", STR("{\"sub\":\"c\"}"));
    CHECK_I64(jws_verify_hs256(arena, SECRET, token, &read), JWS_GOOD);
    CHECK(json_get_str(read.claims, "sub", &sub) && read.alg == ALG_HS256 && !read.key);
    CHECK_STR(sub, STR("c"));
    secret other = { STR("another secret of more than 32 bytes!!") };
    CHECK_I64(jws_verify_hs256(arena, other, token, &read), JWS_BAD_SIGNATURE);
    char *p = arena_cstr(arena, token);
    for (size_t i = 0; i < token.n; i++) {
        p[i] = p[i] == 'A' ? 'B' : 'A';
        CHECK(jws_verify_hs256(arena, SECRET, (str){ p, token.n }, &read) != JWS_GOOD);
        p[i] = token.p[i];
    }
}

/* What libjwt alone would take (SECURITY section 0, item 1). */
TEST(hs256_is_judged_behind_a_door)
{
    static const struct {
        const char *header, *claims;
        enum jws_verdict v;
    } CASES[] = {
        { "{\"alg\":\"HS256\"}", "{}", JWS_GOOD },
        { "{\"alg\":\"HS256\",\"typ\":\"JWT\"}", "{}", JWS_GOOD },
        { "{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}", "{}", JWS_WRONG_TYPE },
        { "{\"alg\":\"HS384\"}", "{}", JWS_WRONG_ALG },
        { "{\"alg\":\"hs256\"}", "{}", JWS_WRONG_ALG },
        { "{\"alg\":\"none\"}", "{}", JWS_WRONG_ALG },
        { "{\"alg\":\"nOnE\"}", "{}", JWS_WRONG_ALG },
        { "{\"alg\":\"RS256\"}", "{}", JWS_WRONG_ALG },
        { "{}", "{}", JWS_WRONG_ALG },
        { "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}", "{}", JWS_MALFORMED },
        { "{\"alg\":\"HS256\",\"jwk\":{}}", "{}", JWS_MALFORMED },
        { "{\"alg\":\"HS256\",\"alg\":\"HS256\"}", "{}", JWS_MALFORMED },
        { "{\"alg\":\"HS256\"}", "{\"sub\":\"a\",\"sub\":\"b\"}", JWS_MALFORMED },
        { "{\"alg\":\"HS256\"}", "[]", JWS_MALFORMED },
    };
    struct jws_read read;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        str text = arena_printf(arena, "%.*s.%.*s", STR_ARG(encoded(arena, str_of(CASES[i].header))),
                                STR_ARG(encoded(arena, str_of(CASES[i].claims))));
        digest mac = hmac_sha256(bytes_of(SECRET.hidden), bytes_of(text));
        str token =
            arena_printf(arena, "%.*s.%.*s", STR_ARG(text), STR_ARG(base64url_encode(arena, digest_bytes(&mac))));
        CHECK_I64(jws_verify_hs256(arena, SECRET, token, &read), CASES[i].v);
        CHECK(jws_verify_hs256(arena, SECRET, (str){ token.p, text.n + 1 }, &read) != JWS_GOOD);
    }
    str big = { memset(arena_alloc(arena, 266743), 'A', 266743), 266743 };
    CHECK_I64(jws_verify_hs256(arena, SECRET, big, &read), JWS_MALFORMED);
}

TEST(hs256_wants_a_real_secret)
{
    static const str SHORT[] = { STR(""), STR("short"), STR("thirty-one bytes are too few!!!") };
    struct jws_read read;
    for (size_t i = 0; i < 3; i++) {
        str text = arena_printf(arena, "%.*s.e30", STR_ARG(encoded(arena, STR("{\"alg\":\"HS256\"}"))));
        digest mac = hmac_sha256(bytes_of(SHORT[i]), bytes_of(text));
        str token =
            arena_printf(arena, "%.*s.%.*s", STR_ARG(text), STR_ARG(base64url_encode(arena, digest_bytes(&mac))));
        CHECK_I64(jws_verify_hs256(arena, (secret){ SHORT[i] }, token, &read), JWS_BAD_SIGNATURE);
    }
    CHECK_I64(jws_verify_hs256(arena, (secret){ STR_NONE }, jws_sign_hs256(arena, SECRET, "JWT", STR("{}")), &read),
              JWS_BAD_SIGNATURE);
}

TEST(unsecured_only_where_asked_for)
{
    struct jws_read read = { 0 };
    struct jws_want want = { .typ = "oauth-authz-req+jwt", .or_untyped = true };
    str token = jws_unsecured(arena, "JWT", STR("{\"a\":1}"));
    CHECK_I64(jws_read_unsecured(arena, &want, token, &read), JWS_GOOD);
    CHECK(json_get(read.claims, "a") && !read.key && read.alg == ALG_ANY);
    CHECK_I64(jws_verify_hs256(arena, SECRET, token, &read), JWS_WRONG_ALG);
    CHECK_I64(jws_read_unsecured(arena, &want, arena_printf(arena, "%.*sAA", STR_ARG(token)), &read),
              JWS_BAD_SIGNATURE);
    CHECK_I64(jws_read_unsecured(arena, &want, jws_sign_hs256(arena, SECRET, "JWT", STR("{}")), &read), JWS_WRONG_ALG);
    static const char *const HEADERS[] = { "{\"alg\":\"None\"}", "{\"alg\":\"nOnE\"}", "{\"alg\":\"\"}", "{}",
                                           "{\"alg\":null}" };
    for (size_t i = 0; i < sizeof HEADERS / sizeof *HEADERS; i++) {
        token = arena_printf(arena, "%.*s.e30.", STR_ARG(encoded(arena, str_of(HEADERS[i]))));
        CHECK_I64(jws_read_unsecured(arena, &want, token, &read), JWS_WRONG_ALG);
    }
}

TEST(peek_tells_what_is_needed_to_choose_a_key)
{
    struct jws_peek peek;
    struct jose_key *key = jose_key_of_pem(str_of(EC_PEM), ALG_ES256);
    str token = jws_sign(arena, key, "at+jwt", STR("{\"iss\":\"i\",\"sub\":\"s\",\"client_id\":1,\"jti\":\"j\"}"));
    CHECK(jws_peek(arena, token, &peek) && !peek.is_encrypted);
    CHECK_STR(peek.alg, STR("ES256"));
    CHECK_STR(peek.typ, STR("at+jwt"));
    CHECK_STR(peek.iss, STR("i"));
    CHECK_STR(peek.sub, STR("s"));
    CHECK_STR(peek.jti, STR("j"));
    CHECK(!str_given(peek.client_id));
    static const char *const BAD[] = { "",        ".",        "..",        "a.b.c",           "e30",
                                       "e30.e30", "e30.W10.", "e30.e30.=", "e30.e30.e30.e30", "W10.a.a.a.a" };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        CHECK(!jws_peek(arena, str_of(BAD[i]), &peek));
    jose_key_free(key);
}

TEST(half_hashes)
{
    /* OpenID Connect Core, appendix A.3 and A.4. */
    CHECK_STR(jose_half_hash(arena, ALG_RS256, STR("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y")),
              STR("77QmUPtjPfzWtF2AnpK9RQ"));
    CHECK_STR(jose_half_hash(arena, ALG_HS256, STR("Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk")),
              STR("LDktKdoQak3Pk0cnXxCltA"));
    CHECK_I64(jose_half_hash(arena, ALG_ES384, STR("x")).n, 32);
    CHECK_I64(jose_half_hash(arena, ALG_EDDSA, STR("x")).n, 43);
    CHECK_STR(jose_half_hash(arena, ALG_PS512, STR("x")), jose_half_hash(arena, ALG_EDDSA, STR("x")));
}

TEST(a_key_of_a_set_is_found_by_its_certificate)
{
    struct jose_key *key = jose_key_of_pem(str_of(EC_PEM), ALG_ES256);
    struct jose_set *set = plain_set(arena, key);
    bytes spki;
    str body = str_of(EC_PUBLIC_PEM), joined = STR_NONE, line;
    CHECK(str_cut(&body, '\n', &line));
    while (str_cut(&body, '\n', &line) && line.p[0] != '-')
        joined = arena_printf(arena, "%.*s%.*s", STR_ARG(joined), STR_ARG(line));
    CHECK(base64_decode(arena, joined, &spki));
    CHECK(jose_set_find_public(set, spki) == jose_set_find(set, jose_key_kid(key)));
    CHECK(!jose_set_find_public(set, (bytes){ spki.p, spki.n - 1 }) && !jose_set_find_public(set, (bytes){ NULL, 0 }));
    jose_set_free(set);
    struct jose_key *other = jose_key_generate(ALG_ES256);
    set = plain_set(arena, other);
    CHECK(!jose_set_find_public(set, spki));
    jose_set_free(set);
    jose_key_free(other);
    jose_key_free(key);
}
