/*
 * Subscriptions of a store's buyers (docs/protocol/pay/subscriptions.md): made on a saved card, renewed by a job
 * with one invoice for each period, changed, paused and ended. How an invoice is collected is in invoice.h.
 */
#pragma once

#include "paysrv/domain/subscription/proration.h"
#include "paysrv/domain/subscription/subscription.h"
#include "paysrv/flow/once.h"
#include "paysrv/store/invoice.rows.h"
#include "paysrv/store/price.rows.h"
#include "paysrv/store/saved_card.rows.h"
#include "paysrv/store/subscription.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

struct subscription_order {
    const struct price_find_row *price;
    const struct saved_card_find_row *card;
    int64_t quantity;
    str external_id, zone;
    const struct payment_find_row *payment; /* has paid the first period; NULL: the card is charged */
    instant starts_at;                      /* of the first period: now, before (what was missed is charged), or the end
                                               of a trial */
    const int64_t *periods;
    const instant *ends_at;
    bool keep_unpaid;
    str on_dispute; /* absent: as its store says */
};
MUST_USE err subscription_make(struct task *t, const struct subscription_order *order, const struct once *once,
                               struct answer *ret);

/* What another price or quantity means from `at` on: lines that the preview shows and the charge has. */
struct subscription_change {
    const struct price_find_row *price;
    int64_t quantity;
    instant at;
    bool is_none;           /* out: that is what it is already */
    int64_t amount_minor;   /* out: of a whole period */
    price_id paid_price;    /* out: what the current period is paid for */
    int64_t paid_quantity;  /* out */
    struct proration lines; /* out */
    struct settlement sum;  /* out */
};
MUST_USE err subscription_change_plan(struct task *t, const struct subscription_find_row *s,
                                      struct subscription_change *change);
MUST_USE err subscription_change_make(struct task *t, const struct subscription_find_row *s,
                                      const struct subscription_change *change);
/* What is open is tried with it at once, but not a sixteenth time. It has it already: 200, and nothing happens. */
MUST_USE err subscription_card_set(struct task *t, const struct subscription_find_row *s,
                                   const struct saved_card_find_row *card);
/* In the caller's transaction. on_dispute: absent: as its store says. What a chargeback has done already stays. */
MUST_USE err subscription_on_dispute_change(struct task *t, const struct subscription_find_row *s, str on_dispute);
/* refunds: what is paid and not used is given back, by a job; not with at_period_end. */
MUST_USE err subscription_cancel(struct task *t, const struct subscription_find_row *s, bool at_period_end,
                                 bool refunds);
/* At a moment: until then all goes on. refunds: it is paid until then and no further; what is paid beyond is given back
 * then. INVALID_PARAMETER naming `cancel_at`. */
#define SUBSCRIPTION_CANCEL_MAX DAYS(3653)
MUST_USE err subscription_cancel_at(struct task *t, const struct subscription_find_row *s, instant at, bool refunds);
MUST_USE err subscription_pause(struct task *t, const struct subscription_find_row *s);
/* Goes on: the calendar is as it was; what is left of a period that began meanwhile is charged. Ended, when its time is
 * over. */
MUST_USE err subscription_resume(struct task *t, const struct subscription_find_row *s);

#define SUBSCRIPTIONS_PUT_OFF HOURS(1) /* those of a suspended partner, until somebody looks whether it is back */
/* One round: periods that are over are followed by the next, and open invoices are collected. */
MUST_USE err subscriptions_run(struct task *t);

void subscription_write(struct json *j, const struct subscription_find_row *s);
str subscription_document(struct task *t, const struct subscription_find_row *s);
void price_write(struct json *j, const struct price_find_row *p);
