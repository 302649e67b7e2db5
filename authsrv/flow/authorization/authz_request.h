/*
 * An authorization request from where it stands to what it means: its parameters come in the address, in a form, or
 * were pushed before (RFC 9126); then client and redirect URI are checked, and only then the rest.
 */
#pragma once

#include "authsrv/domain/authorization/authorization.h"
#include "authsrv/domain/client/client.h"
#include "shared/base/err.h"
#include "shared/base/task.h"
#include "shared/text/form.h"

struct authz_request {
    const struct form *form;     /* set by the caller: as it came; afterwards the parameters that count */
    const struct client *client; /* set by the caller when it has authenticated the client */
    bool is_pushed, is_signed;   /* is_signed: the parameters come from a request object */
    str proved_jkt;              /* set by the caller: of the DPoP key that pushes; absent: none */
    digest pushed;               /* of the request_uri */
    str redirect_uri, registered_uri;
    struct authorization wanted;
    str audience, hint_subject;
    str explain; /* of AUTHZ_DETAILS: what is wrong where */
};

/* Finds the parameters, the client and its redirect URI. What fails here must never be redirected: BAD_AUTHORIZATION.
 */
MUST_USE err authz_request_take(struct task *t, struct authz_request *a);
/* Everything else; a verdict other than good is told to the application. */
MUST_USE err authz_request_judge(struct task *t, struct authz_request *a, enum authz_verdict *verdict);
str authz_request_say(const struct authz_request *a, enum authz_verdict verdict);

/* Keeps the parameters of an authenticated client that were judged good; *uri is what the browser brings. */
MUST_USE err authz_request_push(struct task *t, const struct authz_request *a, str *uri);
