/* stoa_payments_total and its neighbours. See pay_metrics.h. */
#include "paysrv/flow/pay_metrics.h"

#include "paysrv/flow/access/revocation_metrics.h"
#include "paysrv/flow/acquirer/connector.h"
#include "shared/db/db.h"
#include "shared/ops/metrics.h"

/* Each list of label values stands in the order of its enum. */
static const char *const outcomes[] = { "succeeded", "declined", "action", "unknown" };
static const char *const steps[] = { "requested", "confirmed", "canceled",          "paid",     "returned", "rejected",
                                     "failed",    "unknown",   "awaiting_approval", "approved", "declined", "sent" };
static const char *const lines[] = { "applied", "known", "noted", "break" };
static const char *const settled[] = { "matched", "fee", "unmatched", "amount", "duplicate", "state" };
static const char *const ages[] = { "day", "three_days", "week", "older" };
static const char *const verdicts[] = { "accepted", "refused" };
static const char *const confirmed[] = { "requested", "confirmed", "canceled", "expired", "undeliverable" };
static const char *const mailed[] = { "sent", "postponed", "refused", "given_up", "too_late", "bounced" };
static const char *const logged[] = { "kept", "dropped", "lost" };
static const char *const deliveries[] = { "delivered", "try_again", "given_up", "gone" };

#define DISPUTE_LABEL(name, text) text,
static const char *const dispute_states[] = { DISPUTE_STATUSES(DISPUTE_LABEL) };

#define SCREENING_LABEL(name, text) text,
#define VERIFICATION_LABEL(name, text) text,
static const char *const verifications_said[] = { VERIFICATIONS(VERIFICATION_LABEL) };
static const char *const screenings_said[] = { SCREENINGS(SCREENING_LABEL) };

#define LABELLED(name_, help_, label_, values_)                                                                        \
    {                                                                                                                  \
        .name = name_, .help = help_, .label = label_, .values = values_, .n = sizeof values_ / sizeof values_[0]      \
    }
#define LEVELS(name_, help_, label_, values_)                                                                          \
    {                                                                                                                  \
        .name = name_, .help = help_, .label = label_, .values = values_, .n = sizeof values_ / sizeof values_[0],     \
        .is_gauge = true                                                                                               \
    }
#define OUTCOME_METRIC(name_, help_) LABELLED(name_, help_, "outcome", outcomes)

static struct metric payments = OUTCOME_METRIC("stoa_payments_total", "Charges by what they came to");
static struct metric refunds = OUTCOME_METRIC("stoa_refunds_total", "Refunds by what they came to");
static struct metric captures = OUTCOME_METRIC("stoa_captures_total", "Captures by what they came to");
static struct metric voids = OUTCOME_METRIC("stoa_voids_total", "Voids of authorizations by what they came to");
static struct metric reversals =
    OUTCOME_METRIC("stoa_reversals_total", "Reversals of attempts that succeeded late, by what they came to");
static struct metric reconciled =
    OUTCOME_METRIC("stoa_reconciled_total", "Operations that the reconciler asked for, by what came of it");
static struct metric notifications =
    OUTCOME_METRIC("stoa_acquirer_notifications_total", "Messages of the acquirer by the outcome they bring");

/* By connector: which of several gives no clear answers. */
static const char *acquirers[CONNECTORS_MAX];
static struct metric orders = { .name = "stoa_acquirer_orders_total",
                                .help = "Operations that an acquirer was asked to do",
                                .label = "acquirer",
                                .values = acquirers };
static struct metric orders_unclear = { .name = "stoa_acquirer_orders_unclear_total",
                                        .help = "Operations that an acquirer gave no clear answer to",
                                        .label = "acquirer",
                                        .values = acquirers };

