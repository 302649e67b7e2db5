/*
 * Key sets that others publish under a URL: of clients (jwks_uri) and of partners. Fetched when they are missing or
 * older than their Cache-Control allows (a minute to twelve hours; an hour where it says nothing), kept for a day when
 * a refresh fails, and fetched again for an unknown kid, at most once a minute.
 */
#pragma once

#include "shared/base/task.h"
#include "shared/jose/jose.h"

struct jwks_cache;
struct jwks_cache *jwks_cache_create(struct arena *process);
void jwks_cache_close(struct jwks_cache *cache);

struct jwks_at {
    str url;
    bool is_ours; /* as of struct fetch_request */
};
/*
 * The set, held until the task ends; NULL: it cannot be had. anew: a kid was not found in what jwks_get answered
 * before. Several tasks that want the same set wait for one of them to fetch it.
 */
const struct jose_set *jwks_get(struct task *t, struct jwks_at at, bool anew);
/* jws_verify_with against the set of that URL; an unknown key is looked for anew. */
enum jws_verdict jwks_verify(struct task *t, struct jwks_at at, const struct jws_want *want, str token,
                             struct jws_read *ret);
/* Of somebody whose keys are either under a URL or, when that is absent, in a document that the operator gave. */
enum jws_verdict published_verify(struct task *t, str url, str document, const struct jws_want *want, str token,
                                  struct jws_read *ret);
