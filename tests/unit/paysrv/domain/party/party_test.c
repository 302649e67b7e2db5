/* What is judged of people and companies, and what a code for them is bound to. */
#include "paysrv/domain/confirmation/confirmation.h"
#include "paysrv/domain/party/legal_profile.h"
#include "paysrv/domain/party/party_text.h"
#include "paysrv/domain/party/tax_id.h"
#include "shared/crypto/crypto.h"
#include "tests/support/test.h"

/* ---- tax numbers ---- */

static bool judged(const char *country, bool is_company, const char *typed, const char *plain)
{
    struct arena *a = arena_create(1024, 1 << 16);
    str id = STR_NONE, explain = STR_NONE;
    bool good = tax_id_judge(a, str_of(country), is_company, str_of(typed), &id, &explain);
    bool as_expected = good ? plain && str_eq(id, str_of(plain)) : !plain && explain.n > 0;
    arena_destroy(a);
    return as_expected;
}

TEST(a_russian_inn_has_its_check_digits_and_the_length_of_its_kind)
{
    CHECK(judged("RU", true, "7707083893", "7707083893"));
    CHECK(judged("RU", true, " 7707 083893 ", "7707083893"));
    CHECK(judged("RU", true, "7707083894", NULL));
    CHECK(judged("RU", false, "500100732259", "500100732259"));
    CHECK(judged("RU", false, "500100732258", NULL));
    CHECK(judged("RU", true, "500100732259", NULL));
    CHECK(judged("RU", false, "7707083893", NULL));
}

TEST(a_number_with_the_letters_of_its_country_is_a_vat_number)
{
    static const struct {
        const char *country, *good, *bad;
    } rows[] = {
        { "DE", "DE136695976", "DE136695975" },
        { "IT", "IT00743110157", "IT00743110158" },
        { "BE", "BE0403019261", "BE0403019262" },
        { "PL", "PL5260001246", "PL5260001245" },
        { "FR", "FR40303265045", "FR41303265045" },
        { "AT", "ATU13585627", "AT13585627" },
        { "ES", "ESB58378431", "ESB5837843" },
        { "NL", "NL004495445B01", "NL004495445X01" },
        { "GR", "EL094259216", "EL94259216" },
        { "IE", "IE6433435F", "IE6433435" },
        { "RO", "RO18547290", "RO1" },
        { "SE", "SE123456789701", "SE1234567897" },
        { "LT", "LT119511515", "LT11951151" },
        { "CY", "CY10259033P", "CY102590331" },
        { "HR", "HR33392005961", "HR3339200596" },
        { "PT", "PT501964843", "PT50196484A" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK(judged(rows[i].country, true, rows[i].good, rows[i].good));
        CHECK(judged(rows[i].country, true, rows[i].bad, NULL));
    }
    /* Without them it is the national number, of which only the characters are known. */
    CHECK(judged("DE", false, "12/345/67890", "1234567890"));
    CHECK(judged("US", true, "12-3456789", "123456789"));
    CHECK(judged("US", true, "abc", NULL));
    CHECK(judged("US", true, "nothing", NULL));
    CHECK(judged("US", true, "123456789012345678901", NULL));
    CHECK(judged("US", true, "12_3456789", NULL));
}

TEST(a_tax_number_is_shown_by_its_end)
{
    struct arena *a = arena_create(1024, 1 << 16);
    CHECK_STR(tax_id_masked(a, STR("DE136695976")), STR("•••••5976"));
    CHECK_STR(tax_id_masked(a, STR("1234")), STR("•••••34"));
    arena_destroy(a);
}

/* ---- legal profiles ---- */

static str wrong_with(struct legal_profile p)
{
    struct arena *a = arena_create(1024, 1 << 16);
    const instant now = instant_of_seconds(1795651200); /* 2026-11-26 */
    struct legal_verdict v = legal_profile_judge(a, &p, now);
    arena_destroy(a);
    return v.good ? STR("") : v.param;
}

TEST(a_profile_says_what_its_kind_has_to_say)
{
    const struct legal_profile person = { .kind = STR("individual"), .name = STR("Ada"), .country = STR("DE") };
    struct legal_profile p = person;
    CHECK_STR(wrong_with(p), STR(""));
    p.birth_date = STR("2012-11-26");
    CHECK_STR(wrong_with(p), STR(""));
    static const char *const days[] = { "2012-11-27", "1990-02-30", "1899-01-01",
                                        "1990-1-011", "1990/01/01", "20120-1126" };
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        p.birth_date = str_of(days[i]);
        CHECK_STR(wrong_with(p), STR("birth_date"));
    }
    p = person;
    p.kind = STR("company");
    CHECK_STR(wrong_with(p), STR("tax_id"));
    p.tax_id = STR("DE136695976");
    CHECK_STR(wrong_with(p), STR(""));
    p.birth_date = STR("1990-01-01");
    CHECK_STR(wrong_with(p), STR("birth_date"));
    p = person;
    p.kind = STR("club");
    CHECK_STR(wrong_with(p), STR("kind"));
    p = person;
    p.country = STR("de");
    CHECK_STR(wrong_with(p), STR("address.country"));
}

