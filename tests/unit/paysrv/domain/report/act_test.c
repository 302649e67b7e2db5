/* The act of a month on paper: nothing leaves the page, sums are never cut, and what cannot be shown is seen to be so.
 */
#include "paysrv/domain/report/act.h"

#include "paysrv/domain/report/statement_sheet.h"
#include "paysrv/flow/report/paper_words.h"
#include "shared/base/buf.h"
#include "shared/text/encode.h"
#include "shared/text/locale_text.h"
#include "tests/support/test.h"

/* A font in which marks take nothing, nothing else is narrower than 600, and Georgian is missing. */
static int32_t advance(void *font, uint32_t c)
{
    (void)font;
    if (c >= 0x10A0 && c <= 0x10FF)
        return -1;
    return c >= 0x300 && c <= 0x36F ? 0 : c == 'W' ? 1000 : 600;
}

/* One without the narrow space of French numbers. */
static int32_t advance_of_few(void *font, uint32_t c)
{
    return c == 0x202F ? -1 : advance(font, c);
}

static struct sheet sheet_of(struct arena *arena)
{
    struct sheet s;
    sheet_begin(&s, arena, advance, NULL);
    return s;
}

TEST(sheet_shows_latin_cyrillic_greek_and_substitutes_the_rest_visibly)
{
    struct sheet s = sheet_of(arena);
    static const char *const good[] = { "Žluťoučký kůň", "ООО «Чернила» № 7", "Ελληνικά Ἀθῆναι",
                                        "Ձայն",          "A\u00a0B € ™",      "é" };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK_STR(sheet_shown(&s, str_of(good[i])), str_of(good[i]));
    CHECK(!s.has_substitutes);
    CHECK_STR(sheet_shown(&s, STR("a\nb\tc")), STR("a b c"));
    CHECK_STR(sheet_shown(&s, STR("E\u0308 и\u0306 Е\u0308 E\u0302\u0301 Α\u0313\u0301")), STR("\u00cb й Ё Ế Ἄ"));
    CHECK(!s.has_substitutes);
    static const char *const bad[] = { "א",      "ع",    "漢",     "\U0001F600", "\u202e", "\u200b",
                                       "\u00ad", "\x01", "\u10d0", "\xff",       "\u0301", "\u0483" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        s.has_substitutes = false;
        CHECK_STR(sheet_shown(&s, str_of(bad[i])), STR("\uFFFD"));
        CHECK(s.has_substitutes);
    }
    CHECK_STR(sheet_shown(&s, STR_NONE), STR(""));
}

TEST(sheet_lines_break_at_spaces_and_the_last_one_says_that_there_is_more)
{
    struct sheet s = sheet_of(arena);
    str lines[3];
    /* 10 characters of 600 at the size 1000. */
    CHECK_I64(sheet_wrap(&s, STR("one two three"), 1000, 6000, lines, 3), 2);
    CHECK_STR(lines[0], STR("one two"));
    CHECK_STR(lines[1], STR("three"));
    CHECK_I64(sheet_wrap(&s, STR("abcdefghijklmnop"), 1000, 6000, lines, 3), 2);
    CHECK_STR(lines[0], STR("abcdefghij"));
    CHECK_STR(lines[1], STR("klmnop"));
    CHECK_I64(sheet_wrap(&s, STR("one two three four five"), 1000, 6000, lines, 2), 2);
    CHECK_STR(lines[1], STR("three fou\u2026"));
    CHECK_I64(sheet_wrap(&s, STR("   "), 1000, 6000, lines, 3), 0);
    CHECK_I64(sheet_wrap(&s, STR("WW"), 1000, 100, lines, 3), 2);
    CHECK_STR(sheet_fit(&s, STR("ЖЖЖЖЖЖЖЖЖЖЖ"), 1000, 6000), STR("ЖЖЖЖЖЖЖЖЖ\u2026"));
    CHECK_STR(sheet_fit(&s, STR("ЖЖЖЖЖЖЖЖЖЖ"), 1000, 6000), STR("ЖЖЖЖЖЖЖЖЖЖ"));
}

