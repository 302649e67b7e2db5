/* See tax_id.h. */
#include "paysrv/domain/party/tax_id.h"

#include "paysrv/domain/party/ru_account.h"
#include "paysrv/domain/payment/luhn.h"
#include "shared/base/buf.h"

#define LOW 4
#define HIGH 20
#define SHOWN 4 /* of its end */

static int digit(str s, size_t i)
{
    return s.p[i] - '0';
}

/* ---- check digits ---- */

/* ISO 7064, mod 11,10. */
static bool de_fits(str n)
{
    int product = 10;
    for (size_t i = 0; i < 8; i++) {
        int sum = (digit(n, i) + product) % 10;
        product = (sum ? sum : 10) * 2 % 11;
    }
    return (11 - product) % 10 == digit(n, 8);
}

static int64_t number(str s)
{
    int64_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n = n * 10 + digit(s, i);
    return n;
}

static bool be_fits(str n)
{
    return 97 - number((str){ n.p, 8 }) % 97 == number((str){ n.p + 8, 2 });
}

static bool pl_fits(str n)
{
    static const int weights[] = { 6, 5, 7, 2, 3, 4, 5, 6, 7 };
    int sum = 0;
    for (size_t i = 0; i < 9; i++)
        sum += digit(n, i) * weights[i];
    return sum % 11 == digit(n, 9);
}

/* The key of a SIREN; an older key with letters has another rule. */
static bool fr_fits(str n)
{
    if (n.p[0] > '9' || n.p[1] > '9')
        return true;
    return (12 + 3 * (number((str){ n.p + 2, 9 }) % 97)) % 97 == number((str){ n.p, 2 });
}

/* ---- VAT numbers ---- */

/* 9: a digit, A: a letter, X: either; any other stands for itself. */
static const struct {
    const char *country, *prefix, *shapes[4];
    bool (*fits)(str n);
} vat[] = {
    { "AT", "AT", { "U99999999" }, NULL },
    { "BE", "BE", { "9999999999" }, be_fits },
    { "BG", "BG", { "999999999", "9999999999" }, NULL },
    { "CY", "CY", { "99999999A" }, NULL },
    { "CZ", "CZ", { "99999999", "999999999", "9999999999" }, NULL },
    { "DE", "DE", { "999999999" }, de_fits },
    { "DK", "DK", { "99999999" }, NULL },
    { "EE", "EE", { "999999999" }, NULL },
    { "ES", "ES", { "X9999999X" }, NULL },
    { "FI", "FI", { "99999999" }, NULL },
    { "FR", "FR", { "XX999999999" }, fr_fits },
    { "GR", "EL", { "999999999" }, NULL },
    { "HR", "HR", { "99999999999" }, NULL },
    { "HU", "HU", { "99999999" }, NULL },
    { "IE", "IE", { "9X99999A", "9999999AA" }, NULL },
    { "IT", "IT", { "99999999999" }, luhn_fits },
    { "LT", "LT", { "999999999", "999999999999" }, NULL },
    { "LU", "LU", { "99999999" }, NULL },
    { "LV", "LV", { "99999999999" }, NULL },
    { "MT", "MT", { "99999999" }, NULL },
    { "NL", "NL", { "999999999B99" }, NULL },
    { "PL", "PL", { "9999999999" }, pl_fits },
    { "PT", "PT", { "999999999" }, NULL },
    { "RO", "RO", { NULL }, NULL }, /* two to ten digits */
    { "SE", "SE", { "999999999999" }, NULL },
    { "SI", "SI", { "99999999" }, NULL },
    { "SK", "SK", { "9999999999" }, NULL },
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool shape_holds(const char *shape, str n)
{
    if (strlen(shape) != n.n)
        return false;
    for (size_t i = 0; i < n.n; i++) {
        bool fits = shape[i] == '9'   ? is_digit(n.p[i])
                    : shape[i] == 'A' ? is_letter(n.p[i])
                    : shape[i] == 'X' ? is_digit(n.p[i]) || is_letter(n.p[i])
                                      : n.p[i] == shape[i];
        if (!fits)
            return false;
    }
    return true;
}

static bool are_digits(str n, size_t low, size_t high)
{
    for (size_t i = 0; i < n.n; i++)
        if (!is_digit(n.p[i]))
            return false;
    return n.n >= low && n.n <= high;
}

static bool vat_holds(size_t row, str n)
{
    if (!vat[row].shapes[0])
        return are_digits(n, 2, 10);
    for (size_t i = 0; i < sizeof vat[row].shapes / sizeof vat[row].shapes[0] && vat[row].shapes[i]; i++)
        if (shape_holds(vat[row].shapes[i], n))
            return !vat[row].fits || vat[row].fits(n);
    return false;
}

/* true: not a VAT number, or a good one. */
static bool vat_judge(str country, str id)
{
    for (size_t i = 0; i < sizeof vat / sizeof vat[0]; i++) {
        str prefix = str_of(vat[i].prefix);
        if (str_eq(country, str_of(vat[i].country)) && str_starts(id, prefix))
            return vat_holds(i, (str){ id.p + prefix.n, id.n - prefix.n });
    }
    return true;
}

/* ---- */

static bool plain(struct arena *a, str typed, str *ret)
{
    struct buf id;
    bool has_digit = false;
    buf_init(&id, a, HIGH + 1);
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c == ' ' || c == '-' || c == '.' || c == '/')
            continue;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if ((!is_digit(c) && !is_letter(c)) || id.n == HIGH)
            return false;
        has_digit |= is_digit(c);
        buf_add_char(&id, c);
    }
    *ret = buf_str(&id);
    return ret->n >= LOW && has_digit;
}

static bool fail(str *explain, str allowed)
{
    *explain = allowed;
    return false;
}

bool tax_id_judge(struct arena *a, str country, bool is_company, str typed, str *ret, str *explain)
{
    str id;
    if (!plain(a, typed, &id))
        return fail(explain, STR("4 to 20 letters and digits"));
    if (str_eq(country, STR("RU")) && (id.n != (is_company ? 10 : 12) || !ru_inn_is_valid(id)))
        return fail(explain,
                    STR("an INN with its check digits: 10 digits of a company, 12 of a person or a sole proprietor"));
    if (!vat_judge(country, id))
        return fail(explain, STR("a VAT number of this country, or its national number without the letters"));
    *ret = id;
    return true;
}

str tax_id_masked(struct arena *a, str tax_id)
{
    size_t shown = tax_id.n >= 2 * SHOWN ? SHOWN : tax_id.n / 2;
    return arena_printf(a, "•••••%.*s", (int)shown, tax_id.p + tax_id.n - shown);
}
