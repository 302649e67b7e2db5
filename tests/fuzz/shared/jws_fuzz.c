/* Tokens: nothing that the fuzzer writes verifies under a key that it does not have; claims are judged without harm. */
#include "shared/jose/jose.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct jose_set *set;
    if (!set)
        set = jose_set_parse(STR("{\"keys\":[{\"kty\":\"EC\",\"kid\":\"k\",\"crv\":\"P-256\","
                                 "\"x\":\"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs\","
                                 "\"y\":\"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA\"}]}"),
                             1000);
    struct arena *a = fuzz_arena();
    str text = fuzz_text(data, size);
    struct jws_peek peek;
    struct jws_read read;
    const struct json_value *claims;
    struct claims_want want = { STR("https://as.example"), STR("https://pay.example"), SECONDS(30) };
    MUST(set);
    MUST(jws_verify(a, set, NULL, text, &claims) != JWS_GOOD);
    if (jws_peek(a, text, &peek) && str_given(peek.kid))
        MUST(peek.kid.n > 0 && peek.kid.n <= 128);
    MUST(jws_verify_hs256(a, (secret){ STR("a secret that the fuzzer does not have") }, text, &read) != JWS_GOOD);
    if (jws_read_unsecured(a, &(struct jws_want){ .or_untyped = true }, text, &read) == JWS_GOOD)
        MUST(json_kind(read.claims) == JSON_OBJECT && read.key == NULL);
    if (json_parse(a, text, &claims) && claims_judge(claims, &want, instant_of_seconds(1700000000)) == CLAIMS_GOOD)
        MUST(json_get(claims, "exp"));
    return 0;
}
