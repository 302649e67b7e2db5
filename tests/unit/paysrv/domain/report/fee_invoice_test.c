/* Invoices for fees: net and tax are the sum, whatever it is, and nothing leaves the page. */
#include "paysrv/domain/report/fee_invoice.h"

#include "paysrv/flow/report/paper_words.h"
#include "tests/support/test.h"

static int32_t advance(void *font, uint32_t c)
{
    (void)font;
    return c == 'W' ? 1000 : 600;
}

static int64_t tax_of(int64_t gross_minor, int32_t rate_bp)
{
    const struct fee_line line = { STR("sale"), 1, gross_minor };
    struct fee_sums s;
    CHECK(fee_sums_of(&line, 1, rate_bp, &s));
    CHECK_I64(s.gross_minor, gross_minor);
    CHECK_I64(s.net_minor + s.tax_minor, gross_minor);
    return s.tax_minor;
}

TEST(fee_tax_is_inside_the_sum_rounded_half_away_from_nothing)
{
    CHECK_I64(tax_of(12000, 2000), 2000);
    CHECK_I64(tax_of(11900, 1900), 1900);
    CHECK_I64(tax_of(100, 2000), 17); /* 16.67 */
    CHECK_I64(tax_of(3, 2000), 1);    /* 0.5 */
    CHECK_I64(tax_of(2, 2000), 0);    /* 0.33 */
    CHECK_I64(tax_of(1, 10000), 1);   /* 0.5 */
    CHECK_I64(tax_of(777, 0), 0);
    CHECK_I64(tax_of(0, 2000), 0);
    CHECK_I64(tax_of(INT64_MAX, 10000), INT64_MAX / 2 + 1);
    CHECK_I64(tax_of(INT64_MIN, 10000), INT64_MIN / 2);
}

/* Against the division of a number that is wide enough. */
TEST(fee_tax_is_that_of_the_exact_quotient_for_any_sum_and_rate)
{
    int64_t gross = 1;
    for (int i = 0; i < 20000; i++) {
        gross = (gross * 48271 + i) % 2147483647;
        int32_t rate = (int32_t)(gross % (FEE_RATE_MAX_BP + 1));
        int64_t with_tax = 10000 + rate, tax = tax_of(gross, rate);
        CHECK_I64(tax, (2 * gross * rate + with_tax) / (2 * with_tax));
        CHECK_I64(tax_of(-gross, rate), -tax);
    }
}

TEST(fee_sums_have_all_lines_and_say_when_they_do_not_fit)
{
    const struct fee_line lines[] = { { STR("sale"), 3, 3000 }, { STR("refund"), 1, -3600 } };
    const struct fee_line many[] = { { STR("sale"), 1, INT64_MAX }, { STR("payout"), 1, 1 } };
    struct fee_sums s;
    CHECK(fee_sums_of(lines, 2, 2000, &s));
    CHECK_I64(s.gross_minor, -600);
    CHECK_I64(s.tax_minor, -100);
    CHECK_I64(s.net_minor, -500);
    CHECK(fee_sums_of(lines, 0, 2000, &s));
    CHECK_I64(s.gross_minor, 0);
    CHECK(!fee_sums_of(many, 2, 0, &s));
}

static struct fee_invoice invoice_with(struct arena *arena, str name, int64_t minor)
{
    struct fee_invoice i = { .language = paper_language_of(arena, LANGUAGE_EN),
                             .number = STR("FEE-17"),
                             .date = STR("2026-12-01"),
                             .month = STR("2026-11"),
                             .zone = STR("Europe/Berlin"),
                             .currency = STR("EUR"),
                             .issuer = { name, name, name },
                             .recipient = { name, name, name },
                             .sums = { minor, minor, minor },
                             .rate_bp = 1950 };
    for (; i.n < FEE_LINES_MAX; i.n++)
        i.lines[i.n] = (struct fee_line){ STR("sale"), minor, minor };
    return i;
}

static bool has(const struct sheet *s, const char *text)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_given(s->marks[i].text) && str_starts(s->marks[i].text, str_of(text)))
            return true;
    return false;
}

static struct sheet laid_out(struct arena *arena, const struct fee_invoice *i)
{
    struct sheet s;
    sheet_begin(&s, arena, advance, NULL);
    fee_invoice_lay_out(&s, i);
    return s;
}

TEST(fee_invoice_nothing_leaves_the_page_whatever_the_names_and_sums)
{
    static const char *const names[] = { "", "W",
                                         "WWWWWWWWWW WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW" };
    static const int64_t sums[] = { 0, -1, INT64_MAX, INT64_MIN };
    for (size_t n = 0; n < 3; n++)
        for (size_t k = 0; k < 4; k++) {
            struct fee_invoice i = invoice_with(arena, str_of(names[n]), sums[k]);
            struct sheet s = laid_out(arena, &i);
            for (size_t m = 0; m < s.n; m++) {
                const struct sheet_mark *mark = &s.marks[m];
                int32_t right = str_given(mark->text) ? mark->x + sheet_width(&s, mark->text, mark->size) : mark->to_x;
                CHECK(mark->x >= SHEET_LEFT - 1 && right <= SHEET_RIGHT + 1 && mark->y > 0 && mark->page <= s.pages);
            }
        }
}

TEST(fee_invoice_says_its_tax_or_why_there_is_none)
{
    struct fee_invoice i = invoice_with(arena, STR("Ink"), 1000);
    struct sheet s = laid_out(arena, &i);
    CHECK(has(&s, "Invoice FEE-17, fees of 2026-11, EUR") && has(&s, "Tax, 19.50 %") && has(&s, "Net"));
    CHECK(!has(&s, "No tax") && !has(&s, "TEST"));
    i.untaxed = STR("not_stated");
    i.is_test = true;
    i.sums.gross_minor = -1;
    s = laid_out(arena, &i);
    CHECK(has(&s, "Credit note FEE-17") && has(&s, "No tax is stated.") && has(&s, "TEST: nothing was sold"));
    CHECK(!has(&s, "Tax, ") && !has(&s, "Net"));
    CHECK(fee_untaxed_is_known(STR("exempt")) && !fee_untaxed_is_known(STR("not_stated")));
}
