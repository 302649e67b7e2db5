/* The documents about a person that a partner gives for an access token. */
#pragma once

#include "authsrv/domain/upstream/upstream_person.h"
#include "authsrv/flow/upstream/upstream_meta.h"

/* OpenID Connect: adds to what the ID token said. A service that cannot answer costs the e-mail, not the log-in. */
MUST_USE err upstream_userinfo_add(struct task *t, const struct upstream *up, const struct upstream_meta *meta,
                                   str access_token, struct partner_person *ret);
/* Plain OAuth 2.0: this document is all there is. */
MUST_USE err upstream_userinfo_take(struct task *t, const struct upstream *up, const struct upstream_meta *meta,
                                    str access_token, struct partner_person *ret);
