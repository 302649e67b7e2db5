/* How plans_authsrv.h and plans_paysrv.h say who may walk what. */
#pragma once

#include <stddef.h>

struct plan_reason {
    const char *statement;
    const char *relation; /* NULL: whatever it reads */
    const char *why;
};

#define PLAN_PAGE "a page in the order of its index, ended by a limit"
#define PLAN_OPERATOR "an operator asks for what there is"
#define PLAN_END "the first or the last row of an index"
