/* Decoders: what they take is exactly what the encoder writes. */
#include "shared/text/encode.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    str text = fuzz_text(data, size), decoded;
    bytes b;
    if (base64url_decode(a, text, &b))
        MUST(str_eq(base64url_encode(a, b), text));
    if (base64_decode(a, text, &b))
        MUST(str_eq(base64_encode(a, b), text));
    if (hex_decode(a, text, &b))
        MUST(str_eq(hex_encode(a, b), text));
    MUST(base64url_decode(a, base64url_encode(a, (bytes){ data, size }), &b) && b.n == size);
    if (percent_decode(a, text, true, &decoded)) {
        str again;
        MUST(utf8_valid(decoded));
        MUST(percent_decode(a, percent_encode(a, decoded), true, &again) && str_eq(again, decoded));
    }
    return 0;
}
