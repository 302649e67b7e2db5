/*
 * Federated Credential Management (FedCM): the browser asks us, across sites, who is logged in here, and shows that
 * itself. Such requests bring no cookie but those that are sent everywhere, so there is one beside the session's, which
 * names the session and is good for nothing but these endpoints (decision 0037).
 */
#pragma once

#include "authsrv/flow/authorization/authz_request.h"
#include "authsrv/flow/session/session.h"

#define FEDCM_COOKIE "__Host-stoa_fedcm"

/* What browsers show before they ask. Name and picture are shown as well, but the scope profile is more than those. */
#define FEDCM_SCOPE STR("openid email")

/* The value of the cookie in a session: its sid, under a MAC. */
str fedcm_cookie_of(struct task *t, str sid);
/* *ret is NULL when the cookie was not made by us, or its session is over. */
MUST_USE err fedcm_session(struct task *t, str cookie, const struct session **ret);

/*
 * What the browser has shown of what the client will learn; said yes to, it counts as consent as far as it goes, for
 * clients that somebody here has verified.
 */
MUST_USE err fedcm_consent(struct task *t, const struct authz_request *a, const struct session *session, str shown);
