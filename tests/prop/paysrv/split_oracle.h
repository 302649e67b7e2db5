/*
 * What paysrv/domain/stores/split must say, from the definition in docs/decisions/0036 and by other means: exact
 * fractions instead of common weights, receivers sorted by their fraction instead of searched for the largest.
 */
#pragma once

#include "paysrv/domain/stores/split.h"

/* false: the rules come to more than the amount. */
bool oracle_shares(const struct split_profile *profile, int64_t amount, int64_t *shares);
void oracle_position(const struct split_profile *profile, int64_t captured, int64_t returned, int64_t *shares);
