/* What an access token allows of payouts by its authorization_details (RFC 9396; decision 0071). */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/domain/payout/payout_permit.h"
#include "paysrv/flow/payout/limits.h"
#include "paysrv/store/requisite.rows.h"
#include "shared/base/task.h"

/* Of one request, which may ask for several payouts. */
struct payout_permits {
    const struct json_value *details; /* NULL: the token says nothing of payouts */
    bool taken[PERMITS_MAX];
};

MUST_USE err permits_open(struct task *t, const struct caller *c, struct payout_permits *ret);
/*
 * INSUFFICIENT_AUTHORIZATION_DETAILS when the token allows other payouts than this one, or when one of this amount has
 * to be allowed so and the token says nothing. *permit: by what it is allowed, once; absent: by the scope alone.
 */
MUST_USE err permit_take(struct task *t, const struct caller *c, struct payout_permits *p, const struct limits_case *of,
                         const struct limits_found *limits, const struct requisite_find_row *requisite,
                         int64_t amount_minor, str *permit);
/* Nor does a user's token begin a schedule where each payout may have to be allowed so: nobody knows its amounts. */
MUST_USE err permit_schedule(struct task *t, const struct caller *c, const struct limits_found *limits);
/* A token that allows certain payouts does nothing to what was not requested with it: a payout, or a list by its id. */
MUST_USE err permit_own(struct task *t, const struct caller *c, str subject);
