/* JSON: the canonical text of what is read is JSON again and its own canonical text. */
#include "shared/text/json_in.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    const struct json_value *v, *again;
    str member;
    if (!json_parse(a, fuzz_text(data, size), &v)) {
        (void)json_number_too_large(fuzz_text(data, size), &member);
        return 0;
    }
    str canonical = json_canonical(a, v);
    MUST(json_parse(a, canonical, &again));
    MUST(json_kind(again) == json_kind(v));
    MUST(str_eq(json_canonical(a, again), canonical));
    return 0;
}
