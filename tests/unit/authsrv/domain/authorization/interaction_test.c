/* The decision table of prompt, max_age, session and consent (OIDC Core 3.1.2.1, IDENTITY B 25..28). */
#include "authsrv/domain/authorization/interaction.h"

#include "tests/support/test.h"

TEST(prompt_words)
{
    struct prompt p;
    CHECK(prompt_parse(STR_NONE, &p) && !p.none && !p.login);
    CHECK(prompt_parse(STR("login consent"), &p) && p.login && p.consent);
    CHECK(prompt_parse(STR("none"), &p) && p.none);
    CHECK(!prompt_parse(STR("none login"), &p));
    CHECK(prompt_parse(STR("create"), &p) && p.create);
    CHECK(!prompt_parse(STR("none create"), &p));
    CHECK(!prompt_parse(STR("Create"), &p));
}

static struct interaction_facts logged_in(void)
{
    return (struct interaction_facts){ .max_age = -1,
                                       .has_session = true,
                                       .session_age_s = 100,
                                       .consent_recorded = true,
                                       .acr_served = true,
                                       .acr_attainable = true };
}

TEST(interaction_without_session)
{
    struct interaction_facts f = { .max_age = -1 };
    CHECK_I64(interaction_next(&f), INTERACT_LOGIN);
    f.upstream_asked = true;
    CHECK_I64(interaction_next(&f), INTERACT_UPSTREAM);
    f.prompt.none = true;
    CHECK_I64(interaction_next(&f), INTERACT_UPSTREAM);
    f.upstream_asked = false;
    CHECK_I64(interaction_next(&f), INTERACT_LOGIN_REQUIRED);
}

TEST(interaction_with_session_and_consent_is_granted)
{
    struct interaction_facts f = logged_in();
    CHECK_I64(interaction_next(&f), INTERACT_GRANT);
    f.prompt.none = true;
    CHECK_I64(interaction_next(&f), INTERACT_GRANT);
}

TEST(interaction_prompt_login_is_satisfied_once)
{
    struct interaction_facts f = logged_in();
    f.prompt.login = true;
    CHECK_I64(interaction_next(&f), INTERACT_LOGIN);
    f.reauthenticated = true;
    CHECK_I64(interaction_next(&f), INTERACT_GRANT);
}

TEST(interaction_prompt_create_wants_somebody_new)
{
    struct interaction_facts f = logged_in();
    f.prompt.create = true;
    CHECK_I64(interaction_next(&f), INTERACT_LOGIN);
    f.reauthenticated = true;
    CHECK_I64(interaction_next(&f), INTERACT_GRANT);
}

TEST(interaction_max_age)
{
    struct interaction_facts f = logged_in();
    f.max_age = 100;
    CHECK_I64(interaction_next(&f), INTERACT_GRANT);
    f.max_age = 99;
    CHECK_I64(interaction_next(&f), INTERACT_LOGIN);
    f.max_age = 0;
    f.session_age_s = 0;
    CHECK_I64(interaction_next(&f), INTERACT_LOGIN);
    f.reauthenticated = true;
    CHECK_I64(interaction_next(&f), INTERACT_GRANT);
}

TEST(interaction_wants_a_log_in_with_a_time)
{
    struct interaction_facts f = logged_in();
    f.undated = true;
    CHECK_I64(interaction_next(&f), INTERACT_LOGIN);
    f.prompt.none = true;
    CHECK_I64(interaction_next(&f), INTERACT_LOGIN_REQUIRED);
    f.prompt.none = false;
    f.reauthenticated = true;
    CHECK_I64(interaction_next(&f), INTERACT_LOGIN_REQUIRED);
}

TEST(interaction_another_user_never_loops)
{
    struct interaction_facts f = logged_in();
    f.another_user = true;
    CHECK_I64(interaction_next(&f), INTERACT_LOGIN);
    f.reauthenticated = true;
    CHECK_I64(interaction_next(&f), INTERACT_LOGIN_REQUIRED);
}

TEST(interaction_consent)
{
    struct interaction_facts f = logged_in();
    f.consent_recorded = false;
    CHECK_I64(interaction_next(&f), INTERACT_CONSENT);
    f.prompt.none = true;
    CHECK_I64(interaction_next(&f), INTERACT_CONSENT_REQUIRED);
    f.prompt.none = false;
    f.first_party = true;
    CHECK_I64(interaction_next(&f), INTERACT_GRANT);
    f.prompt.consent = true;
    CHECK_I64(interaction_next(&f), INTERACT_CONSENT);
    f.consented = true;
    CHECK_I64(interaction_next(&f), INTERACT_GRANT);
}

TEST(interaction_account_is_chosen_once)
{
    struct interaction_facts f = logged_in();
    f.prompt.select_account = true;
    CHECK_I64(interaction_next(&f), INTERACT_SELECT);
    f.selected = true;
    CHECK_I64(interaction_next(&f), INTERACT_GRANT);
    f.selected = false;
    f.reauthenticated = true;
    CHECK_I64(interaction_next(&f), INTERACT_GRANT);
    f.reauthenticated = false;
    f.prompt.login = true;
    CHECK_I64(interaction_next(&f), INTERACT_LOGIN);
    f.has_session = false;
    f.prompt.login = false;
    CHECK_I64(interaction_next(&f), INTERACT_LOGIN);
}

TEST(interaction_voluntary_acr_is_worth_one_log_in)
{
    struct interaction_facts f = logged_in();
    f.acr_served = false;
    CHECK_I64(interaction_next(&f), INTERACT_LOGIN);
    f.prompt.none = true;
    CHECK_I64(interaction_next(&f), INTERACT_GRANT);
    f.prompt.none = false;
    f.reauthenticated = true;
    CHECK_I64(interaction_next(&f), INTERACT_GRANT);
    f.reauthenticated = false;
    f.acr_attainable = false;
    CHECK_I64(interaction_next(&f), INTERACT_GRANT);
}

TEST(interaction_essential_acr_is_never_served_by_less)
{
    struct interaction_facts f = logged_in();
    f.acr_served = false;
    f.acr_essential = true;
    CHECK_I64(interaction_next(&f), INTERACT_LOGIN);
    f.prompt.none = true;
    CHECK_I64(interaction_next(&f), INTERACT_LOGIN_REQUIRED);
    f.prompt.none = false;
    f.reauthenticated = true;
    CHECK_I64(interaction_next(&f), INTERACT_UNMET);
    f.reauthenticated = false;
    f.acr_attainable = false;
    CHECK_I64(interaction_next(&f), INTERACT_UNMET);
    f.has_session = false;
    CHECK_I64(interaction_next(&f), INTERACT_UNMET);
    f.has_session = f.acr_served = true;
    CHECK_I64(interaction_next(&f), INTERACT_GRANT);
}
