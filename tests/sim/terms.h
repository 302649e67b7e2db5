/* What a partner of a random world has agreed with the operator, and how its sellers share: drawn, or the defaults. */
#pragma once

#include "tests/sim/sim.h"

/* Before client_begin: the currency of this world, and how much its things cost. */
str terms_currency(void);
/* What a payment is of; a part of one, where a usual payment is 1001: 1 to most, or as much less or more. */
int64_t terms_price(void);
int64_t terms_part(int64_t most);
int64_t terms_sized(int64_t usual); /* as much as that is where a usual payment is 1001 */
str terms_author(void);             /* absent: nobody shares with the seller */
/* A payout of the seller, or of whom his sales are shared with. Not begun. */
struct call *terms_payout_ask(int64_t minor);
/* After client_begin. Delays, reserves, fees of payouts, limits, and what is when a seller's balance is short. */
void terms_draw(void);
/* Members of a payment's body for its split, with a comma in front; "" for the store's own. */
str terms_split(void);
/* Whoever is looked at by two is let go or refused; debts are written off, and some of that was a mistake. */
void operator_acts(void);
/* Buyers pay by bank transfer. */
void remitters_begin(void);
void remitter_acts(void);
void remitters_end(void); /* until nothing is waited for */
int64_t remitted(void);   /* what the bank has of it, and has not taken back */
/* Nothing that time alone moves is left of this world's money: fails the test. */
void terms_judge(void);
