/* What the bank and the acquirer said that does not fit. See sample.h. */
#include "tests/unit/web/operator_bank_sample.h"

#include "web/operator/pages.h"

#define N(array) sample_n(f, sizeof(array) / sizeof(array)[0])
#define TEXT(life) sample_text(f, life)
#define URL(life) sample_url(f, life)
#define BOOL(life) sample_bool(f, life)
#define OPERATOR                                                                                                       \
    .user_name = TEXT("admin@stoa.example"), .overview_url = URL("/operator"),                                         \
    .payouts_url = URL("/operator/payouts"), .logout_action = URL("/operator/logout"), .csrf = TEXT("csrf-token")

static struct operator_break_row booked_twice(enum filling f)
{
    return (struct operator_break_row){
        .id = TEXT("1"),
        .kind = TEXT("duplicate"),
        .kind_text = TEXT("Booked twice"),
        .time = TEXT("23 Nov 2026, 21:48 UTC"),
        .time_iso = TEXT("2026-11-23T21:48:00Z"),
        .payout = TEXT("po_01hx8v3k2m"),
        .payout_url = URL("/operator/payouts/po_01hx8v3k2m"),
        .amount = TEXT("700.00 EUR"),
        .detail = TEXT("camt.054 debit the bank has booked this transfer a second time; booking B-7"),
        .action = URL("/operator/bank/breaks/1"),
        .problem = TEXT("note: says what happened"),
        .note = TEXT("x")
    };
}

static struct operator_break_row in_registry(enum filling f)
{
    return (struct operator_break_row){ .id = TEXT("2"),
                                        .kind = TEXT("unmatched"),
                                        .kind_text = TEXT("Nothing fits this line"),
                                        .time = TEXT("23 Nov 2026, 21:48 UTC"),
                                        .time_iso = TEXT("2026-11-23T21:48:00Z"),
                                        .registry = TEXT("ST7Q2"),
                                        .registry_url = URL("/operator/settlements/1"),
                                        .assignee = TEXT("Olga"),
                                        .is_bookable = BOOL(true),
                                        .amount = TEXT("0.70 EUR"),
                                        .detail = TEXT("charge ch_9: said 0.70 EUR, fee 0.00 EUR; nothing of ours"),
                                        .action = URL("/operator/bank/breaks/2") };
}

static struct operator_break_row closed(enum filling f)
{
    return (struct operator_break_row){ .id = TEXT("4"),
                                        .kind = TEXT("amount"),
                                        .kind_text = TEXT("Another amount"),
                                        .time = TEXT("23 Nov 2026, 21:48 UTC"),
                                        .time_iso = TEXT("2026-11-23T21:48:00Z"),
                                        .payment = TEXT("pay_3"),
                                        .payment_url = URL("/operator/payments/pay_3"),
                                        .partner = TEXT("inkwell"),
                                        .is_bookable = BOOL(true),
                                        .amount = TEXT("9.90 EUR"),
                                        .detail = TEXT("charge ch_8: said 9.90 EUR, fee 0.39 EUR; ours 10.00 EUR"),
                                        .closed = TEXT("24 Nov 2026, 9:00 UTC"),
                                        .closed_iso = TEXT("2026-11-24T09:00:00Z"),
                                        .closed_by = TEXT("operator:olga"),
                                        .resolution = TEXT("the platform bears it"),
                                        .closed_note = TEXT("the acquirer says so") };
}

static struct operator_break_row credit(enum filling f)
{
    return (struct operator_break_row){ .id = TEXT("3"),
                                        .kind = TEXT("unmatched"),
                                        .kind_text = TEXT("Nothing fits this line"),
                                        .time = TEXT("23 Nov 2026, 21:48 UTC"),
                                        .time_iso = TEXT("2026-11-23T21:48:00Z"),
                                        .is_bookable = BOOL(true),
                                        .is_moved = BOOL(true),
                                        .is_credit = BOOL(true),
                                        .is_held = BOOL(true),
                                        .amount = TEXT("100.00 EUR"),
                                        .detail = TEXT("camt.054 credit: money came in that nothing here explains"),
                                        .payer = TEXT("Ada Lovelace, DE89370400440532013000"),
                                        .remittance = TEXT("RF18539007547034"),
                                        .action = URL("/operator/bank/breaks/3") };
}

