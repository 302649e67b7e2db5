/* URLs: the parts lie inside the text, the origin is a URL again with the same origin. */
#include "shared/text/url.h"
#include "tests/fuzz/fuzz.h"

static bool lies_in(str part, str whole)
{
    return !str_given(part) || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    struct url u, origin;
    str text = fuzz_text(data, size);
    url_host_is_loopback(text);
    if (!url_parse(text, &u))
        return 0;
    MUST(lies_in(u.scheme, text) && lies_in(u.host, text) && lies_in(u.path, text));
    MUST(lies_in(u.query, text) && lies_in(u.fragment, text));
    if (u.host.n) {
        str written = url_origin(a, &u);
        MUST(url_parse(written, &origin));
        MUST(str_eq_nocase(origin.host, u.host) && origin.port == u.port && str_eq(url_origin(a, &origin), written));
    }
    return 0;
}
