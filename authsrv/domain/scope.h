/* Algebra of scopes: space-separated words (RFC 6749 section 3.3). Order never matters, repetitions fall away. */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/str.h"

/* At most 4096 bytes of words of %x21 / %x23-5B / %x5D-7E. */
bool scope_is_wellformed(str scope);
/* Identity scopes: those of OpenID Connect, which belong to no API. */
#define STANDARD_SCOPES "openid profile email address phone offline_access"
/* Lets an application have the tokens that its partner gave us for the person (flow/upstream/upstream_keep.h). */
#define PARTNER_TOKEN_SCOPE "partner_token"
/* Every word of want is in have. */
bool scope_covers(str have, str want);
/* The first word of want that is not in have; absent: have covers want. */
str scope_beyond(str have, str want);
/* The words of want that are in allowed, each once, in the order of want. */
str scope_common(struct arena *a, str want, str allowed);
/* The words of scope but this one. */
str scope_without(struct arena *a, str scope, str word);
/* The words of both, each once. */
str scope_union(struct arena *a, str one, str other);

struct scope_owner {
    str scope, audience;
    bool is_open; /* a client that no operator knows may have it */
};
/* What such a client gets of the scopes that it wants: identity scopes, and those that are open. */
str scope_for_strangers(struct arena *a, str want, const struct scope_owner *owners, size_t n_owners);

/*
 * Which resources an authorization of these scopes is for (RFC 8707). Resources that were asked for by name keep their
 * own scopes and those of nobody (openid, email, ...); without a name all owned scopes must have one owner, else the
 * issuer is the audience. Resources and audiences are space-separated.
 */
enum target_verdict { TARGET_GOOD = 1, TARGET_UNKNOWN, TARGET_AMBIGUOUS };
enum target_verdict scope_target(struct arena *a, str scope, str resources, str issuer,
                                 const struct scope_owner *owners, size_t n_owners, str *ret_scope, str *ret_audience);
/*
 * The one audience of a token out of those that were granted, and the scopes that mean something there. Without a
 * resource by name only a grant for a single one is clear.
 */
enum target_verdict scope_for(struct arena *a, str scope, str audiences, str resource, const struct scope_owner *owners,
                              size_t n_owners, str *ret_scope, str *ret_audience);
