/* Rules of requisites (docs/protocol/pay-api.md, Users). See requisite.h. */
#include "paysrv/domain/requisite.h"

#include "paysrv/domain/bank_text.h"
#include "paysrv/domain/iban.h"
#include "paysrv/domain/party_text.h"
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

str requisite_label(struct arena *a, str iban, str holder_name)
{
    return arena_printf(a, "%.*s, %.*s", STR_ARG(iban_masked(a, iban)), STR_ARG(holder_name));
}
