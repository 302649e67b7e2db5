/* Every object of the answers, one word a line: the file that writes it says what it looks like, as SHAPE(word, ...).
 */
#pragma once

#include "shared/text/shape.h"

#define AUTHSRV_SHAPES(X)                                                                                              \
    X(approval)                                                                                                        \
    X(audit_entry)                                                                                                     \
    X(audit_chain)                                                                                                     \
    X(statistics)                                                                                                      \
    X(resource_metadata)                                                                                               \
    X(branding)                                                                                                        \
    X(client)                                                                                                          \
    X(detail_type)                                                                                                     \
    X(exchange_rule)                                                                                                   \
    X(identity)                                                                                                        \
    X(assertion_issuer)                                                                                                \
    X(assertion_subject)                                                                                               \
    X(key)                                                                                                             \
    X(logout)                                                                                                          \
    X(partner)                                                                                                         \
    X(resource)                                                                                                        \
    X(scope)                                                                                                           \
    X(session)                                                                                                         \
    X(grant)                                                                                                           \
    X(consent)                                                                                                         \
    X(initial_access_token)                                                                                            \
    X(user)                                                                                                            \
    X(registration)                                                                                                    \
    X(device_authorization_answer)                                                                                     \
    X(revocation)                                                                                                      \
    X(introspection)                                                                                                   \
    X(challenge_refusal)                                                                                               \
    X(token_answer)                                                                                                    \
    X(fedcm_account)                                                                                                   \
    X(user_info)                                                                                                       \
    X(client_metadata)                                                                                                 \
    X(client_registration)

#define SHAPE_DECLARE(name) extern const struct shape name##_shape;
AUTHSRV_SHAPES(SHAPE_DECLARE)
#define SHAPE_ROW(name) &name##_shape,