static struct metric payouts = LABELLED("stoa_payouts_total", "Payouts by what was done to them", "state", steps);
#define RAIL_TEXT(name, text, kind) text,
static const char *const rails[] = { RAILS(RAIL_TEXT) };
#define RAIL_METRIC(name_, help_) LABELLED(name_, help_, "rail", rails)
static struct metric rail_sent = RAIL_METRIC("stoa_payouts_sent_total", "Payouts that were sent by a call");
static struct metric rail_paid = RAIL_METRIC("stoa_payouts_paid_total", "Payouts that were paid");
static struct metric rail_rejected = RAIL_METRIC("stoa_payouts_rejected_total", "Payouts that were not taken");
static struct metric rail_returned = RAIL_METRIC("stoa_payouts_returned_total", "Payouts that came back");
static struct metric rail_unknown = RAIL_METRIC("stoa_payouts_unknown_total", "Payouts that were lost sight of");
static struct metric codes = LABELLED("stoa_payout_code_attempts_total", "Codes typed, by verdict", "result", verdicts);
static struct metric codes_guessed = { .name = "stoa_codes_guessed_total",
                                       .help = "Wrong codes beyond what the people of one partner mistype" };
static struct metric screenings =
    LABELLED("stoa_screenings_total", "Questions about payees, by what was said", "decision", screenings_said);
static struct metric mails = LABELLED("stoa_mails_total", "Mails to people by what became of them", "result", mailed);
static struct metric verifications =
    LABELLED("stoa_payee_verifications_total", "Questions to the bank about holders of accounts, by what it said",
             "result", verifications_said);
static struct metric confirmations =
    LABELLED("stoa_confirmations_total", "Confirmations by what became of them", "state", confirmed);
static struct metric webhooks =
    LABELLED("stoa_webhook_attempts_total", "Attempts to deliver an event, by result", "result", deliveries);
static struct metric invoices_at_once = {
    .name = "stoa_invoices_at_once",
    .help = "How many invoices of subscriptions are collected at a time, by how the acquirer answers",
    .n = 1,
    .is_gauge = true
};
static struct metric webhooks_in_flight = {
    .name = "stoa_webhooks_in_flight", .help = "Deliveries of events that are under way", .n = 1, .is_gauge = true
};
static const char *const paces[] = { "slower", "faster" };
static struct metric webhooks_paced =
    LABELLED("stoa_webhook_pace_total", "Changes of how many deliveries an endpoint gets at a time", "to", paces);
static struct metric webhook_lag = { .name = "stoa_webhook_lag_seconds",
                                     .help =
                                         "How long the oldest delivery waits that is due to an endpoint that answers",
                                     .n = 1,
                                     .is_gauge = true };

static struct metric requests_logged = LABELLED(
    "stoa_requests_logged_total",
    "Requests for their partners' logs, those left out, and those that could not be written", "result", logged);

static struct metric bank_lines =
    LABELLED("stoa_bank_lines_total", "Lines of the bank's files by what they did", "outcome", lines);
static struct metric transfers_waiting = {
    .name = "stoa_transfers_waiting", .help = "Bank transfers that are waited for", .n = 1, .is_gauge = true
};
static struct metric bank_breaks = {
    .name = "stoa_bank_breaks_open", .help = "What of the bank's a person has to look at", .n = 1, .is_gauge = true
};
static struct metric bank_break_age = { .name = "stoa_bank_break_oldest_seconds",
                                        .help = "Age of the oldest open break of the bank's",
                                        .n = 1,
                                        .is_gauge = true };
#define OUR_ACCOUNT_LABEL(name) #name,
static const char *const our_accounts[] = { OUR_ACCOUNTS(OUR_ACCOUNT_LABEL) };
static struct metric bank_apart =
    LEVELS("stoa_bank_apart_minor", "What the newest closing balances are above the books and open breaks", "account",
           our_accounts);
#define PAYOUT_WAIT_LABEL(name) #name,
static const char *const payout_waits[] = { PAYOUT_WAITS(PAYOUT_WAIT_LABEL) };
static struct metric payouts_oldest =
    LEVELS("stoa_payouts_oldest_seconds", "Age of the oldest payout by what it waits for; without sandbox partners'",
           "state", payout_waits);
static struct metric orders_held = { .name = "stoa_bank_orders_held",
                                     .help = "Orders to the bank that wait for a second operator",
                                     .n = 1,
                                     .is_gauge = true };

static struct metric settlement_lines =
    LABELLED("stoa_settlement_lines_total", "Lines of the acquirer's registries by what they were", "result", settled);
