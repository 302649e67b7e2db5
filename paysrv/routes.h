/* Every route of paysrv, one word per line: an endpoint file defines `const struct route NAME_route`. */
#pragma once

#include "shared/http/endpoint.h"

#define PAYSRV_ROUTES(X)

#define ROUTE_DECLARE(name) extern const struct route name##_route;
PAYSRV_ROUTES(ROUTE_DECLARE)
