/* Verdicts over the polls of a client that waits for a person at another device (RFC 8628 section 3.5). */
#pragma once

#include "authsrv/store/decoupled.rows.h"
#include "shared/base/str.h"

enum poll_verdict {
    POLL_GOOD = 1, /* the tokens are issued */
    POLL_PENDING,
    POLL_EARLY,
    POLL_DENIED,
    POLL_EXPIRED,
    POLL_DEAD, /* used before, or grant, user or client no longer good */
};
enum poll_verdict poll_judge(const struct decoupled_redeem_row *row);
