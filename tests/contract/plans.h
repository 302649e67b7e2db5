/* How plans_authsrv.h and plans_paysrv.h say who may walk what. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct plan_reason {
    const char *statement;
    const char *relation; /* NULL: whatever it reads */
    const char *why;
    bool when_full;  /* only with statistics of full tables */
    bool when_paged; /* only where a page is asked for of somebody who has much */
};

#define PLAN_PAGE "a page in the order of its index, ended by a limit"
#define PLAN_OPERATOR "an operator asks for what there is"
#define PLAN_PASSED "in the order of its index, past what does not fit, ended by a limit"
#define PLAN_TAIL "what is newer than what was seen last"
#define PLAN_GONE "what it walks is gone after it, but for a few that are about to end"
#define PLAN_END "the first or the last row of an index"
#define PLAN_TRANSITION "the rows of the statement whose trigger it is"
