/* The life of signing keys (SECURITY F-A8, A17). */
#include "authsrv/domain/key_schedule.h"

#include "tests/support/test.h"

TEST(keys_missing_are_made)
{
    struct key_facts k = { 0 };
    CHECK_I64(key_housekeeping(&k, instant_of_seconds(0)), KEY_CREATE);
    k.has_active = true;
    CHECK_I64(key_housekeeping(&k, instant_of_seconds(0)), KEY_CREATE);
}

TEST(keys_rotate_when_old_and_their_successor_is_known)
{
    struct key_facts k = { .has_active = true, .has_next = true };
    int64_t old = 90 * 86400;
    k.next_published = instant_of_seconds(old - 3600);
    CHECK_I64(key_housekeeping(&k, instant_of_seconds(old - 1)), KEY_KEEP);
    CHECK_I64(key_housekeeping(&k, instant_of_seconds(old)), KEY_ROTATE);
    k.next_published = instant_of_seconds(old - 3599);
    CHECK_I64(key_housekeeping(&k, instant_of_seconds(old)), KEY_KEEP);
}

TEST(operator_may_rotate_a_known_key_and_any_in_an_emergency)
{
    struct key_facts k = { .has_active = true };
    CHECK_I64(key_rotate_judge(&k, true, instant_of_seconds(0)), ROTATE_NO_NEXT);
    k.has_next = true;
    k.next_published = instant_of_seconds(1000);
    CHECK_I64(key_rotate_judge(&k, false, instant_of_seconds(4599)), ROTATE_TOO_EARLY);
    CHECK_I64(key_rotate_judge(&k, false, instant_of_seconds(4600)), ROTATE_GOOD);
    CHECK_I64(key_rotate_judge(&k, true, instant_of_seconds(1001)), ROTATE_GOOD);
}
