/* See permission_words.h. */
#include "authsrv/permission_words.h"

#include "authsrv/domain/scope.h"
#include "shared/text/html.h"

struct words {
    str name;
    enum text_key text;
};

static str words_of(enum language language, const struct words *all, size_t n, str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i].name, name))
            return text_in(language, all[i].text);
    return name;
}

str scope_words(enum language language, str scope)
{
    static const struct words all[] = {
        { STR("openid"), TEXT_SCOPE_OPENID },
        { STR("profile"), TEXT_SCOPE_PROFILE },
        { STR("email"), TEXT_SCOPE_EMAIL },
        { STR("address"), TEXT_SCOPE_ADDRESS },
        { STR("phone"), TEXT_SCOPE_PHONE },
        { STR("offline_access"), TEXT_SCOPE_OFFLINE_ACCESS },
        { STR(PARTNER_TOKEN_SCOPE), TEXT_SCOPE_PARTNER_TOKEN },
        { STR("pay.users"), TEXT_SCOPE_PAY_USERS },
        { STR("pay.stores"), TEXT_SCOPE_PAY_STORES },
        { STR("pay.payments"), TEXT_SCOPE_PAY_PAYMENTS },
        { STR("pay.payouts"), TEXT_SCOPE_PAY_PAYOUTS },
        { STR("pay.balance"), TEXT_SCOPE_PAY_BALANCE },
        { STR("pay.webhooks"), TEXT_SCOPE_PAY_WEBHOOKS },
    };
    return words_of(language, all, sizeof all / sizeof all[0], scope);
}

str claim_words(enum language language, str claim)
{
    static const struct words all[] = {
        { STR("name"), TEXT_CLAIM_NAME },
        { STR("family_name"), TEXT_CLAIM_FAMILY_NAME },
        { STR("given_name"), TEXT_CLAIM_GIVEN_NAME },
        { STR("middle_name"), TEXT_CLAIM_MIDDLE_NAME },
        { STR("nickname"), TEXT_CLAIM_NICKNAME },
        { STR("preferred_username"), TEXT_CLAIM_PREFERRED_USERNAME },
        { STR("profile"), TEXT_CLAIM_PROFILE },
        { STR("picture"), TEXT_CLAIM_PICTURE },
        { STR("website"), TEXT_CLAIM_WEBSITE },
        { STR("gender"), TEXT_CLAIM_GENDER },
        { STR("birthdate"), TEXT_CLAIM_BIRTHDATE },
        { STR("zoneinfo"), TEXT_CLAIM_ZONEINFO },
        { STR("locale"), TEXT_CLAIM_LOCALE },
        { STR("updated_at"), TEXT_CLAIM_UPDATED_AT },
        { STR("email"), TEXT_SCOPE_EMAIL },
        { STR("email_verified"), TEXT_CLAIM_EMAIL_VERIFIED },
        { STR("address"), TEXT_SCOPE_ADDRESS },
        { STR("phone_number"), TEXT_SCOPE_PHONE },
        { STR("phone_number_verified"), TEXT_CLAIM_PHONE_NUMBER_VERIFIED },
    };
    return words_of(language, all, sizeof all / sizeof all[0], claim);
}

/* The holes are filled with the members' names, which details_say fills with what the detail has. */
static str built_in_words(struct arena *a, enum language language, str name, str otherwise)
{
    static const struct {
        struct words words;
        str holes[4]; /* in the order of the English text */
    } all[] = {
        { { STR("payment"), TEXT_DETAIL_PAYMENT },
          { STR("{amount:currency}"), STR("{payee_name}"), STR("{payee}"), STR("{purpose}") } },
        { { STR("payout"), TEXT_DETAIL_PAYOUT },
          { STR("{amount:currency}"), STR("{destination_name}"), STR("{destination}") } },
        { { STR("store_management"), TEXT_DETAIL_STORE_MANAGEMENT }, { STR("{store}"), STR("{actions}") } },
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (str_eq(all[i].words.name, name))
            return text_filled(a, text_in(language, all[i].words.text), all[i].holes);
    return otherwise;
}

const struct detail_type *details_worded(struct arena *a, enum language language, const struct detail_type *types,
                                         size_t n)
{
    struct detail_type *worded = arena_array(a, struct detail_type, n + 1);
    for (size_t i = 0; i < n; i++) {
        str rules, sentence;
        worded[i] = types[i];
        if (detail_type_built_in(types[i].name, &rules, &sentence) && str_eq(sentence, types[i].sentence))
            worded[i].sentence = built_in_words(a, language, types[i].name, sentence);
    }
    return worded;
}
