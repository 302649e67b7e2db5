/* The operator's pages, in English. See sample.h. */
#include "tests/unit/web/operator_bank_sample.h"
#include "tests/unit/web/pay_audit_sample.h"
#include "tests/unit/web/sample.h"

#include "web/operator/pages.h"

#define TEXT(life) sample_text(f, life)
#define URL(life) sample_url(f, life)
#define BOOL(life) sample_bool(f, life)
#define N(array) sample_n(f, sizeof(array) / sizeof(array)[0])

#define OPERATOR                                                                                                       \
    .user_name = TEXT("admin@stoa.example"), .overview_url = URL("/operator"),                                         \
    .payouts_url = URL("/operator/payouts"), .logout_action = URL("/operator/logout"), .csrf = TEXT("csrf-token")

#define PAYOUTS                                                                                                        \
    {                                                                                                                  \
        { TEXT("po_01hx8v3k2m"),                                                                                       \
          URL("/operator/payouts/po_01hx8v3k2m"),                                                                      \
          URL("/operator/sellers/usr_1"),                                                                              \
          TEXT("23 Nov 2026, 21:40 UTC"),                                                                              \
          TEXT("2026-11-23T21:40:00Z"),                                                                                \
          TEXT("Inkwell"),                                                                                             \
          TEXT("Ada Lovelace"),                                                                                        \
          TEXT("DE•• •••• 3000"),                                                                                      \
          TEXT("700.00 EUR"),                                                                                          \
          TEXT("confirmed"),                                                                                           \
          TEXT("Confirmed"),                                                                                           \
          TEXT("bank"),                                                                                                \
          TEXT("STOA-20261123-1") },                                                                                   \
            { TEXT("po_01hx8v3k2n"),                                                                                   \
              URL("/operator/payouts/po_01hx8v3k2n"),                                                                  \
              URL("/operator/sellers/usr_1"),                                                                          \
              TEXT("23 Nov 2026, 21:12 UTC"),                                                                          \
              TEXT("2026-11-23T21:12:00Z"),                                                                            \
              TEXT("Inkwell"),                                                                                         \
              TEXT("Grace Hopper"),                                                                                    \
              TEXT("FR•• •••• 0189"),                                                                                  \
              TEXT("35.00 EUR"),                                                                                       \
              TEXT("awaiting_code"),                                                                                   \
              TEXT("Waiting for the code"),                                                                            \
              TEXT("card"),                                                                                            \
              STR_NONE },                                                                                              \
    }

#define PAYMENTS                                                                                                       \
    {                                                                                                                  \
        { .id = TEXT("pay_1"),                                                                                         \
          .url = URL("/operator/payments/pay_1"),                                                                      \
          .time = TEXT("23 Nov 2026, 21:48 UTC"),                                                                      \
          .time_iso = TEXT("2026-11-23T21:48:00Z"),                                                                    \
          .store_name = TEXT("Ada writes"),                                                                            \
          .store_url = URL("/operator/stores/st_1"),                                                                   \
          .seller_name = TEXT("Ada Lovelace"),                                                                         \
          .partner_name = TEXT("Inkwell"),                                                                             \
          .description = TEXT("The lighthouse"),                                                                       \
          .external_id = TEXT("order-1"),                                                                              \
          .amount = TEXT("10.00 EUR"),                                                                                 \
          .refunded = TEXT("1.00 EUR"),                                                                                \
          .status = TEXT("succeeded"),                                                                                 \
          .status_text = TEXT("Paid") },                                                                               \
            { .id = TEXT("pay_2"),                                                                                     \
              .url = URL("/operator/payments/pay_2"),                                                                  \
              .time = TEXT("23 Nov 2026, 21:46 UTC"),                                                                  \
              .time_iso = TEXT("2026-11-23T21:46:00Z"),                                                                \
              .store_name = TEXT("Inkwell itself"),                                                                    \
              .store_url = URL("/operator/stores/st_2"),                                                               \
              .partner_name = TEXT("Inkwell"),                                                                         \
              .description = TEXT("A harbour at night"),                                                               \
              .amount = TEXT("4.20 EUR"),                                                                              \
              .status = TEXT("processing"),                                                                            \
              .status_text = TEXT("In progress") },                                                                    \
    }

