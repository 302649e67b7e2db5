/* The life of signing keys (SECURITY F-A8, A17). */
#include "authsrv/domain/token/key_schedule.h"

#include "tests/support/test.h"

static const struct key_lives lives = { HOURS(24), DAYS(90), DAYS(2) };

TEST(keys_missing_are_made)
{
    struct key_facts k = { 0 };
    CHECK_I64(key_housekeeping(&k, &lives, instant_of_seconds(0)), KEY_CREATE);
    k.has_active = true;
    CHECK_I64(key_housekeeping(&k, &lives, instant_of_seconds(0)), KEY_CREATE);
}

TEST(keys_rotate_when_old_and_their_successor_is_known)
{
    struct key_facts k = { .has_active = true, .has_next = true };
    int64_t old = 90 * 86400;
    k.next_published = instant_of_seconds(old - 86400);
    CHECK_I64(key_housekeeping(&k, &lives, instant_of_seconds(old - 1)), KEY_KEEP);
    CHECK_I64(key_housekeeping(&k, &lives, instant_of_seconds(old)), KEY_ROTATE);
    k.next_published = instant_of_seconds(old - 86399);
    CHECK_I64(key_housekeeping(&k, &lives, instant_of_seconds(old)), KEY_KEEP);
}

TEST(operator_may_rotate_a_known_key_and_any_in_an_emergency)
{
    struct key_facts k = { .has_active = true };
    CHECK_I64(key_rotate_judge(&k, &lives, true, instant_of_seconds(0)), ROTATE_NO_NEXT);
    k.has_next = true;
    k.next_published = instant_of_seconds(1000);
    CHECK_I64(key_rotate_judge(&k, &lives, false, instant_of_seconds(87399)), ROTATE_TOO_EARLY);
    CHECK_I64(key_rotate_judge(&k, &lives, false, instant_of_seconds(87400)), ROTATE_GOOD);
    CHECK_I64(key_rotate_judge(&k, &lives, true, instant_of_seconds(1001)), ROTATE_GOOD);
}

TEST(lives_that_leave_tokens_without_a_key_are_refused)
{
    CHECK(key_lives_fault(&lives, MINUTES(5)) == NULL);
    CHECK(key_lives_fault(&(struct key_lives){ MINUTES(59), DAYS(90), DAYS(2) }, MINUTES(5)) != NULL);
    CHECK(key_lives_fault(&(struct key_lives){ HOURS(24), HOURS(24), DAYS(2) }, MINUTES(5)) != NULL);
    CHECK(key_lives_fault(&(struct key_lives){ HOURS(1), DAYS(90), MINUTES(14) }, MINUTES(5)) != NULL);
    CHECK(key_lives_fault(&(struct key_lives){ HOURS(1), DAYS(90), MINUTES(15) }, MINUTES(5)) == NULL);
}