static struct metric break_ages =
    LEVELS("stoa_breaks_open", "What of the bank's or the acquirer's does not fit, by age", "age", ages);
static struct metric clearing_age = { .name = "stoa_settlement_oldest_seconds",
                                      .help = "Age of the oldest registry whose money the bank has not shown",
                                      .n = 1,
                                      .is_gauge = true };

static struct metric disputes =
    LABELLED("stoa_disputes_total", "Messages of disputes by the state that they brought", "status", dispute_states);
static const char *const founds[] = { "news", "known", "failed" };
static struct metric disputes_found = LABELLED(
    "stoa_disputes_found_total", "Disputes that the acquirer was asked for, by what they told", "result", founds);
static struct metric disputes_walk_age = { .name = "stoa_disputes_asked_age_seconds",
                                           .help = "How long ago all disputes were asked for",
                                           .n = 1,
                                           .is_gauge = true };
static struct metric disputes_open_now = {
    .name = "stoa_disputes_open", .help = "Disputes that are not decided", .n = 1, .is_gauge = true
};
static struct metric disputes_due_soon = {
    .name = "stoa_disputes_due", .help = "Disputes whose time for evidence ends soon", .n = 1, .is_gauge = true
};

static struct metric negatives = {
    .name = "stoa_balances_negative", .help = "Sellers whose balance is below zero", .n = 1, .is_gauge = true
};
static struct metric negative_age = { .name = "stoa_balance_negative_oldest_seconds",
                                      .help = "Age of the oldest balance of a seller below zero",
                                      .n = 1,
                                      .is_gauge = true };

#define ANOMALY_LABEL(name, text, about, rest) text,
static const char *const anomaly_kinds[] = { ANOMALIES(ANOMALY_LABEL) };
static struct metric anomalies = LEVELS(
    "stoa_anomalies_open", "What a person has to look at, by kind; without sandbox partners'", "kind", anomaly_kinds);

static struct metric ledger_broken = {
    .name = "stoa_ledger_broken", .help = "1: a seal of the ledger is not what was sealed", .n = 1, .is_gauge = true
};
static struct metric ledger_violations = { .name = "stoa_ledger_violations",
                                           .help = "What the last check of each rule of the books found",
                                           .n = 1,
                                           .is_gauge = true };
static struct metric ledger_check_age = { .name = "stoa_ledger_check_age_seconds",
                                          .help = "Since the rule of the books that waits longest was checked",
                                          .n = 1,
                                          .is_gauge = true };
static struct metric ledger_unsealed_age = { .name = "stoa_ledger_unsealed_seconds",
                                             .help = "For how long there has been something to seal, and no seal made",
                                             .n = 1,
                                             .is_gauge = true };

static struct metric clock_steps = { .name = "stoa_test_clock_steps_total",
                                     .help = "Instants that test clocks have gone to",
                                     .n = 1 };
static struct metric clocks = {
    .name = "stoa_test_clocks", .help = "Test clocks of sandbox partners", .n = 1, .is_gauge = true
};
static struct metric clocks_advancing = {
    .name = "stoa_test_clocks_advancing", .help = "Test clocks that are on their way", .n = 1, .is_gauge = true
};

void pay_metrics_ledger(int64_t broken, int64_t unsealed_seconds)
{
    if (broken >= 0)
        metric_set(&ledger_broken, 0, broken > 0);
    metric_set(&ledger_unsealed_age, 0, unsealed_seconds);
}

void pay_metrics_rules(int64_t violations, int64_t age_seconds)
{
    metric_set(&ledger_violations, 0, violations);
    metric_set(&ledger_check_age, 0, age_seconds);
}

void pay_metrics_clock_step(const struct task *t)
{
    db_count(t, &clock_steps, 0);
}

void pay_metrics_clocks(int64_t n, int64_t advancing)
{
    metric_set(&clocks, 0, n);
    metric_set(&clocks_advancing, 0, advancing);
}

