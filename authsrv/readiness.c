/* The three parts of readiness. */
#include "authsrv/readiness.h"

#include "authsrv/flow/snapshot.h"
#include "shared/cache/cache.h"
#include "shared/db/db.h"

static bool database_usable(struct task *t)
{
    return t->db && db_ping(t->db);
}

static bool redis_usable(struct task *t)
{
    return t->cache && cache_ping(t->cache);
}

static bool keys_usable(struct task *t)
{
    const struct snapshot *s;
    return snapshot_any(t, &s) == OK && snapshot_signer(s, ALG_ES256) && snapshot_signer(s, ALG_RS256);
}

const struct readiness readiness_parts[] = {
    { "database", database_usable },
    { "redis", redis_usable },
    { "keys", keys_usable },
};
const size_t readiness_parts_n = sizeof readiness_parts / sizeof readiness_parts[0];
