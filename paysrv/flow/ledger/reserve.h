/*
 * Fixed reserves of sellers (domain/reserve.h): set and taken away by an operator, filled and used by the job of
 * holdbacks. Each change is told as an event.
 */
#pragma once

#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

struct reserve_order {
    partner_id partner;
    user_id user;
    str currency;
    int64_t amount_minor; /* 0: none any more */
    const instant *ends;  /* NULL: until it is taken away */
    str reason, by;
};
/* *done false: no such seller, or there is none to take away. */
MUST_USE err reserve_set(struct task *t, const struct reserve_order *order, bool *done);

/* A part of the job of holdbacks, after what is due was released. */
MUST_USE err reserves_run(struct task *t);
