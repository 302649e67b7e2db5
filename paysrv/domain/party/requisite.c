/* Rules of requisites (docs/protocol/pay/users.md). See requisite.h. */
#include "paysrv/domain/party/requisite.h"

#include "paysrv/domain/bank/bank_text.h"
#include "paysrv/domain/party/iban.h"
#include "paysrv/domain/party/party_text.h"
#include "paysrv/domain/party/tax_id.h"
#include "paysrv/domain/payout/payout.h"
#include "shared/crypto/crypto.h"

static struct requisite_verdict wrong(const char *param, str explain)
{
    return (struct requisite_verdict){ .good = false, .param = str_of(param), .explain = explain };
}

/* Text that becomes empty in the bank's character set cannot be paid to. */
static bool bank_can_print(struct arena *a, str s)
{
    return !str_given(s) || bank_text(a, s, 70).n > 0;
}

/* ---- bank accounts ---- */

#define BOTH_EXPLAIN "an account is named by an iban, or by bik, account and inn"
#define COUNTRY_EXPLAIN "two capital letters (ISO 3166)"
#define ROUBLES_EXPLAIN "an account in roubles (810 or 643 from the sixth digit on)"

/* Which accounts the bank reaches from here, where, and in what currencies: the whole of it. */
static const struct scheme {
    const char *named_by, *in;
    struct payout_cap caps[2];
} schemes[] = {
    [SCHEME_SEPA] = { "iban", "countries of SEPA", { { "EUR", PAYOUT_MAX_MINOR }, { NULL, 0 } } },
    [SCHEME_RU] = { "bik", "Russia", { { "RUB", PAYOUT_MAX_MINOR }, { NULL, 0 } } },
};
#define SCHEMES (sizeof schemes / sizeof schemes[0])

static str currencies_of(struct arena *a, const struct payout_cap *caps)
{
    str all = STR("");
    for (const struct payout_cap *c = caps; c && c->currency; c++)
        all = arena_printf(a, "%.*s%s%s", STR_ARG(all), all.n ? ", " : "", c->currency);
    return all;
}

/* "by iban to accounts in countries of SEPA (EUR), by bik to accounts in Russia (RUB)" */
static str schemes_text(struct arena *a)
{
    str all = STR("");
    for (size_t i = 0; i < SCHEMES; i++)
        all = arena_printf(a, "%.*s%sby %s to accounts in %s (%.*s)", STR_ARG(all), i ? ", " : "", schemes[i].named_by,
                           schemes[i].in, STR_ARG(currencies_of(a, schemes[i].caps)));
    return all;
}

enum account_scheme account_scheme_of(str bik)
{
    return str_given(bik) ? SCHEME_RU : SCHEME_SEPA;
}

const struct payout_cap *bank_payout_caps(enum account_scheme scheme)
{
    return schemes[scheme].caps;
}

static struct requisite_verdict sepa_judge(struct arena *a, struct bank_account *account)
{
    str iban;
    enum iban_verdict verdict = iban_judge(a, account->iban, &iban);
    if (verdict != IBAN_GOOD)
        return wrong("iban", iban_verdict_explain(verdict));
    if (!iban_country_is_sepa((str){ iban.p, 2 }))
        return wrong("iban", arena_printf(a, "the bank pays %.*s", STR_ARG(schemes_text(a))));
    if (str_given(account->bic) && !bic_is_valid(account->bic))
        return wrong("bic", STR("8 or 11 capital letters and digits (ISO 9362)"));
    if (str_given(account->bic) && memcmp(account->bic.p + 4, iban.p, 2) != 0 &&
        !iban_country_is_sepa((str){ account->bic.p + 4, 2 }))
        return wrong("bic", STR("the bank is in a country that is not supported"));
    if (!bank_can_print(a, account->holder_name))
        return wrong("holder_name", STR("at least one letter of the Latin alphabet"));
    if (!country_is_code(account->country))
        return wrong("address.country", STR(COUNTRY_EXPLAIN));
    if (!bank_can_print(a, account->town) || account->town.n == 0)
        return wrong("address.town", STR("at least one letter of the Latin alphabet"));
    account->iban = iban;
    return (struct requisite_verdict){ .good = true };
}

/* The currency is the three digits after the kind of account. */
static bool is_in_roubles(str account)
{
    return memcmp(account.p + 5, "810", 3) == 0 || memcmp(account.p + 5, "643", 3) == 0;
}

static struct requisite_verdict ru_judge(struct arena *a, const struct bank_account *account)
{
    enum ru_verdict verdict = ru_account_judge(&account->ru);
    str param = ru_verdict_param(verdict);
    if (verdict != RU_GOOD)
        return (struct requisite_verdict){ .param = param, .explain = ru_verdict_explain(verdict) };
    if (!is_in_roubles(account->ru.account))
        return wrong("account", STR(ROUBLES_EXPLAIN));
    if (str_given(account->bic))
        return wrong("bic", STR("does not belong to an account with a bik"));
    if (!bank_can_print(a, account->holder_name))
        return wrong("holder_name", STR("at least one letter"));
    if (str_given(account->country) && !country_is_code(account->country))
        return wrong("address.country", STR(COUNTRY_EXPLAIN));
    return (struct requisite_verdict){ .good = true };
}

struct requisite_verdict requisite_judge(struct arena *a, struct bank_account *account)
{
    const bool is_ru = account_scheme_of(account->ru.bik) == SCHEME_RU;
    if (str_given(account->iban) == is_ru)
        return wrong(is_ru ? "bik" : "iban", STR(BOTH_EXPLAIN));
    return is_ru ? ru_judge(a, account) : sepa_judge(a, account);
}

