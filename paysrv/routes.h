/* Every route of paysrv, one word per line: an endpoint file defines `const struct route NAME_route`. */
#pragma once

#include "shared/http/endpoint.h"

#define PAYSRV_ROUTES(X)                                                                                               \
    X(payments_create)                                                                                                 \
    X(payments_list)                                                                                                   \
    X(payments_read)                                                                                                   \
    X(payments_confirm)                                                                                                \
    X(refunds_create)                                                                                                  \
    X(refunds_list)

#define ROUTE_DECLARE(name) extern const struct route name##_route;
PAYSRV_ROUTES(ROUTE_DECLARE)
