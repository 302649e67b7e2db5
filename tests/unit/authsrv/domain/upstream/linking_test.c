/* Joining identities to accounts (SECURITY G 160 to 168). */
#include "authsrv/domain/upstream/linking.h"

#include "tests/support/test.h"

TEST(who_does_not_own_the_address_learns_nothing)
{
    CHECK(link_is_offered(&(struct offer_facts){ .email_is_anothers = true, .email_verified = true }));
    CHECK(!link_is_offered(&(struct offer_facts){ .email_is_anothers = true }));
    CHECK(!link_is_offered(&(struct offer_facts){ .email_verified = true }));
}

TEST(both_sides_are_proven_and_nobody_loses_an_identity)
{
    struct link_facts f = { .is_proven = true, .email_verified = true, .has_password = true };
    CHECK_I64(link_judge(&f), LINK_GOOD);
    f.has_owner = true;
    CHECK_I64(link_judge(&f), LINK_TAKEN);
    f.is_own = true;
    CHECK_I64(link_judge(&f), LINK_ALREADY);
    f.is_proven = false;
    CHECK_I64(link_judge(&f), LINK_UNPROVEN);
}

TEST(an_account_whose_address_nobody_showed_to_own_gets_no_further_way_in)
{
    struct link_facts f = { .is_proven = true, .has_password = true };
    CHECK_I64(link_judge(&f), LINK_UNVERIFIED);
    f.has_password = false; /* it came by a partner: that identity is its owner */
    CHECK_I64(link_judge(&f), LINK_GOOD);
}

static bool map_read(struct arena *a, str text, size_t *n)
{
    const struct json_value *map;
    str *from, *to, explain;
    CHECK(json_parse(a, text, &map));
    bool good = subject_map_read(a, map, &from, &to, n, &explain);
    CHECK(good || str_given(explain));
    return good;
}

TEST(the_map_of_merged_partners_is_a_map_of_subjects)
{
    size_t n;
    CHECK(map_read(arena, STR("{\"a\":\"1\",\"b\":\"2\"}"), &n));
    CHECK_I64(n, 2);
    CHECK(!map_read(arena, STR("{}"), &n));
    CHECK(!map_read(arena, STR("[\"a\"]"), &n));
    CHECK(!map_read(arena, STR("{\"a\":1}"), &n));
    CHECK(!map_read(arena, STR("{\"a\":\"\"}"), &n));
    CHECK(!map_read(arena, STR("{\"\":\"a\"}"), &n));
}
