/* Scenarios of who does not stay what he was, of limits, of who does not pay and of what only a person knows, for the
 * table of scenarios.c; and its helpers. */
#pragma once

#include "tests/sim/client.h"

void status_is(const struct call *c, int status);
/* Settled before anything else is asked for: an operation without an outcome stands in the way of the next. */
void settled(const struct call *c);
str member_of(str path, const char *member);

void payouts_limited(void);
void partner_suspended(void);
void author_left(void);
void store_moved(void);
void nobody_pays(void);
void word(void);
void forgiveness(void); /* forgiven_test.c */
