/* Front-channel logout (OIDC Front-Channel Logout 1.0): what the page of a log-out loads of the applications. */
#pragma once

#include "shared/base/err.h"
#include "shared/base/str.h"
#include "shared/base/task.h"

struct logout_frames {
    const str *urls;
    size_t n;
    str origins; /* space-separated, for the policy of the page */
};
/* Those of the applications that got tokens in the session; sid absent: none. */
MUST_USE err logout_frames_of(struct task *t, str sid, struct logout_frames *ret);
