/* Password hashes: argon2id with pepper, and the same work for users that do not exist (SECURITY G). */
#include "shared/crypto/crypto.h"

#include "tests/support/test.h"

static const secret PEPPER = { { "0123456789abcdef", 16 } };

static secret password_of(const char *text)
{
    return (secret){ str_of(text) };
}

TEST(password_is_argon2id_with_19_mib_and_2_passes)
{
    str hash = password_hash(arena, PEPPER, password_of("correct horse"));
    CHECK(str_starts(hash, STR("$argon2id$v=19$m=19456,t=2,p=1$")));
    CHECK(password_verify(PEPPER, password_of("correct horse"), hash));
    CHECK(!password_verify(PEPPER, password_of("correct horsf"), hash));
    CHECK(!password_verify((secret){ STR("0123456789abcdeg") }, password_of("correct horse"), hash));
}

TEST(password_hashes_are_salted)
{
    str one = password_hash(arena, PEPPER, password_of("x")), two = password_hash(arena, PEPPER, password_of("x"));
    CHECK(!str_eq(one, two));
}

TEST(password_of_any_length)
{
    char *text = arena_alloc(arena, 5000);
    memset(text, 'p', 5000);
    str hash = password_hash(arena, PEPPER, (secret){ { text, 4999 } });
    CHECK(password_verify(PEPPER, (secret){ { text, 4999 } }, hash));
    CHECK(!password_verify(PEPPER, (secret){ { text, 4998 } }, hash));
}

/* What the machine does besides makes an attempt slower, never faster. */
static int64_t fastest_us(str hash)
{
    int64_t best = INT64_MAX;
    for (int i = 0; i < 4; i++) {
        int64_t start = monotonic_us();
        CHECK(!password_verify(PEPPER, password_of("y"), hash));
        int64_t took = monotonic_us() - start;
        best = took < best ? took : best;
    }
    return best;
}

TEST(password_of_nobody_costs_the_same_and_fails)
{
    str hash = password_hash(arena, PEPPER, password_of("x"));
    int64_t known = fastest_us(hash), unknown = fastest_us(STR_NONE);
    /* Wide bounds, since the machine is shared; skipping the work would be a thousand times faster. */
    CHECK(unknown > known / 4 && known > unknown / 4);
}

TEST(password_with_a_broken_stored_hash_fails)
{
    char *long_text = arena_alloc(arena, 1000);
    memset(long_text, '$', 1000);
    CHECK(!password_verify(PEPPER, password_of("x"), STR("")));
    CHECK(!password_verify(PEPPER, password_of("x"), STR("$argon2id$v=19$")));
    CHECK(!password_verify(PEPPER, password_of("x"), (str){ long_text, 1000 }));
}

TEST(password_of_other_parameters_is_outdated)
{
    CHECK(!password_is_outdated(password_hash(arena, PEPPER, password_of("x"))));
    CHECK(password_is_outdated(STR("$argon2id$v=19$m=9728,t=3,p=1$DiFdb9g8C49+JwCFMexrGw$8VJNbRfoWAovKFwh/"
                                   "oED8QRE4LlsJl0Rbi+BZAhiyOw")));
    CHECK(password_is_outdated(STR("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW")));
    CHECK(password_is_outdated(STR_NONE));
}
