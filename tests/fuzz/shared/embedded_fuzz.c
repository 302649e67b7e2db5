/*
 * Proofs of possession: a token with the fuzzer's text as its header "jwk". Whatever key is taken has a thumbprint,
 * is public, and is never found to have signed what it did not sign.
 */
#include "shared/jose/jose.h"
#include "shared/text/encode.h"
#include "tests/fuzz/fuzz.h"

static void key_check(const struct jose_key *key, const struct json_value *jwk)
{
    MUST(jose_key_thumbprint(key).n == 43);
    MUST(!jose_key_verifies(key, ALG_HS256));
    MUST(!json_get(jwk, "d") && !json_get(jwk, "k"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    str text = fuzz_text(data, size);
    const struct json_value *jwk;
    struct jws_read read;
    struct jws_want want = { .typ = "dpop+jwt", .algs = ALGS_ASYMMETRIC };
    MUST(jws_verify_embedded(a, &want, text, &read) != JWS_GOOD || read.key);
    if (!json_parse(a, text, &jwk))
        return 0;
    const struct jose_key *key = jose_key_of_jwk(a, jwk);
    if (key)
        key_check(key, jwk);
    if (size > 3000)
        return 0;
    static const char *const ALGS[] = { "ES256", "ES512", "PS256", "EdDSA" };
    const char *alg = ALGS[size % 4];
    str header = arena_printf(a, "{\"typ\":\"dpop+jwt\",\"alg\":\"%s\",\"jwk\":%.*s}", alg, STR_ARG(text));
    /* Eight times eight bytes: no signature of any key that a fuzzer could find. */
    static const char SIGNATURE[] =
        "NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NQ";
    str token = arena_printf(a, "%.*s.e30.%s", STR_ARG(base64url_encode(a, bytes_of(header))), SIGNATURE);
    enum jws_verdict v = jws_verify_embedded(a, &want, token, &read);
    MUST(v != JWS_GOOD && (key || v != JWS_BAD_SIGNATURE));
    return 0;
}