static void overview(struct buf *out, enum filling f)
{
    const struct operator_total totals[] = {
        { TEXT("EUR"), 42,
          TEXT("12\xc2\xa0"
               "345.00"),
          TEXT("617.25"),
          TEXT("3\xc2\xa0"
               "086.25"),
          TEXT("8\xc2\xa0"
               "641.50"),
          TEXT("250.00") },
        { TEXT("JPY"), 1,
          TEXT("7\xc2\xa0"
               "000"),
          TEXT("350"),
          TEXT("1\xc2\xa0"
               "750"),
          TEXT("4\xc2\xa0"
               "900"),
          TEXT("0") },
    };
    const struct operator_payment_row payments[] = PAYMENTS;
    const struct operator_payout_row payouts[] = PAYOUTS;
    const struct page_operator_overview p = {
        OPERATOR,
        .totals = { totals, N(totals) },
        .checked_at = TEXT("23 Nov 2026, 21:50 UTC"),
        .checked_iso = TEXT("2026-11-23T21:50:00Z"),
        .is_checked = true,
        .payments = { payments, N(payments) },
        .payouts = { payouts, N(payouts) },
    };
    page_operator_overview(out, &p);
}

static void overview_broken(struct buf *out, enum filling f)
{
    const struct operator_broken_rule broken[] = { { TEXT("I3"), TEXT("entry 17: postings do not sum to zero") } };
    const struct page_operator_overview p = { OPERATOR,
                                              .anomalies = 3,
                                              .is_checked = true,
                                              .broken_rules = { broken, N(broken) },
                                              .checked_at = TEXT("23 Nov 2026, 21:50 UTC"),
                                              .checked_iso = TEXT("2026-11-23T21:50:00Z") };
    page_operator_overview(out, &p);
}

static void payments_found(struct buf *out, enum filling f)
{
    const struct operator_payment_row rows[] = PAYMENTS;
    const str partners[] = { TEXT("inkwell") };
    const struct operator_choice statuses[] = { { TEXT("processing"), TEXT("In progress"), BOOL(false) },
                                                { TEXT("succeeded"), TEXT("Paid"), BOOL(true) } };
    const struct page_operator_payments p = { OPERATOR,
                                              .partners = { partners, N(partners) },
                                              .statuses = { statuses, N(statuses) },
                                              .partner = TEXT("inkwell"),
                                              .payments = { rows, N(rows) },
                                              .is_filtered = true,
                                              .looked_until = TEXT("20 Nov 2026, 07:00 UTC"),
                                              .looked_iso = TEXT("2026-11-20T07:00:00Z"),
                                              .older_url = URL("/operator/payments?partner=inkwell&before=x") };
    page_operator_payments(out, &p);
}

static void payments_none(struct buf *out, enum filling f)
{
    const struct page_operator_payments p = { OPERATOR, .problem = TEXT("currency: an amount needs one, such as EUR"),
                                              .amount_min = TEXT("5"), .is_filtered = true };
    page_operator_payments(out, &p);
}

