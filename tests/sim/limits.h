/*
 * Limits of payouts in a random world (MONEY 6.A8, SECURITY K 289): agreed with the operator and changed, days and
 * months (UTC) that end, several payouts at once; and the judge, which knows no more of it than what was agreed when,
 * and what went out.
 */
#pragma once

#include "tests/sim/sim.h"

/* Of each seller by himself, or of all together; 0: no such limit. */
struct agreed {
    int64_t least, most, per_day, per_month, count, approve_from;
};

void limits_begin(void);                                                /* with a world: none are agreed */
void limits_agree(const struct agreed *each, const struct agreed *all); /* from now on */
bool limits_are_agreed(void);
/* Agreed; again: others from now on. Until nobody works, who would go by those of before. */
void limits_draw(void);
/* Until so long before a day ends, or a month. */
void limits_wait_for_the_end(duration before);
/* The seller asks for what is left of the limits, and for one more than that. */
void limits_are_asked_for(void);
/* Of all that was confirmed: fails the test. */
void limits_judge(void);
