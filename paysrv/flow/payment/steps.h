/*
 * The steps on the path of a payment as single calls: each hands its row to the step's batch (shared/db/batch.h,
 * store/batch.sql) and comes back when it is durable, with its own result.
 */
#pragma once

#include "paysrv/domain/ledger/posting.h"
#include "paysrv/store/payment.rows.h"
#include "shared/base/task.h"

/* What a key that was there before holds; found false: nothing. */
struct step_key {
    bool found;
    digest fingerprint;
    bool is_answered;
    int32_t status;
    str body;
};

struct step_begin {
    partner_id partner;
    payment_id payment;
    charge_id charge;
    str route, key;
    digest fingerprint;
    str token, return_url; /* token absent: there is none; return_url absent: the payment's own */
    str method, acquirer;
    instant due;
    instant now;                  /* of the caller's task */
    bool begun;                   /* out */
    struct payment_find_row made; /* out, when begun: the payment as it was when it was taken */
    str descriptor;               /* out, when begun: what the buyer's statement is to say; absent: nothing of it */
    struct arena *arena;          /* of the caller, for what comes out */
};
MUST_USE err step_begin(struct task *t, struct step_begin *s);

struct step_create {
    const struct payment_find_row *payment;
    int64_t settlement_terms; /* 0: none */
    str route, key;
    digest fingerprint;
    str body;                 /* what is answered; with `begin` nothing is yet */
    str locale;               /* of the buyer's pages; absent: as his browser says */
    struct step_begin *begin; /* it is made and taken at once: then this is T1; NULL: it waits to be confirmed */
    str clock;                /* of the caller's task */
    bool created;             /* out */
    struct step_key before;
    struct arena *arena; /* of the caller, for what comes out */
};
MUST_USE err step_create(struct task *t, struct step_create *s);

struct step_succeed {
    charge_id charge;
    payment_id payment;
    str acquirer_ref;
    const struct posting *posting;
    str clearing; /* see acquirer_clearing */
    str card;     /* absent: unknown */
    str event, body;
    str note_id, note; /* absent: none */
    instant now;       /* of the caller's task */
    bool applied;      /* out */
};
MUST_USE err step_succeed(struct task *t, struct step_succeed *s);

struct db_batch;
struct db_config;
/* One batch per step; NULL in commands and tests: each call alone on the task's own connection. */
struct steps {
    struct db_batch *create, *begin, *succeed;
};
void steps_open(struct steps *s, struct arena *process, const struct db_config *config, size_t max);
