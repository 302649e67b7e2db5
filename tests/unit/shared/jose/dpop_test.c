/* Judging DPoP proofs (RFC 9449 section 4.3; SECURITY C 62..77): proofs that we sign ourselves, each with one flaw. */
#include "shared/jose/dpop.h"

#include "shared/base/buf.h"
#include "shared/crypto/crypto.h"
#include "shared/jose/cnf.h"
#include "shared/jose/signature.h"
#include "shared/text/encode.h"
#include "tests/support/test.h"

#define NOW_S 1700000000
#define URL "https://as.example/token"
#define OTHER_NAME "https://mtls.example:8443/token"

struct made {
    const char *htm, *htu, *jti, *typ;
    str nonce, ath;
    int64_t iat;
};

static const struct made GOOD = { .htm = "POST", .htu = URL, .jti = "j1", .typ = "dpop+jwt", .iat = NOW_S };

static str encoded(struct arena *a, const struct buf *b)
{
    return base64url_encode(a, bytes_of(buf_str(b)));
}

/* jws_sign puts no key into the header, so the proof is put together here. */
static str proof_sign(struct arena *a, const struct jose_key *key, const struct made *m)
{
    struct buf claims, header;
    struct json j;
    unsigned char signature[SIGNATURE_MAX_BYTES];
    buf_init(&claims, a, 4096);
    json_begin(&j, &claims);
    json_str(&j, "htm", str_of(m->htm));
    json_str(&j, "htu", str_of(m->htu));
    json_str(&j, "jti", str_of(m->jti));
    json_str(&j, "nonce", m->nonce);
    json_str(&j, "ath", m->ath);
    json_i64(&j, "iat", m->iat);
    json_end(&j);
    buf_init(&header, a, 4096);
    json_begin(&j, &header);
    json_str(&j, "typ", str_of(m->typ));
    json_str(&j, "alg", jose_alg_name(jose_key_alg(key)));
    jose_key_write_jwk(&j, "jwk", key);
    json_end(&j);
    str text = arena_printf(a, "%.*s.%.*s", STR_ARG(encoded(a, &header)), STR_ARG(encoded(a, &claims)));
    size_t n = key_sign(key, text, signature);
    return arena_printf(a, "%.*s.%.*s", STR_ARG(text), STR_ARG(base64url_encode(a, (bytes){ signature, n })));
}

static enum dpop_verdict judge_at(struct arena *a, const struct made *m, const struct dpop_want *want, int64_t now_s)
{
    struct jose_key *key = jose_key_generate(ALG_ES256);
    struct dpop_proof proof;
    enum dpop_verdict v = dpop_judge(a, proof_sign(a, key, m), want, instant_of_seconds(now_s), &proof);
    if (v == DPOP_GOOD)
        CHECK_STR(proof.jkt, jose_key_thumbprint(key));
    jose_key_free(key);
    return v;
}

static enum dpop_verdict judge(struct arena *a, const struct made *m)
{
    const struct dpop_want want = { .method = STR("POST"), .url = STR(URL), .alias = STR(OTHER_NAME) };
    return judge_at(a, m, &want, NOW_S);
}

TEST(dpop_names_what_is_wrong)
{
    struct made m = GOOD;
    CHECK_I64(judge(arena, &m), DPOP_GOOD);
    m.typ = "application/DPOP+jwt";
    CHECK_I64(judge(arena, &m), DPOP_GOOD);
    m.typ = "JWT";
    CHECK_I64(judge(arena, &m), DPOP_TYPE);
    m = GOOD;
    m.htm = "GET";
    CHECK_I64(judge(arena, &m), DPOP_METHOD);
    m = GOOD;
    m.htu = "https://as.example/par";
    CHECK_I64(judge(arena, &m), DPOP_URI);
    m.htu = OTHER_NAME;
    CHECK_I64(judge(arena, &m), DPOP_GOOD);
    m = GOOD;
    m.jti = NULL;
    CHECK_I64(judge(arena, &m), DPOP_CLAIMS);
    m.jti = "";
    CHECK_I64(judge(arena, &m), DPOP_CLAIMS);
}

