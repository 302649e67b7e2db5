/* See receipt.h. */
#include "paysrv/domain/payment/receipt.h"

#include <stdlib.h>

#include "paysrv/domain/party/ru_account.h"
#include "shared/base/buf.h"
#include "shared/base/num.h"
#include "shared/text/encode.h"
#include "shared/text/json_out.h"

#define GOOD ((struct receipt_verdict){ .good = true })
#define LIST(...)                                                                                                      \
    {                                                                                                                  \
        __VA_ARGS__, NULL                                                                                              \
    }
#define NAME_MAX 128 /* characters of tag 1030 */
#define QUANTITY_MAX 99999999
#define THOUSANDTHS 1000

static const char *const tax_systems[] =
    LIST("osn", "usn_income", "usn_income_outcome", "esn", "patent", "ausn_income", "ausn_income_outcome");
static const char *const vats[] =
    LIST("none", "0", "5", "7", "10", "20", "22", "5/105", "7/107", "10/110", "20/120", "22/122");
static const char *const subjects[] = LIST("commodity", "excise", "job", "service", "gambling_bet", "lottery",
                                           "intellectual_activity", "payment", "agent_commission", "another");
static const char *const modes[] =
    LIST("full_prepayment", "prepayment", "advance", "full_payment", "partial_payment", "credit", "credit_payment");
static const char *const measures[] =
    LIST("piece", "gram", "kilogram", "meter", "square_meter", "liter", "hour", "day", "megabyte", "another");

static bool is_among(str text, const char *const *words)
{
    for (; *words; words++)
        if (str_eq(text, str_of(*words)))
            return true;
    return false;
}

static str allowed(struct arena *a, const char *const *words)
{
    str all = str_of(*words);
    for (words++; *words; words++)
        all = arena_printf(a, "%.*s, %s", STR_ARG(all), *words);
    return all;
}

static struct receipt_verdict wrong(struct arena *a, str where, const char *member, str explain)
{
    str param = *member ? arena_printf(a, "%.*s.%s", STR_ARG(where), member) : where;
    return (struct receipt_verdict){ false, param, explain };
}

/* Absent is good when it may be. */
static struct receipt_verdict word_judge(struct arena *a, const struct json_value *v, str where, const char *member,
                                         const char *const *words, bool is_needed)
{
    str text;
    const struct json_value *given = json_get(v, member);
    if (!given && !is_needed)
        return GOOD;
    return json_is_str(given, &text) && is_among(text, words) ? GOOD : wrong(a, where, member, allowed(a, words));
}

static bool is_line(const struct json_value *v, const char *member, size_t max, str *ret)
{
    return json_get_str(v, member, ret) && ret->n > 0 && ret->n <= max && utf8_is_line(*ret);
}

/* +79001234567 */
static bool is_phone(str s)
{
    int64_t number;
    return s.n >= 8 && s.n <= 16 && s.p[0] == '+' && num_digits(s, 1, s.n - 1, &number);
}

static bool is_mail(str s)
{
    const char *at = memchr(s.p, '@', s.n);
    return at && at > s.p && at < s.p + s.n - 1 && !memchr(s.p, ' ', s.n) && s.n <= 64;
}

/* ---- parts ---- */

static struct receipt_verdict strangers(struct arena *a, const struct json_value *v, str where,
                                        const char *const *known, size_t n)
{
    str key;
    if (json_kind(v) != JSON_OBJECT)
        return wrong(a, where, "", STR("must be an object"));
    return json_stranger(v, known, n, &key) ? wrong(a, where, arena_cstr(a, key), STR("is not known here")) : GOOD;
}

#define CHECKED(verdict)                                                                                               \
    do {                                                                                                               \
        const struct receipt_verdict checked = (verdict);                                                              \
        if (!checked.good)                                                                                             \
            return checked;                                                                                            \
    } while (0)

