/*
 * Torture (SECURITY 5.3): each route of paysrv is asked for something that it can do, again and again, and each time
 * another one of the calls that it makes fails: statements, requests to acquirer and bank, memory. tests/sim gives the
 * world.
 */
#pragma once

#include "tests/sim/sim.h"

struct torture_case {
    const char *name; /* the word in routes.h */
    const struct route *route;
    /* With $names of what is made before (things.c). */
    const char *first; /* things that have to be there, though nothing names them */
    const char *path;
    const char *body;
    const char *query;
    const struct http_header *header;
    bool is_sandbox;
    bool has_no_key; /* sent twice, it is done twice, or refused: forms, deletions, operators' decisions */
    bool is_further; /* beside another case of its route */
};

/* The n-th of the cases. NULL: there is none. */
const struct torture_case *torture_case(size_t n);

/* Forgets the things of the world before. */
void things_begin(void);
/* Ends what would go on in the worlds that come after: subscriptions. */
void things_end(void);
/* The text with each $name as the thing of this world; what is not there yet is made. */
str things_put(const char *text);
/* The n-th thing that was made, and its name. False: there are no more. */
bool things_at(size_t n, const char **name, str *value);
