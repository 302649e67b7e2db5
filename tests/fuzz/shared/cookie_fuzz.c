/* The Cookie header: what is found stands there, under that name and once; sent twice it is absent, whoever planted it.
 */
#include <string.h>

#include "shared/http/endpoint.h"
#include "tests/fuzz/fuzz.h"

#define NAME "__Host-stoa_auth"

static str cookie_in(str header, const char *name)
{
    struct http_header headers[] = { { STR("Cookie"), header } };
    const struct request rq = { .headers = headers, .n_headers = 1 };
    return request_cookie(&rq, name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = { NAME, "a", "" };
    struct arena *a = fuzz_arena();
    str header = fuzz_text(data, size);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        str value = cookie_in(header, names[i]);
        if (!str_given(value))
            continue;
        MUST(value.n <= size && !memchr(value.p, ';', value.n));
        MUST(value.n == 0 || (value.p >= header.p && value.p + value.n <= header.p + header.n));
        MUST(!str_given(cookie_in(arena_printf(a, "%.*s; %.*s", STR_ARG(header), STR_ARG(header)), names[i])));
    }
    if (!memchr(header.p, ';', header.n) && !str_given(cookie_in(header, NAME)))
        MUST(str_eq(cookie_in(arena_printf(a, "%.*s; " NAME "=x", STR_ARG(header)), NAME), STR("x")));
    return 0;
}