static struct receipt_verdict customer_judge(struct arena *a, const struct json_value *v)
{
    static const char *const known[] = { "email", "phone" };
    const str where = STR("receipt.customer");
    str email, phone;
    if (!v)
        return wrong(a, where, "", STR("is required: whom the register sends the receipt to"));
    CHECKED(strangers(a, v, where, known, 2));
    bool has_email = json_get(v, "email") != NULL, has_phone = json_get(v, "phone") != NULL;
    if (!has_email && !has_phone)
        return wrong(a, where, "", STR("needs an email or a phone"));
    if (has_email && !(json_get_str(v, "email", &email) && is_mail(email)))
        return wrong(a, where, "email", STR("an address of at most 64 characters"));
    if (has_phone && !(json_get_str(v, "phone", &phone) && is_phone(phone)))
        return wrong(a, where, "phone", STR("like +79001234567"));
    return GOOD;
}

static struct receipt_verdict supplier_judge(struct arena *a, const struct json_value *v, str item)
{
    static const char *const known[] = { "name", "inn", "phone" };
    str where = arena_printf(a, "%.*s.supplier", STR_ARG(item)), text;
    if (!v)
        return GOOD;
    CHECKED(strangers(a, v, where, known, 3));
    if (!is_line(v, "name", 2 * NAME_MAX, &text))
        return wrong(a, where, "name", STR("who sells it through the partner, on one line"));
    if (!json_get_str(v, "inn", &text) || !ru_inn_is_valid(text))
        return wrong(a, where, "inn", STR("10 or 12 digits, of which the last are check digits"));
    if (json_get(v, "phone") && !(json_get_str(v, "phone", &text) && is_phone(text)))
        return wrong(a, where, "phone", STR("like +79001234567"));
    return GOOD;
}

/* "1", "0.125": in thousandths. */
static bool quantity_parse(str s, int64_t *ret)
{
    const char *dot = memchr(s.p, '.', s.n);
    size_t whole = dot ? (size_t)(dot - s.p) : s.n, rest = dot ? s.n - whole - 1 : 0;
    int64_t units, part = 0;
    if (whole == 0 || whole > 8 || (dot && (rest == 0 || rest > 3)) || !num_digits(s, 0, whole, &units) ||
        (rest && !num_digits(s, whole + 1, rest, &part)))
        return false;
    for (size_t i = rest; i < 3; i++)
        part *= 10;
    *ret = units * THOUSANDTHS + part;
    return *ret > 0;
}

/* The amount of a position is its price times the quantity, rounded either way: 1 minor unit of difference at most. */
static bool comes_to(int64_t price_minor, int64_t thousandths, int64_t amount_minor)
{
    int64_t product, wanted;
    return num_mul(price_minor, thousandths, &product) && num_mul(amount_minor, THOUSANDTHS, &wanted) &&
           llabs(product - wanted) < THOUSANDTHS;
}

static struct receipt_verdict item_judge(struct arena *a, const struct json_value *v, size_t i, int64_t *amount_minor)
{
    static const char *const known[] = { "name",    "quantity", "price",   "amount",  "vat",
                                         "subject", "mode",     "measure", "supplier" };
    str where = arena_printf(a, "receipt.items[%zu]", i), text;
    int64_t price, thousandths;
    CHECKED(strangers(a, v, where, known, sizeof known / sizeof known[0]));
    if (!is_line(v, "name", 2 * NAME_MAX, &text))
        return wrong(a, where, "name", STR("one line, at most 128 characters of two bytes"));
    if (!json_get_str(v, "quantity", &text) || !quantity_parse(text, &thousandths))
        return wrong(a, where, "quantity", STR("a text like \"1\" or \"0.125\""));
    if (!json_get_i64(v, "price", &price) || price < 0)
        return wrong(a, where, "price", STR("minor units, of one"));
    if (!json_get_i64(v, "amount", amount_minor) || *amount_minor < 0 || !comes_to(price, thousandths, *amount_minor))
        return wrong(a, where, "amount", STR("minor units: price times quantity, rounded"));
    CHECKED(word_judge(a, v, where, "vat", vats, true));
    CHECKED(word_judge(a, v, where, "subject", subjects, false));
    CHECKED(word_judge(a, v, where, "mode", modes, false));
    CHECKED(word_judge(a, v, where, "measure", measures, false));
    return supplier_judge(a, json_get(v, "supplier"), where);
}