TEST(a_language_tag_has_parts)
{
    static const char *const good[] = { "en", "pt-BR", "zh-Hant-TW", "sr-Latn", "de-1996" };
    static const char *const bad[] = { "", "e", "english-", "en--US", "en_US", "e1", "abcd", "en-123456789" };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK(locale_is_tag(str_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!locale_is_tag(str_of(bad[i])));
}

/* ---- confirmations ---- */

TEST(a_code_is_bound_to_every_word_that_is_shown_and_to_what_is_shown_in_part)
{
    struct arena *a = arena_create(1024, 1 << 16);
    struct confirmation_line lines[] = { { "account", STR("DE•• •••• 3000"), STR("aa") },
                                         { "holder_name", STR("Ada"), STR_NONE } };
    struct confirmation_bind bind = {
        STR("cnf_1"), STR("requisite"), STR("req_1"), STR("usr_1"), STR("a@b.example"), lines, 2
    };
    const digest before = confirmation_hash(a, &bind);
    str *words[] = { &bind.confirmation, &bind.operation, &bind.object,    &bind.user,
                     &bind.recipient,    &lines[0].bound, &lines[1].value, &lines[1].bound };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        str kept = *words[i];
        *words[i] = STR("another");
        digest other = confirmation_hash(a, &bind);
        CHECK(!equal_digest(&before, &other));
        *words[i] = kept;
    }
    digest again = confirmation_hash(a, &bind);
    CHECK(equal_digest(&before, &again));
    /* What one line says cannot be said by two. */
    struct confirmation_line one[] = { { "name", STR("Ada\nemail=3:x@y"), STR_NONE } };
    struct confirmation_line two[] = { { "name", STR("Ada"), STR_NONE }, { "email", STR("x@y"), STR_NONE } };
    bind.lines = one, bind.n = 1;
    digest joined = confirmation_hash(a, &bind);
    bind.lines = two, bind.n = 2;
    digest apart = confirmation_hash(a, &bind);
    CHECK(!equal_digest(&joined, &apart));
    arena_destroy(a);
}

TEST(an_address_is_shown_by_its_beginning_and_its_domain)
{
    struct arena *a = arena_create(1024, 1 << 16);
    CHECK_STR(email_masked(a, STR("ada@example.com")), STR("a•••@example.com"));
    CHECK_STR(email_masked(a, STR("åsa@example.com")), STR("å•••@example.com"));
    CHECK_STR(email_masked(a, STR("a@b.example")), STR("a•••@b.example"));
    CHECK_STR(email_masked(a, STR("no address")), STR("•••"));
    arena_destroy(a);
}

TEST(what_needs_a_code_is_a_set)
{
    struct arena *a = arena_create(1024, 1 << 16);
    static const struct {
        const char *typed, *shown;
    } good[] = { { "all", "user,requisite,store,store_connection" },
                 { "none", "none" },
                 { "requisite", "requisite" },
                 { "store,user", "store,user" } };
    static const char *const bad[] = { "", ",", "user,", "user,user", "payout", "user_email", "none,user", "all,user" };
    str_array set;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        CHECK(confirmations_parse(a, str_of(good[i].typed), &set));
        CHECK_STR(confirmations_text(a, &set), str_of(good[i].shown));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!confirmations_parse(a, str_of(bad[i]), &set));
    arena_destroy(a);
}
