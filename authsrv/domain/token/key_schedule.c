/* When keys are made, used and retired. */
#include "authsrv/domain/token/key_schedule.h"

static bool published_long_enough(const struct key_facts *k, const struct key_lives *l, instant now)
{
    return !instant_before(now, instant_add(k->next_published, l->lead));
}

const char *key_lives_fault(const struct key_lives *l, duration longest)
{
    if (l->lead.us < SECONDS(KEY_MIN_LEAD_S).us)
        return "key_publish_lead: must be an hour at least, as key sets are cached";
    if (l->active.us <= l->lead.us)
        return "key_active_life: must be longer than key_publish_lead";
    if (l->retiring.us < longest.us + SECONDS(KEY_JWKS_CACHE_S).us)
        return "key_retiring_life: must be longer than access_token_ttl and the ten minutes of caches together";
    return NULL;
}

enum key_action key_housekeeping(const struct key_facts *k, const struct key_lives *l, instant now)
{
    if (!k->has_active || !k->has_next)
        return KEY_CREATE;
    bool old = !instant_before(now, instant_add(k->active_since, l->active));
    return old && published_long_enough(k, l, now) ? KEY_ROTATE : KEY_KEEP;
}

enum rotate_verdict key_rotate_judge(const struct key_facts *k, const struct key_lives *l, bool emergency, instant now)
{
    if (!k->has_next)
        return ROTATE_NO_NEXT;
    return emergency || published_long_enough(k, l, now) ? ROTATE_GOOD : ROTATE_TOO_EARLY;
}
