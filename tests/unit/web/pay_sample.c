/* The pages and mails of paysrv. See sample.h. */
#include "tests/unit/web/pay_mail_sample.h"
#include "tests/unit/web/pay_transfer_sample.h"
#include "tests/unit/web/sample.h"

#include "web/paysrv/pages.h"

#define TEXT(life) sample_text(f, life)
#define URL(life) sample_url(f, life)
#define BOOL(life) sample_bool(f, life)
#define N(array) sample_n(f, sizeof(array) / sizeof(array)[0])

/* What all pages of the checkout show. */
#define ORDER                                                                                                          \
    .session = TEXT("cs_01hx8v3k2m"),                                                                                  \
    .amount = TEXT("1\xc2\xa0"                                                                                         \
                   "250.00 EUR"),                                                                                      \
    .store_name = TEXT("Ada writes"), .partner_name = TEXT("Inkwell"),                                                 \
    .description = TEXT("The lighthouse, with all plates")

static void pay_with(struct buf *out, enum filling f, bool embedded, const char *declined, bool saves)
{
    const struct language_choice languages[] = {
        { TEXT("de"), TEXT("Deutsch"), URL("/pay/cs_01hx8v3k2m?locale=de"), BOOL(true) },
        { TEXT("ar"), TEXT("العربية"), URL("/pay/cs_01hx8v3k2m?locale=ar"), false },
    };
    const struct page_pay p = {
        ORDER,
        .languages = { languages, N(languages) },
        .embedded = embedded,
        .origins = TEXT("https://inkwell.example"),
        .expires = TEXT("23 Nov 2026, 22:15 UTC"),
        .expires_iso = TEXT("2026-11-23T22:15:00Z"),
        .left = 540,
        .here = URL("/pay/cs_01hx8v3k2m"),
        .declined = declined ? TEXT(declined) : STR_NONE,
        .was_wallet = false,
        .by_card = true,
        .by_wallet = false,
        .by_transfer = false,
        .action = URL("/pay/cs_01hx8v3k2m"),
        .save_offered = BOOL(saves),
        .save_required = BOOL(saves),
        .consent_missing = BOOL(saves),
        .cancel_url = URL("https://inkwell.example/orders/7"),
    };
    page_pay(out, sample_language, NULL, &p);
}

static void pay(struct buf *out, enum filling f)
{
    pay_with(out, f, false, NULL, false);
}

static void pay_declined(struct buf *out, enum filling f)
{
    pay_with(out, f, false, "The card has insufficient funds.", false);
}

static void pay_embedded(struct buf *out, enum filling f)
{
    pay_with(out, f, true, NULL, false);
}

static void pay_saving(struct buf *out, enum filling f)
{
    pay_with(out, f, false, NULL, true);
}

static void pay_ways(struct buf *out, enum filling f)
{
    const struct page_pay p = { ORDER,
                                .is_test = BOOL(true),
                                .declined = TEXT("You canceled the payment there."),
                                .was_wallet = BOOL(true),
                                .by_card = BOOL(true),
                                .by_wallet = true,
                                .by_transfer = BOOL(true),
                                .action = URL("/pay/cs_01hx8v3k2m/start") };
    page_pay(out, sample_language, NULL, &p);
}

static void wallet_with(struct buf *out, enum filling f, bool embedded)
{
    const struct page_pay_wallet p = { ORDER,
                                       .embedded = embedded,
                                       .origins = TEXT("https://inkwell.example"),
                                       .action_url = URL("https://wallet.example/pay/wp_1"),
                                       .expires = TEXT("23 Nov 2026, 22:15 UTC"),
                                       .expires_iso = TEXT("2026-11-23T22:15:00Z"),
                                       .left = 540,
                                       .here = URL("/pay/cs_01hx8v3k2m"),
                                       .status_url = URL("/embed/checkout?s=cs_1"),
                                       .another_action = URL("/pay/cs_01hx8v3k2m/start") };
    page_pay_wallet(out, sample_language, NULL, &p);
}

static void wallet(struct buf *out, enum filling f)
{
    wallet_with(out, f, false);
}

static void wallet_embedded(struct buf *out, enum filling f)
{
    wallet_with(out, f, true);
}

