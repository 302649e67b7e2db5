/* Keys and sets of keys: what is taken, what is refused, what is written (SECURITY cases 88, 105 and 108). */
#include "shared/jose/jwe.h"

#include "shared/text/encode.h"
#include "tests/support/test.h"
#include "tests/unit/shared/jose/other_keys.h"
#include "tests/unit/shared/jose/test_keys.h"

#define MAX_BYTES 65536
#define EC_X "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs"
#define EC_Y "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"
#define EC_MEMBERS "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\""
#define OKP_MEMBERS "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\""

static const enum jose_alg ALGS[] = { ALG_ES256, ALG_RS256, ALG_PS256, ALG_EDDSA, ALG_ES384,
                                      ALG_ES512, ALG_RS384, ALG_RS512, ALG_PS384, ALG_PS512 };
#define N_ALGS (sizeof ALGS / sizeof *ALGS)

/* Number of keys, or -1 when the set is refused. */
static int64_t set_size(const char *document)
{
    struct jose_set *set = jose_set_parse(str_of(document), MAX_BYTES);
    int64_t n = set ? (int64_t)jose_set_size(set) : -1;
    jose_set_free(set);
    return n;
}

static int64_t size_with_key(const char *members)
{
    char document[4000];
    snprintf(document, sizeof document, "{\"keys\":[{%s}]}", members);
    return set_size(document);
}

static str public_set(struct arena *a, const struct jose_key *key)
{
    struct buf b;
    struct json j;
    buf_init(&b, a, 10000);
    json_begin(&j, &b);
    json_array(&j, "keys");
    jose_key_write_jwk(&j, NULL, key);
    json_close(&j);
    json_end(&j);
    return buf_str(&b);
}

/* A modulus of n bytes with the given first and last byte. */
static str rsa_bounds(struct arena *a, size_t n, unsigned char first, unsigned char last, const char *e)
{
    unsigned char *modulus = arena_alloc(a, n);
    memset(modulus, 0xC5, n);
    modulus[0] = first;
    modulus[n - 1] = last;
    return arena_printf(a, "\"kty\":\"RSA\",\"n\":\"%.*s\",\"e\":\"%s\"",
                        STR_ARG(base64url_encode(a, (bytes){ modulus, n })), e);
}

static str rsa_members(struct arena *a, size_t n, unsigned char last, const char *e)
{
    return rsa_bounds(a, n, 0xC5, last, e);
}

TEST(alg_names_are_exact)
{
    enum jose_alg alg;
    for (size_t i = 0; i < N_ALGS; i++)
        CHECK(jose_alg_parse(jose_alg_name(ALGS[i]), &alg) && alg == ALGS[i]);
    CHECK(!jose_alg_parse(STR("es256"), &alg) && !jose_alg_parse(STR("none"), &alg) && !jose_alg_parse(STR(""), &alg));
    CHECK(!jose_alg_parse(STR("ES256K"), &alg) && !jose_alg_parse(STR("HS512"), &alg));
    CHECK(jose_alg_parse(STR("HS256"), &alg) && alg == ALG_HS256);
}

TEST(keys_survive_pem_and_jwk)
{
    for (size_t i = 0; i < N_ALGS; i++) {
        struct jose_key *key = jose_key_generate(ALGS[i]), *back = jose_key_of_pem(jose_key_pem(arena, key), ALGS[i]);
        CHECK(back);
        CHECK_STR(jose_key_kid(back), jose_key_thumbprint(key));
        struct jose_set *set = jose_set_parse(public_set(arena, key), MAX_BYTES);
        CHECK(set && jose_set_size(set) == 1);
        const struct jose_key *found = jose_set_find(set, jose_key_kid(key));
        CHECK(found && jose_key_alg(found) == ALGS[i]);
        CHECK_STR(jose_key_thumbprint(found), jose_key_kid(key));
        const struct json_value *claims;
        CHECK_I64(jws_verify(arena, set, "at+jwt", jws_sign(arena, back, "at+jwt", STR("{}")), &claims), JWS_GOOD);
        jose_set_free(set);
        jose_key_free(back);
        jose_key_free(key);
    }
}

