/*
 * How an invoice ends that is not paid, and what that does to its subscription: void, bad debt, or kept for who pays it
 * later (MONEY 6.C 23). For invoice_collect.c, which says when.
 */
#pragma once

#include "paysrv/domain/subscription/subscription.h"
#include "paysrv/flow/spread.h"
#include "paysrv/flow/subscription/invoice.h"
#include "paysrv/store/payment.rows.h"

struct collection {
    const struct invoice_list_row *invoice;
    const struct subscription_find_row *subscription;
    const struct invoice_buyer_row *buyer;
    const struct payment_find_row *payment; /* NULL: not made yet */
    enum spread_outcome asked;              /* what the acquirer was, and said */
    bool is_of_other_card;                  /* this attempt was made with the card of before */
};
/* invoice is NULL when there is none. */
MUST_USE err invoice_collection(struct task *t, invoice_id id, struct collection *ret);
bool collection_has(const struct collection *c, enum subscription_status status);

/* After its payment was made: is it still open? Whoever ends it comes before this, or sees the payment. */
MUST_USE err invoice_hold(struct task *t, const struct collection *c, bool *is_open);
/* When it is looked at next, unless somebody wanted it sooner since it was read. */
MUST_USE err invoice_look_at(struct task *t, const struct collection *c, instant at);
MUST_USE err invoice_look_after(struct task *t, const struct collection *c, duration wait);

struct invoice_ending {
    str invoice, payment; /* status of the one, reason of the other's cancellation */
    enum subscription_status to;
    str reason;       /* status_reason of the invoice, and of the subscription if that ends or stops with it */
    bool is_declined; /* after an attempt, which counts and is told */
    bool is_of_card;  /* nobody paid: the card that it has, and as often as it was tried, or it goes on */
    bool takes_back;  /* the change that it is of: the subscription goes on as what its period is paid for */
};
/* The subscription has ended before, or what it sells has. */
struct invoice_ending invoice_not_owed(const struct collection *c);
/* Nobody can pay it by any method in use here: a period stops all, a part of one does not. */
struct invoice_ending invoice_unpayable(const struct collection *c);
/* The store's rules ask for more than it is, so it has no payment. */
struct invoice_ending invoice_unsplittable(const struct collection *c);
/* Its partner, or an operator, does not want it paid, and its subscription goes on all the same. */
struct invoice_ending invoice_forgiven(void);

/* The invoice is over, and the subscription, if it has not ended before, is what the ending says. */
MUST_USE err invoice_end(struct task *t, const struct collection *c, const struct invoice_ending *end);
/* In a transaction, with its subscription's lock first. Nobody may pay it any more; *done is false when an attempt came
 * first. */
MUST_USE err invoice_payment_cancel(struct task *t, const struct collection *c, const struct invoice_ending *end,
                                    bool *done);
/* The payment's end and the invoice's are one: an attempt of the buyer's may have come first. */
MUST_USE err invoice_give_up(struct task *t, const struct collection *c, const struct invoice_ending *end);
/* Nobody has paid it in time: bad debt, or kept. is_declined: after an attempt. */
MUST_USE err invoice_time_is_over(struct task *t, const struct collection *c, bool is_declined);
/* One that is kept is looked at: it waits for somebody, while there is a store that he pays. */
MUST_USE err invoice_wait_on(struct task *t, const struct collection *c);
/* Its payment can be paid no more. */
MUST_USE err invoice_payment_canceled(struct task *t, const struct collection *c);
MUST_USE err invoice_payment_expired(struct task *t, const struct collection *c);
/* The store does not sell. */
MUST_USE err invoice_unsellable(struct task *t, const struct collection *c);