static struct receipt_verdict items_judge(struct arena *a, const struct json_value *v, int64_t amount_minor)
{
    const str where = STR("receipt.items");
    int64_t sum = 0, one;
    size_t n = v ? json_size(v) : 0;
    if (!v || json_kind(v) != JSON_ARRAY || n == 0 || n > RECEIPT_ITEMS_MAX)
        return wrong(a, where, "", STR("a list of 1 to 100 positions"));
    for (size_t i = 0; i < n; i++) {
        CHECKED(item_judge(a, json_item(v, i), i, &one));
        if (!num_add(sum, one, &sum))
            return wrong(a, where, "", STR("come to too much"));
    }
    if (sum != amount_minor)
        return wrong(a, where, "",
                     arena_printf(a, "come to %lld, and have to come to the amount, %lld", (long long)sum,
                                  (long long)amount_minor));
    return GOOD;
}

struct receipt_verdict receipt_judge(struct arena *a, const struct json_value *v, int64_t amount_minor, bool is_refund,
                                     str *document)
{
    static const char *const known[] = { "items", "customer", "tax_system" };
    const str where = STR("receipt");
    CHECKED(strangers(a, v, where, known, is_refund ? 1 : 3));
    if (!is_refund) {
        CHECKED(customer_judge(a, json_get(v, "customer")));
        CHECKED(word_judge(a, v, where, "tax_system", tax_systems, false));
    }
    CHECKED(items_judge(a, json_get(v, "items"), amount_minor));
    *document = json_canonical(a, v);
    return document->n <= RECEIPT_MAX_BYTES ? GOOD : wrong(a, where, "", STR("is too long"));
}

/* ---- of prices ---- */

struct receipt_verdict receipt_terms_judge(struct arena *a, const struct json_value *v, str *document)
{
    static const char *const known[] = { "vat", "tax_system", "subject", "mode", "measure", "supplier" };
    const str where = STR("receipt");
    CHECKED(strangers(a, v, where, known, sizeof known / sizeof known[0]));
    CHECKED(word_judge(a, v, where, "vat", vats, true));
    CHECKED(word_judge(a, v, where, "tax_system", tax_systems, false));
    CHECKED(word_judge(a, v, where, "subject", subjects, false));
    CHECKED(word_judge(a, v, where, "mode", modes, false));
    CHECKED(word_judge(a, v, where, "measure", measures, false));
    CHECKED(supplier_judge(a, json_get(v, "supplier"), where));
    *document = json_canonical(a, v);
    return document->n <= RECEIPT_MAX_BYTES ? GOOD : wrong(a, where, "", STR("is too long"));
}

static str name_fit(str name)
{
    str rest = name;
    for (int i = 0; i < NAME_MAX && rest.n > 0; i++)
        (void)utf8_next(&rest);
    return (str){ name.p, name.n - rest.n };
}

static void member_copy(struct json *j, struct arena *a, const struct json_value *terms, const char *name)
{
    const struct json_value *v = json_get(terms, name);
    if (v)
        json_raw(j, name, json_canonical(a, v));
}

str receipt_of_sale(struct arena *a, const struct receipt_sale *sale)
{
    static const char *const of_item[] = { "vat", "subject", "mode", "measure", "supplier" };
    const struct json_value *terms = NULL;
    struct buf b;
    struct json j;
    int64_t whole;
    bool is_whole = num_mul(sale->quantity, sale->unit_minor, &whole) && whole == sale->paid_minor;
    if (!json_parse(a, sale->terms, &terms))
        return STR_NONE;
    buf_init(&b, a, RECEIPT_MAX_BYTES);
    json_begin(&j, &b);
    json_object(&j, "customer");
    json_str(&j, "email", sale->email);
    json_close(&j);
    member_copy(&j, a, terms, "tax_system");
    json_array(&j, "items");
    json_object(&j, NULL);
    json_str(&j, "name", name_fit(sale->name));
    json_str(&j, "quantity", is_whole ? arena_printf(a, "%lld", (long long)sale->quantity) : STR("1"));
    json_i64(&j, "price", is_whole ? sale->unit_minor : sale->paid_minor);
    json_i64(&j, "amount", sale->paid_minor);
    for (size_t i = 0; i < sizeof of_item / sizeof of_item[0]; i++)
        member_copy(&j, a, terms, of_item[i]);
    json_close(&j);
    json_close(&j);
    json_end(&j);
    return buf_str(&b);
}
