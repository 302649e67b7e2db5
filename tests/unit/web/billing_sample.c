/* The buyer's page and the mails that lead to it. See sample.h. */
#include "tests/unit/web/pay_mail_sample.h"

#include "web/paysrv/pages.h"

#define TEXT(life) sample_text(f, life)
#define URL(life) sample_url(f, life)
#define BOOL(life) sample_bool(f, life)
#define N(array) sample_n(f, sizeof(array) / sizeof(array)[0])

#define MAIL(name, p)                                                                                                  \
    (buf_add(out, STR("Subject: ")), mail_##name##_subject(out, sample_language, &(p)), buf_add(out, STR("\n\n")),     \
     mail_##name##_text(out, sample_language, &(p)))

void billing_page(struct buf *out, enum filling f)
{
    const struct billing_subscription subscriptions[] = {
        { .name = TEXT("The weekly issue"),
          .amount = TEXT("7.00 EUR"),
          .each = TEXT("each month"),
          .status = TEXT("Payment failed"),
          .next_on = TEXT("2026-12-31"),
          .next_amount = TEXT("7.00 EUR"),
          .new_on = TEXT("2027-01-31"),
          .new_amount = TEXT("9.00 EUR"),
          .can_agree = BOOL(true),
          .ends_without = BOOL(true),
          .card = TEXT("Visa •• 4242, 11/2039"),
          .card_bad = BOOL(true),
          .pay_url = URL("/pay/cs_1"),
          .action = URL("/billing/t1/subscriptions/sub_1"),
          .state = TEXT("a1b2"),
          .can_pause = BOOL(true),
          .can_resume = BOOL(true),
          .can_cancel = BOOL(true),
          .can_change_card = BOOL(true) },
        { .name = TEXT("2 × All the archive"),
          .amount = TEXT("240.00 EUR"),
          .each = TEXT("every 2 years"),
          .status = TEXT("Active"),
          .ends_on = TEXT("2028-02-29"),
          .card = TEXT("Visa •• 4242, 11/2039"),
          .action = URL("/billing/t1/subscriptions/sub_2"),
          .state = TEXT("c3d4"),
          .can_keep = BOOL(true) },
        { .name = TEXT("The daily issue"),
          .amount = TEXT("1.00 EUR"),
          .each = TEXT("each day"),
          .status = TEXT("Trial"),
          .is_trial = BOOL(true),
          .next_on = TEXT("2026-12-24"),
          .next_amount = TEXT("1.00 EUR"),
          .card = TEXT("Visa •• 4242, 11/2039"),
          .action = URL("/billing/t1/subscriptions/sub_3"),
          .state = TEXT("e5f6"),
          .can_cancel = BOOL(true) },
    };
    const struct billing_invoice_row invoices[] = {
        { TEXT("The weekly issue"), TEXT("2026-11-30"), TEXT("2026-12-31"), TEXT("7.00 EUR"), TEXT("Paid"),
          URL("/billing/t1/invoices/inv_1") },
    };
    const struct language_choice languages[] = {
        { TEXT("en"), TEXT("English"), URL("/billing/t1?locale=en"), BOOL(true) },
        { TEXT("he"), TEXT("עברית"), URL("/billing/t1?locale=he"), false },
    };
    const struct page_billing p = { .languages = { languages, N(languages) },
                                    .locale = TEXT("en"),
                                    .store_name = TEXT("Ada writes"),
                                    .partner_name = TEXT("Inkwell"),
                                    .is_stale = BOOL(true),
                                    .subscriptions = { subscriptions, N(subscriptions) },
                                    .invoices = { invoices, N(invoices) },
                                    .older_url = URL("/billing/t1?before=inv_2") };
    page_billing(out, sample_language, NULL, &p);
}

void billing_empty(struct buf *out, enum filling f)
{
    page_billing(out, sample_language, NULL,
                 &(struct page_billing){ .store_name = TEXT("Ada writes"), .partner_name = TEXT("Inkwell") });
}

void billing_late(struct buf *out, enum filling f)
{
    page_billing_late(
        out, sample_language, NULL,
        &(struct page_billing_late){ .store_name = TEXT("Ada writes"), .action = URL("/billing/t1/link") });
}

void billing_sent(struct buf *out, enum filling f)
{
    page_billing_sent(out, sample_language, NULL, &(struct page_billing_sent){ .store_name = TEXT("Ada writes") });
}

void billing_invoice(struct buf *out, enum filling f)
{
    const struct billing_line lines[] = {
        { TEXT("Not used of what was paid"), TEXT("The monthly issue"), TEXT("2026-12-15"), TEXT("2026-12-31"),
          TEXT("1 ×"), TEXT("-3.50 EUR") },
        { TEXT("Rest of the period"), TEXT("The weekly issue"), TEXT("2026-12-15"), TEXT("2026-12-31"), TEXT("3 ×"),
          TEXT("10.50 EUR") },
    };
    const struct page_billing_invoice p = { .store_name = TEXT("Ada writes"),
                                            .partner_name = TEXT("Inkwell"),
                                            .name = TEXT("The weekly issue"),
                                            .reference = TEXT("inv_01hx8v3k2m9q4t7y1z5b8d0f2h"),
                                            .status = TEXT("Paid"),
                                            .made_on = TEXT("2026-12-15"),
                                            .paid_on = TEXT("2026-12-15"),
                                            .lines = { lines, N(lines) },
                                            .total = TEXT("7.00 EUR"),
                                            .applied = TEXT("-2.00 EUR"),
                                            .credited = TEXT("0.50 EUR"),
                                            .charged = TEXT("5.00 EUR"),
                                            .to_pay = TEXT("5.00 EUR"),
                                            .refunded = TEXT("1.00 EUR"),
                                            .payment = TEXT("pay_01hx8v3k2m9q4t7y1z5b8d0f2h"),
                                            .back_url = URL("/billing/t1") };
    page_billing_invoice(out, sample_language, NULL, &p);
}

#define BILLING_URL URL("https://pay.example/billing/t1")

void billing_link_mail(struct buf *out, enum filling f)
{
    const struct mail_billing_link p = { TEXT("Ada writes"), BILLING_URL };
    MAIL(billing_link, p);
}

static void receipt_mail_of(struct buf *out, enum filling f, bool by_kept_card)
{
    const struct mail_invoice_paid p = { BOOL(by_kept_card),
                                         TEXT("Ada writes"),
                                         TEXT("The weekly issue"),
                                         TEXT("7.00 EUR"),
                                         TEXT("24 Nov 2026, 09:00 UTC"),
                                         TEXT("inv_01hx8v3k2m"),
                                         TEXT("help@ada.example"),
                                         BILLING_URL };
    MAIL(invoice_paid, p);
}

void receipt_mail(struct buf *out, enum filling f)
{
    receipt_mail_of(out, f, true);
}

void receipt_by_hand_mail(struct buf *out, enum filling f)
{
    receipt_mail_of(out, f, false);
}

void ended_mail(struct buf *out, enum filling f)
{
    const struct mail_subscription_ended p = { .store_name = TEXT("Ada writes"),
                                               .what = TEXT("The weekly issue"),
                                               .unpaid = BOOL(true),
                                               .amount = TEXT("7.00 EUR"),
                                               .support = TEXT("help@ada.example"),
                                               .billing_url = BILLING_URL };
    MAIL(subscription_ended, p);
}

void forgiven_mail(struct buf *out, enum filling f)
{
    const struct mail_subscription_ended p = { .store_name = TEXT("Ada writes"),
                                               .what = TEXT("The weekly issue"),
                                               .forgiven = BOOL(true),
                                               .billing_url = BILLING_URL };
    MAIL(subscription_ended, p);
}

void not_charged_mail(struct buf *out, enum filling f)
{
    const struct mail_subscription_ended p = { .store_name = TEXT("Ada writes"),
                                               .what = TEXT("The weekly issue"),
                                               .not_charged = BOOL(true),
                                               .billing_url = BILLING_URL };
    MAIL(subscription_ended, p);
}

void ran_out_mail(struct buf *out, enum filling f)
{
    const struct mail_subscription_ended p = { .store_name = TEXT("Ada writes"),
                                               .what = TEXT("The weekly issue"),
                                               .ran_out = BOOL(true),
                                               .ends = TEXT("2026-12-01 14:45 Asia/Kathmandu"),
                                               .support = TEXT("help@ada.example"),
                                               .billing_url = BILLING_URL };
    MAIL(subscription_ended, p);
}

static void refund_mail_of(struct buf *out, enum filling f, bool by_card)
{
    const struct mail_refund p = { BOOL(by_card),
                                   TEXT("Ada writes"),
                                   TEXT("The weekly issue"),
                                   TEXT("3.50 EUR"),
                                   TEXT("24 Nov 2026, 09:00 UTC"),
                                   TEXT("pay_01hx8v3k2m"),
                                   TEXT("help@ada.example"),
                                   BILLING_URL };
    MAIL(refund, p);
}

void refund_mail(struct buf *out, enum filling f)
{
    refund_mail_of(out, f, true);
}

void refund_of_transfer_mail(struct buf *out, enum filling f)
{
    refund_mail_of(out, f, false);
}

#define NOTICE                                                                                                         \
    {                                                                                                                  \
        TEXT("Ada writes"), TEXT("The weekly issue"), TEXT("7.00 EUR"), TEXT("2026-12-31"),                            \
            TEXT("Visa •• 4242, 11/2039"), BILLING_URL                                                                 \
    }

void price_mail(struct buf *out, enum filling f)
{
    const struct mail_price_change p = { TEXT("Ada writes"), TEXT("The weekly issue"),
                                         TEXT("7.00 EUR"),   TEXT("9.00 EUR"),
                                         TEXT("2027-01-31"), BOOL(false),
                                         BOOL(true),         BOOL(false),
                                         BILLING_URL };
    MAIL(price_change, p);
}

void renewal_mail(struct buf *out, enum filling f)
{
    const struct mail_subscription_renewal p = NOTICE;
    MAIL(subscription_renewal, p);
}

void trial_mail(struct buf *out, enum filling f)
{
    const struct mail_subscription_trial_end p = NOTICE;
    MAIL(subscription_trial_end, p);
}

void expiring_mail(struct buf *out, enum filling f)
{
    const struct mail_subscription_card_expiring p = NOTICE;
    MAIL(subscription_card_expiring, p);
}

void card_withdraw(struct buf *out, enum filling f)
{
    page_card_withdraw(
        out, sample_language, NULL,
        &(const struct page_card_withdraw){ TEXT("Ada writes"), TEXT("visa \xc2\xb7\xc2\xb7 4242"), URL("/cards/t1") });
}

void card_withdrawn(struct buf *out, enum filling f)
{
    page_card_withdrawn(out, sample_language, NULL,
                        &(const struct page_card_withdrawn){ TEXT("Ada writes"), TEXT("visa \xc2\xb7\xc2\xb7 4242") });
}

void freeze(struct buf *out, enum filling f)
{
    page_payouts_freeze(out, sample_language, NULL,
                        &(const struct page_payouts_freeze){ TEXT("Inkwell"), URL("/payouts/not-me/t1") });
}

void code_page(struct buf *out, enum filling f)
{
    struct confirm_fact facts[] = { { TEXT("Request: K7") }, { TEXT("Account: DE•• •••• 3000") } };
    const struct page_confirm p = { .title = TEXT("Confirm payout 250.00 EUR – request K7"),
                                    .hello = TEXT("A payout from your store was requested."),
                                    .facts = { facts, 2 },
                                    .partner_name = TEXT("Inkwell"),
                                    .minutes = 9,
                                    .attempts = 4,
                                    .is_wrong = BOOL(true),
                                    .action = URL("/confirm/t2"),
                                    .not_me_url = URL("https://pay.example/payouts/not-me/t1") };
    page_confirm(out, sample_language, NULL, &p);
}

void code_page_over(struct buf *out, enum filling f)
{
    const struct page_confirm_over p = { .title = TEXT("There is a newer code"),
                                         .text = TEXT("Open the link in that mail."),
                                         .is_done = BOOL(false),
                                         .label = TEXT("K7"),
                                         .partner_name = TEXT("Inkwell"),
                                         .not_me_url = URL("https://pay.example/payouts/not-me/t1") };
    page_confirm_over(out, sample_language, NULL, &p);
}

void frozen(struct buf *out, enum filling f)
{
    page_payouts_frozen(out, sample_language, NULL, &(const struct page_payouts_frozen){ TEXT("Inkwell") });
}

void disputed_mail(struct buf *out, enum filling f)
{
    const struct mail_subscription_disputed p = { TEXT("Ada writes"), TEXT("The weekly issue"), BOOL(true), BOOL(false),
                                                  BOOL(false),        TEXT("help@ada.example"), BILLING_URL };
    MAIL(subscription_disputed, p);
}

void disputed_ended_mail(struct buf *out, enum filling f)
{
    const struct mail_subscription_disputed p = {
        TEXT("Ada writes"), TEXT("The weekly issue"), BOOL(false), BOOL(true), BOOL(false), STR_NONE, BILLING_URL
    };
    MAIL(subscription_disputed, p);
}

#define CANCELED(...)                                                                                                  \
    const struct mail_subscription_canceled p = { .store_name = TEXT("Ada writes"),                                    \
                                                  .what = TEXT("The weekly issue"),                                    \
                                                  .ends = TEXT("2026-12-01 14:45 Asia/Kathmandu"),                     \
                                                  .support = TEXT("help@ada.example"),                                 \
                                                  .billing_url = BILLING_URL,                                          \
                                                  __VA_ARGS__ };                                                       \
    MAIL(subscription_canceled, p)

void canceled_mail(struct buf *out, enum filling f)
{
    CANCELED(.with_period = BOOL(true), .can_keep = BOOL(true));
}

void canceled_now_mail(struct buf *out, enum filling f)
{
    CANCELED(.is_over = BOOL(true), .back = TEXT("3.00 EUR"));
}

void canceled_open_mail(struct buf *out, enum filling f)
{
    CANCELED(.is_over = BOOL(true), .ends_open = BOOL(true), .back_later = BOOL(true));
}

void canceled_at_mail(struct buf *out, enum filling f)
{
    CANCELED(.at_moment = BOOL(true), .is_cut = BOOL(true), .no_back = BOOL(true));
}
