/*
 * The charge protocol (SECURITY 5.1): T1 claims and writes the call down as sent (decision 0113), it is made outside
 * any transaction with a key that is the operation's own id, and T2 books its outcome, once, whoever brings it: the
 * caller, the buyer's return, the acquirer's message or the reconciler. A payment in two steps is authorised by the
 * same protocol (capture.h). What an attempt brings that was given up is taken back (late.h).
 */
#pragma once

#include "paysrv/flow/answer.h"
#include "paysrv/flow/env.h"
#include "shared/base/task.h"

struct charge_order {
    partner_id partner; /* whose payment it must be; T1 reads it */
    payment_id payment;
    str route, key; /* whose answer it is */
    digest fingerprint;
    enum payment_method method;
    str token;                        /* of a card; absent for all others */
    str return_url;                   /* where the buyer comes back after a challenge; absent: the payment's own */
    bool is_instead;                  /* an attempt that waits for the buyer's bank is given up for this one */
    const struct step_create *making; /* the payment is made by T1, as it says; NULL: it is there */
    const struct connector *acquirer; /* charge_run finds it */
};

/* The whole protocol for one confirmation. Answers 200, 202 or 402 as docs/protocol/pay/payments.md says, or what was
 * stored. */
MUST_USE err charge_run(struct task *t, const struct charge_order *order, struct answer *ret);

struct once;
/* What its key holds: an answer, or, while nobody knows the outcome, the payment as it stands. *found false: nothing.
 * IDEMPOTENCY_MISMATCH, IDEMPOTENCY_IN_PROGRESS. */
MUST_USE err charge_stored(struct task *t, partner_id partner, const struct once *once, bool *found,
                           struct answer *ret);

/* A message of the acquirer that is stored with what it brings; id absent: none. */
struct acquirer_note {
    str id;
    str body;
};

/* What the acquirer said of any operation. */
struct call_result {
    const struct call_find_row *call;
    const struct acquirer_said *said;
    struct acquirer_note note;
};

/* What it said of an attempt to pay. */
struct charge_result {
    const struct call_find_row *call;
    const struct payment_find_row *payment; /* NULL: is read */
    const struct acquirer_said *said;
    struct acquirer_note note;
};

/*
 * T2 or T2' for it. *applied is false when the charge had its outcome before, or has none now; else *ret is the answer
 * that was stored with the outcome. ret may be NULL.
 */
MUST_USE err charge_settle(struct task *t, const struct charge_result *in, struct answer *ret, bool *applied);
/* Asks the acquirer for a charge without an outcome and books what it says. For the buyer's return. */
MUST_USE err charge_refresh(struct task *t, charge_id charge);

/* What was asked under the key of this row. */
struct acquirer_ask charge_ask(const struct call_find_row *call);
