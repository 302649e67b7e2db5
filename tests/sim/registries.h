/*
 * The acquirer and the wallet settle: registries of what moved money, as they should be or not, transfers to our bank,
 * and an operator who looks after what does not fit.
 */
#pragma once

#include "tests/sim/sim.h"

void registries_begin(void); /* with a world */
bool registries_are_used(void);
/* Whose cost it is what the acquirer keeps: the other one's from now on. Nobody works meanwhile. */
void registries_cost_change(void);
void registries_costs_judge(void); /* who has borne them: fails the test */
/* A registry comes, again perhaps; or a break is looked at. */
void registries_act(void);
/* The acquirer of cards settles what is of these kinds, as it should be; and what no registry has by then is missing.
 */
void registries_settle(const char *kinds);
/* All that is not settled yet is, what was forgotten is given up, and the books have what was said: fails the test. */
void registries_judge(void);
