/*
 * What comes next for a subscription: the charge, or the end. The buyer's page, the notices and the renewal itself ask
 * here, so that nobody is told another amount than he is charged.
 */
#pragma once

#include "paysrv/domain/subscription/subscription.h"
#include "paysrv/store/subscription.rows.h"
#include "shared/base/task.h"

struct upcoming {
    bool is_end;          /* no further period */
    instant at;           /* when it begins, or when it ends */
    struct period period; /* that begins */
    enum price_turn turn; /* of the price that was announced */
    price_id price;       /* the period is sold for */
    struct period whole;  /* of which that is a part, when the subscription goes on or ends within it */
    int64_t price_minor;  /* of the whole */
    int64_t amount_minor; /* of the part */
    int64_t due_minor;    /* with what is kept taken off */
};
MUST_USE err upcoming_find(struct task *t, const struct subscription_find_row *s, struct upcoming *ret);
/* Of one that goes on at that moment, within a period of the calendar or between two: the rest of that period. */
MUST_USE err upcoming_rejoin(struct task *t, const struct subscription_find_row *s, instant at, struct upcoming *ret);
struct subscription_end subscription_end_of(const struct subscription_find_row *s);

MUST_USE err subscription_recurrence(struct task *t, const struct subscription_find_row *s, struct recurrence *ret);
/* INVALID_PARAMETER naming `quantity` when it is more than one invoice may be. */
MUST_USE err subscription_amount(struct task *t, int64_t price_minor, int64_t quantity, int64_t *ret);
/* The day in the subscription's zone, such as 2026-12-31. */
MUST_USE err subscription_day(struct task *t, str zone, instant at, str *ret);
