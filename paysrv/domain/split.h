/*
 * Who gets what of an amount: shares in basis points, exact to the minor unit (MONEY 6.A 2 and 3).
 * Each share is rounded down; what is left over goes, one unit each, to the largest remainders, ties in the order of
 * declaration. Parts of an amount (refunds) are shared as share(all until now) - share(all before), so that pieces
 * always end at the shares of the whole, whatever their sizes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPLIT_BP 10000
#define SPLIT_MAX_PARTIES 16

/*
 * weights_bp[n] sum to SPLIT_BP; amount_minor >= 0. Writes shares[n], each >= 0, with the sum amount_minor.
 * false: the weights are not a split, or n is 0 or over SPLIT_MAX_PARTIES, or the amount is out of range.
 */
bool split_allocate(int64_t amount_minor, const int32_t *weights_bp, size_t n, int64_t *shares);

/*
 * The shares of the next part of an amount: what of `total` has been shared before is `before`, and `part` comes now.
 * The shares of one party over all parts end at its share of the total; a single part's share may be 0.
 * false as above, or when before + part exceeds total.
 */
bool split_part(int64_t total_minor, const int32_t *weights_bp, size_t n, int64_t before_minor, int64_t part_minor,
                int64_t *shares);
