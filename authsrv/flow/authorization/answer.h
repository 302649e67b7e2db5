/*
 * The answer of the authorization endpoint, success or error, before it is carried to the application: parameters, and
 * the response mode that says how (OAuth 2.0 Multiple Response Types, Form Post Response Mode, JARM, RFC 9207).
 */
#pragma once

#include "authsrv/domain/authorization/response.h"
#include "authsrv/domain/client/client.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

#define ANSWER_MAX_FIELDS 12

struct answer {
    const struct client *client;
    str redirect_uri;
    struct response_mode mode;
    size_t n;
    struct answer_field {
        str name, value;
    } fields[ANSWER_MAX_FIELDS];
};

/* An absent value is left out. */
void answer_add(struct answer *a, str name, str value);
/* More bytes than it can have as JSON or as an address: a control character in a state grows sixfold. */
size_t answer_max(const struct answer *a);
/* The last step: names the issuer, and puts everything into one signed parameter where the mode says so. */
MUST_USE err answer_close(struct task *t, struct answer *a);
/* error, description and state, closed. */
MUST_USE err answer_error(struct task *t, struct answer *a, str state, str error, str description);
/* The URL that carries a closed answer in its query or fragment. */
str answer_url(struct task *t, const struct answer *a);
