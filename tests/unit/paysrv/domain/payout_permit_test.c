/* RFC 9396: what the details of a token allow of payouts. */
#include "paysrv/domain/payout_permit.h"

#include "tests/support/test.h"

static const struct json_value *details_of(struct arena *a, const char *text)
{
    const struct json_value *v = NULL;
    CHECK(json_parse(a, str_of(text), &v));
    return v;
}

static const struct permit_wish wish = { 1250, STR("EUR"), STR("req_1"), STR("Ada L"), STR("DE.. 3000") };

TEST(permits_are_of_payouts_only)
{
    struct arena *a = arena_create(4096, 1 << 20);
    CHECK(!permits_say_anything(NULL));
    CHECK(!permits_say_anything(details_of(a, "[{\"type\":\"payment\",\"amount\":1250}]")));
    CHECK(permits_say_anything(details_of(a, "[{\"type\":\"payment\"},{\"type\":\"payout\"}]")));
    arena_destroy(a);
}

TEST(permits_allow_what_they_say_and_nothing_else)
{
    struct arena *a = arena_create(4096, 1 << 20);
    static const struct {
        const char *detail;
        int found;
    } cases[] = {
        { "{\"type\":\"payout\",\"amount\":1250,\"currency\":\"EUR\",\"destination\":\"req_1\"}", 0 },
        { "{\"type\":\"payout\",\"amount\":1250,\"currency\":\"EUR\",\"destination\":\"req_1\","
          "\"destination_name\":\"Ada L\"}",
          0 },
        { "{\"type\":\"payout\",\"amount\":1250,\"currency\":\"EUR\",\"destination\":\"req_1\","
          "\"destination_name\":\"DE.. 3000\"}",
          0 },
        { "{\"type\":\"payout\",\"amount\":1250,\"currency\":\"EUR\",\"destination\":\"req_1\","
          "\"destination_name\":\"Ada\"}",
          -1 },
        { "{\"type\":\"payment\",\"amount\":1250,\"currency\":\"EUR\",\"destination\":\"req_1\"}", -1 },
        { "{\"type\":\"payout\",\"amount\":1249,\"currency\":\"EUR\",\"destination\":\"req_1\"}", -1 },
        { "{\"type\":\"payout\",\"amount\":\"1250\",\"currency\":\"EUR\",\"destination\":\"req_1\"}", -1 },
        { "{\"type\":\"payout\",\"amount\":1250,\"currency\":\"eur\",\"destination\":\"req_1\"}", -1 },
        { "{\"type\":\"payout\",\"amount\":1250,\"currency\":\"EUR\",\"destination\":\"req_2\"}", -1 },
        { "{\"type\":\"payout\",\"amount\":1250,\"currency\":\"EUR\"}", -1 },
        { "{\"type\":\"payout\",\"amount\":1250,\"destination\":\"req_1\"}", -1 },
        { "{\"type\":\"payout\",\"amount\":1250,\"currency\":\"EUR\",\"destination\":\"req_1\",\"until\":1}", -1 },
        { "{\"type\":\"payout\"}", -1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool taken[PERMITS_MAX] = { 0 };
        str list = arena_printf(a, "[%s]", cases[i].detail);
        int found = permit_find(details_of(a, arena_cstr(a, list)), &wish, taken);
        if (found != cases[i].found || taken[0] != (found == 0))
            test_fail(__FILE__, __LINE__, "%s: %d", cases[i].detail, found);
    }
    arena_destroy(a);
}

TEST(permits_are_taken_once_each)
{
    struct arena *a = arena_create(4096, 1 << 20);
#define DETAIL "{\"type\":\"payout\",\"amount\":1250,\"currency\":\"EUR\",\"destination\":\"req_1\"}"
    const struct json_value *two = details_of(a, "[{\"type\":\"payment\"}," DETAIL "," DETAIL "]");
    bool taken[PERMITS_MAX] = { 0 };
    CHECK_I64(permit_find(two, &wish, taken), 1);
    CHECK_I64(permit_find(two, &wish, taken), 2);
    CHECK_I64(permit_find(two, &wish, taken), -1);
    /* A card has no holder here: a detail without a name is no name that fits. */
    struct permit_wish card = wish;
    card.holder = STR_NONE;
    bool again[PERMITS_MAX] = { 0 };
    CHECK_I64(permit_find(details_of(a, "[{\"type\":\"payout\",\"amount\":1250,\"currency\":\"EUR\","
                                        "\"destination\":\"req_1\",\"destination_name\":\"\"}]"),
                          &card, again),
              -1);
    arena_destroy(a);
}
