/* Counters of the money path. Labels are outcomes, a closed set. */
#pragma once

#include "paysrv/domain/anomaly.h"
#include "paysrv/domain/dispute/dispute.h"
#include "paysrv/domain/message/webhook.h"
#include "paysrv/domain/party/requisite.h"
#include "paysrv/domain/party/verification.h"
#include "paysrv/domain/payment/payment.h"
#include "paysrv/domain/payout/screening.h"
#include "paysrv/domain/settlement/settlement.h"
#include "shared/base/task.h"

enum pay_counter {
    COUNT_PAYMENT = 1,
    COUNT_REFUND,
    COUNT_CAPTURE,
    COUNT_VOID,
    COUNT_REVERSAL,
    COUNT_RECONCILED,
    COUNT_NOTIFICATION
};

enum payout_step {
    STEP_REQUESTED = 1,
    STEP_CONFIRMED,
    STEP_CANCELED,
    STEP_PAID,
    STEP_RETURNED,
    STEP_REJECTED,
    STEP_FAILED,
    STEP_UNKNOWN,
    STEP_AWAITING,
    STEP_APPROVED,
    STEP_DECLINED,
    STEP_SENT /* by a call; those in a bank's file are counted by the bank's lines */
};
/* What payouts wait for: operators; the next order; somebody to let them go; the bank's word whose the account is, and
 * what became of them; the same, without one in time. */
#define PAYOUT_WAITS(X) X(awaiting_approval) X(confirmed) X(stopped) X(account) X(sent) X(unknown)
#define PAYOUT_WAIT_ROW(name) PAYOUT_WAIT_##name,
enum payout_wait { PAYOUT_WAITS(PAYOUT_WAIT_ROW) PAYOUT_WAIT_COUNT };
#undef PAYOUT_WAIT_ROW
enum bank_outcome { LINE_APPLIED = 1, LINE_KNOWN, LINE_NOTED, LINE_BREAK };
enum confirmation_step {
    CONFIRMATION_REQUESTED = 1,
    CONFIRMATION_CONFIRMED,
    CONFIRMATION_CANCELED,
    CONFIRMATION_EXPIRED,
    CONFIRMATION_UNDELIVERABLE
};
enum mail_outcome { MAIL_SENT = 1, MAIL_POSTPONED, MAIL_REFUSED, MAIL_GIVEN_UP, MAIL_TOO_LATE, MAIL_BOUNCED };
enum code_verdict { CODE_ACCEPTED = 1, CODE_NOT_ACCEPTED };

void pay_metrics_register(void);
void pay_metrics_clock_step(const struct task *t);
void pay_metrics_clocks(int64_t n, int64_t advancing);
enum dispute_found { DISPUTE_FOUND_NEWS = 1, DISPUTE_FOUND_KNOWN, DISPUTE_FOUND_FAILED };
/* Of what an acquirer was asked for. */
void pay_metrics_dispute_found(const struct task *t, enum dispute_found found);
/* How long ago all of them were seen. */
void pay_metrics_dispute_walk(int64_t seconds);
void pay_metrics_dispute(const struct task *t, enum dispute_status came_to);
/* broken: the first seal that is not what was sealed, 0: none, -1: another server looks. unsealed: for how long there
 * has been something to seal, and no seal made. */
void pay_metrics_ledger(int64_t broken, int64_t unsealed_seconds);
/* Of the rules of the books: what their last checks found, and how long ago the oldest of these was. */
void pay_metrics_rules(int64_t violations, int64_t age_seconds);
/* How many are open of each kind. */
void pay_metrics_anomalies(const int64_t open[ANOMALY_COUNT]);
void pay_metrics_negatives(int64_t n, int64_t oldest_seconds);
void pay_metrics_disputes(int64_t open, int64_t due_soon);
/* What an acquirer was asked to do, and whether its answer was clear. index: connector_at. */
void pay_metrics_order(const struct task *t, size_t acquirer, bool is_clear);
void pay_metrics_count(const struct task *t, enum pay_counter counter, enum outcome outcome);
void pay_metrics_payout(const struct task *t, enum payout_step step);
/* The same by how it goes out, of steps that the bank or a connector decides. */
void pay_metrics_rail(const struct task *t, enum payout_step step, str rail);
void pay_metrics_bank_line(const struct task *t, enum bank_outcome outcome);
/* How many buyers were told what to transfer, and have not yet. */
void pay_metrics_transfers(int64_t waiting);
void pay_metrics_bank_breaks(int64_t open, int64_t oldest_seconds);
/* By the setting that names the account: what neither the books nor a break explain, in minor units. */
#define OUR_ACCOUNTS(X) X(debtor_iban) X(debtor_account)
#define OUR_ACCOUNT_ROW(name) OUR_ACCOUNT_##name,
enum our_account { OUR_ACCOUNTS(OUR_ACCOUNT_ROW) OUR_ACCOUNT_COUNT };
#undef OUR_ACCOUNT_ROW
void pay_metrics_bank_apart(const int64_t minor[OUR_ACCOUNT_COUNT]);
void pay_metrics_orders_held(int64_t n);
/* 0: none waits for it. */
void pay_metrics_payouts_oldest(const int64_t seconds[PAYOUT_WAIT_COUNT]);
void pay_metrics_verification(const struct task *t, enum verification said);
void pay_metrics_screening(const struct task *t, enum screening said);
void pay_metrics_confirmation(const struct task *t, enum confirmation_step step);
void pay_metrics_mail(const struct task *t, enum mail_outcome outcome);
void pay_metrics_code(const struct task *t, enum code_verdict verdict);
void pay_metrics_codes_guessed(const struct task *t);
void pay_metrics_settlement_line(const struct task *t, enum settlement_verdict verdict);
/* Open breaks that are up to one day, three days, a week old, and older. */
void pay_metrics_break_ages(const int64_t by_age[4]);
/* How long the oldest registry is on its way to the bank. */
void pay_metrics_clearing(int64_t oldest_seconds);
/* Whether there was room for it. */
void pay_metrics_request_logged(const struct task *t, bool fits);
void pay_metrics_requests_lost(const struct task *t, size_t n);
void pay_metrics_webhook(const struct task *t, enum webhook_outcome outcome);
/* How many invoices may be collected at a time now. */
void pay_metrics_invoices_at_once(int64_t n);
void pay_metrics_webhooks_in_flight(int more);
void pay_metrics_webhook_paced(bool is_faster);
void pay_metrics_webhook_lag(int64_t lag_us);
