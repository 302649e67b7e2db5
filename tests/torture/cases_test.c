/* For each route a request that it can fulfil. A route without one, and without a reason, fails the first test. */
#include "paysrv/routes.h"
#include "tests/torture/torture.h"

static const struct http_header pdf = { { "content-type", 12 }, { "application/pdf", 15 } };
static const struct http_header webp = { { "content-type", 12 }, { "image/webp", 10 } };
/* 33 by 34 pixels, and no byte of it is 0. */
#define WEBP "RIFF\1\1\1\1WEBPVP8L\1\1\1\1/\x20\x40\x08\x10\1\1\1\1\1"

#define PRICE "{\"store\":\"$store\",\"name\":\"Letters\",\"amount\":1001,\"currency\":\"EUR\",\"interval\":\"month\"}"
#define PRICE_CHANGE "{\"to\":\"$newprice\",\"effective_at\":\"$month\",\"without_consent\":\"end\"}"
#define PAYMENT "{\"store\":\"$store\",\"amount\":1001,\"currency\":\"EUR\",\"description\":\"An article\"}"
#define PAID_AT_ONCE                                                                                                   \
    "{\"store\":\"$store\",\"amount\":1001,\"currency\":\"EUR\",\"description\":\"An article\","                       \
    "\"confirm\":{\"payment_token\":\"tok_ok\"}}"
#define CARD "{\"type\":\"card\",\"token\":\"tok_payee_ok\"}"
#define LIST "{\"user\":\"$user\",\"payouts\":[{\"amount\":100,\"currency\":\"EUR\",\"requisite\":\"$requisite\"}]}"
#define SCHEDULE                                                                                                       \
    "{\"user\":\"$user\",\"requisite\":\"$requisite\",\"currency\":\"EUR\",\"every\":\"month\",\"day\":1,"             \
    "\"at\":\"09:30\",\"zone\":\"Europe/Berlin\"}"
#define PROFILE "{\"kind\":\"individual\",\"name\":\"Seller\",\"address\":{\"country\":\"DE\",\"town\":\"Berlin\"}}"
#define TARIFF "{\"split\":{\"platform_bp\":600,\"partner_bp\":0},\"valid_from\":\"2027-01-01T00:00:00Z\"}"
#define CONNECTION "{\"store\":\"st_of_another\",\"user\":\"$user\"}"
#define NOTE "{\"note\":\"A reason\"}"
#define PAYOUT "{\"user\":\"$user\",\"requisite\":\"$requisite\",\"amount\":500,\"currency\":\"EUR\"}"

#define CASE(word, ...)                                                                                                \
    {                                                                                                                  \
        .name = #word, .route = &word##_route, __VA_ARGS__                                                             \
    }

