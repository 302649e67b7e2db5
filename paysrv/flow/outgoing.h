/*
 * Money that leaves, or is taken, because its time has come and not because somebody asks: renewals, payouts of
 * schedules, payouts by card and wallet, refunds at the end of a deal, of unused time, and of those that waited for
 * funds. On a database that was restored to an earlier moment it may have moved already, under names that are lost, so
 * that it is held until the operator has looked (docs/OPERATIONS.md, "Restoring"). So are invoices for fees, whose
 * numbers may have been given out.
 *
 * Not held, as it moves nothing a second time: releases of authorizations; late successes that are given back, which
 * are whole charges, of which nothing is left then; acceptances of chargebacks, whose money the bank has taken.
 * Transfers that go back to their payers are in the orders to the bank, which the operator keeps from it.
 */
#pragma once

#include "paysrv/app.h"
#include "paysrv/flow/clock.h"

/* What sandboxes move is no money. */
static inline bool outgoing_is_held(const struct task *t)
{
    return clock_is_live(t) && ((const struct app *)t->app)->config.hold_outgoing;
}
