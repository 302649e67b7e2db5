/* What the operations of the OpenAPI document have in common, and name: how they are opened, headers, refusals,
 * objects. */
#pragma once

#include "shared/http/openapi.h"

#define OPENAPI_NEEDED "-needed" /* behind the name of a header, where nothing is done without it */

/* The scope of an access token that opens it; NULL: it is opened otherwise. */
const char *openapi_scope(const struct route *r);
/* The security scheme that opens it; NULL: there is nothing to bring along. */
const char *openapi_scheme(const struct route *r);
/* The response of a route's refusals. */
const char *openapi_refusal(enum error_style style);
/* type: as in a shape; NULL: nothing is said of it. */
void openapi_media_write(struct json *j, const struct schema_place *at, const char *media, const char *type);

void openapi_components_write(struct json *j, const struct openapi_about *about, const struct route *const *routes,
                              size_t n);
