/*
 * A fixed reserve of a seller (MONEY 6.A6, A9): an amount of his balance that payouts leave alone. It is filled from
 * what is available, so from his next sales; and it is the first to give for what he has not got, before his partner
 * covers him and before he owes anybody: it never stands in the way of what goes back.
 */
#pragma once

#include <stdint.h>

/*
 * What it holds next: free_minor is what his balance has beside it and beside all else that is held, below zero when
 * something is missing. Never less than nothing, never more than the target.
 */
int64_t reserve_next(int64_t target_minor, int64_t held_minor, int64_t free_minor);
