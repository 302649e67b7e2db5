/* The choice of the language (RFC 4647 section 3.4, RFC 9110 section 12.5.4). */
#include "shared/text/language.h"

#include "tests/support/test.h"

static const str tags[] = { { "en", 2 }, { "de", 2 }, { "he", 2 }, { "pt-BR", 5 }, { "zh-Hans", 7 } };
static const struct languages there = { tags, sizeof tags / sizeof tags[0] };

static str found(bool is_found, size_t at)
{
    return is_found ? tags[at] : STR("none");
}

static str find(const char *wishes)
{
    size_t at = 0;
    bool is_found = language_find(&there, str_of(wishes), &at);
    return found(is_found, at);
}

static str accept(const char *header)
{
    size_t at = 0;
    bool is_found = language_accept(&there, str_of(header), &at);
    return found(is_found, at);
}

TEST(a_wish_is_cut_from_its_end)
{
    CHECK_STR(find("de"), STR("de"));
    CHECK_STR(find("DE-at"), STR("de"));
    CHECK_STR(find("de-CH-1996"), STR("de"));
    CHECK_STR(find("de-x-kids"), STR("de"));
    CHECK_STR(find("de-AT-u-co-phonebk"), STR("de"));
    CHECK_STR(find("den"), STR("none"));
    CHECK_STR(find("x-de"), STR("none"));
}

TEST(the_first_wish_that_is_there_counts)
{
    CHECK_STR(find("sv nb-NO de en"), STR("de"));
    CHECK_STR(find("sv nb"), STR("none"));
    CHECK_STR(find(""), STR("none"));
    CHECK_STR(find("* de_DE -de de- d\xc3\xa4 en"), STR("en"));
    CHECK_STR(find("abcdefgh-abcdefgh-abcdefgh-abcdefgh- de-abcdefgh-abcdefgh-abcdefgh-abcdefgh de"), STR("de"));
}

TEST(no_more_than_a_few_wishes_are_read)
{
    CHECK_STR(find("a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a de"), STR("de"));
    CHECK_STR(find("a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a de"), STR("none"));
}

TEST(scripts_and_old_names_are_known)
{
    CHECK_STR(find("pt"), STR("pt-BR"));
    CHECK_STR(find("pt-PT"), STR("pt-BR"));
    CHECK_STR(find("pt-br"), STR("pt-BR"));
    CHECK_STR(find("zh"), STR("zh-Hans"));
    CHECK_STR(find("zh-CN"), STR("zh-Hans"));
    CHECK_STR(find("zh-SG"), STR("zh-Hans"));
    CHECK_STR(find("zh-Hans-HK"), STR("zh-Hans"));
    CHECK_STR(find("iw-IL"), STR("he"));
    CHECK_STR(find("zh-TW"), STR("none"));
    CHECK_STR(find("zh-Hant"), STR("none"));
    CHECK_STR(find("zh-Hant-HK"), STR("none"));
    CHECK_STR(find("zh-TW de"), STR("de"));
}

TEST(quality_orders_what_browsers_accept)
{
    CHECK_STR(accept("de"), STR("de"));
    CHECK_STR(accept("sv, de-DE;q=0.8, en;q=0.9"), STR("en"));
    CHECK_STR(accept("en;q=0.5,de;q=0.5"), STR("en"));
    CHECK_STR(accept("en ; q=0.1 , de;q=0.25"), STR("de"));
    CHECK_STR(accept("en;q=0.001, de;q=0"), STR("en"));
    CHECK_STR(accept("zh-TW, zh;q=0.9, en;q=0.8"), STR("zh-Hans"));
}

TEST(what_says_nothing_chooses_nothing)
{
    CHECK_STR(accept("*"), STR("none"));
    CHECK_STR(accept("*, de;q=0.1"), STR("de"));
    CHECK_STR(accept(""), STR("none"));
    CHECK_STR(accept(",,;;q=1"), STR("none"));
    CHECK_STR(accept("de;q=2"), STR("none"));
    CHECK_STR(accept("de;q=1.001"), STR("none"));
    CHECK_STR(accept("de;q=0,5"), STR("none"));
    CHECK_STR(accept("de;q"), STR("none"));
    CHECK_STR(accept("de;level=1"), STR("none"));
    CHECK_STR(accept("de;q=1.000"), STR("de"));
}
