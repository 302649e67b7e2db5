/*
 * The port to the card acquirer (docs/protocol/acquirer.md). Every call carries the key of its operation; whatever is
 * not a clear final answer to exactly that operation is OUTCOME_UNKNOWN (SECURITY O).
 */
#pragma once

#include "paysrv/domain/payment.h"
#include "shared/base/task.h"

struct acquirer_ask {
    str key; /* the operation's own id, the same for ever */
    int64_t amount_minor;
    str currency;
    str reference;  /* the payment's id, for a refund the refund's */
    str token;      /* charge: the card token */
    str return_url; /* charge: where the challenge leads back to; absent: none */
    str charge_ref; /* refund: the acquirer's name of the charge */
};

struct acquirer_said {
    enum outcome outcome;
    bool is_absent; /* a query found nothing under the key: says nothing about what will be */
    bool is_wrong;  /* an answer came that is not about our operation: for a human */
    str ref;        /* the acquirer's name of the charge or refund */
    str decline_code;
    str action_url;
    str why; /* for the log */
};

void acquirer_charge(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret);
void acquirer_charge_query(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret);
void acquirer_refund(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret);
void acquirer_refund_query(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret);
/* A charge or refund object as a message brought it, judged against what we asked. */
struct json_value;
void acquirer_charge_read(const struct json_value *charge, const struct acquirer_ask *ask, struct acquirer_said *ret);
void acquirer_refund_read(const struct json_value *refund, const struct acquirer_ask *ask, struct acquirer_said *ret);

struct card_session {
    str return_url;
    int64_t amount_minor;
    str currency;
    str description;
};
/* The address of a card page for this visit. */
MUST_USE err acquirer_card_session(struct task *t, const struct card_session *in, str *url);
