/*
 * Telling applications that a session ended: what an answer means, when to try again, when to leave a client alone
 * (OIDC Back-Channel Logout 1.0 section 2.8), and what frames load (OIDC Front-Channel Logout 1.0).
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/instant.h"
#include "shared/base/str.h"

enum logout_outcome { LOGOUT_DELIVERED = 1, LOGOUT_REFUSED, LOGOUT_FAILED };

/* status 0: no answer. 400 says that this token will never do; all else may be better next time. */
enum logout_outcome logout_judge(int status);

struct logout_schedule {
    duration first, longest;  /* pauses between attempts */
    int64_t breaker_failures; /* in a row, after which the client rests */
    duration breaker_rest;
};
/* The pause after that attempt (from 1): first, doubled each time up to longest, and up to a tenth more by luck. */
duration logout_pause(const struct logout_schedule *s, int attempt, unsigned char luck);
/* How long the client rests after so many failures in a row: not at all, then breaker_rest, doubled up to longest. */
duration logout_rest(const struct logout_schedule *s, int failures);

/* The registered URI with its own query, iss and sid. */
str logout_frame_url(struct arena *a, str registered, str issuer, str sid);