TEST(dpop_time_has_a_window)
{
    static const struct {
        int64_t offset_s;
        enum dpop_verdict verdict;
    } CASES[] = { { -61, DPOP_TIME }, { -60, DPOP_GOOD }, { 10, DPOP_GOOD }, { 11, DPOP_TIME }, { 3600, DPOP_TIME } };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct made m = GOOD;
        m.iat = NOW_S + CASES[i].offset_s;
        CHECK_I64(judge(arena, &m), CASES[i].verdict);
    }
}

TEST(dpop_nonce_replaces_the_time_and_ages)
{
    const digest key = sha256_str(STR("key"));
    const struct dpop_nonces then = dpop_nonces_at(arena, &key, instant_of_seconds(NOW_S));
    struct made m = GOOD;
    m.nonce = then.current;
    m.iat = 1;
    for (int64_t later = 0; later <= 180; later += 30) {
        const struct dpop_want want = { .method = STR("POST"),
                                        .url = STR(URL),
                                        .nonces = dpop_nonces_at(arena, &key, instant_of_seconds(NOW_S + later)),
                                        .nonce_required = true };
        bool known = str_eq(want.nonces.current, m.nonce) || str_eq(want.nonces.previous, m.nonce);
        CHECK_I64(judge_at(arena, &m, &want, NOW_S + later), known ? DPOP_GOOD : DPOP_NONCE);
        CHECK(later < 60 ? known : later < 120 || !known);
    }
    const struct dpop_want strict = { .method = STR("POST"), .url = STR(URL), .nonces = then, .nonce_required = true };
    CHECK_I64(judge_at(arena, &GOOD, &strict, NOW_S), DPOP_NONCE);
    m.nonce = STR("");
    CHECK_I64(judge_at(arena, &m, &strict, NOW_S), DPOP_NONCE);
    /* A server without nonces judges by the time alone. */
    CHECK_I64(judge(arena, &m), DPOP_TIME);
}

TEST(dpop_is_for_one_token)
{
    const digest d = sha256_str(STR("token"));
    const struct dpop_want want = { .method = STR("POST"), .url = STR(URL), .access_token = STR("token") };
    struct made m = GOOD;
    CHECK_I64(judge_at(arena, &m, &want, NOW_S), DPOP_TOKEN);
    m.ath = base64url_encode(arena, digest_bytes(&d));
    CHECK_I64(judge_at(arena, &m, &want, NOW_S), DPOP_GOOD);
    const struct dpop_want other = { .method = STR("POST"), .url = STR(URL), .access_token = STR("token2") };
    CHECK_I64(judge_at(arena, &m, &other, NOW_S), DPOP_TOKEN);
}

TEST(dpop_algorithms_and_what_makes_a_proof_one)
{
    const struct dpop_want want = { .method = STR("POST"), .url = STR(URL) };
    static const enum jose_alg ALGS[] = { ALG_ES256, ALG_PS256, ALG_EDDSA };
    struct dpop_proof first, second;
    for (size_t i = 0; i < sizeof ALGS / sizeof *ALGS; i++) {
        struct jose_key *key = jose_key_generate(ALGS[i]);
        struct made m = GOOD;
        CHECK_I64(dpop_judge(arena, proof_sign(arena, key, &m), &want, instant_of_seconds(NOW_S), &first), DPOP_GOOD);
        CHECK_I64(dpop_judge(arena, proof_sign(arena, key, &m), &want, instant_of_seconds(NOW_S), &second), DPOP_GOOD);
        CHECK(equal_digest(&first.once, &second.once));
        m.jti = "j2";
        CHECK_I64(dpop_judge(arena, proof_sign(arena, key, &m), &want, instant_of_seconds(NOW_S), &second), DPOP_GOOD);
        CHECK(!equal_digest(&first.once, &second.once));
        jose_key_free(key);
    }
    struct jose_key *rsa = jose_key_generate(ALG_RS256);
    CHECK_I64(dpop_judge(arena, proof_sign(arena, rsa, &GOOD), &want, instant_of_seconds(NOW_S), &first), DPOP_ALG);
    jose_key_free(rsa);
    CHECK_I64(dpop_judge(arena, STR("no.proof"), &want, instant_of_seconds(NOW_S), &first), DPOP_MALFORMED);
}

