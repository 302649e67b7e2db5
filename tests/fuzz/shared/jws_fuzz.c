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
    str text = fuzz_text(data, size), kid;
    const struct json_value *claims;
    struct claims_want want = { STR("https://as.example"), STR("https://pay.example"), SECONDS(30) };
    MUST(set);
    MUST(jws_verify(a, set, NULL, text, &claims) != JWS_GOOD);
    if (jws_peek_kid(a, text, &kid))
        MUST(kid.n > 0 && kid.n <= 128);
    if (json_parse(a, text, &claims) && claims_judge(claims, &want, instant_of_seconds(1700000000)) == CLAIMS_GOOD)
        MUST(json_get(claims, "exp"));
    return 0;
}