static void orders_register(void)
{
    size_t n = 0;
    for (const struct connector *c; n < CONNECTORS_MAX && (c = connector_at(n)); n++)
        acquirers[n] = c->name;
    orders.n = orders_unclear.n = n;
    metric_register(&orders);
    metric_register(&orders_unclear);
}

void pay_metrics_order(const struct task *t, size_t acquirer, bool is_clear)
{
    metric_add(&orders, t->slot, acquirer, 1);
    if (!is_clear)
        metric_add(&orders_unclear, t->slot, acquirer, 1);
}

void pay_metrics_register(void)
{
    orders_register();
    revocation_metrics_register();
    metric_register(&ledger_broken);
    metric_register(&ledger_unsealed_age);
    metric_register(&ledger_violations);
    metric_register(&ledger_check_age);
    metric_register(&requests_logged);
    metric_register(&clock_steps);
    metric_register(&clocks);
    metric_register(&clocks_advancing);
    metric_register(&disputes);
    metric_register(&disputes_found);
    metric_register(&disputes_walk_age);
    metric_register(&disputes_open_now);
    metric_register(&disputes_due_soon);
    metric_register(&anomalies);
    metric_register(&negatives);
    metric_register(&negative_age);
    metric_register(&payouts);
    metric_register(&rail_sent);
    metric_register(&rail_paid);
    metric_register(&rail_rejected);
    metric_register(&rail_returned);
    metric_register(&rail_unknown);
    metric_register(&bank_lines);
    metric_register(&transfers_waiting);
    metric_register(&bank_breaks);
    metric_register(&bank_apart);
    metric_register(&bank_break_age);
    metric_register(&orders_held);
    metric_register(&payouts_oldest);
    metric_register(&settlement_lines);
    metric_register(&break_ages);
    metric_register(&clearing_age);
    metric_register(&codes);
    metric_register(&codes_guessed);
    metric_register(&screenings);
    metric_register(&verifications);
    metric_register(&confirmations);
    metric_register(&mails);
    metric_register(&webhooks);
    metric_register(&invoices_at_once);
    metric_register(&webhooks_in_flight);
    metric_register(&webhooks_paced);
    metric_register(&webhook_lag);
    metric_register(&payments);
    metric_register(&refunds);
    metric_register(&captures);
    metric_register(&voids);
    metric_register(&reversals);
    metric_register(&reconciled);
    metric_register(&notifications);
}

void pay_metrics_verification(const struct task *t, enum verification said)
{
    metric_add(&verifications, t->slot, (size_t)said, 1);
}

void pay_metrics_screening(const struct task *t, enum screening said)
{
    metric_add(&screenings, t->slot, (size_t)said, 1);
}

void pay_metrics_count(const struct task *t, enum pay_counter counter, enum outcome outcome)
{
    size_t index = (size_t)outcome - 1;
    switch (counter) {
    case COUNT_PAYMENT:
        db_count(t, &payments, index);
        return;
    case COUNT_REFUND:
        db_count(t, &refunds, index);
        return;
    case COUNT_CAPTURE:
        db_count(t, &captures, index);
        return;
    case COUNT_VOID:
        db_count(t, &voids, index);
        return;
    case COUNT_REVERSAL:
        db_count(t, &reversals, index);
        return;
    case COUNT_RECONCILED:
        db_count(t, &reconciled, index);
        return;
    case COUNT_NOTIFICATION:
        db_count(t, &notifications, index);
        return;
    }
}

void pay_metrics_dispute(const struct task *t, enum dispute_status came_to)
{
    db_count(t, &disputes, (size_t)came_to);
}

void pay_metrics_dispute_found(const struct task *t, enum dispute_found found)
{
    metric_add(&disputes_found, t->slot, (size_t)found - 1, 1);
}

void pay_metrics_dispute_walk(int64_t seconds)
{
    metric_set(&disputes_walk_age, 0, seconds);
}

void pay_metrics_anomalies(const int64_t open[ANOMALY_COUNT])
{
    for (size_t i = 0; i < ANOMALY_COUNT; i++)
        metric_set(&anomalies, i, open[i]);
}

void pay_metrics_negatives(int64_t n, int64_t oldest_seconds)
{
    metric_set(&negatives, 0, n);
    metric_set(&negative_age, 0, oldest_seconds);
}

