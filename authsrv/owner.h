/*
 * Who looks after an account on its own pages. They log in as applications' users do, in a flow without a client; what
 * changes how one logs in wants a log-in of the last minutes.
 */
#pragma once

#include "authsrv/browser.h"

enum owner_need { OWNER_ANY = 1, OWNER_FRESH };

struct owner {
    const struct session *session; /* NULL: nobody, or not logged in as lately as is needed */
    user_id user;
    str csrf; /* what forms of the account pages carry */
};

/*
 * ret->session NULL: the answer is given, it sends the browser to log in and then to `back`, a path of ours. owner_load
 * is for pages that only show.
 */
MUST_USE err owner_load(struct task *t, const struct request *rq, struct response *rs, enum owner_need need,
                        const char *back, struct owner *ret);
/* For what a form asks: csrf is what it brought; FORBIDDEN when that is wrong. */
MUST_USE err owner_form(struct task *t, const struct request *rq, struct response *rs, enum owner_need need,
                        const char *back, str csrf, struct owner *ret);
/* A flow in which an identity is linked to this owner's account, whose fresh log-in is its proof; leads to `back`. */
MUST_USE err owner_link_flow(struct task *t, const struct request *rq, struct response *rs, const struct owner *o,
                             const char *back, str *flow);
/*
 * Gives this browser's session a new id and counts it as a log-in of now, so that it survives a change of credentials
 * at t->now, for an owner who has just proved who they are.
 */
MUST_USE err owner_renew(struct task *t, const struct request *rq, struct response *rs, struct owner *o);
