/*
 * GET /assets/{name}: the embedded files, found by their hashed names, cached for ever.
 * The table and asset_find are generated (docs/generators.md, "Assets"): the generated header includes this one.
 */
#pragma once

#include "shared/http/endpoint.h"

struct asset {
    str path; /* "/assets/auth.0123456789abcdef.css" */
    str content_type;
    str body;
};

/* NULL: there is no asset with this path. Generated. */
const struct asset *asset_find(str path);

/* The handler of routes under /js/: a script that pages of other origins include, by its own path. */
MUST_USE err script_serve(struct task *t, const struct request *rq, struct response *rs);

extern const struct route assets_route;
