/* libjwt as an independent opinion: it must accept what we sign with typ JWT, and we what it signs. */
#include <jwt.h>
#include <stdlib.h>
#include <string.h>

#include "shared/jose/jose.h"
#include "tests/support/test.h"
#include "tests/unit/shared/jose/test_keys.h"

static const struct {
    enum jose_alg alg;
    jwt_alg_t theirs;
    const char *private_pem, *public_pem;
} CASES[] = {
    { ALG_ES256, JWT_ALG_ES256, EC_PEM, EC_PUBLIC_PEM },
    { ALG_RS256, JWT_ALG_RS256, RSA_PEM, RSA_PUBLIC_PEM },
};

TEST(libjwt_accepts_what_we_sign)
{
    for (size_t i = 0; i < 2; i++) {
        struct jose_key *key = jose_key_of_pem(str_of(CASES[i].private_pem), CASES[i].alg);
        /* Many rounds: r or s with leading zeros, and with the high bit set, both occur. */
        for (int round = 0; round < (CASES[i].alg == ALG_ES256 ? 600 : 10); round++) {
            str claims = arena_printf(arena, "{\"sub\":\"usr_%d\",\"exp\":%d}", round, 1700000000 + round);
            const char *token = arena_cstr(arena, jws_sign(arena, key, "JWT", claims));
            const char *pem = CASES[i].public_pem;
            jwt_t *read = NULL;
            CHECK_I64(jwt_decode(&read, token, (const unsigned char *)pem, (int)strlen(pem)), 0);
            CHECK_I64(jwt_get_alg(read), CASES[i].theirs);
            CHECK_I64(jwt_get_grant_int(read, "exp"), 1700000000 + round);
            CHECK_STR(str_of(jwt_get_header(read, "kid")), jose_key_kid(key));
            jwt_free(read);
        }
        jose_key_free(key);
    }
}

TEST(we_accept_what_libjwt_signs)
{
    for (size_t i = 0; i < 2; i++) {
        struct jose_key *key = jose_key_of_pem(str_of(CASES[i].private_pem), CASES[i].alg);
        const struct jose_key *list[] = { key };
        struct jose_set *set = jose_set_of(list, 1);
        for (int round = 0; round < (CASES[i].alg == ALG_ES256 ? 300 : 10); round++) {
            const struct json_value *claims;
            const char *pem = CASES[i].private_pem;
            int64_t n;
            jwt_t *made = NULL;
            CHECK_I64(jwt_new(&made), 0);
            CHECK_I64(jwt_add_grant_int(made, "n", round), 0);
            CHECK_I64(jwt_set_alg(made, CASES[i].theirs, (const unsigned char *)pem, (int)strlen(pem)), 0);
            char *token = jwt_encode_str(made);
            CHECK(token);
            CHECK_I64(jws_verify(arena, set, NULL, str_of(token), &claims), JWS_GOOD);
            CHECK(json_get_i64(claims, "n", &n) && n == round);
            free(token);
            jwt_free(made);
        }
        jose_set_free(set);
        jose_key_free(key);
    }
}

TEST(we_refuse_what_libjwt_would_take_with_a_public_key_as_secret)
{
    struct jose_key *key = jose_key_of_pem(str_of(RSA_PEM), ALG_RS256);
    const struct jose_key *list[] = { key };
    struct jose_set *set = jose_set_of(list, 1);
    const struct json_value *claims;
    jwt_t *made = NULL;
    CHECK_I64(jwt_new(&made), 0);
    CHECK_I64(jwt_set_alg(made, JWT_ALG_HS256, (const unsigned char *)RSA_PUBLIC_PEM, (int)strlen(RSA_PUBLIC_PEM)), 0);
    char *token = jwt_encode_str(made);
    CHECK(token);
    CHECK_I64(jws_verify(arena, set, NULL, str_of(token), &claims), JWS_WRONG_ALG);
    free(token);
    jwt_free(made);
    jose_set_free(set);
    jose_key_free(key);
}