static struct operator_entry_row write_off(enum filling f)
{
    return (struct operator_entry_row){ .id = TEXT("men_01hx8v3k2m"),
                                        .problem = TEXT("It was decided otherwise before."),
                                        .note = TEXT("known"),
                                        .kind_text = TEXT("Write-off"),
                                        .of = TEXT("usr_01hx8v3k2m"),
                                        .of_url = URL("/operator/sellers/usr_1"),
                                        .amount = TEXT("800.00 EUR"),
                                        .borne_by = TEXT("platform"),
                                        .partner = TEXT("inkwell"),
                                        .reason = TEXT("gone abroad"),
                                        .asked_by = TEXT("Olga"),
                                        .time = TEXT("23 Nov 2026, 21:48 UTC"),
                                        .time_iso = TEXT("2026-11-23T21:48:00Z"),
                                        .action = URL("/operator/entries/men_01hx8v3k2m/decision") };
}

static struct operator_entry_row order(enum filling f)
{
    return (struct operator_entry_row){ .id = TEXT("men_01hx8v3k3n"),
                                        .kind_text = TEXT("Order"),
                                        .of = TEXT("STOA-20261123-1"),
                                        .amount = TEXT("9,000.00 EUR"),
                                        .borne_by = TEXT("bank"),
                                        .outcome = TEXT("bank"),
                                        .reason = TEXT("the order is large"),
                                        .asked_by = TEXT("admin@stoa.example"),
                                        .time = TEXT("23 Nov 2026, 21:48 UTC"),
                                        .time_iso = TEXT("2026-11-23T21:48:00Z"),
                                        .is_mine = BOOL(true),
                                        .payees_url = URL("/operator/entries/men_01hx8v3k3n"),
                                        .action = URL("/operator/entries/men_01hx8v3k3n/decision") };
}

static struct operator_entry_row decided(enum filling f)
{
    struct operator_entry_row row = write_off(f);
    row.action = STR_NONE;
    row.decided = TEXT("Rejected: Grace, it was another seller");
    return row;
}

void sample_bank(struct buf *out, enum filling f)
{
    const struct operator_like_row like[] = {
        { .payment = TEXT("pay_1"),
          .url = URL("/operator/payments/pay_1"),
          .partner = TEXT("inkwell"),
          .description = TEXT("The lighthouse"),
          .reference = TEXT("RF18539007547034"),
          .time = TEXT("23 Nov 2026, 21:40 UTC"),
          .time_iso = TEXT("2026-11-23T21:40:00Z"),
          .is_waiting = BOOL(true) },
        { .payment = TEXT("pay_2"),
          .url = URL("/operator/payments/pay_2"),
          .partner = TEXT("inkwell"),
          .description = TEXT("A lamp"),
          .reference = TEXT("RF18000000000001"),
          .time = TEXT("1 Nov 2026, 9:40 UTC"),
          .time_iso = TEXT("2026-11-01T09:40:00Z"),
          .is_waiting = BOOL(false) },
    };
    struct operator_break_row breaks[] = { booked_twice(f), in_registry(f), credit(f), closed(f) };
    breaks[2].like.items = like;
    breaks[2].like.n = N(like);
    const struct operator_bank_file_row files[] = {
        { TEXT("camt.053"), TEXT("S-7"), TEXT("23 Nov 2026, 21:48 UTC"), TEXT("2026-11-23T21:48:00Z"), TEXT("waiting"),
          TEXT("Waits for the one before it"), 3, 1, TEXT("shell:stoa") },
    };
    const struct operator_settlement_row settlements[] = {
        { TEXT("ST7Q2"), URL("/operator/settlements/1"), TEXT("23 Nov 2026, 21:48 UTC"), TEXT("2026-11-23T21:48:00Z"),
          TEXT("booked"), TEXT("On its way to the bank"), TEXT("120.00 EUR"), TEXT("1.93 EUR"), TEXT("118.07 EUR"), 12,
          1 },
    };
    const struct operator_entry_row waiting[] = { write_off(f), order(f), decided(f) };
    const struct page_operator_bank p = { OPERATOR,
                                          .problem = TEXT("Not found."),
                                          .toggle_url = URL("/operator/bank?closed=true"),
                                          .older_url = URL("/operator/bank?before=x"),
                                          .waiting_older_url = URL("/operator/bank?entries_before=x"),
                                          .files_older_url = URL("/operator/bank?files_before=x"),
                                          .settlements_older_url = URL("/operator/bank?registries_before=x"),
                                          .waiting = { waiting, N(waiting) },
                                          .breaks = { breaks, N(breaks) },
                                          .files = { files, N(files) },
                                          .settlements = { settlements, N(settlements) } };
    page_operator_bank(out, &p);
}

