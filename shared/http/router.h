/* Which route a method and a path mean. Private to shared/http. */
#pragma once

#include "shared/http/endpoint.h"

#define MAX_PATH_PARAMS 6

struct path_params {
    size_t n;
    struct path_param items[MAX_PATH_PARAMS];
};

struct router {
    const struct route *const *routes;
    size_t n;
};

enum router_verdict { ROUTER_FOUND = 1, ROUTER_OTHER_METHOD, ROUTER_NOWHERE };

/* NULL: sound. Every route has guard, body, run, errors, handler; *which is the wrong one. */
const char *router_fault(const struct router *r, const struct route **which);
/*
 * ROUTER_FOUND: *index is the first route of that method and path. HEAD is looked up as GET.
 * ROUTER_OTHER_METHOD: *index is a route of the path.
 */
enum router_verdict router_find(const struct router *r, struct arena *a, enum method method, str path, size_t *index,
                                struct path_params *params);
/* "GET, HEAD, POST": the methods of the path of routes[index]. */
str router_methods(const struct router *r, struct arena *a, size_t index);
/* The variant whose `when` holds for the form, starting at routes[index]. false: none. */
bool router_variant(const struct router *r, size_t index, const struct form *form, size_t *ret);

bool method_parse(str s, enum method *ret);
const char *method_name(enum method m);
