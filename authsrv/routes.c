/* The table of routes, collected. */
#include "authsrv/routes.h"

#define ROUTE_ADDRESS(name) &name##_route,

const struct route *const authsrv_routes[] = { AUTHSRV_ROUTES(ROUTE_ADDRESS) & assets_route };
const size_t authsrv_routes_n = sizeof authsrv_routes / sizeof authsrv_routes[0];
