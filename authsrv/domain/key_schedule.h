/* The life of a signing key: next (published, not used), active (signs), retiring (published, only verifies), gone. */
#pragma once

#include "shared/base/instant.h"

#define KEY_PUBLISH_BEFORE_USE HOURS(1) /* longer than any cache of jwks.json */
#define KEY_ACTIVE_LIFE DAYS(90)
#define KEY_RETIRING_LIFE DAYS(2) /* longer than anything that it signed lives */

struct key_facts {
    bool has_active, has_next;
    instant active_since, next_published;
};

enum key_action { KEY_KEEP = 1, KEY_CREATE, KEY_ROTATE };
/* What the housekeeping does for one algorithm. */
enum key_action key_housekeeping(const struct key_facts *k, instant now);
/* Whether the operator may rotate now; emergency: also before the next key was published long enough. */
enum rotate_verdict { ROTATE_GOOD = 1, ROTATE_NO_NEXT, ROTATE_TOO_EARLY };
enum rotate_verdict key_rotate_judge(const struct key_facts *k, bool emergency, instant now);