TEST(dpop_addresses_are_compared_after_normalisation)
{
    static const char *const SAME[] = { "https://as.example/token",       "HTTPS://AS.Example/token",
                                        "https://as.example:443/token",   "https://as.example/token?a=1",
                                        "https://as.example/token#f",     "https://as.example/%74oken",
                                        "https://as.example/x/../token",  "https://as.example/./token",
                                        "https://as.example/../../token", "https://as.example/x/y/../../token" };
    static const char *const OTHER[] = { "http://as.example/token",
                                         "https://as.example:8443/token",
                                         "https://as.example/token/",
                                         "https://as.example/Token",
                                         "https://as.example/token/..",
                                         "https://u@as.example/token",
                                         "https://as.example.evil/token",
                                         "https://as.example/token%2F",
                                         "/token",
                                         "" };
    for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++)
        CHECK(dpop_address_is(arena, str_of(SAME[i]), STR(URL)));
    for (size_t i = 0; i < sizeof OTHER / sizeof *OTHER; i++)
        CHECK(!dpop_address_is(arena, str_of(OTHER[i]), STR(URL)));
    CHECK(!dpop_address_is(arena, STR("https://as.example/token\0x"), STR(URL)));
    CHECK(dpop_address_is(arena, STR("https://as.example"), STR("https://as.example/")));
    CHECK(dpop_address_is(arena, STR("https://as.example/a%2fb"), STR("https://as.example/a%2Fb")));
}

TEST(dpop_thumbprints_are_43_characters)
{
    CHECK(dpop_thumbprint_valid(arena, STR("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")));
    CHECK(!dpop_thumbprint_valid(arena, STR("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4")));
    CHECK(!dpop_thumbprint_valid(arena, STR("0ZcOCORZNYy+DWpqq30jZyJGHTN0d2HglBV3uiguA4I")));
}

static bool read(struct arena *a, const char *claims, struct cnf *ret)
{
    const struct json_value *v;
    CHECK(json_parse(a, str_of(claims), &v));
    return cnf_read(v, ret);
}

TEST(cnf_of_an_unknown_kind_is_nobodys)
{
    struct cnf cnf;
    CHECK(read(arena, "{}", &cnf) && cnf.kind == CNF_NONE);
    CHECK_STR(cnf_scheme(&cnf), STR("Bearer"));
    CHECK(!str_given(cnf_word(arena, &cnf)));
    CHECK(read(arena, "{\"cnf\":{\"jkt\":\"a\"}}", &cnf) && cnf.kind == CNF_DPOP);
    CHECK_STR(cnf_word(arena, &cnf), STR("jkt:a"));
    CHECK_STR(cnf_scheme(&cnf), STR("DPoP"));
    CHECK(read(arena, "{\"cnf\":{\"x5t#S256\":\"a\"}}", &cnf) && cnf.kind == CNF_CERTIFICATE);
    CHECK_STR(cnf_scheme(&cnf), STR("Bearer"));
    static const char *const BAD[] = {
        "{\"cnf\":{}}",    "{\"cnf\":{\"jwk\":{}}}", "{\"cnf\":{\"jkt\":\"\"}}",
        "{\"cnf\":\"a\"}", "{\"cnf\":{\"jkt\":1}}",  "{\"cnf\":{\"jkt\":\"a\",\"x5t#S256\":\"b\"}}"
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        CHECK(!read(arena, BAD[i], &cnf));
}
