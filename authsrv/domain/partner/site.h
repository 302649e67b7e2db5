/*
 * A name of a partner's own at which its people log in to its applications (decision 0047). Whoever owns the name may
 * answer there tomorrow, and reads its cookies: nothing that is good there is good anywhere else.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/bytes.h"
#include "shared/base/str.h"

#define SITE_PROOF_PATH "/.well-known/stoa-partner"

struct site {
    str host;    /* as Host says it */
    str partner; /* its slug */
    str origin;  /* scheme://host, the scheme being the issuer's */
    str binding; /* what digests of cookies at this name are made with besides */
};

struct site site_make(struct arena *a, str issuer_origin, str host, str partner);
/* NULL: a partner's pages may go by this name. Else what is allowed. */
const char *site_host_fault(struct arena *a, str issuer_origin, str host);
/* Whether Host names it; the port may be written where it is the scheme's own. */
bool site_is_at(const struct site *site, str host);

/* Of a cookie's value: with the same value it is another one at each name. site NULL: the issuer's. */
digest site_digest(const struct site *site, const char *type, str value);

/* What the owner of the name puts there to show that this partner may have it. */
str site_proof(struct arena *a, digest key, str host, str partner);
bool site_proof_holds(str body, str proof);