static void payouts(struct buf *out, enum filling f)
{
    const struct operator_payout_row rows[] = PAYOUTS;
    const struct operator_waiting_row waiting[] = {
        { TEXT("po_01hx8v3k2p"), URL("/operator/payouts/po_01hx8v3k2p"), TEXT("70 000.00 EUR"), TEXT("Inkwell"),
          TEXT("Ada Lovelace"), URL("/operator/sellers/usr_1"), TEXT("DE•• •••• 3000"), TEXT("inkwell"), TEXT("Grace"),
          2, TEXT("23 Nov 2026, 21:40 UTC"), TEXT("22 Nov 2026, 9:00 UTC"), TEXT("somebody has to look"), TEXT("scr-7"),
          TEXT("it is much for an account that is this new"), false, false, false,
          URL("/operator/payouts/po_01hx8v3k2p/decision") },
        { TEXT("po_01hx8v3k2q"), URL("/operator/payouts/po_01hx8v3k2q"), TEXT("80 000.00 EUR"), TEXT("Inkwell"),
          TEXT("Ada Lovelace"), URL("/operator/sellers/usr_1"), TEXT("DE•• •••• 3000"), TEXT("inkwell"), TEXT("Grace"),
          0, TEXT("23 Nov 2026, 21:40 UTC"), TEXT("22 Nov 2025, 9:00 UTC"), STR_NONE, STR_NONE, STR_NONE, BOOL(true),
          false, false, STR_NONE },
        { TEXT("po_01hx8v3k2r"), URL("/operator/payouts/po_01hx8v3k2r"), TEXT("90 000.00 EUR"), TEXT("Inkwell"),
          TEXT("Grace Hopper"), URL("/operator/sellers/usr_2"), TEXT("DE•• •••• 3000"), TEXT("inkwell"), STR_NONE, 0,
          TEXT("23 Nov 2026, 21:40 UTC"), TEXT("22 Nov 2025, 9:00 UTC"), STR_NONE, STR_NONE,
          TEXT("it reaches the amount"), false, BOOL(true), false, STR_NONE },
        { TEXT("po_01hx8v3k2s"),
          URL("/operator/payouts/po_01hx8v3k2s"),
          TEXT("60 000.00 EUR"),
          TEXT("Inkwell"),
          TEXT("Ada Lovelace"),
          URL("/operator/sellers/usr_1"),
          TEXT("DE•• •••• 3000"),
          TEXT("inkwell"),
          TEXT("Grace"),
          0,
          TEXT("23 Nov 2026, 21:40 UTC"),
          TEXT("22 Nov 2025, 9:00 UTC"),
          TEXT("has not answered yet"),
          STR_NONE,
          TEXT("its payee is new"),
          false,
          false,
          BOOL(true),
          URL("/operator/payouts/po_01hx8v3k2s/decision"),
          TEXT("note: is too long"),
          TEXT("called her") },
    };
    const struct page_operator_payouts p = { OPERATOR, .waiting = { waiting, N(waiting) }, .payouts = { rows, N(rows) },
                                             .older_url = URL("/operator/payouts?x=1") };
    page_operator_payouts(out, &p);
}

static void disputes(struct buf *out, enum filling f)
{
    const struct operator_dispute_row rows[] = {
        { TEXT("dp_01hx8v3k2m"), URL("/operator/disputes/dp_01hx8v3k2m"), TEXT("pay_01hx8v3k2m"),
          URL("/operator/payments/pay_01hx8v3k2m"), TEXT("Chargeback"), TEXT("needs_response"), TEXT("Needs an answer"),
          TEXT("fraudulent"), TEXT("23 Nov 2026, 21:48 UTC"), TEXT("2026-11-23T21:48:00Z"),
          TEXT("30 Nov 2026, 21:48 UTC"), TEXT("2026-11-30T21:48:00Z"), TEXT("100.00 EUR"), TEXT("100.00 EUR"),
          TEXT("Ada writes"), TEXT("Inkwell"), URL("/operator/disputes/dp_01hx8v3k2m/accept") },
        { TEXT("dp_01hx8v3k2l"), URL("/operator/disputes/dp_01hx8v3k2l"), TEXT("pay_01hx8v3k2l"),
          URL("/operator/payments/pay_01hx8v3k2l"), TEXT("Inquiry"), TEXT("under_review"), TEXT("Under review"),
          TEXT("unrecognized"), TEXT("23 Nov 2026, 21:40 UTC"), TEXT("2026-11-23T21:40:00Z"), STR_NONE, STR_NONE,
          TEXT("10.00 EUR"), TEXT("0.00 EUR"), TEXT("Ada writes"), TEXT("Inkwell"), STR_NONE },
    };
    const struct operator_negative_row negatives[] = {
        { TEXT("23 Nov 2026, 21:48 UTC"), TEXT("2026-11-23T21:48:00Z"), URL("/operator/sellers/usr_1"),
          TEXT("Ada Lovelace"), TEXT("Inkwell"), TEXT("85.00 EUR") },
    };
    const struct operator_choice statuses[] = { { TEXT("needs_response"), TEXT("Needs an answer"), false },
                                                { TEXT("all"), TEXT("All"), true } };
    const struct page_operator_disputes p = { OPERATOR, .disputes = { rows, N(rows) },
                                              .statuses = { statuses, N(statuses) },
                                              .older_url = URL("/operator/disputes?status=all&before=x"),
                                              .negatives = { negatives, N(negatives) } };
    page_operator_disputes(out, &p);
}