TEST(sheet_sums_become_smaller_and_are_never_cut)
{
    struct sheet s = sheet_of(arena);
    sheet_put_sum(&s, 100000, 6000, 1000, STR("12345678901234567890"));
    CHECK_STR(s.marks[0].text, STR("12345678901234567890"));
    CHECK_I64(s.marks[0].size, 500);
    CHECK_I64(s.marks[0].x, 94000);
    sheet_put_sum(&s, 100000, 6000, 1000, STR("1"));
    CHECK_I64(s.marks[1].x, 99400);
}

static instant moment(const char *iso)
{
    instant at;
    CHECK(instant_parse(str_of(iso), &at));
    return at;
}

static struct act act_with(struct arena *arena, str name, size_t n_rows, int64_t minor)
{
    struct act act = {
        .language = paper_language_of(arena, LANGUAGE_EN),
        .number = 12,
        .at = moment("2026-12-01T00:15:00Z"),
        .month = STR("2026-11"),
        .currency = STR("EUR"),
        .zone = STR("Europe/Berlin"),
        .from = moment("2026-10-31T23:00:00Z"),
        .to = moment("2026-11-30T23:00:00Z"),
        .agreement_number = name,
        .agreement_date = STR("2026-01-01"),
        .partner_id = name,
        .platform = { name, name },
        .partner = { name, name },
    };
    struct report *r = &act.figures;
    r->sales_minor = r->refunds_minor = r->partner_share_minor = r->paid_out_minor = minor;
    r->partner = r->sellers = r->in_transit = (struct report_party){ minor, minor };
    for (r->n = 0; r->n < n_rows; r->n++)
        r->rows[r->n] = (struct report_row){ name, minor, minor, minor, minor, minor, minor };
    return act;
}

static const struct sheet_mark *mark_of(const struct sheet *s, int page, str text)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->marks[i].page == page && str_given(s->marks[i].text) && str_starts(s->marks[i].text, text))
            return &s->marks[i];
    return NULL;
}

static bool is_inside(const struct sheet *s, const struct sheet_mark *m)
{
    int32_t to_x = str_given(m->text) ? m->x + sheet_width(s, m->text, m->size) : m->to_x;
    return m->page >= 1 && m->page <= s->pages && m->x >= SHEET_LEFT && to_x <= SHEET_RIGHT + 10 && m->y >= 38000 &&
           m->y <= 810000 && (!str_given(m->text) || utf8_valid(m->text));
}

/* Names of any kind, in every place where a name can stand. */
TEST(act_nothing_leaves_the_page_whatever_the_names_and_sums)
{
    struct buf wide, words;
    buf_init(&wide, arena, 100000);
    buf_init(&words, arena, 100000);
    for (int i = 0; i < 9000; i++) {
        buf_add(&wide, STR("W"));
        buf_add(&words, i % 7 ? STR("Щ") : STR(" "));
    }
    const str names[] = { STR("Inkwell Ltd"),
                          STR(""),
                          STR_NONE,
                          STR(" "),
                          STR("\n\n\n"),
                          STR("\xff\xfe"),
                          STR("%s%n"),
                          STR("(\\)"),
                          STR("e\u0301\u0301\u0301\u0301"),
                          STR("\U0001F600\u202eabc"),
                          buf_str(&wide),
                          buf_str(&words) };
    const int64_t sums[] = { 0, 1, -123456, INT64_MAX, INT64_MIN };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (size_t k = 0; k < sizeof sums / sizeof sums[0]; k++) {
            struct sheet s = sheet_of(arena);
            struct act act = act_with(arena, names[i], (i * 13) % (REPORT_ROWS_MAX + 1), sums[k]);
            act.language = paper_language_of(arena, (enum language)((i * 5 + k) % LANGUAGES));
            act_lay_out(&s, &act);
            for (size_t m = 0; m < s.n; m++)
                CHECK(is_inside(&s, &s.marks[m]));
            CHECK(s.pages <= 6);
        }
}

