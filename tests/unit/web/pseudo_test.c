/*
 * No page has words of its own: with every text replaced by one of another alphabet, and a third longer, nothing of
 * English is left. The texts are the real ones, so that their holes are filled as in life.
 */
#define text_in real_text_in
#define text_html real_text_html
#define text_counted real_text_counted
#include "web/text.c"
#undef text_in
#undef text_html
#undef text_counted

#include "shared/base/buf.h"
#include "tests/support/test.h"
#include "tests/unit/web/sample.h"

#define PAGE_MAX_BYTES (1u << 20)

enum language sample_language;
static struct arena *texts;

str text_in(enum language l, enum text_key key);
str text_html(enum language l, enum text_key key);
str text_counted(enum language l, enum text_key key, uint64_t n);

/* Every letter becomes a Greek one; what marks holes and what escapes stays. */
static str pseudo(str text, bool is_html)
{
    struct buf out;
    buf_init(&out, texts, 4 * text.n + 64);
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        size_t entity = i;
        while (is_html && c == '&' && text.p[entity] != ';')
            entity++;
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        buf_add(&out, is_letter ? STR("\xce\xb1") : (str){ text.p + i, entity - i + 1 });
        i = entity;
    }
    for (size_t i = 0; i < text.n / 3; i++)
        buf_add(&out, STR("\xcf\x89"));
    return buf_str(&out);
}

str text_in(enum language l, enum text_key key)
{
    return pseudo(real_text_in(l, key), false);
}

str text_html(enum language l, enum text_key key)
{
    return pseudo(real_text_html(l, key), true);
}

str text_counted(enum language l, enum text_key key, uint64_t n)
{
    return pseudo(real_text_counted(l, key, n), false);
}

/* ---- values without letters ---- */

str sample_text(enum filling filling, const char *life)
{
    (void)life;
    return filling == FILLING_BARE ? STR_NONE : STR("4711");
}

str sample_url(enum filling filling, const char *life)
{
    (void)life;
    return filling == FILLING_BARE ? STR_NONE : STR("/4711");
}

bool sample_bool(enum filling filling, bool life)
{
    return filling != FILLING_BARE && life;
}

size_t sample_n(enum filling filling, size_t life)
{
    return filling == FILLING_BARE ? 0 : life;
}

/* ---- what is left ---- */

static bool is_word(str text, size_t at)
{
    int letters = 0;
    for (; at < text.n && letters < 2; at++) {
        char c = text.p[at];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
            break;
        letters++;
    }
    return letters == 2;
}

/* Outside of tags and entities. */
static void check_wordless(const struct sample *s, str page)
{
    bool in_tag = false;
    for (size_t i = s->is_mail ? strlen("Subject: ") : 0; i < page.n; i++) {
        char c = page.p[i];
        if (!s->is_mail && (c == '<' || c == '>'))
            in_tag = c == '<';
        while (!s->is_mail && !in_tag && c == '&' && i + 1 < page.n && page.p[i] != ';')
            i++;
        if (!in_tag && is_word(page, i)) {
            test_fail(__FILE__, __LINE__, "%s has words of its own: %.40s", s->name, page.p + i);
            return;
        }
    }
}

static void check_filling(struct arena *a, enum filling filling)
{
    texts = a;
    for (size_t i = 0; i < samples_n; i++) {
        struct buf out;
        buf_init(&out, a, PAGE_MAX_BYTES);
        samples[i].write(&out, filling);
        check_wordless(&samples[i], buf_str(&out));
    }
}

TEST(pages_with_values_have_no_words_of_their_own)
{
    check_filling(arena, FILLING_LIFE);
}

TEST(pages_without_values_have_no_words_of_their_own)
{
    check_filling(arena, FILLING_BARE);
}