static void leave(struct buf *out, enum filling f)
{
    const struct page_pay_leave p = { .embedded = BOOL(true),
                                      .origins = TEXT("https://inkwell.example"),
                                      .session = TEXT("cs_1"),
                                      .is_wallet = false,
                                      .location = URL("https://cards.example/card/cs_9"),
                                      .host = TEXT("cards.example") };
    page_pay_leave(out, sample_language, NULL, &p);
}

static void confirm(struct buf *out, enum filling f)
{
    const struct page_pay_confirm p = { ORDER,
                                        .embedded = BOOL(true),
                                        .origins = TEXT("https://inkwell.example"),
                                        .locale = TEXT("de"),
                                        .action = URL("/pay/cs_01hx8v3k2m/return"),
                                        .state = TEXT("st4te"),
                                        .card_token = TEXT("tok_1"),
                                        .keeps_card = BOOL(true),
                                        .no_url = URL("/embed/checkout?s=cs_01hx8v3k2m") };
    page_pay_confirm(out, sample_language, NULL, &p);
}

static void action(struct buf *out, enum filling f)
{
    const struct page_pay_action p = { ORDER,
                                       .origins = TEXT("https://inkwell.example"),
                                       .action_url = URL("https://cards.example/3ds/ch_1"),
                                       .expires = TEXT("23 Nov 2026, 22:15 UTC"),
                                       .expires_iso = TEXT("2026-11-23T22:15:00Z"),
                                       .left = 540,
                                       .here = URL("/pay/cs_01hx8v3k2m"),
                                       .another_action = URL("/pay/cs_01hx8v3k2m/start") };
    page_pay_action(out, sample_language, NULL, &p);
}

static void processing(struct buf *out, enum filling f)
{
    const struct page_pay_processing p = { ORDER, .origins = TEXT("https://inkwell.example"),
                                           .status_url = URL("/pay/cs_01hx8v3k2m") };
    page_pay_processing(out, sample_language, NULL, &p);
}

static void expired(struct buf *out, enum filling f)
{
    const struct page_pay_closed p = { ORDER, .origins = TEXT(""),
                                       .return_url = URL("https://inkwell.example/orders/7") };
    page_pay_closed(out, sample_language, NULL, &p);
}

static void canceled(struct buf *out, enum filling f)
{
    const struct page_pay_closed p = { ORDER, .is_canceled = BOOL(true),
                                       .return_url = URL("https://inkwell.example/") };
    page_pay_closed(out, sample_language, NULL, &p);
}

static void authorized(struct buf *out, enum filling f)
{
    const struct page_pay_authorized p = {
        ORDER,
        .origins = TEXT(""),
        .card = TEXT("Visa •• 4242"),
        .captured = TEXT("250.00 EUR"),
        .until = TEXT("30 Nov 2026, 21:48 UTC"),
        .until_iso = TEXT("2026-11-30T21:48:00Z"),
        .reference = TEXT("pay_01hx8v3k2m9q4t7y1z5b8d0f2h"),
        .return_url = URL("https://inkwell.example/orders/7"),
    };
    page_pay_authorized(out, sample_language, NULL, &p);
}

static void checked_with(struct buf *out, enum filling f, bool is_released)
{
    const struct page_pay_checked p = {
        ORDER,
        .origins = TEXT(""),
        .is_released = is_released,
        .card = TEXT("Visa •• 4242"),
        .reference = TEXT("pay_01hx8v3k2m9q4t7y1z5b8d0f2h"),
        .return_url = URL("https://inkwell.example/orders/7"),
    };
    page_pay_checked(out, sample_language, NULL, &p);
}

static void checked(struct buf *out, enum filling f)
{
    checked_with(out, f, false);
}

static void released(struct buf *out, enum filling f)
{
    checked_with(out, f, true);
}

static void receipt_with(struct buf *out, enum filling f, bool embedded)
{
    const struct page_receipt p = {
        ORDER,
        .embedded = embedded,
        .origins = TEXT("https://inkwell.example http://127.0.0.1:7003"),
        .paid_at = TEXT("23 Nov 2026, 21:48 UTC"),
        .paid_iso = TEXT("2026-11-23T21:48:00Z"),
        .card = TEXT("Visa •• 4242"),
        .reference = TEXT("pay_01hx8v3k2m9q4t7y1z5b8d0f2h"),
        .refunded = TEXT("250.00 EUR"),
        .return_url = URL("https://inkwell.example/orders/7"),
    };
    page_receipt(out, sample_language, NULL, &p);
}