TEST(pem_is_taken_only_for_its_algorithm)
{
    static const struct {
        const char *pem;
        enum jose_alg alg;
        bool is_taken;
    } CASES[] = {
        { EC_PEM, ALG_ES256, true },
        { RSA_PEM, ALG_RS256, true },
        { RSA_PEM, ALG_PS256, true },
        { ED_PEM, ALG_EDDSA, true },
        { EC_PEM, ALG_RS256, false },
        { RSA_PEM, ALG_ES256, false },
        { ED_PEM, ALG_ES256, false },
        { P384_PEM, ALG_ES256, false },
        { P384_PEM, ALG_ES384, true },
        { P384_PEM, ALG_ES512, false },
        { RSA_PEM, ALG_HS256, false },
        { SECP256K1_PEM, ALG_ES256, false },
        { RSA_1024_PEM, ALG_RS256, false },
        { RSA_E3_PEM, ALG_RS256, false },
        { EC_PUBLIC_PEM, ALG_ES256, false },
        { EC_SEC1_PEM, ALG_ES256, false },
        { EC_ENCRYPTED_PEM, ALG_ES256, false },
        { "", ALG_ES256, false },
        { "-----BEGIN PRIVATE KEY-----\nAAAA\n", ALG_ES256, false },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct jose_key *key = jose_key_of_pem(str_of(CASES[i].pem), CASES[i].alg);
        if ((key != NULL) != CASES[i].is_taken)
            test_fail(__FILE__, __LINE__, "case %zu", i);
        jose_key_free(key);
    }
}

TEST(public_jwk_has_no_private_member)
{
    static const char *const PRIVATE[] = { "d", "p", "q", "dp", "dq", "qi", "k" };
    for (size_t i = 0; i < N_ALGS; i++) {
        struct jose_key *key = jose_key_generate(ALGS[i]);
        const struct json_value *v;
        str text;
        CHECK(json_parse(arena, public_set(arena, key), &v));
        v = json_item(json_get(v, "keys"), 0);
        for (size_t k = 0; k < sizeof PRIVATE / sizeof *PRIVATE; k++)
            CHECK(!json_get(v, PRIVATE[k]));
        CHECK(json_get_str(v, "use", &text));
        CHECK_STR(text, STR("sig"));
        CHECK(json_get_str(v, "kid", &text));
        CHECK_STR(text, jose_key_kid(key));
        jose_key_free(key);
    }
}

TEST(keys_without_alg_take_what_fits_their_kind)
{
    char document[3000];
    snprintf(document, sizeof document,
             "{\"keys\":[{\"kid\":\"a\"," EC_MEMBERS "},{\"kid\":\"b\"," OKP_MEMBERS "},{\"kid\":\"c\",%s}]}",
             arena_cstr(arena, rsa_members(arena, 256, 0x01, "AQAB")));
    struct jose_set *set = jose_set_parse(str_of(document), MAX_BYTES);
    CHECK(set && jose_set_size(set) == 3);
    CHECK_I64(jose_key_alg(jose_set_find(set, STR("a"))), ALG_ES256);
    CHECK_I64(jose_key_alg(jose_set_find(set, STR("b"))), ALG_EDDSA);
    const struct jose_key *rsa = jose_set_find(set, STR("c"));
    CHECK_I64(jose_key_alg(rsa), ALG_ANY);
    for (size_t i = 0; i < N_ALGS; i++)
        CHECK(jose_key_verifies(rsa, ALGS[i]) ==
              (jose_alg_name(ALGS[i]).p[1] == 'S' && jose_alg_name(ALGS[i]).p[0] != 'E'));
    CHECK(!jose_key_verifies(rsa, ALG_HS256) && !jose_key_verifies(jose_set_find(set, STR("a")), ALG_ES384));
    CHECK(!jose_set_find(set, STR("d")) && !jose_set_find(set, STR("")) && !jose_set_find(set, STR_NONE));
    jose_set_free(set);
    set = jose_set_parse(STR("{\"keys\":[{" EC_MEMBERS "}]}"), MAX_BYTES);
    CHECK(set && !jose_set_find(set, STR_NONE) && !jose_set_find(set, STR("")));
    jose_set_free(set);
}

/* Verifies signatures, decrypts: what a key of a set is for. */
static int64_t uses_with_key(const char *members)
{
    char document[4000];
    snprintf(document, sizeof document, "{\"keys\":[{\"kid\":\"k\",%s}]}", members);
    struct jose_set *set = jose_set_parse(str_of(document), MAX_BYTES);
    if (!set)
        return -1;
    int64_t n = jose_set_find(set, STR("k")) ? 1 : 0;
    for (enum jwe_alg alg = JWE_RSA_OAEP; alg <= JWE_ECDH_ES_A256KW; alg++)
        n += jose_set_find_enc(set, alg) ? 10 : 0;
    CHECK_I64(jose_set_size(set), n % 10);
    jose_set_free(set);
    return n;
}