static void dispute(struct buf *out, enum filling f)
{
    const struct operator_dispute_file_row files[] = {
        { TEXT("log.pdf"), TEXT("application/pdf"), 1400, TEXT("inkwell"), TEXT("23 Nov 2026, 21:50 UTC"),
          TEXT("2026-11-23T21:50:00Z"), URL("/operator/disputes/dp_01hx8v3k2m/files/dpf_1") },
    };
    const struct page_operator_dispute p = { OPERATOR,
                                             .id = TEXT("dp_01hx8v3k2m"),
                                             .phase_text = TEXT("Chargeback"),
                                             .status = TEXT("needs_response"),
                                             .status_text = TEXT("Needs an answer"),
                                             .amount = TEXT("50.00 EUR"),
                                             .taken = TEXT("50.00 EUR"),
                                             .fee = TEXT("15.00 EUR"),
                                             .fee_bearer = TEXT("seller"),
                                             .reason = TEXT("fraudulent"),
                                             .acquirer_ref = TEXT("dsp_1"),
                                             .payment = TEXT("The lighthouse"),
                                             .payment_url = URL("/operator/payments/pay_01hx8v3k2m"),
                                             .seller_name = TEXT("Ada Lovelace"),
                                             .seller_url = URL("/operator/sellers/usr_1"),
                                             .partner_name = TEXT("Inkwell"),
                                             .created = TEXT("23 Nov 2026, 21:48 UTC"),
                                             .created_iso = TEXT("2026-11-23T21:48:00Z"),
                                             .due = TEXT("30 Nov 2026, 21:48 UTC"),
                                             .due_iso = TEXT("2026-11-30T21:48:00Z"),
                                             .evidence = TEXT("Read three times."),
                                             .files = { files, N(files) },
                                             .accept_action = URL("/operator/disputes/dp_01hx8v3k2m/accept"),
                                             .audit_url = URL("/operator/audit?object=dp_01hx8v3k2m") };
    page_operator_dispute(out, &p);
}

#define AT(text, iso) TEXT(text), TEXT(iso)
static void subscription(struct buf *out, enum filling f)
{
    const struct operator_invoice_row invoices[] = {
        { TEXT("inv_2"), TEXT("period"), 1, AT("2026-11-23 21:48 UTC", "2026-11-23T21:48:00Z"),
          AT("2026-12-23 21:48 UTC", "2026-12-23T21:48:00Z"), TEXT("1 234 567.00 EUR"), TEXT("1 000 000.00 EUR"),
          TEXT("234 567.00 EUR"), TEXT("uncollectible"), TEXT("Uncollectible"), TEXT("Nobody paid in time"), 3,
          URL("/operator/payments/pay_2"), TEXT("Charged again"), AT("2026-11-24 10:00 UTC", "2026-11-24T10:00:00Z"),
          TEXT("Disputed") },
    };
    const struct operator_try_row tries[] = {
        { AT("2026-11-23 21:48 UTC", "2026-11-23T21:48:00Z"), TEXT("declined"), TEXT("Declined"),
          TEXT("insufficient_funds"), URL("/operator/payments/pay_2") },
        { AT("2026-11-23 20:48 UTC", "2026-11-23T20:48:00Z"), TEXT("unknown"), TEXT("Unknown"), STR_NONE,
          URL("/operator/payments/pay_2") },
    };
    const struct page_operator_subscription p = { OPERATOR,
                                                  .id = TEXT("sub_01hx8v3k2m"),
                                                  .price_name = TEXT("The weekly issue"),
                                                  .status = TEXT("past_due"),
                                                  .status_text = TEXT("Past due"),
                                                  .reason = TEXT("disputed"),
                                                  .reason_text = TEXT("A bank took a payment back"),
                                                  .amount = TEXT("1 234 567.00 EUR"),
                                                  .store_name = TEXT("Ada writes"),
                                                  .store_url = URL("/operator/stores/st_1"),
                                                  .next = TEXT("Waits for its invoice"),
                                                  .audit_url = URL("/operator/audit?object=sub_01hx8v3k2m"),
                                                  .invoices = { invoices, N(invoices) },
                                                  .tries = { tries, N(tries) } };
    page_operator_subscription(out, &p);
}

