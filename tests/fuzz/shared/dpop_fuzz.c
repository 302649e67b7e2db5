/*
 * Proofs of possession: the fuzzer's text as the whole header, and as the claims of a proof that is signed for it. What
 * is taken names method, address and time of the request, and belongs to the key that signed.
 */
#include "shared/jose/dpop.h"

#include <string.h>

#include "shared/base/buf.h"
#include "shared/jose/signature.h"
#include "shared/text/encode.h"
#include "tests/fuzz/fuzz.h"

#define NOW_S 1700000000
#define URL "https://as.example/token"
#define HOST STR("https://as.example")
#define HEADER_MAX_BYTES 4096

static str signed_by(struct arena *a, const struct jose_key *key, str claims)
{
    struct buf header;
    struct json j;
    unsigned char signature[SIGNATURE_MAX_BYTES];
    buf_init(&header, a, HEADER_MAX_BYTES);
    json_begin(&j, &header);
    json_str(&j, "typ", STR("dpop+jwt"));
    json_str(&j, "alg", jose_alg_name(jose_key_alg(key)));
    jose_key_write_jwk(&j, "jwk", key);
    json_end(&j);
    str text = arena_printf(a, "%.*s.%.*s", STR_ARG(base64url_encode(a, bytes_of(buf_str(&header)))),
                            STR_ARG(base64url_encode(a, bytes_of(claims))));
    size_t n = key_sign(key, text, signature);
    return arena_printf(a, "%.*s.%.*s", STR_ARG(text), STR_ARG(base64url_encode(a, (bytes){ signature, n })));
}

static void good_check(struct arena *a, str text, const struct jose_key *key, const struct dpop_proof *proof)
{
    const struct json_value *claims;
    str htm, htu, jti;
    int64_t iat;
    MUST(str_eq(proof->jkt, jose_key_thumbprint(key)));
    MUST(json_parse(a, text, &claims) && json_get_str(claims, "htm", &htm) && json_get_str(claims, "htu", &htu));
    MUST(str_eq(htm, STR("POST")) && dpop_address_is(a, htu, STR(URL)));
    MUST(json_get_str(claims, "jti", &jti) && jti.n > 0 && json_get_i64(claims, "iat", &iat));
    MUST(iat >= NOW_S - 60 && iat <= NOW_S + 10);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct jose_key *key;
    if (!key)
        key = jose_key_generate(ALG_EDDSA);
    struct arena *a = fuzz_arena();
    str text = fuzz_text(data, size);
    const struct dpop_want want = { .method = STR("POST"), .url = STR(URL), .access_token = STR_NONE };
    const instant now = instant_of_seconds(NOW_S);
    struct dpop_proof proof;
    MUST(dpop_judge(a, text, &want, now, &proof) != DPOP_GOOD);
    if (dpop_address_is(a, text, STR(URL)))
        MUST(!memchr(data, 0, size) && size >= HOST.n && str_eq_nocase((str){ text.p, HOST.n }, HOST));
    if (size < 3000 && dpop_judge(a, signed_by(a, key, text), &want, now, &proof) == DPOP_GOOD)
        good_check(a, text, key, &proof);
    return 0;
}
