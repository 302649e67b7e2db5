/* Software statements in registrations (RFC 7591 section 2.3): whom to believe, and what then counts. */
#pragma once

#include "shared/base/err.h"
#include "shared/base/task.h"
#include "shared/text/json_in.h"

struct vouched {
    const struct json_value *document; /* the client's metadata as they count, without the statement */
    str statement;                     /* as it came; absent: none came */
    str software_id, issuer;           /* who vouches for what */
};
/* INVALID_SOFTWARE_STATEMENT, UNAPPROVED_SOFTWARE_STATEMENT. */
MUST_USE err software_statement_take(struct task *t, const struct json_value *document, struct vouched *ret);
