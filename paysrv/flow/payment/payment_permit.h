/* What an access token allows of payments by its authorization_details (RFC 9396; decision 0074). */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/flow/once.h"
#include "paysrv/store/payment.rows.h"
#include "shared/base/task.h"

/* INSUFFICIENT_AUTHORIZATION_DETAILS with its challenge. */
struct failure *permit_refuse(struct task *t, str field, str explain);
/* Not when the user has taken back the consent meanwhile: a request that began a moment before paysrv was told has a
 * token that is still good. */
MUST_USE err permit_stands(struct task *t, const struct caller *c);

/* Under what the detail of this number is done once, whichever token of the consent names it; absent: nothing can be,
 * as without a name of the consent a refreshed token could allow it again. */
MUST_USE err permit_key(struct task *t, const struct caller *c, int number, str *ret);

/*
 * Before the statement that makes it. A token that allows certain payments allows this one, once: by the request with
 * this key, so that a crash on the way costs nothing. *permit: what has been claimed; absent: nothing is held to any.
 * AUTHORIZATION_DETAILS_USED.
 */
MUST_USE err payment_permit_use(struct task *t, const struct caller *c, const struct payment_find_row *p,
                                const struct once *once, str *permit);
/* After it: how that ended, which is returned. What was refused, or was another request's payment, has used nothing
 * up; of what failed here nobody knows that, and its claim waits for the same request. */
MUST_USE err payment_permit_end(struct task *t, str permit, payment_id payment, err made, const struct answer *answer);
