/*
 * Every route of authsrv, one word each: an endpoint file defines `const struct route NAME_route`; assets, openapi,
 * healthz and readyz are the platform's.
 */
#pragma once

#include "shared/http/endpoint.h"

#define AUTHSRV_ROUTES(X)                                                                                              \
    X(openid_configuration)                                                                                            \
    X(oauth_server_metadata)                                                                                           \
    X(jwks)                                                                                                            \
    X(authorize)                                                                                                       \
    X(authorize_post)                                                                                                  \
    X(login)                                                                                                           \
    X(login_post)                                                                                                      \
    X(login_partner)                                                                                                   \
    X(callback)                                                                                                        \
    X(consent)                                                                                                         \
    X(consent_post)                                                                                                    \
    X(continue_on)                                                                                                     \
    X(token_client)                                                                                                    \
    X(token_code)                                                                                                      \
    X(token_refresh)                                                                                                   \
    X(token_device)                                                                                                    \
    X(token_exchange)                                                                                                  \
    X(token_jwt)                                                                                                       \
    X(token_ciba)                                                                                                      \
    X(token_other)                                                                                                     \
    X(token_preflight)                                                                                                 \
    X(userinfo)                                                                                                        \
    X(userinfo_post)                                                                                                   \
    X(userinfo_preflight)                                                                                              \
    X(introspect)                                                                                                      \
    X(revoke)                                                                                                          \
    X(register_client)                                                                                                 \
    X(registration_show)                                                                                               \
    X(registration_replace)                                                                                            \
    X(registration_delete)                                                                                             \
    X(device_authorization)                                                                                            \
    X(device_authorization_preflight)                                                                                  \
    X(bc_authorize)                                                                                                    \
    X(approve)                                                                                                         \
    X(device)                                                                                                          \
    X(device_post)                                                                                                     \
    X(logout)                                                                                                          \
    X(logout_post)                                                                                                     \
    X(healthz)                                                                                                         \
    X(readyz)                                                                                                          \
    X(openapi)                                                                                                         \
    X(assets)

#define ROUTE_DECLARE(name) extern const struct route name##_route;
AUTHSRV_ROUTES(ROUTE_DECLARE)
