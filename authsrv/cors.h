/*
 * Cross-origin reading for browser clients: only origins of their registered redirect URIs, never with credentials but
 * for FedCM, never reflected unchecked (SECURITY F 146). Public documents use the route's own CORS_ANY.
 */
#pragma once

#include "authsrv/domain/client/client.h"
#include "shared/http/endpoint.h"

/* Lets the page of the authenticated client read the answer. */
void cors_allow_client(struct task *t, const struct request *rq, struct response *rs);
/* As above when the client is not known yet: any browser client's origin. */
void cors_allow_any_client(struct task *t, const struct request *rq, struct response *rs);
/* Lets the page of the client that the form names read why it was refused. */
void cors_allow_refused(struct task *t, const struct request *rq, struct response *rs);
/*
 * FedCM alone (flow/authorization/fedcm.h): pages of this client, of whatever kind it is, and with_cookie the browser
 * may have sent one. false: another page, or no browser.
 */
bool cors_allow_pages(struct task *t, const struct request *rq, struct response *rs, const struct client *client,
                      bool with_cookie);
/* The handler of OPTIONS routes: allows the methods that the path has routes for. */
MUST_USE err cors_preflight(struct task *t, const struct request *rq, struct response *rs);