static void disputes_empty(struct buf *out, enum filling f)
{
    const struct page_operator_disputes p = { OPERATOR, .is_open = true };
    page_operator_disputes(out, &p);
}

static void entry(struct buf *out, enum filling f)
{
    const struct operator_payee_row payees[] = {
        { TEXT("po_01hx8v3k2m"), URL("/operator/payouts/po_01hx8v3k2m"), TEXT("Inkwell"), TEXT("Ada Lovelace"),
          TEXT("Ada Lovelace"), TEXT("DE\u2022\u2022 \u2022\u2022\u2022\u2022 3000"), TEXT("600.00 EUR"), TEXT("sent"),
          TEXT("Sent to the bank"), 2 },
        { TEXT("rp_01hx8v3k2m"), STR_NONE, TEXT("Inkwell"), STR_NONE, TEXT("Bo Buyer"),
          TEXT("FR\u2022\u2022 \u2022\u2022\u2022\u2022 0189"), TEXT("7.00 EUR"), TEXT("sent"),
          TEXT("Sent to the bank"), 0 },
    };
    const struct page_operator_entry p = { OPERATOR, .entry = TEXT("men_01hx8v3k3n"), .payees = { payees, N(payees) },
                                           .older_url = URL("/operator/entries/men_01hx8v3k3n?before=x") };
    page_operator_entry(out, &p);
}

#define ATTEMPTS                                                                                                       \
    {                                                                                                                  \
        { TEXT("cha_1"),                                                                                               \
          TEXT("23 Nov 2026, 21:46 UTC"),                                                                              \
          TEXT("2026-11-23T21:46:00Z"),                                                                                \
          TEXT("declined"),                                                                                            \
          TEXT("Declined"),                                                                                            \
          TEXT("sandbox"),                                                                                             \
          TEXT("ch_01hx8v3k2k"),                                                                                       \
          TEXT("expired_card") },                                                                                      \
        {                                                                                                              \
            TEXT("cha_2"), TEXT("23 Nov 2026, 21:47 UTC"), TEXT("2026-11-23T21:47:00Z"), TEXT("ok"),                   \
                TEXT("Succeeded"), TEXT("sandbox"), TEXT("ch_01hx8v3k2m"), STR_NONE                                    \
        }                                                                                                              \
    }
#define CAPTURES                                                                                                       \
    {                                                                                                                  \
        {                                                                                                              \
            TEXT("cap_1"), TEXT("23 Nov 2026, 21:48 UTC"), TEXT("2026-11-23T21:48:00Z"), TEXT("10.00 EUR"),            \
                TEXT("succeeded"), TEXT("Captured"), STR_NONE                                                          \
        }                                                                                                              \
    }

