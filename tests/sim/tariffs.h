/*
 * What a store's sales are shared by, changed in the middle of payments (MONEY 6.A3, B18): at once, or from an hour or
 * a day on, by basis points or by rules. A payment goes by what held when it was made.
 */
#pragma once

#include "tests/sim/sim.h"

void tariffs_begin(void); /* with a world: what its store was opened with */
/* Another one. Nobody works meanwhile, who would have read the one before. */
void tariffs_change(void);
void tariffs_judge(void); /* of all payments without rules of their own: fails the test */