/* What a path names first is made first. */
static const struct torture_case cases[] = {
    CASE(payments_create, .path = "/v1/payments", .body = PAYMENT),
    CASE(payments_list, .path = "/v1/payments"),
    CASE(payments_read, .path = "/v1/payments/$paid"),
    CASE(payments_confirm, .path = "/v1/payments/$payment/confirm", .body = "{\"payment_token\":\"tok_ok\"}"),
    { .name = "pay_at_once",
      .is_further = true,
      .route = &payments_create_route,
      .path = "/v1/payments",
      .body = PAID_AT_ONCE },
    CASE(transfer_read, .path = "/v1/payments/$told/transfer"),
    CASE(test_transfers, .path = "/v1/test_transfers", .body = "{\"reference\":\"$reference\",\"amount\":1001}",
         .is_sandbox = true),
    CASE(checkout_transfer_code, .path = "/pay/$visit/transfer.svg"),
    { .name = "confirm_by_transfer",
      .is_further = true,
      .route = &payments_confirm_route,
      .path = "/v1/payments/$payment/confirm",
      .body = "{\"method\":\"bank_transfer\"}" },
    { .name = "refund_by_transfer",
      .is_further = true,
      .route = &refunds_create_route,
      .path = "/v1/payments/$transferred/refunds",
      .body = "{\"amount\":334}",
      .is_sandbox = true },
    CASE(payments_cancel, .path = "/v1/payments/$held/cancel"),
    CASE(test_clock_read, .path = "/v1/test_clock", .is_sandbox = true),
    CASE(test_mails, .path = "/v1/test_mails", .is_sandbox = true),
    CASE(test_clock_advance, .path = "/v1/test_clock/advance", .body = "{\"by\":\"P1D\"}", .is_sandbox = true),
    CASE(captures_create, .path = "/v1/payments/$held/capture", .body = "{\"amount\":333,\"final\":true}"),
    CASE(captures_list, .path = "/v1/payments/$paid/captures"),
    CASE(hold_read, .path = "/v1/payments/$deal/hold"),
    CASE(hold_release, .path = "/v1/payments/$deal/release", .body = "{\"amount\":334}"),
    CASE(refunds_create, .path = "/v1/payments/$paid/refunds", .body = "{\"amount\":334}"),
    CASE(refunds_list, .path = "/v1/payments/$paid/refunds"),
    CASE(refunds_read, .path = "/v1/refunds/$queued"),
    CASE(receipts_list, .path = "/v1/payments/$paid/receipts"),
    CASE(refunds_cancel, .path = "/v1/refunds/$queued/cancel"),
    CASE(dispute_page, .path = "/v1/disputes"),
    CASE(dispute_read, .path = "/v1/disputes/$dispute"),
    CASE(dispute_evidence, .path = "/v1/disputes/$dispute/evidence", .body = "{\"text\":\"It was delivered.\"}"),
    CASE(dispute_file_create, .path = "/v1/disputes/$dispute/files", .body = "%PDF-1.4\n%%EOF\n", .header = &pdf),
    CASE(dispute_file_delete, .path = "/v1/disputes/$dispute/files/$file"),
    CASE(dispute_submit, .path = "/v1/disputes/$answered/submit"),
    CASE(dispute_accept, .path = "/v1/disputes/$dispute/accept"),
    CASE(checkout_show, .path = "/pay/$session"),
    CASE(checkout_start, .path = "/pay/$session/start", .body = "", .has_no_key = true),
    CASE(checkout_return, .path = "/pay/$session/return"),
    CASE(checkout_confirm, .path = "/pay/$session/return", .body = "state=none&card_token=tok_test_visa",
         .has_no_key = true),
    CASE(checkout_embed, .path = "/embed/checkout", .query = "s=$session"),
    CASE(checkout_embed_start, .path = "/embed/checkout/$session/start", .body = "", .has_no_key = true),
    CASE(user_create, .path = "/v1/users", .body = "{\"name\":\"Somebody\",\"email\":\"some.body@example.com\"}"),
    CASE(user_read, .path = "/v1/users/$user"),
    CASE(user_page, .path = "/v1/users"),
    CASE(user_email, .path = "/v1/users/$nobody/email", .body = "{\"email\":\"$nobody@example.com\"}"),
    CASE(user_close, .path = "/v1/users/$nobody/close"),
    CASE(user_data, .path = "/v1/users/$user/data"),
    CASE(user_erase, .path = "/v1/users/$left/erase"),
    CASE(legal_profile_create, .path = "/v1/users/$user/legal_profile", .body = PROFILE),
    CASE(legal_profile_read, .first = "$profiled", .path = "/v1/users/$user/legal_profile"),
    CASE(agreement_read, .first = "$agreement", .path = "/v1/agreement"),
    CASE(agreement_acceptance_create, .path = "/v1/users/$user/agreement_acceptances",
         .body = "{\"version\":\"$agreement\"}"),
    CASE(agreement_acceptance_page, .path = "/v1/users/$user/agreement_acceptances"),
    CASE(confirmation_page, .path = "/v1/confirmations"),
    CASE(confirmation_read, .path = "/v1/confirmations/$confirmation"),
    CASE(confirmation_confirm, .path = "/v1/confirmations/$confirmation/confirm", .body = "{\"code\":\"$cnfcode\"}"),
    CASE(confirmation_cancel, .path = "/v1/confirmations/$confirmation/cancel"),
    CASE(requisite_create, .path = "/v1/users/$user/requisites", .body = CARD),
    CASE(requisite_card_page, .path = "/v1/users/$user/requisites/card_page",
         .body = "{\"return_url\":\"https://a.example/card\"}"),
    CASE(requisite_accept, .path = "/v1/users/$user/requisites/$mismatch/accept"),
    CASE(requisite_disable, .path = "/v1/users/$user/requisites/$requisite/disable"),
    CASE(requisite_page, .path = "/v1/users/$user/requisites"),
    CASE(store_create, .path = "/v1/stores",
         .body = "{\"name\":\"Another\",\"user\":\"$user\",\"currency\":\"EUR\",\"url\":\"https://a.example\"}"),
    CASE(store_read, .path = "/v1/stores/$store"),
    CASE(store_methods, .path = "/v1/stores/$store/accept", .body = "{\"methods\":[\"card\"]}"),
    CASE(store_split, .path = "/v1/stores/$store/split_profile", .body = "{\"split_profile\":\"$profile\"}"),
    CASE(store_activate, .path = "/v1/stores/$away/activate", .body = "{}"),
    CASE(store_suspend, .path = "/v1/stores/$store/suspend", .body = "{\"reason\":\"Holidays\"}"),
    CASE(store_close, .path = "/v1/stores/$store/close", .body = "{}"),
    CASE(store_tariff_create, .path = "/v1/stores/$store/tariffs", .body = TARIFF),
    CASE(store_tariff_page, .path = "/v1/stores/$store/tariffs"),
    CASE(store_tariff_cancel, .path = "/v1/stores/$store/tariffs/$tariff/cancel"),
    CASE(store_domain_create, .path = "/v1/stores/$store/domains", .body = "{\"host\":\"shop.example\"}",
         .has_no_key = true),
    CASE(store_domain_page, .path = "/v1/stores/$store/domains"),
    CASE(store_domain_verify, .path = "/v1/stores/$store/domains/$host/verify", .has_no_key = true),
    CASE(store_domain_delete, .path = "/v1/stores/$store/domains/$host", .has_no_key = true),
    CASE(store_branding_set, .path = "/v1/stores/$store/branding", .body = "{\"accent\":\"#0a7a4b\"}"),
    CASE(store_logo_set, .path = "/v1/stores/$store/logo", .body = WEBP, .header = &webp),
    CASE(store_logo_delete, .path = "/v1/stores/$store/logo/remove"),
    CASE(store_connection_create, .path = "/v1/store_connections", .body = CONNECTION),
    CASE(store_connection_read, .path = "/v1/store_connections/$connection"),
    CASE(store_page, .path = "/v1/stores"),
    CASE(split_profile_create, .path = "/v1/split_profiles",
         .body = "{\"name\":\"A profile\",\"rules\":[{\"party\":\"seller\",\"rest\":true}]}"),
    CASE(split_profile_page, .path = "/v1/split_profiles"),
    CASE(split_profile_read, .path = "/v1/split_profiles/$profile"),
    CASE(split_profile_archive, .path = "/v1/split_profiles/$profile/archive"),
    CASE(payout_create, .path = "/v1/payouts", .first = "$paid", .body = PAYOUT),
    CASE(payout_confirm, .path = "/v1/payouts/$payout/confirm", .body = "{\"code\":\"$code\"}"),
    CASE(payout_resend, .first = "$payout$wait", .path = "/v1/payouts/$payout/resend"),
    CASE(confirmation_resend, .first = "$confirmation$wait", .path = "/v1/confirmations/$confirmation/resend"),
    CASE(payout_cancel, .path = "/v1/payouts/$payout/cancel"),
    CASE(payout_read, .path = "/v1/payouts/$payout"),
    CASE(payout_page, .path = "/v1/payouts"),
    CASE(price_create, .path = "/v1/prices", .body = PRICE),
    CASE(price_page, .path = "/v1/prices"),
    CASE(price_archive, .path = "/v1/prices/$price/archive"),
    CASE(subscription_create, .path = "/v1/subscriptions",
         .body = "{\"saved_card\":\"$card\",\"price\":\"$price\",\"external_id\":\"second\"}"),
    CASE(subscription_read, .path = "/v1/subscriptions/$subscription"),
    CASE(subscription_page, .path = "/v1/subscriptions"),
    CASE(invoice_page, .path = "/v1/subscriptions/$subscription/invoices"),
    CASE(invoice_read, .path = "/v1/invoices/$invoice"),
    CASE(invoice_list, .first = "$invoice", .path = "/v1/invoices"),
    CASE(invoice_retry, .path = "/v1/invoices/$owed/retry"),
    CASE(invoice_void, .path = "/v1/invoices/$behind/void"),
    CASE(subscription_upcoming, .path = "/v1/subscriptions/$subscription/upcoming"),
    CASE(subscription_change, .path = "/v1/subscriptions/$subscription/change", .body = "{\"quantity\":2}"),
    CASE(subscription_card, .path = "/v1/subscriptions/$subscription/card", .body = "{\"saved_card\":\"$card\"}"),
    CASE(subscription_on_dispute, .path = "/v1/subscriptions/$subscription/on_dispute",
         .body = "{\"on_dispute\":\"cancel\"}"),
    CASE(subscription_cancel, .path = "/v1/subscriptions/$subscription/cancel", .body = "{}"),
    CASE(subscription_pause, .path = "/v1/subscriptions/$subscription/pause", .body = "{}"),
    CASE(subscription_resume, .path = "/v1/subscriptions/$paused/resume", .body = "{}"),
    CASE(subscription_price, .path = "/v1/subscriptions/$subscription/price", .body = PRICE_CHANGE),
    CASE(price_migrate, .first = "$subscription", .path = "/v1/prices/$price/migrate", .body = PRICE_CHANGE),
    CASE(saved_card_page, .path = "/v1/saved_cards"),
    CASE(saved_card_read, .path = "/v1/saved_cards/$card"),
    CASE(saved_card_delete, .path = "/v1/saved_cards/$card"),
    CASE(card_withdraw_show, .path = "/cards/$link"),
    CASE(card_withdraw, .path = "/cards/$link", .body = ""),
    CASE(billing_link_create, .first = "$card", .path = "/v1/billing_links",
         .body = "{\"store\":\"$store\",\"buyer\":\"reader\"}"),
    CASE(billing_settings_read, .path = "/v1/stores/$store/billing"),
    CASE(billing_settings_set, .path = "/v1/stores/$store/billing", .body = "{\"mails_receipts\":true}"),
    CASE(billing_defaults_read, .path = "/v1/billing"),
    CASE(billing_defaults_set, .path = "/v1/billing", .body = "{\"on_dispute\":\"cancel\"}"),
    CASE(billing_show, .path = "/billing/$billing"),
    CASE(billing_act, .path = "/billing/$billing/subscriptions/$subscription", .body = "action=card&state=$state",
         .has_no_key = true),
    CASE(billing_link, .path = "/billing/$billing/link", .body = "", .has_no_key = true),
    CASE(billing_invoice, .path = "/billing/$billing/invoices/$invoice"),
    CASE(partner_report_page, .path = "/v1/reports"),
    CASE(fee_invoice_page, .path = "/v1/fee_invoices"),
    CASE(account_statement, .path = "/v1/statement",
         .query = "account=seller&user=$user&currency=EUR&from=2026-01-01&to=2026-01-04"),
    CASE(ledger_journal, .path = "/v1/ledger/journal", .first = "$paid", .query = "from=2026-01-01&to=2026-12-01"),
    CASE(ledger_trial_balance, .path = "/v1/ledger/trial_balance", .first = "$paid"),
    CASE(payout_statement, .path = "/v1/payouts/$sent/statement"),
    CASE(payment_payouts, .path = "/v1/payments/$paid/payouts"),
    CASE(payout_list_create, .path = "/v1/payout_lists", .first = "$paid", .body = LIST),
    CASE(payout_list_confirm, .path = "/v1/payout_lists/$list/confirm", .body = "{\"code\":\"$listcode\"}"),
    CASE(payout_list_resend, .first = "$list$wait", .path = "/v1/payout_lists/$list/resend"),
    CASE(payout_list_cancel, .path = "/v1/payout_lists/$list/cancel"),
    CASE(payout_list_read, .path = "/v1/payout_lists/$list"),
    CASE(payout_schedule_create, .path = "/v1/payout_schedules", .body = SCHEDULE),
    CASE(payout_schedule_confirm, .path = "/v1/payout_schedules/$schedule/confirm",
         .body = "{\"code\":\"$schedulecode\"}"),
    CASE(payout_schedule_pause, .path = "/v1/payout_schedules/$active/pause"),
    CASE(payout_schedule_resume, .path = "/v1/payout_schedules/$halted/resume"),
    CASE(payout_schedule_end, .path = "/v1/payout_schedules/$active/end"),
    CASE(payout_schedule_read, .path = "/v1/payout_schedules/$schedule"),
    CASE(payout_schedule_page, .path = "/v1/payout_schedules", .query = "user=$user"),
    CASE(balance, .path = "/v1/balance", .query = "user=$user"),
    CASE(holdback_page, .path = "/v1/holdbacks", .query = "user=$user"),
    CASE(ledger, .path = "/v1/ledger", .query = "user=$user"),
    CASE(webhook_endpoint_create, .path = "/v1/webhook_endpoints",
         .body = "{\"url\":\"https://partner.example/hook\"}"),
    CASE(webhook_endpoint_read, .path = "/v1/webhook_endpoints/$endpoint"),
    CASE(webhook_endpoint_page, .path = "/v1/webhook_endpoints"),
    CASE(webhook_endpoint_delete, .path = "/v1/webhook_endpoints/$endpoint", .has_no_key = true),
    CASE(webhook_delivery_page, .path = "/v1/webhook_endpoints/$endpoint/deliveries"),
    CASE(webhook_endpoint_change, .path = "/v1/webhook_endpoints/$endpoint", .body = "{\"status\":\"disabled\"}"),
    CASE(webhook_secret_rotate, .path = "/v1/webhook_endpoints/$endpoint/rotate_secret", .body = "{}"),
    CASE(webhook_ping, .path = "/v1/webhook_endpoints/$endpoint/ping"),
    CASE(webhook_replay_range, .path = "/v1/webhook_endpoints/$endpoint/replay", .body = "{\"event\":\"$event\"}"),
    CASE(event_page, .path = "/v1/events"),
    CASE(event_read, .path = "/v1/events/$event"),
    CASE(confirm_show, .first = "$payout", .path = "/confirm/$typed"),
    CASE(confirm_type, .first = "$payout", .path = "/confirm/$typed", .body = "code=$code", .has_no_key = true),
    CASE(payouts_freeze_show, .path = "/payouts/not-me/$freeze"),
    CASE(payouts_freeze, .path = "/payouts/not-me/$freeze", .body = ""),
    CASE(api_version_read, .path = "/v1/api_version"),
    CASE(api_version_change, .path = "/v1/api_version", .body = "{\"version\":\"2026-11-01\"}"),
    CASE(request_page, .path = "/v1/request_log"),
    CASE(operator_overview, .path = "/operator"),
    CASE(operator_payments, .path = "/operator/payments"),
    CASE(operator_payouts, .path = "/operator/payouts"),
    CASE(operator_payment, .path = "/operator/payments/$paid"),
    CASE(operator_journal, .path = "/operator/payments/$paid/journal"),
    CASE(operator_payout, .path = "/operator/payouts/$sent"),
    CASE(operator_payout_statement, .path = "/operator/payouts/$sent/statement"),
    CASE(operator_reports, .path = "/operator/reports", .first = "$paid",
         .query = "partner=$partner&account=seller&user=$user&currency=EUR&month=2026-11"),
    CASE(operator_statement, .path = "/operator/reports/statement", .first = "$paid",
         .query = "partner=$partner&currency=EUR&month=2026-11&format=camt053"),
    CASE(operator_books_journal, .path = "/operator/reports/journal", .first = "$paid",
         .query = "from=2026-01-01&to=2026-12-01&format=jsonl"),
    CASE(operator_trial_balance, .path = "/operator/reports/trial_balance", .first = "$paid",
         .query = "partner=$partner"),
    CASE(operator_sellers, .path = "/operator/sellers", .first = "$user", .query = "what=S"),
    CASE(operator_seller, .path = "/operator/sellers/$user", .first = "$paid"),
    CASE(operator_freeze, .path = "/operator/sellers/$user/payouts", .first = "$payout",
         .body = "csrf=$csrf&decision=freeze", .has_no_key = true),
    CASE(operator_stores, .path = "/operator/stores", .first = "$store", .query = "what=S"),
    CASE(operator_store, .path = "/operator/stores/$store"),
    CASE(operator_store_state, .path = "/operator/stores/$store/state",
         .body = "csrf=$csrf&to=suspended&reason=A+reason", .has_no_key = true),
    CASE(operator_subscriptions, .path = "/operator/subscriptions", .first = "$subscription", .query = "status=active"),
    CASE(operator_subscription, .path = "/operator/subscriptions/$subscription"),
    CASE(operator_ledger, .path = "/operator/ledger", .first = "$paid", .query = "partner=$partner&check=now"),
    CASE(operator_accounts, .path = "/operator/ledger/accounts", .first = "$paid",
         .query = "partner=$partner&account=seller"),
    CASE(operator_webhooks, .path = "/operator/webhooks", .first = "$endpoint"),
    CASE(operator_webhook, .path = "/operator/webhooks/$endpoint"),
    CASE(operator_requests, .path = "/operator/requests", .query = "partner=$partner"),
    CASE(operator_payment_read, .path = "/v1/operator/payments/$paid"),
    CASE(payout_approve, .path = "/v1/operator/payouts/$judged/approve", .body = NOTE, .has_no_key = true),
    CASE(payout_reject, .path = "/v1/operator/payouts/$judged/reject", .body = NOTE, .has_no_key = true),
    CASE(approvals_list, .path = "/v1/operator/approvals"),
    CASE(held_requisite_release, .path = "/v1/operator/requisites/$mismatch/release", .body = NOTE),
    CASE(operator_release, .path = "/operator/requisites/$mismatch/release", .body = "csrf=$csrf&note=Fine",
         .has_no_key = true),
    CASE(operator_decision, .path = "/operator/payouts/$judged/decision",
         .body = "csrf=$csrf&decision=approve&note=Fine", .has_no_key = true),
    CASE(partner_codes_read, .path = "/v1/operator/partners/$partner/codes"),
    CASE(partner_codes_set, .path = "/v1/operator/partners/$partner/codes", .body = "{\"codes\":\"open\"}",
         .has_no_key = true),
    CASE(payout_limits_read, .path = "/v1/operator/partners/$partner/payout_limits"),
    CASE(payout_limits_set, .path = "/v1/operator/partners/$partner/payout_limits",
         .body = "{\"scope\":\"all\",\"currency\":\"EUR\",\"approve_from\":1}"),
    CASE(operator_disputes, .path = "/operator/disputes"),
    CASE(operator_dispute, .path = "/operator/disputes/$dispute"),
    CASE(operator_dispute_file, .path = "/operator/disputes/$dispute/files/$file"),
    CASE(manual_entries, .path = "/v1/operator/manual_entries", .query = "all=true"),
    CASE(operator_audit, .path = "/operator/audit"),
    CASE(operator_dispute_accept, .path = "/operator/disputes/$dispute/accept", .body = "csrf=$csrf",
         .has_no_key = true),
    CASE(operator_bank, .path = "/operator/bank"),
    CASE(held_requisite_list, .path = "/v1/operator/requisites/held"),
    CASE(operator_debts, .path = "/operator/negative_balances"),
    CASE(negative_balance_list, .path = "/v1/operator/negative_balances"),
    CASE(write_off_list, .path = "/v1/operator/users/$user/write_offs"),
    CASE(operator_settlement, .path = "/operator/settlements/$settlement"),
    CASE(operator_break_close, .path = "/operator/bank/breaks/$break", .body = "csrf=$csrf&note=A+reason",
         .has_no_key = true),
    CASE(anomaly_list, .path = "/v1/operator/anomalies", .query = "status=closed"),
    CASE(anomaly_read, .path = "/v1/operator/anomalies/$anomaly"),
    CASE(anomaly_close, .path = "/v1/operator/anomalies/$anomaly/close", .body = NOTE),
    CASE(anomaly_resolve, .path = "/v1/operator/anomalies/$lost/resolve",
         .body = "{\"as\":\"failed\",\"note\":\"A reason\"}"),
    CASE(operator_anomaly_resolve, .path = "/operator/anomalies/$unheard/resolve",
         .body = "csrf=$csrf&as=succeeded&acquirer_ref=$theirname&note=A+reason", .has_no_key = true),
    CASE(operator_anomalies, .path = "/operator/anomalies"),
    CASE(operator_anomaly_close, .path = "/operator/anomalies/$anomaly/close", .body = "csrf=$csrf&note=A+reason",
         .has_no_key = true),
    CASE(ledger_head_list, .path = "/ledger/heads"),
    CASE(bank_file_page, .path = "/v1/operator/bank/files"),
    CASE(bank_break_page, .path = "/v1/operator/bank/breaks"),
    CASE(bank_break_get, .path = "/v1/operator/bank/breaks/$break"),
    CASE(reversal_page, .path = "/v1/operator/reversals", .query = "all=true"),
    CASE(reversal_retry, .path = "/v1/operator/reversals/$reversal/retry", .body = "{}"),
    CASE(reversal_settle, .path = "/v1/operator/reversals/$reversal/settle",
         .body = "{\"as\":\"bank\",\"note\":\"A reason\"}"),
    CASE(operator_reversals, .path = "/operator/reversals"),
    CASE(operator_reversal, .path = "/operator/reversals/$reversal", .body = "csrf=$csrf&as=platform&note=A+reason",
         .has_no_key = true),
    CASE(bank_break_close, .path = "/v1/operator/bank/breaks/$break/close", .body = NOTE),
    CASE(acquirer_settlement_create, .path = "/v1/operator/settlements", .body = "$registry"),
    CASE(acquirer_settlement_page, .path = "/v1/operator/settlements"),
    CASE(settlement_line_page, .path = "/v1/operator/settlements/$settlement/lines"),
    CASE(bank_break_assign, .path = "/v1/operator/bank/breaks/$break/assign", .body = "{\"to\":\"somebody\"}"),
    CASE(bank_break_resolve, .path = "/v1/operator/bank/breaks/$break/resolve",
         .body = "{\"as\":\"platform\",\"partner\":\"$partner\",\"reason\":\"A reason\"}", .has_no_key = true),
};

