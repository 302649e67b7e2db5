/*
 * Who may call. Bearer guards verify the access token offline (RFC 9068, RFC 6750) and need one scope each; they put a
 * struct caller into rq->caller. The token is judged by the wall clock and without a database; then the task works
 * under the clock of the caller's partner (flow/clock.h), but for GUARD_OPERATOR. GUARD_OPERATOR_SESSION is for the
 * operator's pages: a session cookie, struct operator_session in rq->caller.
 */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "shared/http/endpoint.h"
#include "shared/ops/fair_queue.h"

extern const struct guard GUARD_USERS;    /* pay.users */
extern const struct guard GUARD_STORES;   /* pay.stores */
extern const struct guard GUARD_PAYMENTS; /* pay.payments */
extern const struct guard GUARD_PAYOUTS;  /* pay.payouts */
extern const struct guard GUARD_BALANCE;  /* pay.balance */
extern const struct guard GUARD_WEBHOOKS; /* pay.webhooks */
extern const struct guard GUARD_OPERATOR; /* pay.operator, to look pay.operator.read; the caller may have no partner */
extern const struct guard GUARD_OPERATOR_SESSION;
/* To end that session: also of who only looks. Nobody is signed in any more: no caller. */
extern const struct guard GUARD_SIGNED_IN;

/* Whose a request is before anybody has looked whether he may (shared/http/server.h, whose): all tokens of a partner
 * are one party's; a token that is not known yet is a party of its own, and so is an address without one. */
queue_party request_whose(struct task *t, struct request *rq);

/* The partner itself asks, and none of its users: INSUFFICIENT_SCOPE, whatever the scopes of a user's token. */
MUST_USE err partner_itself(struct task *t, const struct request *rq);

/* What follows is in the audit log by who asked for it, behind guards that name nobody there: payments, payouts. */
void caller_is_audited(struct task *t, const struct request *rq);

#define API_VERSION_HEADER "Stoa-Version"
#define OPERATOR_COOKIE "__Host-stoa_operator"

struct operator_session {
    str subject;
    str name;
    str csrf;        /* of this session, for the pages' forms */
    bool only_looks; /* an accountant's: its pages have no forms, and GUARD_OPERATOR_SESSION refuses what acts */
};
