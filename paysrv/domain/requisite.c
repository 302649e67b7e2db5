/* Rules of requisites (docs/protocol/pay-api.md, Users). See requisite.h. */
#include "paysrv/domain/requisite.h"

#include "paysrv/domain/bank_text.h"
#include "paysrv/domain/iban.h"
#include "paysrv/domain/party_text.h"
#include "paysrv/domain/payout.h"
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

struct requisite_verdict requisite_judge(struct arena *a, struct bank_account *account)
{
    str iban;
    enum iban_verdict verdict = iban_judge(a, account->iban, &iban);
    if (verdict != IBAN_GOOD)
        return wrong("iban", iban_verdict_explain(verdict));
    if (!iban_country_is_sepa((str){ iban.p, 2 }))
        return wrong("iban", STR("payouts to this country are not supported"));
    if (str_given(account->bic) && !bic_is_valid(account->bic))
        return wrong("bic", STR("8 or 11 capital letters and digits (ISO 9362)"));
    if (str_given(account->bic) && memcmp(account->bic.p + 4, iban.p, 2) != 0 &&
        !iban_country_is_sepa((str){ account->bic.p + 4, 2 }))
        return wrong("bic", STR("the bank is in a country that is not supported"));
    if (!bank_can_print(a, account->holder_name))
        return wrong("holder_name", STR("at least one letter of the Latin alphabet"));
    if (!country_is_code(account->country))
        return wrong("address.country", STR("two capital letters (ISO 3166)"));
    if (!bank_can_print(a, account->town) || account->town.n == 0)
        return wrong("address.town", STR("at least one letter of the Latin alphabet"));
    account->iban = iban;
    return (struct requisite_verdict){ .good = true };
}

digest requisite_destination(struct arena *a, str iban, str bic, str holder_name)
{
    return sha256_str(arena_printf(a, "%.*s|%.*s|%.*s", STR_ARG(iban), STR_ARG(bic), STR_ARG(holder_name)));
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

static str currencies_of(struct arena *a, const struct payout_cap *caps)
{
    str all = STR("");
    for (const struct payout_cap *c = caps; c->currency; c++)
        all = arena_printf(a, "%.*s%s%s", STR_ARG(all), all.n ? ", " : "", c->currency);
    return all;
}

static const struct payout_cap *caps_of(enum rail rail, const struct payout_cap *caps)
{
    static const struct payout_cap bank[] = { { "EUR", PAYOUT_MAX_MINOR }, { NULL, 0 } }, none[] = { { NULL, 0 } };
    return rail == RAIL_BANK ? bank : caps ? caps : none;
}

int64_t payout_most_minor(enum rail rail, const struct payout_cap *caps, str currency)
{
    for (const struct payout_cap *c = caps_of(rail, caps); c->currency; c++)
        if (str_eq(currency, str_of(c->currency)))
            return c->most_minor;
    return 0;
}

struct requisite_verdict payout_currency_judge(struct arena *a, enum rail rail, const struct payout_cap *caps,
                                               str currency, int64_t amount_minor)
{
    int64_t most = payout_most_minor(rail, caps, currency);
    str name = rail_name(rail);
    if (most == 0)
        return wrong("currency", arena_printf(a, "%.*s payouts are made in %.*s", STR_ARG(name),
                                              STR_ARG(currencies_of(a, caps_of(rail, caps)))));
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
