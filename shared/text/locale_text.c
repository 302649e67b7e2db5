/* See locale_text.h. */
#include "shared/text/locale_text.h"

#include "shared/base/buf.h"
#include "shared/text/money_text.h"

#define NBSP "\xc2\xa0"
#define NARROW_NBSP "\xe2\x80\xaf"
#define ISO_DAY_BYTES 10
#define CLOCK_BYTES 5

struct locale {
    const char *tag;
    const char *thousands, *point;
    bool code_first;
    const char *day; /* y, m and d stand for themselves */
};

/* English is read by whoever reads none of the others: its form is the one of ISO 80000-1 and ISO 8601, in which no
 * comma is a point to somebody and no month a day. */
static const struct locale locales[] = {
    { "en", NBSP, ".", false, "y-m-d" },        { "ar", ",", ".", false, "d/m/y" },
    { "de", ".", ",", false, "d.m.y" },         { "es", ".", ",", false, "d/m/y" },
    { "fr", NARROW_NBSP, ",", false, "d/m/y" }, { "he", ",", ".", false, "d.m.y" },
    { "it", ".", ",", false, "d/m/y" },         { "ja", ",", ".", true, "y/m/d" },
    { "pl", NBSP, ",", false, "d.m.y" },        { "pt-BR", ".", ",", true, "d/m/y" },
    { "ru", NBSP, ",", false, "d.m.y" },        { "tr", ".", ",", true, "d.m.y" },
    { "uk", NBSP, ",", false, "d.m.y" },        { "zh-Hans", ",", ".", true, "y/m/d" },
};

static const struct locale *locale_find(str tag)
{
    for (size_t i = 0; i < sizeof locales / sizeof locales[0]; i++)
        if (str_eq(tag, str_of(locales[i].tag)))
            return &locales[i];
    return NULL;
}

bool locale_is_known(str tag)
{
    return locale_find(tag) != NULL;
}

static const struct locale *locale_of(str tag)
{
    const struct locale *found = locale_find(tag);
    return found ? found : &locales[0];
}

/* whole: digits. */
static void grouped_add(struct buf *out, const struct locale *l, str whole)
{
    for (size_t i = 0; i < whole.n; i++) {
        if (i > 0 && (whole.n - i) % 3 == 0)
            buf_add(out, str_of(l->thousands));
        buf_add_char(out, whole.p[i]);
    }
}

static void number_add(struct arena *a, struct buf *out, const struct locale *l, int64_t amount_minor, str currency)
{
    str fraction = money_decimal(a, amount_minor, currency), whole = fraction;
    bool has_fraction = str_cut(&fraction, '.', &whole);
    if (whole.p[0] == '-')
        whole = (str){ whole.p + 1, whole.n - 1 };
    grouped_add(out, l, whole);
    if (has_fraction) {
        buf_add(out, str_of(l->point));
        buf_add(out, fraction);
    }
}

str locale_decimal(struct arena *a, str tag, int64_t amount_minor, str currency)
{
    struct buf out;
    buf_init(&out, a, 128);
    if (amount_minor < 0)
        buf_add_char(&out, '-');
    number_add(a, &out, locale_of(tag), amount_minor, currency);
    return buf_str(&out);
}

str locale_money(struct arena *a, str tag, int64_t amount_minor, str currency)
{
    const struct locale *l = locale_of(tag);
    struct buf out;
    buf_init(&out, a, 128);
    if (amount_minor < 0)
        buf_add_char(&out, '-');
    if (l->code_first) {
        buf_add(&out, currency);
        buf_add(&out, STR(NBSP));
    }
    number_add(a, &out, l, amount_minor, currency);
    if (!l->code_first) {
        buf_add(&out, l == &locales[0] ? STR(" ") : STR(NBSP));
        buf_add(&out, currency);
    }
    return buf_str(&out);
}

static bool is_iso_day(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool is_dash = i == 4 || i == 7;
        if (is_dash ? s.p[i] != '-' : s.p[i] < '0' || s.p[i] > '9')
            return false;
    }
    return s.n == ISO_DAY_BYTES;
}

str locale_day(struct arena *a, str tag, str day)
{
    struct buf out;
    if (!is_iso_day(day))
        return day;
    buf_init(&out, a, 64);
    for (const char *form = locale_of(tag)->day; *form; form++) {
        if (*form == 'y')
            buf_add(&out, (str){ day.p, 4 });
        else if (*form == 'm')
            buf_add(&out, (str){ day.p + 5, 2 });
        else if (*form == 'd')
            buf_add(&out, (str){ day.p + 8, 2 });
        else
            buf_add_char(&out, *form);
    }
    return buf_str(&out);
}

str locale_moment_there(struct arena *a, str tag, instant local, str zone)
{
    str time = instant_text(a, local), day = STR_NONE;
    bool is_english = locale_of(tag) == &locales[0];
    (void)str_cut(&time, ' ', &day);
    return arena_printf(a, "%.*s%s %.*s %.*s", STR_ARG(locale_day(a, tag, day)), is_english ? "" : ",", CLOCK_BYTES,
                        time.p, STR_ARG(zone));
}

str locale_moment(struct arena *a, str tag, instant at)
{
    return locale_moment_there(a, tag, at, STR("UTC"));
}
