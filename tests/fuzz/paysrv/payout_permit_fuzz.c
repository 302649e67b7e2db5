/* authorization_details of a token: each allows at most one payout, and only one that it names in every part. */
#include "paysrv/domain/payout_permit.h"

#include "tests/fuzz/fuzz.h"

static const struct permit_wish wish = { 7000, { "EUR", 3 }, { "req_1", 5 }, { "Ada Lovelace", 12 }, { NULL, 0 } };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    const struct json_value *details;
    bool taken[PERMITS_MAX] = { false };
    int n, last = -1;
    if (!json_parse(a, fuzz_text(data, size), &details))
        return 0;
    while ((n = permit_find(details, &wish, taken)) >= 0) {
        const struct json_value *d = json_item(details, (size_t)n);
        int64_t amount;
        str currency, destination;
        MUST(n > last && n < PERMITS_MAX && taken[n] && permits_say_anything(details));
        MUST(json_get_i64(d, "amount", &amount) && amount == wish.amount_minor);
        MUST(json_get_str(d, "currency", &currency) && str_eq(currency, wish.currency));
        MUST(json_get_str(d, "destination", &destination) && str_eq(destination, wish.destination));
        last = n;
    }
    return 0;
}
