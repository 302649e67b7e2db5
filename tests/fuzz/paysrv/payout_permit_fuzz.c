/* authorization_details of a token: each allows at most one payout, and only one that it names in every part. */
#include "paysrv/domain/payout/payout_permit.h"

#include "tests/fuzz/fuzz.h"

static const struct permit_wish wish = { .kind = PERMIT_PAYOUT,
                                         .amount_minor = 7000,
                                         .currency = { "EUR", 3 },
                                         .payee = { "req_1", 5 },
                                         .holder = { "Ada Lovelace", 12 } };

/* Whatever it says, judging a request by it ends, and has words when it refuses. */
static void requests(const struct json_value *details)
{
    for (unsigned i = 0; i < 32; i++) {
        const struct permit_request rq = { .kind = (enum permit_kind)(i % 4),
                                           .is_reading = i & 4,
                                           .is_making = i & 8,
                                           .is_closing = i & 16,
                                           .store = i & 1 ? (str){ "st_1", 4 } : STR_NONE };
        const char *why = permit_request_judge(details, &rq);
        MUST(!why || *why);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    const struct json_value *details;
    bool taken[PERMITS_MAX] = { false };
    int n, last = -1;
    if (!json_parse(a, fuzz_text(data, size), &details))
        return 0;
    requests(details);
    while ((n = permit_find(details, &wish, taken)) >= 0) {
        const struct json_value *d = json_item(details, (size_t)n);
        int64_t amount;
        str currency, destination;
        MUST(n > last && n < PERMITS_MAX && taken[n] && permits_say_anything(details, PERMIT_PAYOUT));
        MUST(json_get_i64(d, "amount", &amount) && amount == wish.amount_minor);
        MUST(json_get_str(d, "currency", &currency) && str_eq(currency, wish.currency));
        MUST(json_get_str(d, "destination", &destination) && str_eq(destination, wish.payee));
        last = n;
    }
    return 0;
}