TEST(act_counts_its_pages_and_repeats_the_head_of_its_table)
{
    struct sheet s = sheet_of(arena);
    struct act act = act_with(arena, STR("charge"), REPORT_ROWS_MAX, 12345);
    act_lay_out(&s, &act);
    CHECK(s.pages >= 2);
    for (int page = 1; page <= s.pages; page++) {
        CHECK(mark_of(&s, page, arena_printf(arena, "page %d of %d", page, s.pages)) != NULL);
        CHECK(mark_of(&s, page, STR("Act no. 12, 2026-11-01 to 2026-11-30, EUR")) != NULL);
        CHECK(mark_of(&s, page, STR("PROVISIONAL")) == NULL);
        CHECK(mark_of(&s, page, STR("\uFFFD")) == NULL);
    }
    CHECK(mark_of(&s, 2, STR("kind of entry")) != NULL);
    CHECK(mark_of(&s, s.pages, STR("For the partner")) != NULL);
    CHECK(mark_of(&s, 1, STR("2026-11-01 to 2026-11-30, in the time zone Europe/Berlin")) != NULL);
    CHECK(mark_of(&s, 1, STR("under the cooperation agreement no. charge of 2026-01-01")) != NULL);
    CHECK(mark_of(&s, 1, STR("from 2026-10-31 23:00 UTC until 2026-11-30 23:00 UTC")) != NULL);
    CHECK(mark_of(&s, 1, STR("2026-12-01 00:15 UTC")) != NULL);
}

TEST(act_in_another_language_has_its_words_days_and_amounts_and_is_not_signed)
{
    struct sheet s = sheet_of(arena);
    struct act act = act_with(arena, paper_entry_word(LANGUAGE_DE, STR("payout_hold")), 1, 1234567);
    act.language = paper_language_of(arena, LANGUAGE_DE);
    act_lay_out(&s, &act);
    CHECK(mark_of(&s, 1, STR("Abrechnung Nr. 12, 01.11.2026 bis 30.11.2026, EUR")) != NULL);
    CHECK(mark_of(&s, 1, STR("von 31.10.2026, 23:00 UTC bis 30.11.2026, 23:00 UTC")) != NULL);
    CHECK(mark_of(&s, 1, STR("Auszahlung bestätigt")) != NULL);
    CHECK(mark_of(&s, 1, STR("12.345,67\u00a0EUR")) != NULL);
    CHECK(mark_of(&s, 1, STR("Übersetzung. Unterschrieben wird")) != NULL);
    CHECK(mark_of(&s, s.pages, STR("For the partner")) == NULL);
}

static void all_is_shown(const struct sheet *s, str sum)
{
    bool is_there = false;
    CHECK(!s->has_substitutes);
    for (size_t m = 0; m < s->n; m++) {
        str rest = s->marks[m].text;
        is_there = is_there || str_eq(rest, sum);
        while (rest.n)
            CHECK(utf8_next(&rest) != 0xFFFD);
    }
    CHECK(is_there);
}

TEST(papers_of_large_sums_show_every_character_in_every_language_that_is_drawn)
{
    for (int l = 0; l < LANGUAGES; l++)
        for (int few = 0; few < 2; few++) {
            struct sheet s;
            const struct statement_paper paper = { .language =
                                                       paper_language_of(arena, paper_language_find(language_tags[l])),
                                                   .account = STR("seller"),
                                                   .currency = STR("EUR"),
                                                   .opening_minor = 123456789 };
            const struct statement_paper_line line = { STR("2026-11-02"), STR("x"), STR("po_1"), STR_NONE, 1, 1 };
            struct act act = act_with(arena, STR("x"), 1, 123456789);
            act.language = paper.language;
            str sum = locale_decimal(arena, act.language->tag, 123456789, STR("EUR"));
            if (few && str_eq(act.language->tag, STR("fr")))
                sum = STR("1\u00a0234\u00a0567,89");
            sheet_begin(&s, arena, few ? advance_of_few : advance, NULL);
            act_lay_out(&s, &act);
            all_is_shown(&s, sum);
            sheet_begin(&s, arena, few ? advance_of_few : advance, NULL);
            statement_paper_begin(&s, &paper);
            statement_paper_line(&s, &paper, &line);
            statement_paper_end(&s, &paper);
            all_is_shown(&s, sum);
        }
}