TEST(keys_for_encryption_are_kept_apart)
{
    CHECK_I64(uses_with_key(EC_MEMBERS), 31);
    CHECK_I64(uses_with_key(EC_MEMBERS ",\"use\":\"sig\""), 1);
    CHECK_I64(uses_with_key(EC_MEMBERS ",\"use\":\"enc\""), 30);
    CHECK_I64(uses_with_key(EC_MEMBERS ",\"use\":\"tls\""), 0);
    CHECK_I64(uses_with_key(EC_MEMBERS ",\"key_ops\":[\"verify\"]"), 1);
    CHECK_I64(uses_with_key(EC_MEMBERS ",\"key_ops\":[\"deriveKey\"]"), 30);
    CHECK_I64(uses_with_key(EC_MEMBERS ",\"key_ops\":[\"deriveBits\",\"verify\"]"), 31);
    CHECK_I64(uses_with_key(EC_MEMBERS ",\"key_ops\":[]"), 0);
    CHECK_I64(uses_with_key(EC_MEMBERS ",\"use\":\"sig\",\"key_ops\":[\"deriveKey\"]"), 0);
    CHECK_I64(uses_with_key(EC_MEMBERS ",\"alg\":\"ECDH-ES\""), 10);
    CHECK_I64(uses_with_key(EC_MEMBERS ",\"alg\":\"ES256\""), 1);
    CHECK_I64(uses_with_key(EC_MEMBERS ",\"alg\":\"ES256\",\"use\":\"enc\""), 0);
    CHECK_I64(uses_with_key(OKP_MEMBERS), 1);
    const char *rsa = arena_cstr(arena, rsa_members(arena, 256, 0x01, "AQAB"));
    CHECK_I64(uses_with_key(rsa), 21);
    CHECK_I64(uses_with_key(arena_cstr(arena, arena_printf(arena, "%s,\"alg\":\"RSA-OAEP-256\"", rsa))), 10);
    CHECK_I64(uses_with_key(arena_cstr(arena, arena_printf(arena, "%s,\"alg\":\"RSA1_5\"", rsa))), 0);
    CHECK_I64(uses_with_key(arena_cstr(arena, arena_printf(arena, "%s,\"alg\":\"ECDH-ES\"", rsa))), -1);
    CHECK_I64(uses_with_key(arena_cstr(arena, arena_printf(arena, "%s,\"alg\":\"HS256\"", rsa))), -1);
}

TEST(the_best_labelled_key_is_chosen_for_encryption)
{
#define MEMBERS(kid, more) "{\"kid\":\"" kid "\"," EC_MEMBERS more "},"
    struct jose_set *set = jose_set_parse(STR("{\"keys\":[" MEMBERS("any", "") MEMBERS("enc", ",\"use\":\"enc\"")
                                                  MEMBERS("alg", ",\"alg\":\"ECDH-ES+A128KW\"") "{" OKP_MEMBERS "}]}"),
                                          MAX_BYTES);
    CHECK(set);
    CHECK_STR(jose_key_kid(jose_set_find_enc(set, JWE_ECDH_ES_A128KW)), STR("alg"));
    CHECK_STR(jose_key_kid(jose_set_find_enc(set, JWE_ECDH_ES)), STR("enc"));
    CHECK(!jose_set_find_enc(set, JWE_RSA_OAEP));
    CHECK(!jose_set_find(set, STR("enc")) && !jose_set_find(set, STR("alg")));
    jose_set_free(set);
}

TEST(set_passes_over_what_is_for_something_else)
{
    CHECK_I64(size_with_key("\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AA\",\"y\":\"AA\""), 0);
    CHECK_I64(size_with_key("\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\""), 0);
    CHECK_I64(size_with_key("\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"pub\":\"AA\""), 0);
    CHECK_I64(size_with_key("\"kty\":\"AKP\",\"pub\":\"AA\",\"priv\":\"AA\""), -1);
    CHECK_I64(size_with_key("\"kty\":\"XYZ\""), 0);
    CHECK_I64(size_with_key(EC_MEMBERS ",\"alg\":\"ES256K\""), 0);
    CHECK_I64(set_size("{\"keys\":[{\"kty\":\"XYZ\"},{" EC_MEMBERS "}]}"), 1);
    CHECK_I64(set_size("{\"keys\":[]}"), 0);
}

TEST(set_is_refused_whole_for_private_or_symmetric_keys)
{
    static const char *const PRIVATE[] = { "d", "p", "q", "dp", "dq", "qi", "oth", "k" };
    for (size_t i = 0; i < sizeof PRIVATE / sizeof *PRIVATE; i++) {
        char document[1000];
        snprintf(document, sizeof document, "{\"keys\":[{" OKP_MEMBERS "},{" EC_MEMBERS ",\"%s\":\"AA\"}]}",
                 PRIVATE[i]);
        CHECK_I64(set_size(document), -1);
    }
    CHECK_I64(size_with_key("\"kty\":\"oct\",\"k\":\"AAAA\""), -1);
    CHECK_I64(size_with_key("\"kty\":\"oct\",\"use\":\"enc\""), -1);
}

