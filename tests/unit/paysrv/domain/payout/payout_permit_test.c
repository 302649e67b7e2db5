/* RFC 9396: what the details of a token allow of payouts. */
#include "paysrv/domain/payout/payout_permit.h"

#include "tests/support/test.h"

static const struct json_value *details_of(struct arena *a, const char *text)
{
    const struct json_value *v = NULL;
    CHECK(json_parse(a, str_of(text), &v));
    return v;
}

static const struct permit_wish wish = { .kind = PERMIT_PAYOUT,
                                         .amount_minor = 1250,
                                         .currency = STR("EUR"),
                                         .payee = STR("req_1"),
                                         .holder = STR("Ada L"),
                                         .masked = STR("DE.. 3000") };

TEST(permits_are_of_payouts_only)
{
    struct arena *a = arena_create(4096, 1 << 20);
    CHECK(!permits_say_anything(NULL, PERMIT_PAYOUT));
    CHECK(!permits_say_anything(details_of(a, "[{\"type\":\"payment\",\"amount\":1250}]"), PERMIT_PAYOUT));
    CHECK(permits_say_anything(details_of(a, "[{\"type\":\"payment\"},{\"type\":\"payout\"}]"), PERMIT_PAYOUT));
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
        { "{\"type\":\"payout\",\"amount\":1251,\"currency\":\"EUR\",\"destination\":\"req_1\"}", -1 },
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

TEST(permits_of_payments_are_to_a_store_for_a_purpose)
{
    struct arena *a = arena_create(4096, 1 << 20);
    const struct permit_wish sale = { .kind = PERMIT_PAYMENT,
                                      .amount_minor = 1250,
                                      .currency = STR("EUR"),
                                      .payee = STR("st_1"),
                                      .holder = STR("Ada's"),
                                      .purpose = STR("An article") };
    static const struct {
        const char *more;
        int found;
    } cases[] = {
        { "", 0 },
        { ",\"payee_name\":\"Ada's\",\"purpose\":\"An article\"", 0 },
        { ",\"payee_name\":\"Eve's\"", -1 },
        { ",\"purpose\":\"A book\"", -1 },
        { ",\"destination\":\"st_1\"", -1 },
        { ",\"until\":1", -1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool taken[PERMITS_MAX] = { 0 };
        str list = arena_printf(a, "[{\"type\":\"payment\",\"amount\":1250,\"currency\":\"EUR\",\"payee\":\"st_1\"%s}]",
                                cases[i].more);
        CHECK_I64(permit_find(details_of(a, arena_cstr(a, list)), &sale, taken), cases[i].found);
    }
    arena_destroy(a);
}

TEST(permits_narrow_what_a_request_may_be_for)
{
    struct arena *a = arena_create(4096, 1 << 20);
    static const char store[] =
        "[{\"type\":\"store_management\",\"store\":\"st_1\",\"actions\":[\"read\",\"change\"]}]";
    static const char pay[] = "[{\"type\":\"payment\",\"amount\":1,\"currency\":\"EUR\",\"payee\":\"st_1\"}]";
    static const char out[] = "[{\"type\":\"payout\",\"amount\":1,\"currency\":\"EUR\",\"destination\":\"req_1\"}]";
    static const struct {
        const char *details;
        struct permit_request rq;
        bool allowed;
    } cases[] = {
        { store, { PERMIT_STORE, .is_reading = true, .store = STR("st_1") }, true },
        { store, { PERMIT_STORE, .store = STR("st_1") }, true },
        { store, { PERMIT_STORE, .is_closing = true, .store = STR("st_1") }, false },
        { store, { PERMIT_STORE, .is_reading = true, .store = STR("st_2") }, false },
        { store, { PERMIT_STORE, .is_reading = true }, false }, /* the list */
        { store, { PERMIT_STORE, .is_making = true }, false },
        { store, { PERMIT_PAYMENT }, true }, /* it says nothing of payments: the scope decides */
        { "[{\"type\":\"store_management\",\"store\":\"st_1\",\"actions\":[\"read\"],\"until\":1}]",
          { PERMIT_STORE, .is_reading = true, .store = STR("st_1") },
          false },
        { pay, { PERMIT_PAYMENT, .is_reading = true }, true },
        { pay, { PERMIT_PAYMENT, .is_making = true }, true }, /* whoever reads the body looks at it */
        { pay, { PERMIT_PAYMENT }, false },                   /* a refund, a capture, a subscription */
        { pay, { PERMIT_STORE, .store = STR("st_1") }, true },
        { pay, { PERMIT_PAYOUT }, true },
        { out, { PERMIT_PAYOUT }, true }, /* what it is about has to be its own, which is looked at there */
        { out, { PERMIT_PAYOUT, .is_lasting = true }, false },
        { out, { PERMIT_PAYOUT, .is_lasting = true, .is_reading = true }, true },
        { pay, { PERMIT_PAYOUT, .is_lasting = true }, true },
        { "[{\"type\":\"subscription\"}]", { 0, .is_reading = true }, false }, /* nobody holds anybody to it */
        { "[{}]", { 0, .is_reading = true }, false },
        { "{}", { 0, .is_reading = true }, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if ((permit_request_judge(details_of(a, cases[i].details), &cases[i].rq) == NULL) != cases[i].allowed)
            test_fail(__FILE__, __LINE__, "%s: case %zu", cases[i].details, i);
    arena_destroy(a);
}

TEST(permits_have_the_place_that_their_consent_gives_them)
{
    struct arena *a = arena_create(4096, 1 << 20);
    int64_t place = -1;
    CHECK(permit_place(NULL, 3, &place) && place == 3);
    CHECK(permit_place(details_of(a, "[0,4]"), 1, &place) && place == 4);
    CHECK(!permit_place(details_of(a, "[0,4]"), 2, &place));
    CHECK(!permit_place(details_of(a, "[-1]"), 0, &place));
    CHECK(!permit_place(details_of(a, "[\"0\"]"), 0, &place));
    CHECK(!permit_place(details_of(a, "{}"), 0, &place));
    arena_destroy(a);
}
