/*
 * How many entries of the ledger, whoever's, one statement looks at that is about one partner's: theirs lie between
 * those of others, seldom or one beside the other.
 */
#pragma once

#include <stdint.h>

#define WINDOW_MAX 262144

/* The next one, when so many were found in this one: no more than most are wanted, and not much fewer. */
int64_t window_next(int64_t size, int64_t found, int64_t most);
