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
    X(par)                                                                                                             \
    X(par_preflight)                                                                                                   \
    X(login)                                                                                                           \
    X(login_post)                                                                                                      \
    X(login_partner)                                                                                                   \
    X(login_leave)                                                                                                     \
    X(login_home)                                                                                                      \
    X(callback)                                                                                                        \
    X(upstream_jwks)                                                                                                   \
    X(select_account)                                                                                                  \
    X(select_account_post)                                                                                             \
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
    X(revocations)                                                                                                     \
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
    X(session_check)                                                                                                   \
    X(admin_resource_metadata)                                                                                         \
    X(admin_users)                                                                                                     \
    X(admin_user_create)                                                                                               \
    X(admin_user)                                                                                                      \
    X(admin_user_change)                                                                                               \
    X(admin_sessions)                                                                                                  \
    X(admin_sessions_end)                                                                                              \
    X(admin_session_end)                                                                                               \
    X(admin_grants)                                                                                                    \
    X(admin_grant_end)                                                                                                 \
    X(admin_consents)                                                                                                  \
    X(admin_consent_end)                                                                                               \
    X(admin_partners)                                                                                                  \
    X(admin_partner_create)                                                                                            \
    X(admin_partner)                                                                                                   \
    X(admin_partner_change)                                                                                            \
    X(admin_partner_end)                                                                                               \
    X(admin_resources)                                                                                                 \
    X(admin_resource_put)                                                                                              \
    X(admin_resource_end)                                                                                              \
    X(admin_scopes)                                                                                                    \
    X(admin_scope_end)                                                                                                 \
    X(admin_keys)                                                                                                      \
    X(admin_keys_rotate)                                                                                               \
    X(admin_key_revoke)                                                                                                \
    X(admin_initial_tokens)                                                                                            \
    X(admin_initial_token_make)                                                                                        \
    X(admin_initial_token_end)                                                                                         \
    X(admin_audit)                                                                                                     \
    X(admin_audit_chain)                                                                                               \
    X(admin_statistics)                                                                                                \
    X(admin_clients)                                                                                                   \
    X(admin_client_create)                                                                                             \
    X(admin_client)                                                                                                    \
    X(admin_client_replace)                                                                                            \
    X(admin_client_secret)                                                                                             \
    X(admin_client_end)                                                                                                \
    X(recover)                                                                                                         \
    X(recover_post)                                                                                                    \
    X(recover_code)                                                                                                    \
    X(account)                                                                                                         \
    X(account_password)                                                                                                \
    X(login_passkey)                                                                                                   \
    X(account_passkeys)                                                                                                \
    X(account_passkey_add)                                                                                             \
    X(account_passkey_remove)                                                                                          \
    X(login_second)                                                                                                    \
    X(login_second_post)                                                                                               \
    X(account_totp)                                                                                                    \
    X(account_totp_qr)                                                                                                 \
    X(account_totp_post)                                                                                               \
    X(account_totp_remove)                                                                                             \
    X(account_recovery)                                                                                                \
    X(account_password_post)                                                                                           \
    X(healthz)                                                                                                         \
    X(readyz)                                                                                                          \
    X(openapi)                                                                                                         \
    X(assets)

#define ROUTE_DECLARE(name) extern const struct route name##_route;
AUTHSRV_ROUTES(ROUTE_DECLARE)