/* Of an IBAN it is what it always was: what was confirmed before stays so. */
digest requisite_destination(struct arena *a, const struct bank_account *x)
{
    if (account_scheme_of(x->ru.bik) == SCHEME_RU)
        return sha256_str(arena_printf(a, "%.*s|%.*s|%.*s|%.*s", STR_ARG(x->ru.bik), STR_ARG(x->ru.account),
                                       STR_ARG(x->ru.inn), STR_ARG(x->holder_name)));
    return sha256_str(arena_printf(a, "%.*s|%.*s|%.*s", STR_ARG(x->iban), STR_ARG(x->bic), STR_ARG(x->holder_name)));
}

str requisite_fingerprint(struct arena *a, const struct ru_account *x)
{
    return str_given(x->bik) ? arena_printf(a, "%.*s/%.*s", STR_ARG(x->bik), STR_ARG(x->account)) : STR_NONE;
}

str requisite_masked_ru(struct arena *a, str account)
{
    return arena_printf(a, "RU•• •••• %.*s", 4, account.p + account.n - 4);
}

str requisite_inn_masked(struct arena *a, str inn)
{
    return str_given(inn) ? tax_id_masked(a, inn) : STR_NONE;
}

digest requisite_destination_by_name(struct arena *a, enum rail rail, str acquirer, str token)
{
    return sha256_str(arena_printf(a, "%.*s|%.*s|%.*s", STR_ARG(rail_name(rail)), STR_ARG(acquirer), STR_ARG(token)));
}

str requisite_masked_card(struct arena *a, str brand, str last4)
{
    static const struct {
        str brand, shown;
    } known[] = { { STR("visa"), STR("Visa") },
                  { STR("mastercard"), STR("Mastercard") },
                  { STR("mir"), STR("Mir") },
                  { STR("amex"), STR("American Express") } };
    str shown = brand;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (str_eq(brand, known[i].brand))
            shown = known[i].shown;
    return arena_printf(a, "%.*s •• %.*s", STR_ARG(shown), STR_ARG(last4));
}

#define WALLET_SHOWN 4 /* characters at its end */

str requisite_masked_wallet(struct arena *a, str wallet)
{
    const char *at = memchr(wallet.p, '@', wallet.n);
    if (at && at > wallet.p)
        return arena_printf(a, "wallet %.1s••%.*s", wallet.p, (int)(wallet.p + wallet.n - at), at);
    size_t shown = wallet.n >= 2 * WALLET_SHOWN ? WALLET_SHOWN : 0;
    return arena_printf(a, "wallet •• %.*s", (int)shown, wallet.p + wallet.n - shown);
}

bool requisite_wallet_is_formed(str wallet)
{
    for (size_t i = 0; i < wallet.n; i++) {
        char c = wallet.p[i];
        bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_word && (i == 0 || !memchr("@._+-", c, 5)))
            return false;
    }
    return wallet.n >= 4 && wallet.n <= 64;
}

str requisite_label(struct arena *a, str masked, str holder_name)
{
    return str_given(holder_name) ? arena_printf(a, "%.*s, %.*s", STR_ARG(masked), STR_ARG(holder_name)) : masked;
}

bool requisite_card_is_over(int64_t exp_month, int64_t exp_year, int64_t month, int64_t year)
{
    return exp_year < year || (exp_year == year && exp_month < month);
}

/* ---- rails ---- */

#define RAIL_NAME(name, text, kind) [RAIL_##name] = text,
static const char *const rail_names[RAIL_COUNT] = { RAILS(RAIL_NAME) };
#define RAIL_KIND(name, text, kind) [RAIL_##name] = kind,
static const char *const rail_kinds[RAIL_COUNT] = { RAILS(RAIL_KIND) };

str rail_name(enum rail rail)
{
    return str_of(rail_names[rail]);
}

str rail_kind(enum rail rail)
{
    return str_of(rail_kinds[rail]);
}

static bool rail_find(const char *const *texts, str text, enum rail *ret)
{
    for (unsigned i = 0; i < RAIL_COUNT; i++)
        if (str_eq(text, str_of(texts[i]))) {
            *ret = (enum rail)i;
            return true;
        }
    return false;
}

bool rail_parse(str name, enum rail *ret)
{
    return rail_find(rail_names, name, ret);
}

bool rail_of_kind(str kind, enum rail *ret)
{
    return rail_find(rail_kinds, kind, ret);
}

int64_t payout_most_minor(const struct payout_cap *caps, str currency)
{
    for (const struct payout_cap *c = caps; c && c->currency; c++)
        if (str_eq(currency, str_of(c->currency)))
            return c->most_minor;
    return 0;
}

struct requisite_verdict payout_currency_judge(struct arena *a, enum rail rail, const struct payout_cap *caps,
                                               str currency, int64_t amount_minor)
{
    int64_t most = payout_most_minor(caps, currency);
    str name = rail_name(rail);
    if (most == 0)
        return wrong("currency",
                     arena_printf(a, "%.*s payouts are made in %.*s%s", STR_ARG(name), STR_ARG(currencies_of(a, caps)),
                                  rail == RAIL_BANK ? " to such an account" : ""));
    if (amount_minor > most)
        return wrong("amount", arena_printf(a, "at most %lld in one %.*s payout", (long long)most, STR_ARG(name)));
    return (struct requisite_verdict){ .good = true };
}

bool requisite_ends_with(str decline_code)
{
    static const char *const dead[] = { "card_closed",       "expired_card",   "lost_card",     "stolen_card",
                                        "not_push_eligible", "token_unusable", "wallet_closed", "wallet_unknown" };
    for (size_t i = 0; i < sizeof dead / sizeof dead[0]; i++)
        if (str_eq(decline_code, str_of(dead[i])))
            return true;
    return false;
}
