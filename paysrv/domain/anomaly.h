/*
 * What a person has to look at, by kind: what its reference names, and when what was closed is told again. Some is an
 * event and is told as often as it happens; some is how things stand, and a job that looks again would tell it each
 * time: closed, it rests, and is told once more if it stands so still.
 */
#pragma once

#include "shared/base/instant.h"
#include "shared/base/str.h"

#define ANOMALY_EVENT ((duration){ 0 })            /* each is news */
#define ANOMALY_FOR_GOOD ((duration){ INT64_MAX }) /* the same words about the same thing are never news */

/* X(name, as it is stored, what its reference names, how long it rests after it was closed in the same words) */
#define ANOMALIES(X)                                                                                                   \
    X(CALL_UNRESOLVED, "call_unresolved", "operation", DAYS(7))                                                        \
    X(ACQUIRER_ANSWER, "acquirer_answer", "operation", DAYS(7))                                                        \
    X(REVERSAL_REFUSED, "reversal_refused", "operation", ANOMALY_EVENT)                                                \
    X(VOID_REFUSED, "void_refused", "payment", DAYS(1))                                                                \
    X(HOLD_RETURN_REFUSED, "hold_return_refused", "payment", ANOMALY_EVENT)                                            \
    X(HOLD_RETURN_UNFUNDED, "hold_return_unfunded", "payment", DAYS(7))                                                \
    X(DISPUTE_EXCEEDS_PAYMENT, "dispute_exceeds_payment", "dispute", ANOMALY_EVENT)                                    \
    X(DISPUTE_FEE_GREW, "dispute_fee_grew", "dispute", ANOMALY_FOR_GOOD)                                               \
    X(DISPUTE_NOT_TOLD, "dispute_not_told", "dispute", DAYS(1))                                                        \
    X(DISPUTE_NOT_TAKEN, "dispute_not_taken", "dispute", ANOMALY_EVENT)                                                \
    X(UNUSED_NOT_REFUNDED, "unused_not_refunded", "subscription", ANOMALY_FOR_GOOD)                                    \
    X(INVOICE_UNCHARGEABLE, "invoice_unchargeable", "invoice", ANOMALY_EVENT)                                          \
    X(INVOICE_UNSPLITTABLE, "invoice_unsplittable", "invoice", DAYS(1))                                                \
    X(USER_OWED, "user_owed", "user", ANOMALY_EVENT)                                                                   \
    X(PAYOUTS_FROZEN, "payouts_frozen", "user", ANOMALY_EVENT)                                                         \
    X(RULE_VIOLATED, "rule_violated", "rule", DAYS(1))                                                                 \
    X(BANK_APART, "bank_apart", "currency", DAYS(1))                                                                   \
    X(NOTIFICATION, "notification", "message", ANOMALY_FOR_GOOD)

#define ANOMALY_ROW(name, text, about, rest) ANOMALY_##name,
enum anomaly { ANOMALIES(ANOMALY_ROW) ANOMALY_COUNT };
#undef ANOMALY_ROW

str anomaly_name(enum anomaly kind);
bool anomaly_parse(str name, enum anomaly *ret);
/* "payment", "dispute", ...; of a kind that is not known here: "other" */
str anomaly_about(str name);
/* *since: what was closed in the same words after then is not told again; false: it is. */
bool anomaly_rests(enum anomaly kind, instant now, instant *since);
