/*
 * Cross-origin reading for browser clients: only origins of their registered redirect URIs, never with credentials,
 * never reflected unchecked (SECURITY F 146). Public documents use the route's own CORS_ANY.
 */
#pragma once

#include "shared/http/endpoint.h"

/* Lets the page of the authenticated client read the answer. */
void cors_allow_client(struct task *t, const struct request *rq, struct response *rs);
/* As above when the client is not known yet: any browser client's origin. */
void cors_allow_any_client(struct task *t, const struct request *rq, struct response *rs);
/* Lets the page of the client that the form names read why it was refused. */
void cors_allow_refused(struct task *t, const struct request *rq, struct response *rs);
/* The handler of OPTIONS routes: allows the methods that the path has routes for. */
MUST_USE err cors_preflight(struct task *t, const struct request *rq, struct response *rs);
