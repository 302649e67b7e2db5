/*
 * Notifications: one event per charge or operation that has come to something, and per change of a dispute, in the
 * journal with the change itself, sent until a 2xx or ten tries. The same event keeps its id.
 */
#pragma once

#include "paysrv/sandbox/bank.h"
#include "paysrv/sandbox/wallet.h"
#include "shared/base/buf.h"
#include "shared/base/task.h"

struct app;
struct job;

#define NOTICE_ID_BYTES 40

struct notice {
    struct notice *next;
    const struct charge *charge; /* one of these */
    const struct operation *operation;
    const struct bank_dispute *dispute;
    const struct push *push;
    const struct wallet_payment *wallet_payment;
    const struct wallet_refund *wallet_refund;
    bool is_wallet; /* it goes where the wallet's messages go */
    size_t id_n;    /* 0: nobody is told */
    char id[NOTICE_ID_BYTES];
    int copies;
    int tries;
    instant due;
};

struct outbox {
    struct notice *first, *last; /* due at once */
    struct notice *later;        /* waiting for their time, in no order */
    struct notice *spare;
    struct table *replayed; /* only while the journal is read: notice by event id */
};

/* Decides what becomes of the event and adds its journal line; ret->is_wallet is set before. card may be NULL. */
void notice_prepare(struct task *t, struct app *app, const struct card *card, str object, struct notice *ret,
                    struct buf *lines);
/* Puts a copy into the outbox and wakes the sender. */
void notice_post(struct app *app, const struct notice *n);
/* Lines "event" and "delivered" of the journal. */
void notices_apply(struct app *app, const struct json_value *line);
/* One round of the sender. */
MUST_USE err notices_send(struct task *t);
extern const struct job notify_job;
