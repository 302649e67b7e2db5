/* Verdicts over polls (RFC 8628 section 3.5). */
#include "authsrv/domain/authorization/decoupled.h"

#include "tests/support/test.h"

static enum poll_verdict judge(const char *status, bool expired, bool early)
{
    const struct decoupled_redeem_row row = { .status = str_of(status), .expired = expired, .early = early };
    return poll_judge(&row);
}

TEST(undecided_requests_wait_slow_down_and_end)
{
    CHECK_I64(judge("pending", false, false), POLL_PENDING);
    CHECK_I64(judge("pending", false, true), POLL_EARLY);
    CHECK_I64(judge("pending", true, true), POLL_EXPIRED);
    CHECK_I64(judge("denied", true, true), POLL_DENIED);
    CHECK_I64(judge("approved", true, false), POLL_EXPIRED);
}

TEST(only_the_issuing_poll_is_good)
{
    struct decoupled_redeem_row row = { .status = STR("approved"), .issued = true, .early = true };
    CHECK_I64(poll_judge(&row), POLL_GOOD);
    row.issued = false;
    row.revoked = true;
    CHECK_I64(poll_judge(&row), POLL_DEAD);
    CHECK_I64(judge("done", false, false), POLL_DEAD);
    CHECK_I64(judge("approved", false, true), POLL_PENDING);
}