void sample_registry(struct buf *out, enum filling f)
{
    const struct operator_registry_break breaks[] = {
        { .id = TEXT("1"),
          .url = URL("/operator/bank?no=1"),
          .kind_text = TEXT("Another amount"),
          .amount = TEXT("9.90 EUR"),
          .detail = TEXT("charge ch_8: said 9.90 EUR, fee 0.39 EUR; ours 10.00 EUR"),
          .is_open = BOOL(true),
          .assignee = TEXT("Olga") },
        { .id = TEXT("2"),
          .url = URL("/operator/bank?no=2"),
          .kind_text = TEXT("Nothing fits this line"),
          .amount = TEXT("5.00 EUR"),
          .detail = TEXT("adjustment adj_1: said 5.00 EUR; nothing of ours"),
          .closed_by = TEXT("operator:olga"),
          .resolution = TEXT("the platform bears it"),
          .note = TEXT("a bonus") },
    };
    const struct operator_registry_line lines[] = {
        { .kind = TEXT("charge"),
          .name = TEXT("ch_8"),
          .about = TEXT("pay_3"),
          .about_url = URL("/operator/payments/pay_3"),
          .partner = TEXT("inkwell"),
          .gross = TEXT("9.90 EUR"),
          .fee = TEXT("0.39 EUR"),
          .outcome = TEXT("break"),
          .outcome_text = TEXT("To be looked at"),
          .break_text = TEXT("Another amount"),
          .break_url = URL("/operator/bank?no=1") },
        { .kind = TEXT("charge"),
          .name = TEXT("ch_9"),
          .about = TEXT("chg_none"),
          .gross = TEXT("20.00 EUR"),
          .fee = TEXT("0.53 EUR"),
          .outcome = TEXT("matched"),
          .outcome_text = TEXT("Fits") },
    };
    const struct page_operator_settlement p = { OPERATOR,
                                                .name = TEXT("ST7Q2"),
                                                .acquirer = TEXT("sandbox"),
                                                .transfer = TEXT("ST7Q2"),
                                                .status = TEXT("paid"),
                                                .status_text = TEXT("In the bank"),
                                                .gross = TEXT("29.90 EUR"),
                                                .fee = TEXT("0.92 EUR"),
                                                .net = TEXT("28.98 EUR"),
                                                .line_count = 2,
                                                .imported_by = TEXT("paysrv"),
                                                .time = TEXT("23 Nov 2026, 21:48 UTC"),
                                                .time_iso = TEXT("2026-11-23T21:48:00Z"),
                                                .paid = TEXT("24 Nov 2026, 9:00 UTC"),
                                                .paid_iso = TEXT("2026-11-24T09:00:00Z"),
                                                .breaks = { breaks, N(breaks) },
                                                .lines = { lines, N(lines) },
                                                .more_url = URL("/operator/settlements/1?before=x") };
    page_operator_settlement(out, &p);
}

void sample_bank_empty(struct buf *out, enum filling f)
{
    const struct page_operator_bank p = { OPERATOR, .toggle_url = URL("/operator/bank?closed=true") };
    page_operator_bank(out, &p);
}