/* What a month is beside was reported in another zone than the one that is agreed now. */
TEST(act_says_its_moments_when_they_are_not_those_that_its_days_have_in_its_zone)
{
    static const struct {
        const char *from, *to;
        bool says;
    } rows[] = { { "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", false },
                 { "2026-10-31T21:00:00Z", "2026-12-01T00:00:00Z", true },
                 { "2026-11-01T00:00:00Z", "2026-11-30T21:00:00Z", true },
                 { "2026-11-02T00:00:00Z", "2026-12-01T00:00:00Z", true },
                 { "2026-11-01T00:00:00Z", "2026-12-02T00:00:00Z", true } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sheet s = sheet_of(arena);
        struct act act = act_with(arena, STR("x"), 1, 1);
        act.zone = STR("UTC");
        act.from = moment(rows[i].from);
        act.to = moment(rows[i].to);
        act_lay_out(&s, &act);
        CHECK(mark_of(&s, 1, STR("2026-11-01 to 2026-11-30, in the time zone UTC")) != NULL);
        str from = arena_printf(arena, "from %.10s", rows[i].from);
        CHECK((mark_of(&s, 1, from) != NULL) == rows[i].says);
    }
}

TEST(papers_are_in_the_languages_that_can_be_drawn)
{
    static const struct {
        const char *locale;
        enum language language;
    } rows[] = { { "de-AT", LANGUAGE_DE }, { "ru", LANGUAGE_RU },    { "uk", LANGUAGE_UK }, { "pt", LANGUAGE_PT_BR },
                 { "ja", LANGUAGE_EN },    { "ar", LANGUAGE_EN },    { "he", LANGUAGE_EN }, { "zh-Hans", LANGUAGE_EN },
                 { "sv", LANGUAGE_EN },    { "no tag", LANGUAGE_EN } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CHECK_I64(paper_language_find(str_of(rows[i].locale)), rows[i].language);
    CHECK_I64(paper_language_find(STR_NONE), LANGUAGE_EN);
    (void)arena;
}

TEST(act_of_a_month_that_is_not_over_says_so_on_each_page_and_is_not_signed)
{
    struct sheet s = sheet_of(arena);
    struct act act = act_with(arena, STR("charge \u05d0"), REPORT_ROWS_MAX, 12345);
    act.number = 0;
    act_lay_out(&s, &act);
    for (int page = 1; page <= s.pages; page++) {
        CHECK(mark_of(&s, page, STR("PROVISIONAL")) != NULL);
        CHECK(mark_of(&s, page, STR("\uFFFD stands for a character")) != NULL);
        CHECK(mark_of(&s, page, STR("For the partner")) == NULL);
        CHECK(mark_of(&s, page, STR("Act no.")) == NULL);
    }
}

TEST(act_sums_have_the_digits_of_their_currency_and_say_who_owes)
{
    struct sheet s = sheet_of(arena);
    struct act act = act_with(arena, STR("charge"), 1, 1234567);
    act.figures.partner.closing_minor = -500;
    act_lay_out(&s, &act);
    CHECK(mark_of(&s, 1, STR("12\u00a0345.67 EUR")) != NULL);
    CHECK(mark_of(&s, 1, STR("At the end of the period the partner owes the platform 5.00 EUR")) != NULL);
    s = sheet_of(arena);
    act.currency = STR("JPY");
    act_lay_out(&s, &act);
    CHECK(mark_of(&s, 1, STR("1\u00a0234\u00a0567 JPY")) != NULL);
    CHECK(mark_of(&s, 1, STR("____")) == NULL);
    act.platform.name = STR_NONE;
    act_lay_out(&s, &act);
    CHECK(mark_of(&s, 1, STR("____")) != NULL);
    CHECK(mark_of(&s, 1, STR("-500 JPY")) != NULL);
}

/* ---- statements ---- */

static struct sheet statement_with(struct arena *arena, str name, size_t n, int64_t minor, bool is_closed)
{
    struct sheet s = sheet_of(arena);
    const struct statement_paper paper = { .language = paper_language_of(arena, LANGUAGE_EN),
                                           .owner = name,
                                           .account = STR("seller"),
                                           .account_id = name,
                                           .currency = STR("EUR"),
                                           .from_day = STR("2026-11-01"),
                                           .to_day = STR("2026-11-30"),
                                           .from = moment("2026-10-31T23:00:00Z"),
                                           .to = moment("2026-11-30T23:00:00Z"),
                                           .is_closed = is_closed,
                                           .as_of = moment("2026-11-27T12:00:00Z"),
                                           .opening_minor = minor,
                                           .came_minor = minor,
                                           .went_minor = minor,
                                           .closing_minor = minor };
    const struct statement_paper_line line = { STR("2026-11-02"), name, name, name, minor, minor };
    statement_paper_begin(&s, &paper);
    for (size_t i = 0; i < n; i++)
        statement_paper_line(&s, &paper, &line);
    statement_paper_end(&s, &paper);
    return s;
}

TEST(statement_on_paper_stays_on_its_pages_and_shows_every_entry)
{
    struct buf wide;
    buf_init(&wide, arena, 100000);
    for (int i = 0; i < 9000; i++)
        buf_add(&wide, i % 5 ? STR("W") : STR(" "));
    const str names[] = {
        STR("Ada Lovelace"), STR(""), STR_NONE, STR("\xff\xfe\n"), STR("\u202e\u05d0"), buf_str(&wide)
    };
    const int64_t sums[] = { 0, -123456, INT64_MAX, INT64_MIN };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (size_t k = 0; k < sizeof sums / sizeof sums[0]; k++) {
            struct sheet s = statement_with(arena, names[i], i * 37, sums[k], true);
            size_t days = 0;
            for (size_t m = 0; m < s.n; m++) {
                CHECK(is_inside(&s, &s.marks[m]));
                days += str_given(s.marks[m].text) && str_eq(s.marks[m].text, STR("2026-11-02"));
            }
            CHECK_I64(days, i * 37);
        }
}

/* A fee and what comes back of it begin with the same words in most languages. */
TEST(kinds_of_entries_are_read_whole_in_every_language)
{
    static const char *const kinds[] = {
        "charge",          "capture",         "refund",           "refund_returned", "dispute_hold",
        "cover",           "dispute_return",  "write_off",        "recovery",        "payout_hold",
        "payout_canceled", "payout_paid",     "payout_returned",  "fee_payout",      "fee_payout_back",
        "settlement",      "settlement_late", "settlement_break", "bank_booking",    "late_settled"
    };
    for (int l = 0; l < LANGUAGES; l++)
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
            struct sheet s = sheet_of(arena);
            const struct statement_paper paper = { .language = paper_language_of(arena, (enum language)l),
                                                   .currency = STR("EUR") };
            str kind = paper_entry_word((enum language)l, str_of(kinds[i]));
            CHECK(!str_eq(kind, str_of(kinds[i])));
            const struct statement_paper_line line = { STR("2026-11-02"), kind, STR("po_1"), STR_NONE, 1, 1 };
            struct act act = act_with(arena, STR("x"), 1, 1);
            statement_paper_line(&s, &paper, &line);
            act.figures.rows[0].entry = kind;
            act_lay_out(&s, &act);
            for (size_t m = 0; m < s.n; m++)
                CHECK(!str_given(s.marks[m].text) || !str_ends(s.marks[m].text, STR("\u2026")));
        }
}

TEST(statement_of_a_period_that_is_not_over_says_so_on_each_page)
{
    struct sheet open = statement_with(arena, STR("Ada"), 200, 1, false),
                 closed = statement_with(arena, STR("Ada"), 200, 1, true);
    CHECK(open.pages >= 3);
    for (int page = 1; page <= open.pages; page++) {
        CHECK(mark_of(&open, page, STR("PROVISIONAL")) != NULL);
        CHECK(mark_of(&closed, page, STR("PROVISIONAL")) == NULL);
        CHECK(mark_of(&closed, page, arena_printf(arena, "page %d of %d", page, closed.pages)) != NULL);
        CHECK(mark_of(&closed, page, STR("reference and text")) != NULL);
        CHECK(mark_of(&closed, page, STR("\uFFFD")) == NULL);
    }
    CHECK(mark_of(&closed, 1, STR("opening balance")) != NULL);
    CHECK(mark_of(&closed, closed.pages, STR("closing balance")) != NULL);
}
