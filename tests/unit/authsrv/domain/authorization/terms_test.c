/* What a request asks for beyond scopes, as it is kept. */
#include "authsrv/domain/authorization/terms.h"

#include "authsrv/domain/authorization/authorization_details.h"
#include "shared/base/buf.h"
#include "shared/text/json_in.h"
#include "tests/support/test.h"

/* The longest array of numbers that has so many bytes, canonical: 0.1 is written as 0.10000000000000001. */
static str numbers(struct arena *a, size_t max)
{
    const struct json_value *v = NULL;
    struct buf out;
    buf_init(&out, a, max);
    buf_add(&out, STR("[0.1"));
    while (out.n + 5 <= max)
        buf_add(&out, STR(",0.1"));
    buf_add_char(&out, ']');
    CHECK(json_parse(a, buf_str(&out), &v));
    return json_canonical(a, v);
}

TEST(the_longest_terms_are_kept_and_read_again)
{
    const struct terms longest = { .acr_values = numbers(arena, 1024),
                                   .claims = numbers(arena, 8192),
                                   .authorization_details = numbers(arena, DETAILS_MAX_BYTES),
                                   .dpop_jkt = STR("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I") };
    struct terms again;
    CHECK(terms_read(arena, terms_document(arena, &longest), &again));
    CHECK_STR(again.claims, longest.claims);
    CHECK_STR(again.authorization_details, longest.authorization_details);
}