static struct operator_anomaly_row untold(enum filling f)
{
    return (struct operator_anomaly_row){
        .id = TEXT("7"),
        .url = URL("/operator/anomalies?no=7"),
        .kind = TEXT("dispute_not_told"),
        .means = TEXT("The answer to a dispute does not reach the acquirer, and its time is short."),
        .time = TEXT("23 Nov 2026, 21:48 UTC"),
        .time_iso = TEXT("2026-11-23T21:48:00Z"),
        .age = TEXT("4 days ago"),
        .of = TEXT("dp_01hx8v3k2m"),
        .of_url = URL("/operator/disputes/dp_01hx8v3k2m"),
        .payment = TEXT("pay_01hx8v3k2m"),
        .payment_url = URL("/operator/payments/pay_01hx8v3k2m"),
        .partner = TEXT("Inkwell"),
        .partner_url = URL("/operator/anomalies?partner=inkwell"),
        .detail = TEXT("status 503"),
        .action = URL("/operator/anomalies/7/close"),
    };
}

static struct operator_anomaly_row unsplittable(enum filling f)
{
    return (struct operator_anomaly_row){
        .id = TEXT("8"),
        .url = URL("/operator/anomalies?no=8"),
        .kind = TEXT("invoice_unsplittable"),
        .means = TEXT("The rules of a store ask for more than an invoice is."),
        .time = TEXT("23 Nov 2026, 21:48 UTC"),
        .time_iso = TEXT("2026-11-23T21:48:00Z"),
        .of = TEXT("inv_01hx8v3k2m"),
        .subscription = TEXT("sub_01hx8v3k2m"),
        .subscription_url = URL("/operator/subscriptions/sub_01hx8v3k2m"),
        .partner = TEXT("Inkwell (sandbox)"),
        .partner_url = URL("/operator/anomalies?partner=inkwell-sandbox"),
        .detail = TEXT("asks for more than it is"),
        .closed = TEXT("24 Nov 2026, 9:00 UTC"),
        .closed_iso = TEXT("2026-11-24T09:00:00Z"),
        .closed_by = TEXT("operator:olga"),
        .closed_note = TEXT("the store has other rules now"),
    };
}

static struct operator_anomaly_row unresolved(enum filling f)
{
    return (struct operator_anomaly_row){
        .id = TEXT("9"),
        .url = URL("/operator/anomalies?no=9"),
        .kind = TEXT("call_unresolved"),
        .means = TEXT("The acquirer does not know an operation that is too old to be sent again."),
        .time = TEXT("23 Nov 2026, 21:48 UTC"),
        .time_iso = TEXT("2026-11-23T21:48:00Z"),
        .of = TEXT("cha_01hx8v3k2m"),
        .payment = TEXT("pay_01hx8v3k2m"),
        .payment_url = URL("/operator/payments/pay_01hx8v3k2m"),
        .partner = TEXT("Inkwell"),
        .partner_url = URL("/operator/anomalies?partner=inkwell"),
        .detail = TEXT("the acquirer does not know it, and it is too old to be sent again"),
        .action = URL("/operator/anomalies/9/close"),
        .resolve = URL("/operator/anomalies/9/resolve"),
    };
}

/* One operator has said how it ended. */
static struct operator_anomaly_row half_resolved(enum filling f)
{
    struct operator_anomaly_row row = unresolved(f);
    row.id = TEXT("10");
    row.url = URL("/operator/anomalies?no=10");
    row.action = URL("/operator/anomalies/10/close");
    row.resolve = STR_NONE;
    row.waits = TEXT("men_01hx8v3k2m");
    return row;
}

void sample_anomalies(struct buf *out, enum filling f)
{
    const struct operator_choice kinds[] = { { TEXT("dispute_not_told"), TEXT("dispute_not_told"), BOOL(false) },
                                             { TEXT("notification"), TEXT("notification"), BOOL(true) } };
    const struct operator_anomaly_row rows[] = { untold(f), unsplittable(f), unresolved(f), half_resolved(f) };
    const struct page_operator_anomalies p = { OPERATOR,
                                               .is_closed = BOOL(true),
                                               .kinds = { kinds, N(kinds) },
                                               .partner = TEXT("inkwell"),
                                               .anomalies = { rows, N(rows) },
                                               .older_url = URL("/operator/anomalies?before=x") };
    page_operator_anomalies(out, &p);
}

