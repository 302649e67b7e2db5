/* Sets of keys: what is taken can be written, and the written set is taken again with the same thumbprints. */
#include "shared/jose/jose.h"
#include "tests/fuzz/fuzz.h"

static void check_key(struct arena *a, const struct jose_key *key)
{
    struct buf b;
    struct json j;
    buf_init(&b, a, 10000);
    json_begin(&j, &b);
    json_array(&j, "keys");
    jose_key_write_jwk(&j, NULL, key);
    json_close(&j);
    json_end(&j);
    struct jose_set *again = jose_set_parse(buf_str(&b), 65536);
    MUST(again && jose_set_size(again) == 1);
    MUST(str_eq(jose_key_thumbprint(jose_set_find(again, jose_key_kid(key))), jose_key_thumbprint(key)));
    jose_set_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    struct jose_set *set = jose_set_parse(fuzz_text(data, size), 65536);
    if (!set)
        return 0;
    MUST(jose_set_size(set) <= JOSE_SET_MAX_KEYS);
    const struct jose_key *key = jose_set_find(set, STR("k"));
    if (key)
        check_key(a, key);
    jose_set_free(set);
    return 0;
}
