/* Verdicts over codes and refresh tokens (SECURITY B 32..38, E 124..130). */
#include "authsrv/domain/token/redemption.h"

#include "tests/support/test.h"

TEST(code_verdicts_name_the_reason)
{
    struct code_redeem_row code = { .redirect_uri = STR("https://a.example/cb"),
                                    .challenge = STR("c"),
                                    .issued = true };
    CHECK_I64(code_judge(&code, STR_NONE, STR("c")), CODE_GOOD);
    code.issued = false;
    CHECK_I64(code_judge(&code, STR_NONE, STR("x")), CODE_BAD_VERIFIER);
    CHECK_I64(code_judge(&code, STR_NONE, STR_NONE), CODE_BAD_VERIFIER);
    CHECK_I64(code_judge(&code, STR("https://a.example/other"), STR("c")), CODE_OTHER_REDIRECT);
    code.revoked = true;
    CHECK_I64(code_judge(&code, STR_NONE, STR("c")), CODE_REVOKED);
    code.expired = true;
    CHECK_I64(code_judge(&code, STR_NONE, STR("c")), CODE_EXPIRED);
}

TEST(code_without_challenge_takes_no_verifier)
{
    const struct code_redeem_row code = { .redirect_uri = STR("r"), .challenge = STR_NONE };
    CHECK_I64(code_judge(&code, STR_NONE, STR("c")), CODE_BAD_VERIFIER);
}

static struct refresh_find_row live(void)
{
    return (struct refresh_find_row){ .client_id = { STR("a") }, .expires_at = instant_of_seconds(1000) };
}

static enum refresh_verdict judge(const struct refresh_find_row *token, client_id client, duration grace, int64_t now_s)
{
    return refresh_judge(token,
                         &(struct refresh_facts){ .client = client, .grace = grace, .now = instant_of_seconds(now_s) });
}

TEST(refresh_current_dead_and_foreign)
{
    struct refresh_find_row token = live();
    client_id own = { STR("a") }, other = { STR("b") };
    CHECK_I64(judge(&token, own, SECONDS(10), 999), REFRESH_CURRENT);
    CHECK_I64(judge(&token, own, SECONDS(10), 1000), REFRESH_DEAD);
    CHECK_I64(judge(&token, other, SECONDS(10), 999), REFRESH_OTHER_CLIENT);
    token.revoked = true;
    CHECK_I64(judge(&token, own, SECONDS(10), 999), REFRESH_DEAD);
}

TEST(refresh_previous_only_inside_the_window_and_before_its_successor_is_used)
{
    struct refresh_find_row token = live();
    client_id own = { STR("a") };
    token.used_at_given = true;
    token.used_at = instant_of_seconds(100);
    CHECK_I64(judge(&token, own, SECONDS(10), 109), REFRESH_PREVIOUS);
    CHECK_I64(judge(&token, own, SECONDS(10), 110), REFRESH_REUSED);
    CHECK_I64(judge(&token, own, SECONDS(0), 100), REFRESH_REUSED);
    token.successor_used = true;
    CHECK_I64(judge(&token, own, SECONDS(10), 101), REFRESH_REUSED);
}

TEST(code_bound_to_a_key_wants_that_key)
{
    const struct code_redeem_row code = { .redirect_uri = STR("r"), .challenge = STR("c"), .other_key = true };
    CHECK_I64(code_judge(&code, STR_NONE, STR("c")), CODE_OTHER_KEY);
}

TEST(refresh_bound_to_a_key_is_kept_and_wants_that_key)
{
    struct refresh_find_row token = live();
    struct refresh_facts f = { .client = { STR("a") }, .now = instant_of_seconds(1) };
    token.bound_key = STR("jkt:x");
    CHECK_I64(refresh_judge(&token, &f), REFRESH_OTHER_KEY);
    f.key = STR("jkt:y");
    CHECK_I64(refresh_judge(&token, &f), REFRESH_OTHER_KEY);
    f.key = STR("jkt:x");
    CHECK_I64(refresh_judge(&token, &f), REFRESH_KEPT);
    /* An older token of a family that somebody has bound to his key meanwhile: it is reuse, whoever shows it. */
    struct refresh_find_row old = token;
    old.used_at_given = true;
    f.key = STR_NONE;
    CHECK_I64(refresh_judge(&old, &f), REFRESH_REUSED);
    f.grace = SECONDS(10);
    CHECK_I64(refresh_judge(&old, &f), REFRESH_OTHER_KEY);
    old.successor_used = true;
    CHECK_I64(refresh_judge(&old, &f), REFRESH_REUSED);
    f = (struct refresh_facts){ .client = { STR("a") }, .key = STR("jkt:x"), .now = instant_of_seconds(1) };
    /* A public client's unbound token is a bearer token whatever its bearer proves; a confidential client's is not. */
    token.bound_key = STR_NONE;
    CHECK_I64(refresh_judge(&token, &f), REFRESH_CURRENT);
    f.is_confidential = true;
    CHECK_I64(refresh_judge(&token, &f), REFRESH_KEPT);
    f.key = STR_NONE;
    CHECK_I64(refresh_judge(&token, &f), REFRESH_CURRENT);
}
