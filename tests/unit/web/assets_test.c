/* The embedded files, and what holds for all styles. */
#include "web/assets.h"

#include "tests/support/test.h"

static bool holds(str text, const char *word)
{
    return memmem(text.p, text.n, word, strlen(word)) != NULL;
}

TEST(assets_are_found_under_their_addresses)
{
    str url = asset_url(STR("tokens.css"));
    CHECK(str_starts(url, STR("/assets/tokens.")) && str_ends(url, STR(".css")));
    const struct asset *asset = asset_find(url);
    CHECK(asset && asset->body.n > 100);
    CHECK_STR(asset->content_type, STR("text/css; charset=utf-8"));
    CHECK(asset_find(STR("/assets/tokens.css")) == NULL);
    CHECK(!str_given(asset_url(STR("none.css"))));
    const struct asset *script = asset_find(STR("/js/v1.js"));
    CHECK(script && holds(script->body, "stoa-checkout"));
    CHECK(script->body.n <= 3200); /* what a partner's page pays for the element */
}

TEST(styles_turn_with_the_direction_of_the_text)
{
    static const char *const words[] = { "margin-left", "margin-right", "padding-left",     "padding-right",
                                         "border-left", "border-right", "text-align: left", "text-align: right",
                                         " left:",      " right:" };
    static const char *const sheets[] = { "tokens.css", "auth.css", "pay.css" };
    for (size_t s = 0; s < sizeof sheets / sizeof sheets[0]; s++) {
        const struct asset *asset = asset_find(asset_url(str_of(sheets[s])));
        CHECK(asset);
        for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
            if (holds(asset->body, words[w]))
                test_fail(__FILE__, __LINE__, "%s holds \"%s\"", sheets[s], words[w]);
        }
    }
}
