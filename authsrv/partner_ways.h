/* The partners on our log-in page, the way to them, and the page for a log-in at a partner that failed. */
#pragma once

#include "authsrv/browser.h"
#include "authsrv/flow/upstream/upstream_load.h"
#include "web/authsrv/pages.h"

/* Fills the partners of the page, the likeliest first; email: typed before, absent: what the application hinted. */
MUST_USE err partner_ways_read(struct task *t, const struct request *rq, const struct visit *v,
                               struct page_login *page);

/* Whether a browser can be sent to this partner. */
bool partner_is_way(struct task *t, const struct partner_list_row *row);

/* Fills the partners that an account can be linked at. */
MUST_USE err partner_choices_read(struct task *t, struct page_account_partners *page);

/* Sends the browser there, as its flow wants; force: for a log-in that happens now, whatever session there is. */
MUST_USE err partner_ask(struct task *t, const struct request *rq, struct response *rs, const struct visit *v,
                         const struct upstream *up, bool force);

/*
 * Says why it failed, with the ways on: again, another way, back to the application, which then learns what happened.
 * Without a person at the browser (prompt=none) the application learns it at once. Other failures are passed on.
 */
MUST_USE err partner_failed_answer(struct task *t, const struct request *rq, struct response *rs, const struct visit *v,
                                   const struct upstream *up, err e);
/* The same for an error that the partner named in its answer. */
MUST_USE err partner_refused_answer(struct task *t, const struct request *rq, struct response *rs,
                                    const struct visit *v, const struct upstream *up, str error);
