/*
 * Whether books and bank have drifted apart. What neither the books nor a break explain of an account is never one
 * number: the books are ahead by what the bank has told since its statement. But it comes back to what it was; what
 * has not for days is money that one of both does not have (docs/decisions/0110).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define APART_DAYS 3 /* on which there were statements: on holidays there are none, and nothing comes back */

/* The least and the most of it, in minor units, on one day. */
struct apart {
    int64_t low, high;
};

/* Newest first; of more than twice APART_DAYS the first are looked at. true: in the last APART_DAYS it was not once
 * what it was in those before, which *was is. */
bool bank_apart_judge(const struct apart *days, size_t n, struct apart *was);