void pay_metrics_disputes(int64_t open, int64_t due_soon)
{
    metric_set(&disputes_open_now, 0, open);
    metric_set(&disputes_due_soon, 0, due_soon);
}

void pay_metrics_payout(const struct task *t, enum payout_step step)
{
    db_count(t, &payouts, (size_t)step - 1);
}

void pay_metrics_mail(const struct task *t, enum mail_outcome outcome)
{
    db_count(t, &mails, (size_t)outcome - 1);
}

void pay_metrics_confirmation(const struct task *t, enum confirmation_step step)
{
    db_count(t, &confirmations, (size_t)step - 1);
}

void pay_metrics_rail(const struct task *t, enum payout_step step, str rail)
{
    enum rail by;
    struct metric *m = step == STEP_SENT       ? &rail_sent
                       : step == STEP_PAID     ? &rail_paid
                       : step == STEP_REJECTED ? &rail_rejected
                       : step == STEP_RETURNED ? &rail_returned
                       : step == STEP_UNKNOWN  ? &rail_unknown
                                               : NULL;
    if (m && rail_parse(rail, &by))
        db_count(t, m, by);
}

void pay_metrics_code(const struct task *t, enum code_verdict verdict)
{
    metric_add(&codes, t->slot, (size_t)verdict - 1, 1);
}

void pay_metrics_codes_guessed(const struct task *t)
{
    metric_add(&codes_guessed, t->slot, 0, 1);
}

void pay_metrics_request_logged(const struct task *t, bool fits)
{
    metric_add(&requests_logged, t->slot, fits ? 0 : 1, 1);
}

void pay_metrics_requests_lost(const struct task *t, size_t n)
{
    metric_add(&requests_logged, t->slot, 2, (int64_t)n);
}

void pay_metrics_webhook(const struct task *t, enum webhook_outcome outcome)
{
    db_count(t, &webhooks, (size_t)outcome - 1);
}

void pay_metrics_invoices_at_once(int64_t n)
{
    metric_set(&invoices_at_once, 0, n);
}

void pay_metrics_webhooks_in_flight(int more)
{
    metric_add(&webhooks_in_flight, 0, 0, more);
}

void pay_metrics_webhook_paced(bool is_faster)
{
    metric_add(&webhooks_paced, 0, is_faster, 1);
}

void pay_metrics_webhook_lag(int64_t lag_us)
{
    metric_set(&webhook_lag, 0, lag_us / 1000000);
}

void pay_metrics_bank_line(const struct task *t, enum bank_outcome outcome)
{
    db_count(t, &bank_lines, (size_t)outcome - 1);
}

void pay_metrics_transfers(int64_t waiting)
{
    metric_set(&transfers_waiting, 0, waiting);
}

void pay_metrics_bank_apart(const int64_t minor[OUR_ACCOUNT_COUNT])
{
    for (size_t i = 0; i < OUR_ACCOUNT_COUNT; i++)
        metric_set(&bank_apart, i, minor[i]);
}

void pay_metrics_bank_breaks(int64_t open, int64_t oldest_seconds)
{
    metric_set(&bank_breaks, 0, open);
    metric_set(&bank_break_age, 0, oldest_seconds);
}

void pay_metrics_orders_held(int64_t n)
{
    metric_set(&orders_held, 0, n);
}

void pay_metrics_payouts_oldest(const int64_t seconds[PAYOUT_WAIT_COUNT])
{
    for (size_t i = 0; i < PAYOUT_WAIT_COUNT; i++)
        metric_set(&payouts_oldest, i, seconds[i]);
}

void pay_metrics_settlement_line(const struct task *t, enum settlement_verdict verdict)
{
    db_count(t, &settlement_lines, (size_t)verdict - 1);
}

void pay_metrics_break_ages(const int64_t by_age[4])
{
    for (size_t i = 0; i < sizeof ages / sizeof ages[0]; i++)
        metric_set(&break_ages, i, by_age[i]);
}

void pay_metrics_clearing(int64_t oldest_seconds)
{
    metric_set(&clearing_age, 0, oldest_seconds);
}
