/* What can go wrong as far as a caller may know it: OAuth errors and the few of our own. */
#pragma once

#include "shared/base/faults.h"

#define AUTHSRV_FAULTS(X)                                                                                              \
    X(INVALID_CLIENT, 401, "invalid_client", "Client authentication failed.")                                          \
    X(INVALID_GRANT, 400, "invalid_grant", "The grant is invalid, expired, revoked, or was issued to another client.") \
    X(UNAUTHORIZED_CLIENT, 400, "unauthorized_client", "The client may not use this grant type.")                      \
    X(UNSUPPORTED_GRANT_TYPE, 400, "unsupported_grant_type", "This server does not offer that grant type.")            \
    X(INVALID_SCOPE, 400, "invalid_scope", "The scope is unknown, malformed or more than was granted.")                \
    X(INVALID_TARGET, 400, "invalid_target", "The requested resource is unknown, or not the one of these scopes.")     \
    X(AUTHORIZATION_PENDING, 400, "authorization_pending", "Nobody has decided yet. Ask again after the interval.")    \
    X(SLOW_DOWN, 400, "slow_down", "Asked too early: from now on the interval is five seconds longer.")                \
    X(ACCESS_DENIED, 400, "access_denied", "The person said no.")                                                      \
    X(EXPIRED_TOKEN, 400, "expired_token", "Nobody decided in time. Begin anew.")                                      \
    X(UNKNOWN_USER_ID, 400, "unknown_user_id", "The hint names no account of this server.")                            \
    X(INVALID_BINDING_MESSAGE, 400, "invalid_binding_message", "The binding message cannot be shown as it is.")        \
    X(INVALID_SESSION, 400, "invalid_session", "The auth_session is unknown, over, or another client's. Begin anew.")  \
    X(WRONG_CODE, 400, "wrong_code", "The code is wrong, used, or too old.")                                           \
    X(REDIRECT_TO_WEB, 403, "redirect_to_web", "This person must log in on a page of this server.")                    \
    X(INVALID_AUTHORIZATION_DETAILS, 400, "invalid_authorization_details", "The details cannot be accepted.")          \
    X(INVALID_TOKEN, 401, "invalid_token", "The access token is malformed, expired or revoked.")                       \
    X(INVALID_DPOP_PROOF, 400, "invalid_dpop_proof", "The DPoP proof cannot be accepted.")                             \
    X(USE_DPOP_NONCE, 400, "use_dpop_nonce", "The DPoP proof needs the nonce of this answer.")                         \
    X(INSUFFICIENT_SCOPE, 403, "insufficient_scope", "The access token lacks the needed scope.")                       \
    X(INVALID_CLIENT_METADATA, 400, "invalid_client_metadata", "The client metadata cannot be accepted.")              \
    X(INVALID_SOFTWARE_STATEMENT, 400, "invalid_software_statement", "The software statement is not valid.")           \
    X(UNAPPROVED_SOFTWARE_STATEMENT, 400, "unapproved_software_statement",                                             \
      "The software statement is not of anybody who is trusted here.")                                                 \
    X(INVALID_REDIRECT_URI, 400, "invalid_redirect_uri", "A redirect URI cannot be accepted.")                         \
    X(INVALID_REQUEST_OBJECT, 400, "invalid_request_object", "The request object cannot be accepted.")                 \
    X(INVALID_REQUEST_URI, 400, "invalid_request_uri", "The request_uri cannot be accepted.")                          \
    X(BAD_AUTHORIZATION, 400, "invalid_request", "The application sent a request that cannot be trusted.")             \
    X(NO_FLOW, 400, "flow_unknown", "This log-in is no longer open. Start again from the application.")                \
    X(FORBIDDEN, 403, "forbidden", "The form did not come from this page. Go back and try again.")                     \
    X(FORBIDDEN_ORIGIN, 403, "forbidden", "Only a browser asks here, for a page of the client that it names.")         \
    X(NOT_LOGGED_IN, 401, "login_required", "Nobody is logged in here.")                                               \
    X(BREACHED_LIST, 503, "temporarily_unavailable", "New passwords cannot be checked right now. Try again later.")    \
    X(PARTNER_FAILED, 503, "partner_unavailable", "The partner's log-in cannot be reached right now.")                 \
    X(PARTNER_ANSWER, 400, "partner_answer", "The partner's answer cannot be accepted. Start again.")                  \
    X(PARTNER_WEAK, 403, "unmet_authentication_requirements", "The log-in at the partner was weaker than asked for.")  \
    X(UPSTREAM_LOGIN, 400, "login_required", "The person has to log in at the partner again.")                         \
    X(UPSTREAM_AWAY, 503, "temporarily_unavailable", "The partner gives no fresh token right now. Try again.")         \
    X(NOT_INVITED, 403, "not_invited", "Your account there cannot open an account here without an invitation.")        \
    X(LINK_NEEDED, 409, "interaction_required", "An account with this address exists: whose this is has to be asked.") \
    X(ACCOUNT_DISABLED, 403, "account_disabled", "This account is disabled.")                                          \
    X(ALREADY_EXISTS, 409, "already_exists", "There is one already.")                                                  \
    X(FORBIDDEN_ROLE, 403, "forbidden_role", "That account or scope may do more than the caller.")                     \
    X(FORBIDDEN_TENANT, 403, "forbidden_tenant", "A partner's administration may not do that.")                        \
    X(CONFLICT, 409, "conflict", "The state of the object does not allow that now.")                                   \
    X(VERSION_DIFFERS, 412, "version_differs", "The object was changed meanwhile: read it again.")                     \
    X(VERSION_NEEDED, 428, "version_needed", "Send If-Match with the ETag of the object as you read it.")

FAULTS_DECLARE(AUTHSRV_FAULTS)