/* Why there is none. */
#define EXEMPT(X)                                                                                                      \
    X(acquirer_notifications,                                                                                          \
      "signed by a secret; all that it does is notification_apply, which tests/sim ends anywhere")                     \
    X(method_notifications, "the same")                                                                                \
    X(manual_entry_approve, "what bank_break_resolve does, in one transaction: api/reconcile")                         \
    X(manual_entry_reject, "as approving: api/reconcile")                                                              \
    X(operator_entry_decision, "the same as a form: api/pay_disputes")                                                 \
    X(write_off_create, "what a manual entry books, one transaction: sim's debts, api/pay_disputes")                   \
    X(operator_write_off, "the same as a form: api/pay_disputes")                                                      \
    X(write_off_undo, "as the page's: api/pay_disputes")                                                               \
    X(operator_write_off_undo, "as a write-off, one transaction: sim's undone twice, api/pay_disputes")                \
    X(entry_payee_page, "one statement that reads an order which is held: api/payout_bank")                            \
    X(operator_payout_outcome, "one transaction, as a manual entry books it: api/payout_bank")                         \
    X(operator_entry, "the same as a page")                                                                            \
    X(script, "a file")                                                                                                \
    X(store_twin, "needs another partner that is linked: api/stores")                                                  \
    X(store_file, "a file by its hash: api/stores")                                                                    \
    X(assets, "files")                                                                                                 \
    X(protected_resource, "says the configuration")                                                                    \
    X(openapi, "says the routes")                                                                                      \
    X(healthz, "asks nobody")                                                                                          \
    X(readyz, "its answer is whether calls fail: api/outage")                                                          \
    X(operator_replay, "a delivery that was made, which nothing makes here: api/operator_pages")                       \
    X(operator_login, "needs an authorization server: api/operator")                                                   \
    X(operator_callback, "needs an authorization server: api/operator")                                                \
    X(operator_logout, "ends a session that only the log-in makes")                                                    \
    X(operator_signed_out, "a page without a word that changes")                                                       \
    X(request_read, "the log is written beside the routes, and empty here: api/webhook")                               \
    X(partner_report_read, "a month that was closed: api/statements")                                                  \
    X(fee_invoice_read, "a month that was invoiced: api/statements")                                                   \
    X(operator_fee_invoice, "the same")                                                                                \
    X(operator_month, "the same: api/operator_pages")                                                                  \
    X(mail_bounce_create, "one transaction, as a refusal while sending: api/confirmations")                            \
    X(bank_file_create, "bank_import, which tests/sim ends anywhere")                                                  \
    X(bank_file_release, "a file that was held: api/payout_bank")                                                      \
    X(bank_break_credit, "money of a bank's file, in one transaction: api/pay_transfer")                               \
    X(bank_break_send, "the same")

#define EXEMPT_ROW(word, why) &word##_route,
static const struct route *const exempt[] = { EXEMPT(EXEMPT_ROW) };
#define ROUTE_ROW(word) &word##_route,
static const struct route *const routes[] = { PAYSRV_ROUTES(ROUTE_ROW) };
#define NAME_ROW(word) #word,
static const char *const names[] = { PAYSRV_ROUTES(NAME_ROW) };

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

const struct torture_case *torture_case(size_t n)
{
    return n < LENGTH(cases) ? &cases[n] : NULL;
}

static int times(const struct route *route)
{
    int n = 0;
    for (size_t i = 0; i < LENGTH(cases); i++)
        n += cases[i].route == route && !cases[i].is_further;
    for (size_t i = 0; i < LENGTH(exempt); i++)
        n += exempt[i] == route;
    return n;
}

TEST(every_route_is_tortured_or_says_why_not)
{
    for (size_t i = 0; i < LENGTH(routes); i++)
        if (times(routes[i]) != 1)
            test_fail(__FILE__, __LINE__, "%s has %d cases", names[i], times(routes[i]));
    printf("# %zu routes, %zu of them exempt\n", LENGTH(routes), LENGTH(exempt));
}
