/* Versions of the API: what older ones have not, and what they called otherwise. */
#include "paysrv/domain/api_version.h"
#include "shared/base/buf.h"
#include "shared/text/json_in.h"
#include "tests/support/test.h"

#define OLDEST 0

TEST(api_versions_are_days_in_their_order)
{
    int index = -1;
    CHECK(api_version_parse(STR("2026-11-01"), &index) && index == OLDEST);
    CHECK(api_version_parse(str_of(api_version_name(API_VERSION_NEWEST)), &index) && index == API_VERSION_NEWEST);
    CHECK(!api_version_parse(STR("2026-11-02"), &index) && !api_version_parse(STR(""), &index));
    CHECK(!api_version_parse(STR_NONE, &index));
    for (int i = 1; i < API_VERSION_COUNT; i++)
        CHECK(strcmp(api_version_name(i - 1), api_version_name(i)) < 0);
    CHECK(str_starts(api_version_list(arena), STR("2026-11-01, 2026-11-27")));
}

TEST(api_version_the_newest_is_what_was_written)
{
    str document = STR("{\"object\":\"event\", \"sequence\":3}");
    CHECK_STR(api_version_render(arena, API_VERSION_NEWEST, STR_NONE, document), document);
}

TEST(api_version_the_first_has_no_numbers)
{
    CHECK_STR(
        api_version_render(arena, OLDEST, STR_NONE,
                           STR("{\"object\":\"list\",\"data\":[{\"object\":\"event\",\"sequence\":3,\"data\":{"
                               "\"object\":\"payment\",\"version\":3,\"amount\":1,\"sequence\":7}}],\"next\":null}")),
        STR("{\"object\":\"list\",\"data\":[{\"object\":\"event\",\"data\":{\"object\":\"payment\",\"amount\":1,"
            "\"sequence\":7}}],\"next\":null}"));
    CHECK_STR(api_version_render(arena, OLDEST, STR("webhook_message"),
                                 STR("{\"type\":\"user.created\",\"sequence\":1,\"data\":{\"object\":\"user\"}}")),
              STR("{\"type\":\"user.created\",\"data\":{\"object\":\"user\"}}"));
    CHECK_STR(api_version_render(arena, OLDEST, STR_NONE,
                                 STR("{\"number\":1,\"object\":\"partner_report\",\"platform\":{\"name\":\"x\"}}")),
              STR("{\"number\":1,\"object\":\"partner_report\"}"));
    /* A requisite always had one. */
    CHECK_STR(api_version_render(arena, OLDEST, STR_NONE, STR("{\"object\":\"requisite\",\"version\":2}")),
              STR("{\"object\":\"requisite\",\"version\":2}"));
}

TEST(api_version_what_is_the_partners_stays)
{
    CHECK_STR(
        api_version_render(arena, OLDEST, STR_NONE,
                           STR("{\"object\":\"payment\",\"metadata\":{\"a\":{\"object\":\"payment\",\"version\":1}}}")),
        STR("{\"object\":\"payment\",\"metadata\":{\"a\":{\"object\":\"payment\",\"version\":1}}}"));
    CHECK_STR(api_version_render(arena, OLDEST, STR_NONE, STR("[1]")), STR("[1]"));
    CHECK_STR(api_version_render(arena, OLDEST, STR_NONE, STR("no JSON")), STR("no JSON"));
}

TEST(api_version_changes_are_undone_from_the_newest)
{
    static const struct api_change changes[] = {
        { "2026-11-01", "card", MEMBER_ADDED, "brand", NULL },
        { "2026-11-20", "card", MEMBER_RENAMED, "number_end", "last4" },
        { "2026-11-27", "card", MEMBER_RENAMED, "ends_with", "number_end" },
        { "2026-11-27", "card", MEMBER_ADDED, "wallet", NULL },
    };
    str card = STR("{\"object\":\"card\",\"brand\":\"v\",\"ends_with\":\"4242\",\"wallet\":true}");
    CHECK_STR(api_changes_undo(arena, changes, 4, OLDEST, STR_NONE, card),
              STR("{\"object\":\"card\",\"brand\":\"v\",\"last4\":\"4242\"}"));
    CHECK_STR(api_changes_undo(arena, changes, 4, API_VERSION_NEWEST, STR_NONE, card), card);
}

/* A page of a hundred payments with all that they may have is longer than what anybody may send. */
TEST(api_version_of_a_long_page)
{
    enum { PAYMENTS = 100, BYTES = 8000 };
    char *long_text = arena_alloc(arena, BYTES);
    struct buf page, expected;
    memset(long_text, 'x', BYTES);
    buf_init(&page, arena, 2 * PAYMENTS * BYTES);
    buf_init(&expected, arena, 2 * PAYMENTS * BYTES);
    for (int i = 0; i < PAYMENTS; i++) {
        str begins = arena_printf(arena, "%s{\"object\":\"payment\",\"description\":\"%.*s\"",
                                  i ? "," : "{\"object\":\"list\",\"data\":[", (int)BYTES, long_text);
        buf_add(&page, begins);
        buf_add(&page, STR(",\"version\":3}"));
        buf_add(&expected, begins);
        buf_add(&expected, STR("}"));
    }
    buf_add(&page, STR("]}"));
    buf_add(&expected, STR("]}"));
    CHECK(page.n > JSON_MAX_BYTES);
    CHECK_STR(api_version_render(arena, OLDEST, STR_NONE, buf_str(&page)), buf_str(&expected));
}
