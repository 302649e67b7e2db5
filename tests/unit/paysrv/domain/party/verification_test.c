/* What the bank says of an account's holder, and what the test bank says in its place. */
#include "paysrv/domain/party/verification.h"

#include "paysrv/domain/bank/test_bank.h"
#include "tests/support/test.h"

static enum verification judge(struct arena *arena, int status, const char *body, str *name)
{
    return verification_judge(arena, status, str_of(body), name);
}

TEST(verification_takes_the_scheme_s_answers_and_a_name_of_a_close_match_only)
{
    str name;
    CHECK_I64(judge(arena, 200, "{\"partyNameMatch\":\"MTCH\",\"matchedName\":\"Ada\"}", &name), VERIFICATION_MATCH);
    CHECK(!str_given(name));
    CHECK_I64(judge(arena, 200, "{\"partyNameMatch\":\"CMTC\",\"matchedName\":\"Ada\"}", &name),
              VERIFICATION_CLOSE_MATCH);
    CHECK_STR(name, STR("Ada"));
    CHECK_I64(judge(arena, 200, "{\"partyNameMatch\":\"CMTC\"}", &name), VERIFICATION_CLOSE_MATCH);
    CHECK(!str_given(name));
    CHECK_I64(judge(arena, 200, "{\"partyNameMatch\":\"NMTC\"}", &name), VERIFICATION_NO_MATCH);
    CHECK_I64(judge(arena, 200, "{\"partyNameMatch\":\"NOAP\"}", &name), VERIFICATION_NOT_POSSIBLE);
}

TEST(verification_is_unknown_whenever_it_is_no_answer)
{
    static const char *const bodies[] = {
        "", "{", "[]", "{\"partyNameMatch\":\"mtch\"}", "{\"partyNameMatch\":\"\"}", "{}", "{\"partyNameMatch\":true}"
    };
    str name;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        CHECK_I64(judge(arena, 200, bodies[i], &name), VERIFICATION_UNKNOWN);
    CHECK_I64(judge(arena, 0, "", &name), VERIFICATION_UNKNOWN);
    CHECK_I64(judge(arena, 503, "{\"partyNameMatch\":\"MTCH\"}", &name), VERIFICATION_UNKNOWN);
}

TEST(verification_is_asked_again_for_ever_at_growing_pauses)
{
    CHECK(verification_pause(1).us == SECONDS(10).us && verification_pause(2).us == SECONDS(60).us);
    for (int i = 1; i < 20; i++)
        CHECK(verification_pause(i).us <= verification_pause(i + 1).us);
    CHECK(verification_pause(1000).us == HOURS(1).us);
}

TEST(verification_differs_by_close_and_other_names_only)
{
    for (int i = 0; i < VERIFICATION_COUNT; i++)
        CHECK(verification_differs(verification_name((enum verification)i)) ==
              (i == VERIFICATION_CLOSE_MATCH || i == VERIFICATION_NO_MATCH));
    CHECK(!verification_differs(STR_NONE));
}

TEST(test_bank_says_what_stands_in_the_holder_s_name)
{
    str name;
    CHECK_I64(test_bank_payee(STR("Ada Lovelace"), &name), VERIFICATION_MATCH);
    CHECK_I64(test_bank_payee(STR("Return AC06"), &name), VERIFICATION_MATCH);
    CHECK_I64(test_bank_payee(STR("Close"), &name), VERIFICATION_MATCH);
    CHECK_I64(test_bank_payee(STR("Mismatch"), &name), VERIFICATION_NO_MATCH);
    CHECK_I64(test_bank_payee(STR("Unverifiable"), &name), VERIFICATION_NOT_POSSIBLE);
    CHECK_I64(test_bank_payee(STR("Unanswered"), &name), VERIFICATION_UNKNOWN);
    CHECK(!str_given(name));
    CHECK_I64(test_bank_payee(STR("Close Ada Lovelace"), &name), VERIFICATION_CLOSE_MATCH);
    CHECK_STR(name, STR("Ada Lovelace"));
}
