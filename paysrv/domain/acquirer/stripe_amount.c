/* Amounts, keys and signatures of Stripe's. See stripe.h. */
#include "paysrv/domain/acquirer/stripe.h"

#include "shared/base/buf.h"
#include "shared/base/bytes.h"
#include "shared/base/num.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

#define TOLERANCE_S 300
#define AHEAD_MAX_S 60
#define SIGNATURES_MAX 16
#define AMOUNT_MAX INT64_C(99999999)
#define AMOUNT_MAX_IDR INT64_C(999999999999)

/*
 * Where Stripe's unit is not ISO 4217's: ISK and UGX have no minor unit and are said with two decimals that are zero,
 * MGA has one and is said without; currencies of three decimals have to end in 0. The minimum is in ours.
 */
static const struct {
    const char *currency;
    int64_t times, divided_by; /* 0: as it is */
    int64_t multiple_of;       /* of Stripe's amount */
    int64_t least_minor;
} rules[] = {
    { "ISK", 100, 0, 0, 0 }, { "UGX", 100, 0, 0, 0 }, { "MGA", 0, 100, 0, 0 },  { "BHD", 0, 0, 10, 0 },
    { "JOD", 0, 0, 10, 0 },  { "KWD", 0, 0, 10, 0 },  { "OMR", 0, 0, 10, 0 },   { "TND", 0, 0, 10, 0 },
    { "AED", 0, 0, 0, 200 }, { "AUD", 0, 0, 0, 50 },  { "BGN", 0, 0, 0, 100 },  { "BRL", 0, 0, 0, 50 },
    { "CAD", 0, 0, 0, 50 },  { "CHF", 0, 0, 0, 50 },  { "CZK", 0, 0, 0, 1500 }, { "DKK", 0, 0, 0, 250 },
    { "EUR", 0, 0, 0, 50 },  { "GBP", 0, 0, 0, 30 },  { "HKD", 0, 0, 0, 400 },  { "HUF", 0, 0, 0, 17500 },
    { "INR", 0, 0, 0, 50 },  { "JPY", 0, 0, 0, 50 },  { "MXN", 0, 0, 0, 1000 }, { "MYR", 0, 0, 0, 200 },
    { "NOK", 0, 0, 0, 300 }, { "NZD", 0, 0, 0, 50 },  { "PLN", 0, 0, 0, 200 },  { "RON", 0, 0, 0, 200 },
    { "SEK", 0, 0, 0, 300 }, { "SGD", 0, 0, 0, 50 },  { "THB", 0, 0, 0, 1000 }, { "USD", 0, 0, 0, 50 },
};

/* Not among those in which Stripe charges cards, and of a unit that would have to be guessed. */
static const char *const strangers[] = { "IQD", "LYD", "CLF", "UYW" };

static size_t rule_of(str currency)
{
    size_t i = 0;
    while (i < sizeof rules / sizeof rules[0] && !str_eq(currency, str_of(rules[i].currency)))
        i++;
    return i;
}

const char *stripe_amount(str currency, int64_t amount_minor, int64_t *ret)
{
    size_t i = rule_of(currency);
    int64_t amount = amount_minor, most = str_eq(currency, STR("IDR")) ? AMOUNT_MAX_IDR : AMOUNT_MAX;
    for (size_t s = 0; s < sizeof strangers / sizeof strangers[0]; s++)
        if (str_eq(currency, str_of(strangers[s])))
            return "the acquirer does not take this currency";
    if (amount_minor < 1 || amount_minor > MONEY_MAX_MINOR)
        return "the acquirer cannot move this amount";
    if (i < sizeof rules / sizeof rules[0]) {
        if (rules[i].times)
            amount *= rules[i].times;
        if (rules[i].divided_by && amount % rules[i].divided_by)
            return "the acquirer moves whole units of this currency only";
        if (rules[i].divided_by)
            amount /= rules[i].divided_by;
        if (rules[i].multiple_of && amount % rules[i].multiple_of)
            return "the acquirer takes amounts of this currency only when the last digit is 0";
    }
    if (amount > most)
        return "more than the acquirer takes at once";
    *ret = amount;
    return NULL;
}

bool stripe_amount_ours(str currency, int64_t amount, int64_t *ret_minor)
{
    size_t i = rule_of(currency);
    int64_t minor = amount;
    for (size_t s = 0; s < sizeof strangers / sizeof strangers[0]; s++)
        if (str_eq(currency, str_of(strangers[s])))
            return false;
    if (amount < 1 || amount > MONEY_MAX_MINOR)
        return false;
    if (i < sizeof rules / sizeof rules[0] && rules[i].divided_by)
        minor *= rules[i].divided_by;
    if (i < sizeof rules / sizeof rules[0] && rules[i].times) {
        if (minor % rules[i].times)
            return false;
        minor /= rules[i].times;
    }
    *ret_minor = minor;
    return minor <= MONEY_MAX_MINOR;
}

