/*
 * OpenAPI 3.1 from the table of routes: paths, parameters with their limits, bodies, error documents. One operation per
 * method and path; variants that share a path (grant_type) become a oneOf of their bodies.
 */
#pragma once

#include "shared/http/endpoint.h"
#include "shared/text/shape.h"

/* A header that every operation with an access token takes, or those that are POST and not repeatable. */
struct openapi_header {
    const char *name, *meaning;
    size_t max;
    bool of_posts; /* required where the route needs_key */
};

struct openapi_about {
    str title;
    str server;                        /* base URL */
    const struct shape *const *shapes; /* the objects that answers are made of */
    size_t n_shapes;
    const struct message *messages; /* what is sent to webhook endpoints */
    size_t n_messages;
    const struct openapi_header *headers;
    size_t n_headers;
    const struct meanings *meanings; /* of members and parameters; NULL: nothing is said */
};

/* Writes the members of the document into the open object j. */
void openapi_write(struct json *j, const struct openapi_about *about, const struct route *const *routes, size_t n);
