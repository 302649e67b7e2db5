/* In which language the pages of a store speak to a buyer. */
#include "paysrv/domain/stores/store_speech.h"

#include "tests/support/test.h"

static const str tags[] = { { "en", 2 }, { "de", 2 }, { "fr", 2 }, { "pt-BR", 5 }, { "zh-Hans", 7 } };
static const struct languages ours = { tags, 5 };

static const char *chosen(struct arena *arena, const struct store_speech *s, const char *page, const char *payment,
                          const char *accepts, bool *by_page)
{
    const struct speech_wishes w = { page ? str_of(page) : STR_NONE, payment ? str_of(payment) : STR_NONE,
                                     accepts ? str_of(accepts) : STR_NONE };
    return arena_cstr(arena, tags[store_speech_choose(&ours, s, &w, by_page)]);
}

static bool speaks(struct arena *arena, const struct store_speech *s, const char *page, const char *payment,
                   const char *accepts, const char *language)
{
    bool by_page;
    return strcmp(chosen(arena, s, page, payment, accepts, &by_page), language) == 0 && by_page == false;
}

TEST(store_speech_of_a_store_that_says_nothing_is_the_browser_s)
{
    const struct store_speech none = { .locale = STR_NONE };
    bool by_page;
    CHECK(speaks(arena, &none, NULL, NULL, NULL, "en"));
    CHECK(speaks(arena, &none, NULL, NULL, "sv, fr;q=0.5", "fr"));
    CHECK(speaks(arena, &none, "sv", "pt-PT", "fr", "pt-BR"));
    CHECK(speaks(arena, &none, NULL, "sv", "fr", "fr"));
    CHECK(strcmp(chosen(arena, &none, "de-AT", "fr", "fr", &by_page), "de") == 0 && by_page);
}

TEST(store_speech_keeps_to_the_store_s_list_and_falls_back_to_its_own)
{
    static const str list[] = { { "fr", 2 }, { "de", 2 } };
    const struct store_speech both = { .locale = STR("de"), .locales = { list, 2 } },
                              list_only = { .locale = STR_NONE, .locales = { list, 2 } },
                              own = { .locale = STR("zh-Hans") };
    bool by_page;
    CHECK(speaks(arena, &both, NULL, NULL, "en, fr;q=0.1", "fr"));
    CHECK(speaks(arena, &both, NULL, NULL, "en", "de"));
    CHECK(speaks(arena, &both, "en", NULL, "en", "de"));
    CHECK(strcmp(chosen(arena, &both, "fr", NULL, "en", &by_page), "fr") == 0 && by_page);
    CHECK(speaks(arena, &both, NULL, "pt-BR", "fr", "pt-BR"));
    CHECK(speaks(arena, &list_only, NULL, NULL, "en", "fr"));
    CHECK(speaks(arena, &own, NULL, NULL, "sv", "zh-Hans"));
    CHECK(speaks(arena, &own, NULL, NULL, "de", "de"));
}

TEST(store_speech_offers_what_the_store_speaks_and_what_was_sold_in)
{
    static const str list[] = { { "fr", 2 }, { "de", 2 } };
    const struct store_speech all = { .locale = STR_NONE }, both = { .locales = { list, 2 } },
                              one = { .locales = { list, 1 } };
    struct languages l = store_speech_offered(arena, &ours, &all, STR("de"));
    CHECK(l.n == 5);
    l = store_speech_offered(arena, &ours, &both, STR("de-AT"));
    CHECK(l.n == 2 && str_eq(l.tags[0], STR("fr")));
    l = store_speech_offered(arena, &ours, &both, STR("zh-CN"));
    CHECK(l.n == 3 && str_eq(l.tags[2], STR("zh-Hans")));
    CHECK(store_speech_offered(arena, &ours, &one, STR_NONE).n == 0);
    CHECK(store_speech_offered(arena, &ours, &one, STR("sv")).n == 0);
    CHECK(store_speech_offered(arena, &ours, &one, STR("en")).n == 2);
}

static bool judged(struct arena *arena, const char *locale, const char *list, struct store_speech *s, str *param)
{
    const struct json_value *v = NULL;
    str explain;
    *s = (struct store_speech){ .locale = locale ? str_of(locale) : STR_NONE };
    CHECK(!list || json_parse(arena, str_of(list), &v));
    return store_speech_judge(arena, &ours, v, s, param, &explain);
}

TEST(store_speech_is_of_languages_that_we_have_each_once)
{
    struct store_speech s;
    str param;
    CHECK(judged(arena, NULL, NULL, &s, &param) && s.locales.n == 0 && !str_given(s.locale));
    CHECK(judged(arena, "zh", "[\"de-CH\",\"DE\",\"zh-CN\"]", &s, &param));
    CHECK_STR(s.locale, STR("zh-Hans"));
    CHECK(s.locales.n == 2 && str_eq(s.locales.items[0], STR("de")) && str_eq(s.locales.items[1], STR("zh-Hans")));
    CHECK(judged(arena, "fr", "null", &s, &param) && s.locales.n == 0);
    static const char *const lists[] = { "[]", "[\"sv\"]", "[1]", "\"de\"", "{}", "[\"de\",\"\"]" };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        CHECK(!judged(arena, NULL, lists[i], &s, &param));
        CHECK_STR(param, STR("locales"));
    }
    CHECK(!judged(arena, "sv", NULL, &s, &param));
    CHECK_STR(param, STR("locale"));
    CHECK(!judged(arena, "en", "[\"de\"]", &s, &param));
    CHECK_STR(param, STR("locale"));
}