#define SPLIT                                                                                                          \
    {                                                                                                                  \
        { TEXT("platform"), TEXT("Platform"), STR_NONE,         TEXT("5 %"),                                           \
          TEXT("0.50 EUR"), TEXT("0.10 EUR"), TEXT("0.20 EUR"), TEXT("0.20 EUR") },                                    \
            { TEXT("partner"),  TEXT("Partner"),  TEXT("Inkwell"),  TEXT("25 %"),                                      \
              TEXT("2.50 EUR"), TEXT("0.50 EUR"), TEXT("1.00 EUR"), TEXT("1.00 EUR") },                                \
            { TEXT("seller"),   TEXT("Seller"),   TEXT("Ada Lovelace"), TEXT("70 %"),                                  \
              TEXT("7.00 EUR"), TEXT("1.40 EUR"), TEXT("2.80 EUR"),     TEXT("2.80 EUR") },                            \
    }

#define POSTINGS                                                                                                       \
    {                                                                                                                  \
        { TEXT("17"),                                                                                                  \
          TEXT("charge"),                                                                                              \
          TEXT("Sale"),                                                                                                \
          TEXT("23 Nov 2026, 21:48 UTC"),                                                                              \
          TEXT("2026-11-23T21:48:00Z"),                                                                                \
          TEXT("acquirer_receivable"),                                                                                 \
          TEXT("Acquirer receivable"),                                                                                 \
          STR_NONE,                                                                                                    \
          TEXT("10.00"),                                                                                               \
          STR_NONE },                                                                                                  \
            { TEXT("17"),                                                                                              \
              TEXT("charge"),                                                                                          \
              TEXT("Sale"),                                                                                            \
              TEXT("23 Nov 2026, 21:48 UTC"),                                                                          \
              TEXT("2026-11-23T21:48:00Z"),                                                                            \
              TEXT("platform"),                                                                                        \
              TEXT("Platform's share"),                                                                                \
              STR_NONE,                                                                                                \
              STR_NONE,                                                                                                \
              TEXT("0.50") },                                                                                          \
            { TEXT("17"),                                                                                              \
              TEXT("charge"),                                                                                          \
              TEXT("Sale"),                                                                                            \
              TEXT("23 Nov 2026, 21:48 UTC"),                                                                          \
              TEXT("2026-11-23T21:48:00Z"),                                                                            \
              TEXT("partner"),                                                                                         \
              TEXT("Partner's share"),                                                                                 \
              STR_NONE,                                                                                                \
              STR_NONE,                                                                                                \
              TEXT("2.50") },                                                                                          \
            { TEXT("17"),                                                                                              \
              TEXT("charge"),                                                                                          \
              TEXT("Sale"),                                                                                            \
              TEXT("23 Nov 2026, 21:48 UTC"),                                                                          \
              TEXT("2026-11-23T21:48:00Z"),                                                                            \
              TEXT("seller"),                                                                                          \
              TEXT("Seller's balance"),                                                                                \
              TEXT("Ada Lovelace"),                                                                                    \
              STR_NONE,                                                                                                \
              TEXT("7.00") },                                                                                          \
    }

