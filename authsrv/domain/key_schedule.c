/* When signing keys are made, used and retired. */
#include "authsrv/domain/key_schedule.h"

static bool published_long_enough(const struct key_facts *k, instant now)
{
    return !instant_before(now, instant_add(k->next_published, KEY_PUBLISH_BEFORE_USE));
}

enum key_action key_housekeeping(const struct key_facts *k, instant now)
{
    if (!k->has_active || !k->has_next)
        return KEY_CREATE;
    bool old = !instant_before(now, instant_add(k->active_since, KEY_ACTIVE_LIFE));
    return old && published_long_enough(k, now) ? KEY_ROTATE : KEY_KEEP;
}

enum rotate_verdict key_rotate_judge(const struct key_facts *k, bool emergency, instant now)
{
    if (!k->has_next)
        return ROTATE_NO_NEXT;
    return emergency || published_long_enough(k, now) ? ROTATE_GOOD : ROTATE_TOO_EARLY;
}