static void receipt(struct buf *out, enum filling f)
{
    receipt_with(out, f, false);
}

static void receipt_embedded(struct buf *out, enum filling f)
{
    receipt_with(out, f, true);
}

static void error(struct buf *out, enum filling f)
{
    const struct page_error p = { BOOL(false),
                                  TEXT("There is nothing here with this name, or it is not yours to see."),
                                  STR_NONE,
                                  TEXT("req_01hx8v3k2m"),
                                  URL("/operator"),
                                  URL("/operator"),
                                  TEXT("Back to the overview") };
    page_error(out, sample_language, NULL, &p);
}

const struct sample samples[] = {
    { "pay", pay, false },
    { "pay-declined", pay_declined, false },
    { "pay-embedded", pay_embedded, false },
    { "pay-saving", pay_saving, false },
    { "pay-ways", pay_ways, false },
    { "pay-wallet", wallet, false },
    { "pay-wallet-embedded", wallet_embedded, false },
    { "pay-transfer", sample_transfer, false },
    { "pay-transfer-embedded", sample_transfer_embedded, false },
    { "pay-leave", leave, false },
    { "pay-confirm", confirm, false },
    { "pay-action", action, false },
    { "pay-processing", processing, false },
    { "pay-expired", expired, false },
    { "pay-canceled", canceled, false },
    { "pay-authorized", authorized, false },
    { "pay-checked", checked, false },
    { "pay-checked-released", released, false },
    { "pay-receipt", receipt, false },
    { "pay-receipt-embedded", receipt_embedded, false },
    { "pay-error", error, false },
    { "pay-freeze", freeze, false },
    { "pay-frozen", frozen, false },
    { "pay-code", code_page, false },
    { "pay-code-over", code_page_over, false },
    { "pay-card-withdraw", card_withdraw, false },
    { "pay-card-withdrawn", card_withdrawn, false },
    { "pay-billing", billing_page, false },
    { "pay-billing-empty", billing_empty, false },
    { "pay-billing-late", billing_late, false },
    { "pay-billing-sent", billing_sent, false },
    { "pay-billing-invoice", billing_invoice, false },
    { "mail-payout-code", code_mail, true },
    { "mail-payout-list", list_mail, true },
    { "mail-payout-schedule", schedule_mail, true },
    { "mail-confirmation", confirmation_mail, true },
    { "mail-email-changed", email_changed_mail, true },
    { "mail-consent-withdrawn", consent_mail, true },
    { "mail-payout-paid", paid_mail, true },
    { "mail-payout-back", back_mail, true },
    { "mail-card-saved", card_mail, true },
    { "mail-invoice-failed", invoice_mail, true },
    { "mail-billing-link", billing_link_mail, true },
    { "mail-invoice-paid", receipt_mail, true },
    { "mail-invoice-paid-by-hand", receipt_by_hand_mail, true },
    { "mail-subscription-ended", ended_mail, true },
    { "mail-refund", refund_mail, true },
    { "mail-refund-of-transfer", refund_of_transfer_mail, true },
    { "mail-requisite-added", requisite_mail, true },
    { "mail-dispute", dispute_mail, true },
    { "mail-dispute-inquiry", dispute_inquiry_mail, true },
    { "mail-dispute-lost", dispute_lost_mail, true },
    { "mail-renewal", renewal_mail, true },
    { "mail-price-change", price_mail, true },
    { "mail-trial-end", trial_mail, true },
    { "mail-card-expiring", expiring_mail, true },
    { "mail-subscription-disputed", disputed_mail, true },
    { "mail-subscription-disputed-ended", disputed_ended_mail, true },
    { "mail-subscription-canceled", canceled_mail, true },
    { "mail-subscription-canceled-now", canceled_now_mail, true },
    { "mail-subscription-canceled-open", canceled_open_mail, true },
    { "mail-subscription-forgiven", forgiven_mail, true },
    { "mail-subscription-not-charged", not_charged_mail, true },
    { "mail-subscription-ran-out", ran_out_mail, true },
    { "mail-subscription-canceled-at", canceled_at_mail, true },
};
const size_t samples_n = sizeof samples / sizeof samples[0];
