/* Judging polls: pure comparisons over the row that the store returned. */
#include "authsrv/domain/authorization/decoupled.h"

enum poll_verdict poll_judge(const struct decoupled_redeem_row *row)
{
    if (row->issued)
        return POLL_GOOD;
    if (str_eq(row->status, STR("done")))
        return POLL_DEAD;
    if (str_eq(row->status, STR("denied")))
        return POLL_DENIED;
    if (row->expired)
        return POLL_EXPIRED;
    if (row->revoked)
        return POLL_DEAD;
    /* Approved, but committed a moment too late for this statement: the next poll sees it. */
    if (str_eq(row->status, STR("approved")))
        return POLL_PENDING;
    return row->early ? POLL_EARLY : POLL_PENDING;
}