TEST(set_is_refused_for_bad_points_and_sizes)
{
    static const char *const BAD[] = {
        "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "\"",
        "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "\",\"y\":\"" EC_X "\"",
        "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"",
        "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":1,\"y\":2",
        "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "=\",\"y\":\"" EC_Y "\"",
        "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"y\":"
        "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"",
        "\"kty\":\"RSA\",\"n\":\"AQ\",\"e\":\"AQAB\"",
        "\"kty\":\"RSA\",\"e\":\"AQAB\"",
        "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"",
        "\"kty\":1",
        "\"x\":\"AA\"",
        EC_MEMBERS ",\"alg\":\"RS256\"",
        EC_MEMBERS ",\"alg\":7",
        EC_MEMBERS ",\"use\":1",
        EC_MEMBERS ",\"key_ops\":\"verify\"",
        EC_MEMBERS ",\"key_ops\":[1]",
        EC_MEMBERS ",\"x5c\":[]",
        EC_MEMBERS ",\"x5c\":[\"AAAA\"]",
        EC_MEMBERS ",\"x5c\":\"AAAA\"",
        "\"kty\":\"EC\",\"crv\":1,\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\"",
        EC_MEMBERS ",\"kid\":7",
        EC_MEMBERS ",\"kid\":\"\"",
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        if (size_with_key(BAD[i]) != -1)
            test_fail(__FILE__, __LINE__, "taken: %s", BAD[i]);
    }
}

TEST(set_bounds_rsa_keys)
{
    CHECK_I64(size_with_key(arena_cstr(arena, rsa_members(arena, 256, 0x01, "AQAB"))), 1);
    CHECK_I64(size_with_key(arena_cstr(arena, rsa_members(arena, 512, 0x01, "AQAB"))), 1);
    CHECK_I64(size_with_key(arena_cstr(arena, rsa_members(arena, 255, 0x01, "AQAB"))), -1);
    CHECK_I64(size_with_key(arena_cstr(arena, rsa_members(arena, 513, 0x01, "AQAB"))), -1);
    CHECK_I64(size_with_key(arena_cstr(arena, rsa_members(arena, 256, 0x02, "AQAB"))), -1);
    CHECK_I64(size_with_key(arena_cstr(arena, rsa_members(arena, 256, 0x01, "Aw"))), -1);
    CHECK_I64(size_with_key(arena_cstr(arena, rsa_members(arena, 256, 0x01, "AAEAAQ"))), -1);
    CHECK_I64(size_with_key(arena_cstr(arena, rsa_bounds(arena, 257, 0x00, 0x01, "AQAB"))), -1);
}

TEST(set_is_refused_for_its_shape)
{
    static const char *const BAD[] = { "",
                                       "{}",
                                       "[]",
                                       "null",
                                       "{\"keys\":{}}",
                                       "{\"keys\":null}",
                                       "{\"keys\":\"x\"}",
                                       "{\"keys\":[1]}",
                                       "{\"keys\":[null]}",
                                       "{\"keys\":[{}]}",
                                       "{\"keys\":[]}x",
                                       "{\"keys\":[],\"keys\":[]}" };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        CHECK_I64(set_size(BAD[i]), -1);
    CHECK_I64(set_size("{\"keys\":[{\"kid\":\"a\"," EC_MEMBERS "},{\"kid\":\"a\"," OKP_MEMBERS "}]}"), -1);
    CHECK_I64(set_size("{\"keys\":[{\"kid\":\"a\"," EC_MEMBERS "},{\"kid\":\"b\"," OKP_MEMBERS "}]}"), 2);
    CHECK(!jose_set_parse(STR("{\"keys\":[]}"), 10));
}

TEST(set_takes_100_keys_and_refuses_101)
{
    struct buf b;
    buf_init(&b, arena, 20000);
    buf_add(&b, STR("{\"keys\":["));
    for (int i = 0; i < JOSE_SET_MAX_KEYS; i++)
        buf_printf(&b, "%s{\"kid\":\"%d\"," OKP_MEMBERS "}", i ? "," : "", i);
    size_t end = b.n;
    buf_add(&b, STR("]}"));
    CHECK_I64(set_size(arena_cstr(arena, buf_str(&b))), JOSE_SET_MAX_KEYS);
    b.n = end;
    buf_add(&b, STR(",{\"kid\":\"x\"," OKP_MEMBERS "}]}"));
    CHECK_I64(set_size(arena_cstr(arena, buf_str(&b))), -1);
}

TEST(set_refuses_a_long_kid)
{
    char kid[130];
    memset(kid, 'k', sizeof kid);
    CHECK_I64(size_with_key(arena_cstr(arena, arena_printf(arena, EC_MEMBERS ",\"kid\":\"%.128s\"", kid))), 1);
    CHECK_I64(size_with_key(arena_cstr(arena, arena_printf(arena, EC_MEMBERS ",\"kid\":\"%.129s\"", kid))), -1);
}
