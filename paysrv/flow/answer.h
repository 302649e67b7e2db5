/*
 * Answers of the payment API that are stored with the operation they belong to and sent again byte for byte. They are
 * built here, not in an endpoint, because the reconciler and the acquirer's messages store them too.
 */
#pragma once

#include "paysrv/domain/ledger/posting.h"
#include "paysrv/domain/payment/payment.h"
#include "paysrv/flow/acquirer/acquirer.h"
#include "paysrv/store/capture.rows.h"
#include "paysrv/store/charge.rows.h"
#include "paysrv/store/payment.rows.h"
#include "paysrv/store/refund.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

struct answer {
    int status; /* HTTP */
    str body;
    bool is_replayed;
};

/* Who has what of a payment, a refund or a dispute, as the rows say: member "split" of its object. */
struct split_shown {
    struct shares shares;
    str seller;      /* the store's user */
    str_array users; /* who share the sellers' part; none: it is the seller's */
    i64_array amounts;
};
void split_write(struct json *j, const struct split_shown *split);

/* The payment object of the API, with the status that it has now or is about to have. */
str payment_document(struct task *t, const struct payment_find_row *payment, enum payment_status status);
/* The same as it is read, into an open object: with its version, which an operation's own answer cannot know. */
void payment_write(struct task *t, struct json *j, const struct payment_find_row *payment, enum payment_status status);
str refund_document(struct task *t, const struct refund_find_row *refund, str status, str decline_code);
void refund_write(struct json *j, const struct refund_find_row *refund, str status, str decline_code);
/* The payment object with the capture that it tells of. */
str captured_document(struct task *t, const struct payment_find_row *payment, enum payment_status status,
                      const struct capture_find_row *capture, str capture_status);
void capture_write(struct json *j, const char *name, const struct capture_find_row *capture, str status);
/* An attempt that came to something after it was given up. */
str attempt_document(struct task *t, const struct call_find_row *call, str attempt, str status);
/* A problem document (RFC 9457) for a fault that is an answer of the operation, not a failure of the request. */
str problem_document(struct task *t, const struct fault *fault, payment_id payment, str decline_code);
/* The payment object with where the buyer has to go. */
str action_document(struct task *t, const struct payment_find_row *payment, const struct acquirer_said *said);
