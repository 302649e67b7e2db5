/* What our pages share: the flow that a browser is in, and where it goes next. */
#pragma once

#include "authsrv/cookies.h"
#include "authsrv/flow/authorization/authorize.h"
#include "shared/http/endpoint.h"

/* Begins a page in the language that the browser accepts (http_server_config.page_begin). */
void language_begin(struct task *t, const struct request *rq);
/* A page of a flow that is shown again in another language: by its path and the flow alone. */
bool language_path_good(str path);
/* For a page that needs no flow but may be on the way of one: in its language (flow/language.h). */
MUST_USE err visit_language(struct task *t, const struct request *rq, str flow);
/* The same, and for which application; NULL: none. */
MUST_USE err visit_around(struct task *t, const struct request *rq, str flow, const struct client **client);
/* The session of this browser, whose language counts from here on; NULL when there is none. */
MUST_USE err browser_session(struct task *t, const struct request *rq, const struct session **ret);

struct visit {
    const struct flow_find_row *flow;
    const struct client *client;
    const struct session *session; /* NULL: none */
    digest browser;
    str csrf; /* what forms of this flow carry */
};
/* The flow that the browser named, if it is its own and still there; else NO_FLOW. */
MUST_USE err visit_load(struct task *t, const struct request *rq, str flow, struct visit *ret);
/* NO_FLOW that names the application (NULL: unknown) and explains by the address where to start again. */
MUST_USE err visit_over(struct task *t, const struct client *client, const char *why);
/* FORBIDDEN unless the form carries this visit's CSRF token. */
MUST_USE err visit_check(struct task *t, const struct visit *v, str csrf);
/* Begins the session of who has just proved who they are, and sends the browser on. */
MUST_USE err visit_sign_in(struct task *t, const struct request *rq, struct response *rs, struct visit *v,
                           struct session_new *fresh);

/* Why session_begin began none: ACCOUNT_DISABLED, or a failure that leads to `location`, where one logs in. */
MUST_USE err session_missed(struct task *t, user_id user, str location);

/* The same without sending it on, or counting a log-in: the session gets a new id. */
MUST_USE err visit_enter(struct task *t, const struct request *rq, struct response *rs, struct visit *v,
                         struct session_new *fresh);
/* The flow's row as it is now. */
MUST_USE err visit_renew(struct task *t, struct visit *v);

/* Where somebody logs in within the flow: our page; at a name of a partner's own, the partner. */
str visit_login_url(struct task *t, const struct flow_find_row *flow);

/* Whether the log-in that this flow asks for is there, perhaps made in another tab. */
MUST_USE err visit_is_signed_in(struct task *t, const struct visit *v, bool *ret);
/* Sends the browser on: to the log-in, the partner, the consent page, or through /continue to the application. */
MUST_USE err visit_go(struct task *t, const struct visit *v, struct response *rs);
/* Gives the answer of an authorization for which no flow was kept. */
void visit_answer(struct task *t, const struct visit *v, const struct request *rq, struct response *rs,
                  const struct answer *answer);
/* As visit_go at the end of a chain of GET requests: straight to the application where nothing is to be asked. */
MUST_USE err visit_go_directly(struct task *t, const struct visit *v, const struct request *rq, struct response *rs);
/* Through /continue to the application, for a flow that was just settled. */
void visit_leave(struct task *t, const struct visit *v, struct response *rs);

/* Carries a closed answer to its application: a redirect, or a page that posts it. */
void answer_send(struct task *t, const struct request *rq, struct response *rs, const struct answer *answer);
/* The same at the end of a form: a page in both cases, as leave_page. */
void answer_leave(struct task *t, struct response *rs, const struct answer *answer);

/* A page that carries the browser to another site (no redirect: form-action is enforced along the chain). */
void leave_page(struct task *t, struct response *rs, str location);
/* Shows the logo of an application on the page: its origin is allowed for images. Absent without a logo. */
str shown_logo(struct task *t, struct response *rs, const struct client *client);
/* scheme://host of a redirect URI for people; absent for private-use schemes. */
str shown_host(struct task *t, str uri);

/* Renders a failure for people (http_server_config.error_page). */
void failure_page(struct task *t, const struct request *rq, const struct failure *f, struct response *rs);

/* A page that people see, and a form that they send: what all of these have in common. */
#define PAGE_ROUTE(path_, ...)                                                                                         \
    {                                                                                                                  \
        .method = GET, .path = path_, .guard = &GUARD_PUBLIC, .body = BODY_NONE, .run = RUN_WORKER,                    \
        .errors = ERRORS_PAGE, .no_store = true, .ignore_unknown = true, __VA_ARGS__                                   \
    }
#define FORM_ROUTE(path_, ...)                                                                                         \
    {                                                                                                                  \
        .method = POST, .path = path_, .guard = &GUARD_FORM, .body = BODY_FORM, .run = RUN_WORKER,                     \
        .errors = ERRORS_PAGE, .no_store = true, .ignore_unknown = true, __VA_ARGS__                                   \
    }