int64_t stripe_charge_least(str currency)
{
    size_t i = rule_of(currency);
    return i < sizeof rules / sizeof rules[0] ? rules[i].least_minor : 0;
}

struct charge_grain stripe_charge_grain(str currency)
{
    struct charge_grain grain = { 1, 1 };
    size_t i = rule_of(currency);
    if (i < sizeof rules / sizeof rules[0] && rules[i].least_minor)
        grain.least_minor = rules[i].least_minor;
    if (i < sizeof rules / sizeof rules[0] && (rules[i].multiple_of || rules[i].divided_by))
        grain.step_minor = rules[i].multiple_of ? rules[i].multiple_of : rules[i].divided_by;
    return grain;
}

/* ---- keys ---- */

#define KEY_LEAST 24

static bool is_key_text(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
            return false;
    }
    return s.n >= KEY_LEAST - 8;
}

static bool key_rest(str key, str prefix)
{
    return str_starts(key, prefix) && is_key_text((str){ key.p + prefix.n, key.n - prefix.n });
}

/* Keys that everybody knows: they stand in the documentation. */
static bool is_sample(str key)
{
    static const char *const known[] = { "sk_test_4eC39HqLyjWDarjtT1zdp7dc", "sk_test_BQokikJOvBiI2HlWgH4olfQ2",
                                         "sk_test_tR3PYbcVNZZ796tH88S4VQ2u" };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (str_eq(key, str_of(known[i])))
            return true;
    return false;
}

enum stripe_mode stripe_key_mode(str key)
{
    if (key.n < KEY_LEAST || is_sample(key))
        return STRIPE_MODE_NONE;
    if (key_rest(key, STR("sk_test_")) || key_rest(key, STR("rk_test_")))
        return STRIPE_MODE_TEST;
    if (key_rest(key, STR("sk_live_")) || key_rest(key, STR("rk_live_")))
        return STRIPE_MODE_LIVE;
    return STRIPE_MODE_NONE;
}

bool stripe_secret_is_good(str webhook_secret)
{
    return key_rest(webhook_secret, STR("whsec_"));
}

/* ---- signatures ---- */

static digest mac_of(struct arena *a, str webhook_secret, str timestamp, str body)
{
    struct buf signed_text;
    buf_init(&signed_text, a, timestamp.n + body.n + 1);
    buf_add(&signed_text, timestamp);
    buf_add_char(&signed_text, '.');
    buf_add(&signed_text, body);
    return hmac_sha256(bytes_of(webhook_secret), bytes_of(buf_str(&signed_text)));
}

/* One t, any number of v1 up to a bound; schemes of other names are passed over (v0 is for tests of Stripe's own). */
static bool header_read(struct arena *a, str header, str *timestamp, bytes *signatures, size_t *n)
{
    str item, name;
    *timestamp = STR_NONE;
    *n = 0;
    while (header.n > 0) {
        if (!str_cut(&header, ',', &item)) {
            item = header;
            header = STR("");
        }
        if (!str_cut(&item, '=', &name))
            return false;
        if (str_eq(name, STR("t"))) {
            if (str_given(*timestamp))
                return false;
            *timestamp = item;
        } else if (str_eq(name, STR("v1")) && *n < SIGNATURES_MAX && hex_decode(a, item, &signatures[*n])) {
            (*n)++;
        }
    }
    return str_given(*timestamp) && *n > 0;
}

/* Every signature is compared, so the time does not tell which one fits. */
enum stripe_signature stripe_signature_judge(struct arena *a, str webhook_secret, str header, str body, instant now)
{
    bytes signatures[SIGNATURES_MAX];
    bool fits = false;
    int64_t sent_s;
    str timestamp;
    size_t n;
    if (webhook_secret.n == 0 || !str_given(header) || !header_read(a, header, &timestamp, signatures, &n) ||
        !num_parse(timestamp, &sent_s) || sent_s < 0)
        return STRIPE_SIGNATURE_MALFORMED;
    digest mac = mac_of(a, webhook_secret, timestamp, body);
    for (size_t i = 0; i < n; i++)
        fits |= equal_bytes(signatures[i], digest_bytes(&mac));
    if (!fits)
        return STRIPE_SIGNATURE_BAD;
    int64_t age_s = instant_seconds(now) - sent_s;
    return age_s > TOLERANCE_S || age_s < -AHEAD_MAX_S ? STRIPE_SIGNATURE_OLD : STRIPE_SIGNED;
}

/* ---- what the buyer's statement says ---- */

#define SUFFIX_MAX 10

static bool has_letter(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z'))
            return true;
    return false;
}

str stripe_descriptor_suffix(str descriptor)
{
    str s = descriptor;
    if (s.n > SUFFIX_MAX) {
        size_t end = SUFFIX_MAX;
        while (end > 0 && s.p[end] != ' ')
            end--;
        s.n = has_letter((str){ s.p, end }) ? end : SUFFIX_MAX; /* one long word is cut */
    }
    return has_letter(s) ? s : STR_NONE;
}
