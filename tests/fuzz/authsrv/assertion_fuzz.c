/* Claims of a client's assertion about itself: what is taken has an end ahead of us, a name, and is for us alone. */
#include "authsrv/domain/client/client_assertion.h"

#include "tests/fuzz/fuzz.h"

#define NOW_S 1800000000LL

static void judged(const struct json_value *claims, bool issuer_only)
{
    const str alias = STR("https://id.example/token");
    const struct assertion_want want = { .client = STR("shop"),
                                         .issuer = STR("https://id.example"),
                                         .aliases = &alias,
                                         .n_aliases = 1,
                                         .issuer_only = issuer_only };
    const instant now = { NOW_S * 1000000 };
    struct assertion_facts facts = { 0 };
    enum assertion_verdict v = assertion_judge(claims, &want, now, &facts);
    str issuer, subject, audience;
    MUST(v != ASSERTION_NONE && assertion_verdict_say(v) != NULL);
    if (v != ASSERTION_GOOD)
        return;
    MUST(json_get_str(claims, "iss", &issuer) && str_eq(issuer, want.client));
    MUST(json_get_str(claims, "sub", &subject) && str_eq(subject, want.client));
    MUST(facts.jti.n >= 1 && facts.jti.n <= 255);
    MUST(instant_before(now, (instant){ facts.expires_at.us + MINUTES(2).us }) &&
         instant_before(facts.expires_at, (instant){ now.us + MINUTES(12).us }));
    MUST(!issuer_only || (json_get_str(claims, "aud", &audience) && str_eq(audience, want.issuer)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct json_value *claims;
    if (!json_parse(fuzz_arena(), fuzz_text(data, size), &claims) || json_kind(claims) != JSON_OBJECT)
        return 0;
    judged(claims, false);
    judged(claims, true);
    return 0;
}