void sample_anomaly_refused(struct buf *out, enum filling f)
{
    struct operator_anomaly_row row = unresolved(f);
    row.problem = TEXT("note: says in 3 to 500 characters what was found");
    row.note = TEXT("ok");
    row.acquirer_ref = TEXT("ch_01hx8v3k2m");
    const struct page_operator_anomalies p = { OPERATOR, .is_one = true, .anomalies = { &row, 1 } };
    page_operator_anomalies(out, &p);
}

void sample_anomalies_empty(struct buf *out, enum filling f)
{
    const struct operator_choice kinds[] = { { TEXT("notification"), TEXT("notification"), BOOL(false) } };
    const struct page_operator_anomalies p = { OPERATOR, .kinds = { kinds, N(kinds) } };
    page_operator_anomalies(out, &p);
}

void sample_reversals(struct buf *out, enum filling f)
{
    struct operator_reversal_row refused = {
        .id = TEXT("rev_01hx8v3k2m"),
        .kind = TEXT("Refund"),
        .payment = TEXT("pay_01hx8v3k2m"),
        .payment_url = URL("/operator/payments/pay_01hx8v3k2m"),
        .partner = TEXT("Inkwell"),
        .amount = TEXT("10.00 EUR"),
        .time = TEXT("23 Nov 2026, 21:48 UTC"),
        .time_iso = TEXT("2026-11-23T21:48:00Z"),
        .refusals = 5,
        .decline_code = TEXT("refund_failed"),
        .acquirer = TEXT("sandbox"),
        .charge = TEXT("ch_9"),
        .is_refund = BOOL(true),
        .action = URL("/operator/reversals/rev_01hx8v3k2m"),
        .problem = TEXT("note: says in 3 to 500 characters what was found"),
        .note = TEXT("ok"),
    };
    struct operator_reversal_row reserved = refused, settled = refused;
    reserved.kind = TEXT("Release of a reservation");
    reserved.id = TEXT("rev_01hx8v3k2n");
    reserved.is_refund = false;
    reserved.problem = reserved.note = STR_NONE;
    settled.id = TEXT("rev_01hx8v3k2p");
    settled.action = STR_NONE;
    settled.problem = settled.note = STR_NONE;
    settled.waits = BOOL(true);
    settled.decision = TEXT("Settled: our bank has sent it");
    settled.decided = refused.time;
    settled.decided_iso = refused.time_iso;
    settled.decided_by = TEXT("olga@stoa.example");
    settled.decided_note = TEXT("by transfer, his account by mail");
    const struct operator_reversal_row rows[] = { refused, reserved, settled };
    const struct page_operator_reversals p = { OPERATOR,
                                               .payment = TEXT("pay_01hx8v3k2m"),
                                               .all_url = URL("/operator/reversals?all=true"),
                                               .waiting_url = URL("/operator/reversals"),
                                               .older_url = URL("/operator/reversals?before=x"),
                                               .reversals = { rows, N(rows) } };
    page_operator_reversals(out, &p);
}

void sample_debts(struct buf *out, enum filling f)
{
    const struct operator_debt_row debts[] = {
        { .url = URL("/operator/sellers/usr_1"),
          .name = TEXT("Ada Lovelace"),
          .partner_name = TEXT("Inkwell"),
          .owed = TEXT("15.00 EUR"),
          .available = TEXT("-15.00 EUR"),
          .since = TEXT("1 Nov 2026, 21:48 UTC"),
          .since_iso = TEXT("2026-11-01T21:48:00Z"),
          .days = 22 },
        { .name = TEXT("Inkwell"),
          .partner_name = TEXT("Inkwell"),
          .available = TEXT("-7.00 EUR"),
          .since = TEXT("23 Nov 2026, 21:48 UTC"),
          .since_iso = TEXT("2026-11-23T21:48:00Z"),
          .days = 0 },
    };
    const struct page_operator_debts p = { OPERATOR, .debts = { debts, N(debts) }, .has_more = true };
    page_operator_debts(out, &p);
}
