/*
 * Parameters in a signed object (RFC 9101): by value in `request`, or under a registered URL in `request_uri`. Verified
 * with the client's keys, then judged (domain/request_object.h).
 */
#pragma once

#include "authsrv/domain/client/client.h"
#include "shared/base/err.h"
#include "shared/base/task.h"
#include "shared/text/form.h"

/*
 * Replaces *form by what the object says, if the form has one; *is_signed: it has, and the client signed it.
 * INVALID_REQUEST_OBJECT, INVALID_REQUEST_URI.
 */
MUST_USE err request_object_take(struct task *t, const struct client *client, const struct form **form,
                                 bool *is_signed);

/*
 * The same for a backchannel authentication request (OpenID CIBA Core section 7.1.1) of a client that is registered for
 * signing them: the object by value, once, and nothing but the object. INVALID_REQUEST, the only word that CIBA has.
 */
MUST_USE err backchannel_object_take(struct task *t, const struct client *client, str object, const struct form **form);
