/*
 * What paysrv asks of a card acquirer, whichever it is: one table of functions, and an acquirer is one such table in a
 * file of its own (docs/protocol/connectors.md). The money core knows no other way to the card networks.
 *
 * The rules that every connector keeps (SECURITY 5.1, M and O):
 * - The key of an operation (acquirer_ask.key) reaches the acquirer, and the same key never moves money twice.
 * - OUTCOME_SUCCEEDED and OUTCOME_DECLINED are said only of a clear, final answer about exactly this operation: key,
 *   reference, amount and currency. A time-out, an error of the other side and garbage are OUTCOME_UNKNOWN; that
 *   nothing was found is is_absent, never a decline.
 * - A message counts only after `verify` has accepted its bytes, and before that nothing parses it.
 * What an acquirer cannot do stays NULL or is missing in `can`, and is refused by name before anything is sent.
 */
#pragma once

#include "paysrv/domain/money.h"
#include "paysrv/flow/acquirer/acquirer.h"
#include "paysrv/flow/acquirer/acquirer_dispute.h"
#include "shared/text/json_in.h"

struct fetch_answer;
struct config;

enum connector_can {
    CAN_CAPTURE_SEVERAL = 1, /* a capture leaves the rest of the authorisation as it is */
    CAN_STAY = 8,            /* the buyer is told what to do, and goes to no page that has to lead him back */
    CAN_AUTHORIZE = 4,       /* it holds an amount, and captures or releases it later */
    CAN_TEST_CLOCKS = 2,     /* it may be the acquirer of sandbox partners; I25 knows its name (migration 0126) */
};

/* What the signature of a message is made of: up to three headers, in the order of signature_headers. */
#define SIGNATURE_HEADERS_MAX 3
struct signed_message {
    str headers[SIGNATURE_HEADERS_MAX]; /* absent: missing */
    str body;                           /* the bytes as they came */
};
enum message_verdict { MESSAGE_GOOD = 1, MESSAGE_MALFORMED, MESSAGE_BAD_SIGNATURE, MESSAGE_OUTSIDE_TOLERANCE };

enum message_kind {
    MESSAGE_OPERATION = 1, /* about a charge, capture, void or refund of ours, by its key */
    MESSAGE_DISPUTE,
    MESSAGE_NOTED, /* says nothing that we act on: kept, and no alarm */
    MESSAGE_ALARM, /* nothing that we can act on, and somebody has to: why */
    MESSAGE_LATER, /* what it is about could not be asked for now: it has to be sent again; why */
};
struct acquirer_message {
    enum message_kind kind;
    str id, type;    /* the id is the acquirer's, the same whenever the message is sent again */
    str key;         /* the operation's; of a dispute the charge's; empty: unknown */
    bool is_foreign; /* for another account, or of the other one of test and live */
    str why;         /* of an alarm */
    str about;       /* of an alarm that several messages may raise: what it is about; absent: the message */
    const struct json_value *data;
};

/* Of a list of disputes, the newest first. */
struct dispute_page {
    const struct acquirer_message *found; /* as if each had been told; its id is the same as long as the dispute is */
    size_t n;
    str last;       /* where the next page begins after; absent: the page is empty */
    instant newest; /* when the first of the page began */
    bool has_newest, has_more;
};

struct connector {
    const char *name; /* as the configuration has it, and acquirer_call.acquirer */
    enum payment_method method;
    unsigned can;
    const char *clearing;   /* whose account acquirer_receivable is (account.user_id): "" for cards, else a name */
    duration key_retention; /* past this a key may be forgotten, and nothing is sent again under it */
    const char *signature_headers[SIGNATURE_HEADERS_MAX];

    /* NULL, or why paysrv must not start so; checked for the acquirer of live partners. */
    const char *(*config_wrong)(const struct config *config);
    /* Whether it can move exactly this amount: currencies have rules of their own there. NULL, or why not. */
    const char *(*amount_wrong)(enum call_op op, str currency, int64_t amount_minor);
    struct charge_grain (*charge_grain)(str currency); /* NULL: any amount */
    /* Whether it may call an operation so, when a person says it. NULL, or why not; the function NULL: any name. */
    const char *(*name_wrong)(enum call_op op, str name);

    /* Sends the operation; asks what came of it, by the acquirer's name of the object or by our key. */
    void (*order)(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret);
    void (*query)(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret);

    /*
     * Payouts to cards, wallets: sends money, asks what came of it, as order and query do (ask->token: who gets it);
     * whether somebody can be paid to, and who that is; how much in which currency. pay_out NULL: there are none.
     */
    void (*pay_out)(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret);
    void (*pay_out_query)(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret);
    void (*payee)(struct task *t, str token, struct acquirer_payee *ret);
    const struct payout_cap *payout_caps;

    enum message_verdict (*verify)(struct task *t, str key, const struct signed_message *m);
    bool (*message_read)(struct task *t, str body, struct acquirer_message *ret);
    /* What it says of the operation; false: it is about another kind of operation. is_silent: it has to be sent again.
     */
    bool (*message_judge)(struct task *t, const struct acquirer_message *m, const struct acquirer_ask *ask,
                          struct acquirer_said *ret);

    /* The address of a page where the buyer types the card number; NULL: there is none, and the partner brings tokens.
     */
    MUST_USE err (*card_page)(struct task *t, const struct card_session *in, str *url);
    void (*card)(struct task *t, str token, struct acquirer_card *ret);

    /* Disputes; NULL: they are dealt with at the acquirer, and announced as an alarm. */
    bool (*dispute_read)(const struct json_value *object, struct acquirer_dispute *ret);
    bool (*dispute_tell)(struct task *t, const struct dispute_letter *letter, struct acquirer_dispute *ret, str *why);

    /* Those that began at `from` or later, after the one that was the last of the page before; NULL: it always tells.
     * false: no clear answer, and *why is for the log. */
    bool (*disputes)(struct task *t, instant from, str after, struct dispute_page *ret, str *why);

    /* Registries of what was settled; NULL: they are imported by hand. */
    void (*settlements)(struct task *t, int64_t after, struct fetch_answer *ret);
    void (*settlement)(struct task *t, int64_t number, size_t max_bytes, struct fetch_answer *ret);
};

extern const struct connector connector_sandbox; /* docs/protocol/acquirer.md */
extern const struct connector connector_bank;    /* docs/protocol/connectors.md, Bank transfers */
extern const struct connector connector_stripe;  /* docs/protocol/connectors.md, Stripe */
extern const struct connector connector_wallet;  /* docs/protocol/wallet.md */

/* All there are, of which few are configured; NULL: there are no more. */
#define CONNECTORS_MAX 16
const struct connector *connector_at(size_t n);
/* NULL: there is none of this name. */
const struct connector *connector_named(str name);
/* What this partner, whose clock it is, is paid with by this method; NULL: it is not configured. */
const struct connector *connector_for(struct task *t, enum payment_method method);
/*
 * That of an operation, by its name; absent: from before operations had one, that of cards. NULL: it is not configured
 * for partners of this kind (any more), and another one must not be asked in its place.
 */
const struct connector *connector_called(struct task *t, str name);
