/*
 * The life of a key: next (published, not used), active (signs), retiring (only verifies), gone. A kid that was revoked
 * is not even that: nothing it signed counts any more.
 */
#pragma once

#include "shared/base/instant.h"

/* How long anybody may keep jwks.json. A key is published for longer than that before it signs. */
#define KEY_JWKS_CACHE_S 600
/* The shortest lead that the schedule takes, whatever the settings say. */
#define KEY_MIN_LEAD_S 3600

struct key_lives {
    duration lead;     /* published before use */
    duration active;   /* then the next one takes over */
    duration retiring; /* longer than anything that it signed lives */
};
/* What is wrong with the settings; NULL: nothing. longest: the longest life of a token. */
const char *key_lives_fault(const struct key_lives *l, duration longest);

struct key_facts {
    bool has_active, has_next;
    instant active_since, next_published;
};

enum key_action { KEY_KEEP = 1, KEY_CREATE, KEY_ROTATE };
/* What the housekeeping does for one algorithm. */
enum key_action key_housekeeping(const struct key_facts *k, const struct key_lives *l, instant now);
/* Whether the operator may rotate now; emergency: also before the next key was published long enough. */
enum rotate_verdict { ROTATE_GOOD = 1, ROTATE_NO_NEXT, ROTATE_TOO_EARLY };
enum rotate_verdict key_rotate_judge(const struct key_facts *k, const struct key_lives *l, bool emergency, instant now);
