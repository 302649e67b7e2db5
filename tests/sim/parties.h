/*
 * Who does not stay what he was while money is on its way (MONEY 6.A2, A7, B15, B18): a partner that the operator
 * suspends, a user who leaves and is erased, a store that moves to another partner.
 */
#pragma once

#include "tests/sim/sim.h"

void parties_begin(void); /* with a world: all are there */
/* The operator suspends the partner; time passes, all that is on its way goes on, nothing new begins. And no longer. */
void parties_suspend(void);
/* He may have something open, and stays. */
void parties_leave(str user);
/* To a partner that is there for that, with its owner's code. Nobody works meanwhile. */
void parties_store_moves(void);
/* What came to those who had left; what of old sales went to the new partner: fails the test. */
void parties_judge(void);