static void payment(struct buf *out, enum filling f)
{
    const struct operator_split_row split[] = SPLIT;
    const struct operator_posting_row postings[] = POSTINGS;
    const struct operator_refund_row refunds[] = {
        { TEXT("rf_1"), TEXT("23 Nov 2026, 21:49 UTC"), TEXT("2026-11-23T21:49:00Z"), TEXT("2.00 EUR"),
          TEXT("succeeded"), TEXT("Refunded"), TEXT("A page was missing") },
    };
    const struct operator_attempt_row attempts[] = ATTEMPTS;
    const struct operator_capture_row captures[] = CAPTURES;
    const struct operator_event_row events[] = {
        { TEXT("evt_1"), TEXT("23 Nov 2026, 21:48 UTC"), TEXT("2026-11-23T21:48:00Z"), TEXT("payment.succeeded") },
        { TEXT("evt_2"), TEXT("23 Nov 2026, 21:49 UTC"), TEXT("2026-11-23T21:49:00Z"), TEXT("refund.succeeded") },
    };
    const struct operator_payment_dispute_row disputes[] = {
        { TEXT("dp_1"), URL("/operator/disputes/dp_1"), TEXT("23 Nov 2026, 21:50 UTC"), TEXT("2026-11-23T21:50:00Z"),
          TEXT("Chargeback"), TEXT("fraudulent"), TEXT("needs_response"), TEXT("Needs an answer"), TEXT("4.00 EUR"),
          TEXT("30 Nov 2026, 21:50 UTC"), TEXT("2026-11-30T21:50:00Z") },
    };
    const struct page_operator_payment p = {
        OPERATOR,
        .id = TEXT("pay_01hx8v3k2m9q4t7y1z5b8d0f2h"),
        .status = TEXT("succeeded"),
        .status_text = TEXT("Paid"),
        .description = TEXT("The lighthouse"),
        .amount = TEXT("10.00 EUR"),
        .refunded = TEXT("2.00 EUR"),
        .store_name = TEXT("Ada writes"),
        .store_url = URL("/operator/stores/st_1"),
        .partner_name = TEXT("Inkwell"),
        .seller_name = TEXT("Ada Lovelace"),
        .seller_url = URL("/operator/sellers/usr_1"),
        .journal_url = URL("/operator/payments/pay_01hx8v3k2m9q4t7y1z5b8d0f2h/journal"),
        .reversals_url = URL("/operator/reversals?payment=pay_01hx8v3k2m&all=true"),
        .created_at = TEXT("23 Nov 2026, 21:45 UTC"),
        .created_iso = TEXT("2026-11-23T21:45:00Z"),
        .paid_at = TEXT("23 Nov 2026, 21:48 UTC"),
        .paid_iso = TEXT("2026-11-23T21:48:00Z"),
        .method = TEXT("Card"),
        .charge = TEXT("ch_01hx8v3k2m"),
        .has_three_d_secure = BOOL(true),
        .secure_flow = TEXT("The bank asked the card holder."),
        .secure_result = TEXT("It is the card holder."),
        .is_shifted = true,
        .is_manual = true,
        .captured = TEXT("10.00 EUR"),
        .authorized_until = TEXT("30 Nov 2026, 21:45 UTC"),
        .authorized_iso = TEXT("2026-11-30T21:45:00Z"),
        .external_id = TEXT("order-1"),
        .disputed = TEXT("4.00 EUR"),
        .requests_url = URL("/operator/requests?partner=inkwell&object=pay_1"),
        .audit_url = URL("/operator/audit?object=pay_1"),
        .disputes = { disputes, N(disputes) },
        .cancel_reason = TEXT("The partner canceled it."),
        .split = { split, N(split) },
        .attempts = { attempts, N(attempts) },
        .captures = { captures, N(captures) },
        .postings = { postings, N(postings) },
        .refunds = { refunds, N(refunds) },
        .events = { events, N(events) },
    };
    page_operator_payment(out, &p);
}

static void signed_out(struct buf *out, enum filling f)
{
    page_operator_signed_out(out, &(const struct page_operator_signed_out){ URL("/operator/login") });
}

const struct sample samples[] = {
    { "operator-overview", overview, false },
    { "operator-overview-broken", overview_broken, false },
    { "operator-payments", payments_found, false },
    { "operator-payments-none", payments_none, false },
    { "operator-payouts", payouts, false },
    { "operator-disputes", disputes, false },
    { "operator-dispute", dispute, false },
    { "operator-subscription", subscription, false },
    { "operator-disputes-empty", disputes_empty, false },
    { "operator-anomalies", sample_anomalies, false },
    { "operator-anomaly-refused", sample_anomaly_refused, false },
    { "operator-anomalies-empty", sample_anomalies_empty, false },
    { "operator-bank", sample_bank, false },
    { "operator-reversals", sample_reversals, false },
    { "operator-debts", sample_debts, false },
    { "operator-registry", sample_registry, false },
    { "operator-bank-empty", sample_bank_empty, false },
    { "operator-entry", entry, false },
    { "operator-audit", sample_audit, false },
    { "operator-payment", payment, false },
    { "operator-signed-out", signed_out, false },
};
const size_t samples_n = sizeof samples / sizeof samples[0];
