/*
 * Money that leaves, or is taken, because its time has come and not because somebody asks: renewals, payouts of
 * schedules, payouts by card and wallet. On a database that was restored to an earlier moment it may have moved
 * already, under names that are lost, so that it is held until the operator has looked (docs/OPERATIONS.md,
 * "Restoring").
 */
#pragma once

#include "paysrv/app.h"
#include "paysrv/flow/clock.h"

/* What sandboxes move is no money. */
static inline bool outgoing_is_held(const struct task *t)
{
    return clock_is_live(t) && ((const struct app *)t->app)->config.hold_outgoing;
}
