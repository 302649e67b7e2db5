/*
 * Every page as it is written: compared with its golden file, and with hostile and absent values.
 * STOA_GOLDEN=write writes the golden files anew; look at the difference before you commit it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "shared/gen/html_context.h"
#include "tests/support/test.h"
#include "tests/unit/web/sample.h"

#define PAGE_MAX_BYTES (1u << 20)
#define GOLDEN_MAX_BYTES ((size_t)8 << 20)
#define HOSTILE "\"><script>alert('1')</script><x y=\"\x01&amp;\r\nBcc: a@b.example"

enum language sample_language;

str sample_text(enum filling filling, const char *life)
{
    if (filling == FILLING_BARE)
        return STR_NONE;
    return filling == FILLING_HOSTILE ? STR(HOSTILE) : str_of(life);
}

str sample_url(enum filling filling, const char *life)
{
    if (filling == FILLING_BARE)
        return STR_NONE;
    return filling == FILLING_HOSTILE ? STR("javascript:alert(1)//\"><script>alert(1)</script>") : str_of(life);
}

bool sample_bool(enum filling filling, bool life)
{
    return filling != FILLING_BARE && life;
}

size_t sample_n(enum filling filling, size_t life)
{
    return filling == FILLING_BARE ? 0 : life;
}

static str page_of(struct arena *a, const struct sample *s, enum filling filling)
{
    struct buf out;
    buf_init(&out, a, PAGE_MAX_BYTES);
    s->write(&out, filling);
    return buf_str(&out);
}

/* The hash in an asset's name changes with every touch of a style; the golden files do not. */
static str without_hashes(struct arena *a, str page)
{
    struct buf out;
    buf_init(&out, a, PAGE_MAX_BYTES);
    while (page.n) {
        const char *at = memmem(page.p, page.n, "/assets/", 8);
        size_t n = at ? (size_t)(at - page.p) + 8 : page.n;
        buf_add(&out, (str){ page.p, n });
        page = (str){ page.p + n, page.n - n };
        str name;
        if (at && str_cut(&page, '.', &name)) {
            buf_add(&out, name);
            buf_add(&out, STR(".HASH"));
            page = (str){ page.p + 16, page.n - 16 };
        }
    }
    return buf_str(&out);
}

/* The tags with the names of their attributes; no text, no values. */
static str skeleton(struct arena *a, str page)
{
    struct buf out;
    bool in_tag = false, in_value = false;
    buf_init(&out, a, PAGE_MAX_BYTES);
    for (size_t i = 0; i < page.n; i++) {
        char c = page.p[i];
        if (!in_tag && c == '<')
            in_tag = true;
        if (in_tag && c == '"')
            in_value = !in_value;
        if (in_tag && !in_value)
            buf_add_char(&out, c);
        if (in_tag && !in_value && c == '>')
            in_tag = false;
    }
    return buf_str(&out);
}

static bool holds(str text, const char *word)
{
    return memmem(text.p, text.n, word, strlen(word)) != NULL;
}

/* A few in another language: from right to left, and with long words. */
static const struct {
    const char *prefix, *name;
    enum language language;
} translated[] = {
    { "ar-", "auth-login", LANGUAGE_AR },
    { "ar-", "auth-consent", LANGUAGE_AR },
    { "ar-", "account-access", LANGUAGE_AR },
    { "ar-", "account-challenge-new", LANGUAGE_AR },
    { "de-", "auth-login", LANGUAGE_DE },
    { "de-", "auth-consent-device", LANGUAGE_DE },
    { "de-", "account-overview", LANGUAGE_DE },
    { "de-", "account-challenge-new", LANGUAGE_DE },
    { "ar-", "pay", LANGUAGE_AR },
    { "ar-", "pay-transfer", LANGUAGE_AR },
    { "ar-", "mail-payout-code", LANGUAGE_AR },
    { "de-", "pay", LANGUAGE_DE },
    { "de-", "pay-billing", LANGUAGE_DE },
    { "de-", "mail-invoice-failed", LANGUAGE_DE },
    { "ru-", "mail-refund", LANGUAGE_RU },
    { "he-", "mail-refund", LANGUAGE_HE },
};

/* In an arena of its own, since a file takes a mebibyte of it. */
static void check_golden(const struct sample *s, const char *prefix)
{
    struct arena *a = arena_create(1 << 16, GOLDEN_MAX_BYTES);
    str path = arena_printf(a, "unit/web/golden/%s%s.%s", prefix, s->name, s->is_mail ? "txt" : "html");
    str page = without_hashes(a, page_of(a, s, FILLING_LIFE));
    const char *mode = getenv("STOA_GOLDEN");
    if (mode && strcmp(mode, "write") == 0) {
        FILE *f = fopen(arena_cstr(a, arena_printf(a, "%s/%.*s", STOA_TESTS_DIR, STR_ARG(path))), "wb");
        CHECK(f && fwrite(page.p, 1, page.n, f) == page.n);
        CHECK(fclose(f) == 0);
    }
    str want = test_file(a, arena_cstr(a, path));
    if (!str_eq(page, want))
        test_fail(__FILE__, __LINE__, "%s%s is not as its golden file; STOA_GOLDEN=write writes it anew", prefix,
                  s->name);
    arena_destroy(a);
}

/* Strictly well-formed, and every element closed. */
static void check_wellformed(const struct sample *s, str page)
{
    struct html h;
    size_t at = 0;
    html_start(&h);
    const char *wrong = html_feed(&h, page, &at);
    if (wrong)
        test_fail(__FILE__, __LINE__, "%s: %s: %.40s", s->name, wrong, page.p + at);
    CHECK(h.state == HTML_TEXT && h.depth == 0);
}

static void check_hostile(struct arena *a, const struct sample *s)
{
    str page = page_of(a, s, FILLING_HOSTILE);
    CHECK(!holds(page, "\x01"));
    if (s->is_mail) {
        CHECK(!holds(page, "\nBcc:") && !holds(page, "\r"));
        return;
    }
    CHECK(!holds(page, "<script>") && !holds(page, "javascript:"));
    check_wellformed(s, page);
    CHECK_STR(skeleton(a, page), skeleton(a, page_of(a, s, FILLING_LIFE)));
}

TEST(pages_are_golden)
{
    for (size_t i = 0; i < samples_n; i++)
        check_golden(&samples[i], "");
}

TEST(pages_are_golden_in_other_languages)
{
    for (size_t i = 0; i < samples_n; i++)
        for (size_t k = 0; k < sizeof translated / sizeof translated[0]; k++) {
            if (strcmp(samples[i].name, translated[k].name) != 0)
                continue;
            sample_language = translated[k].language;
            check_golden(&samples[i], translated[k].prefix);
        }
    sample_language = LANGUAGE_EN;
}

/* Every language holds to the same HTML: its texts are escaped, and its holes are filled. */
TEST(pages_are_whole_in_every_language)
{
    for (int l = 0; l < LANGUAGES; l++) {
        sample_language = (enum language)l;
        for (size_t i = 0; i < samples_n; i++)
            check_hostile(arena, &samples[i]);
    }
    sample_language = LANGUAGE_EN;
}

TEST(pages_hold_hostile_values)
{
    for (size_t i = 0; i < samples_n; i++)
        check_hostile(arena, &samples[i]);
}

TEST(pages_are_whole_with_and_without_values)
{
    for (size_t i = 0; i < samples_n; i++) {
        if (samples[i].is_mail)
            continue;
        check_wellformed(&samples[i], page_of(arena, &samples[i], FILLING_LIFE));
        check_wellformed(&samples[i], page_of(arena, &samples[i], FILLING_BARE));
    }
}
