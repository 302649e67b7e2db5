/* RFC 7636: syntax, and the vector of appendix B. */
#include "authsrv/domain/authorization/pkce.h"

#include "tests/support/test.h"

TEST(pkce_vector_of_the_specification)
{
    str verifier = STR("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    CHECK_STR(pkce_challenge_of(arena, verifier), STR("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
}

TEST(pkce_syntax)
{
    char text[130];
    memset(text, 'a', sizeof text);
    CHECK(pkce_challenge_valid((str){ text, 43 }));
    CHECK(!pkce_challenge_valid((str){ text, 44 }));
    text[7] = '~';
    CHECK(!pkce_challenge_valid((str){ text, 43 }));
}
