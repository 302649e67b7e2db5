/* Initial access tokens (RFC 7591 section 3): who holds one may register clients. Shown once, kept as a digest. */
#pragma once

#include "shared/base/err.h"
#include "shared/base/task.h"

struct initial_token {
    str token, id;
    instant expires_at;
};
MUST_USE err initial_token_make(struct task *t, str actor, int64_t uses, int64_t hours, struct initial_token *ret);
MUST_USE err initial_token_end(struct task *t, str actor, str id);
