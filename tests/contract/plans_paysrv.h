/* What statements of paysrv may walk (plans_test.c). */
#pragma once

#include "tests/contract/plans.h"

/* Tables that stay small: what operators and partners set up, single rows, a few a day. */
static const char *const plans_few[] = {
    "bank_batch",  "bank_file",    "bank_order_place", "event_horizon",  "ledger_head", /* one a day */
    "feed_cursor", "ledger_scrub", "manual_entry",     "operator_login", "operator_session",
    "partner",     "payment_walk", "seller_agreement", "settlement",     "settlement_due", /* a queue */
    "test_clock",
};

/* Partial indexes that a row leaves when it is done with. */
static const char *const plans_open[] = {
    "acquirer_call_due",
    "anomaly_open",
    "anomaly_open_once",
    "balance_folds", /* never, but it holds accounts of the house only */
    "balance_negative",
    "bank_break_open",
    "bank_line_open",
    "confirmation_open_of_clock",
    "confirmation_waiting",
    "consent_withdrawal_open",
    "dispute_answer_due",
    "dispute_open_there",
    "event_pending",
    "holdback_due_of_clock",
    "holdback_of_payment",
    "mail_awaited",
    "mail_due",
    "mail_failed",
    "payment_unsettled_of_clock",
    "payout_at_bank",
    "payout_awaiting_approval",
    "payout_confirmed_of_clock",
    "payout_list_open_of_clock",
    "payout_open_label",
    "payout_open_of_clock",
    "payout_schedule_open_of_clock",
    "payout_screening_due",
    "payout_to_send",
    "refund_queue_of_user",
    "repayment_at_bank",
    "repayment_due",
    "reserve_open",
    "settlement_line_open",
    "transfer_credit_unsettled",
};

static const struct plan_reason plans_reasons[] = {
    { "invariants_broken", NULL, "the check of everything" },
    { "invariants_beside", NULL, "the check of everything" },
    { "entry_must_be_whole", "fresh", PLAN_TRANSITION },
    { "posting_must_balance", "fresh", PLAN_TRANSITION },
    { "charges_succeed", "house", "the accounts of a batch's partners: a row for each partner, currency and acquirer" },
    { "ledger_horizon", "entry_entry_id_seq", "a sequence is one row" },
    { "account_tree", NULL, PLAN_OPERATOR, .when_full = true },
    { "settlements_close", "payment", "those that are not settled, which all are there", .when_full = true },
    { "refund_queue_list", "refund_queue", "those that wait", .when_full = true },
    { "user_open", "payment", "those that are on their way", .when_full = true },
    { "anomalies_closed", "anomaly", "of a kind, or of a partner, that had none", .when_paged = true },
    { "dispute_list", "dispute", "of a status that none is in", .when_paged = true },
    { "journal_of_partner", "account", "one look-up for each account", .when_paged = true },
    { "relief_list", "balance_relief", "what was written off by hand", .when_paged = true },
    { "request_log_list", "request_log", "what was refused, of a status that nothing had", .when_paged = true },
    { "store_list", "store", "of a status that none is in", .when_paged = true },
    { "agreement_all", "agreement_acceptance", PLAN_OPERATOR },
    { "clearing_state", "account", PLAN_OPERATOR },
    { "ledger_sealed", "ledger_seal", PLAN_OPERATOR },
    { "ledger_totals", NULL, PLAN_OPERATOR },
    { "operator_totals", "payment", PLAN_OPERATOR },
    { "payments_are_many", "payment", "as many as a page adds up, and not one more" },
    { "rails_state", "acquirer_call", PLAN_OPERATOR },
    { "requisite_shared", "requisite", PLAN_OPERATOR },
    { "verification_held", "requisite", PLAN_OPERATOR },
    { "webhook_lag", "webhook_endpoint", "one look-up for each endpoint, of which there are few" },
    { "audit_page", "audit", PLAN_PASSED },
    { "store_files_purge", "store_file", "files of all stores, looked up one by one" },
    { "anomalies_closed", "anomaly", PLAN_PAGE },
    { "bank_break_list", "bank_break", PLAN_PAGE },
    { "confirmation_any", "confirmation", PLAN_PAGE },
    { "payout_of_any_partner", "payout", PLAN_PAGE },
    { "reserve_list", "reserve", PLAN_PAGE },
    { "screening_list", "payout_screening", PLAN_PAGE },
    { "ledger_seal_next", "ledger_seal", PLAN_END },
    { "ledger_head_publish", "ledger_seal", "back to the end of yesterday" },
    { "ledger_seal_of_hash", "ledger_seal", "before all seals are computed anew" },
    { "ledger_unsealed", "ledger_seal", PLAN_END },
    { "request_log_purge", "request_log", PLAN_END },
    { "reconcile_mark_begin", "entry", "once, when the first registry comes" },
    { "webhook_endpoints_claim", "webhook_endpoint", "one look-up for each endpoint, of which there are few" },
};
