/* Who may log in people inside an application, for what, and how often an address is mailed (IDENTITY J 96, N 130). */
#include "authsrv/domain/account/challenge.h"

#include "authsrv/domain/account/account.h"
#include "tests/support/test.h"

TEST(policies_are_three_words)
{
    enum challenge_policy p = CHALLENGE_OFF;
    CHECK(challenge_policy_parse(STR("register"), &p) && p == CHALLENGE_REGISTER);
    CHECK(challenge_policy_parse(STR("sign_in"), &p) && p == CHALLENGE_SIGN_IN);
    CHECK(challenge_policy_parse(STR("off"), &p) && p == CHALLENGE_OFF);
    CHECK(!challenge_policy_parse(STR("Register"), &p));
    CHECK(!challenge_policy_parse(STR(""), &p));
}

TEST(a_client_without_a_credential_may_nothing)
{
    const struct client proven = { .auth_method = AUTH_BASIC, .challenge = STR("register") };
    const struct client open = { .auth_method = AUTH_NONE, .challenge = STR("register") };
    const struct client unmarked = { .auth_method = AUTH_BASIC };
    CHECK(challenge_policy_of(&proven) == CHALLENGE_REGISTER);
    CHECK(challenge_policy_of(&open) == CHALLENGE_OFF);
    CHECK(challenge_policy_of(&unmarked) == CHALLENGE_OFF);
}

TEST(only_who_somebody_is_can_be_asked_without_a_page)
{
    const struct terms_wish none = { 0 };
    struct authorization a = { .scope = STR("openid email offline_access") };
    CHECK(!challenge_needs_page(&a, &none, false));
    a.scope = STR("openid pay.payments");
    CHECK(challenge_needs_page(&a, &none, false) != NULL);
    CHECK(!challenge_needs_page(&a, &none, true));
    a.scope = STR("openid pay.operator");
    CHECK(challenge_needs_page(&a, &none, true) != NULL);
    a.scope = STR("openid auth.admin.read");
    CHECK(challenge_needs_page(&a, &none, true) != NULL);
}

TEST(prompts_hints_and_stronger_log_ins_need_a_page)
{
    const struct terms_wish none = { 0 };
    const struct terms_wish details = { .details = true }, whom = { .subjects = STR("usr_1") };
    const struct terms_wish strong = { .acr = STR("urn:stoa:acr:2fa"), .acr_essential = true };
    const struct terms_wish weak = { .acr = STR("urn:stoa:acr:1fa"), .acr_essential = true };
    const struct terms_wish wished = { .acr = STR("urn:stoa:acr:2fa") };
    const struct authorization a = { .scope = STR("openid") };
    const struct authorization login = { .scope = STR("openid"), .prompt = { .login = true } };
    const struct authorization consent = { .scope = STR("openid"), .prompt = { .consent = true } };
    const struct authorization silent = { .scope = STR("openid"), .prompt = { .none = true } };
    const struct authorization select = { .scope = STR("openid"), .prompt = { .select_account = true } };
    const struct authorization partner = { .scope = STR("openid"), .idp_hint = STR("inkwell") };
    const struct authorization token = { .scope = STR("openid"), .id_token_hint = STR("eyJ") };
    CHECK(!challenge_needs_page(&login, &none, false));
    CHECK(challenge_needs_page(&consent, &none, false) != NULL);
    CHECK(challenge_needs_page(&silent, &none, false) != NULL);
    CHECK(challenge_needs_page(&select, &none, false) != NULL);
    CHECK(challenge_needs_page(&partner, &none, false) != NULL);
    CHECK(challenge_needs_page(&token, &none, false) != NULL);
    CHECK(challenge_needs_page(&a, &details, true) != NULL);
    CHECK(challenge_needs_page(&a, &whom, true) != NULL);
    CHECK(challenge_needs_page(&a, &strong, true) != NULL);
    CHECK(!challenge_needs_page(&a, &weak, true));
    CHECK(!challenge_needs_page(&a, &wished, true));
}

TEST(a_mailed_code_lets_in_whom_it_is_enough_for)
{
    const struct challenge_person_row user = { .role = STR("user") };
    const struct challenge_person_row disabled = { .role = STR("user"), .is_disabled = true };
    const struct challenge_person_row second = { .role = STR("user"), .has_second = true };
    const struct challenge_person_row admin = { .role = STR("admin") };
    CHECK(challenge_entry_of(CHALLENGE_REGISTER, NULL) == ENTRY_CREATE);
    CHECK(challenge_entry_of(CHALLENGE_SIGN_IN, NULL) == ENTRY_NOBODY);
    CHECK(challenge_entry_of(CHALLENGE_REGISTER, &user) == ENTRY_SIGN_IN);
    CHECK(challenge_entry_of(CHALLENGE_REGISTER, &disabled) == ENTRY_NOBODY);
    CHECK(challenge_entry_of(CHALLENGE_REGISTER, &second) == ENTRY_PAGE);
    CHECK(challenge_entry_of(CHALLENGE_SIGN_IN, &admin) == ENTRY_PAGE);
}

TEST(mails_to_an_address_have_a_pause_and_a_limit)
{
    const instant now = { 1000000000 };
    struct challenge_room_row room = { 0 };
    CHECK(challenge_wait_s(&room, now) == 0);
    room = (struct challenge_room_row){ .mails = 1, .last_at_given = true, .last_at = now };
    CHECK(challenge_wait_s(&room, now) == 30);
    room.last_at.us = now.us - 29500000;
    CHECK(challenge_wait_s(&room, now) == 1);
    room.last_at.us = now.us - 30000000;
    CHECK(challenge_wait_s(&room, now) == 0);
    room.mails = CHALLENGE_MAILS;
    CHECK(challenge_wait_s(&room, now) == 3600);
    room = (struct challenge_room_row){ .is_disowned = true };
    CHECK(challenge_wait_s(&room, now) == 3600);
}

TEST(codes_are_read_as_people_type_them)
{
    CHECK_STR(mailed_code_typed(arena, STR(" 1234-56 78")), STR("12345678"));
    CHECK_STR(mailed_code_typed(arena, STR("")), STR(""));
}
