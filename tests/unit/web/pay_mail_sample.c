/* The mails of paysrv. See sample.h. */
#include "tests/unit/web/pay_mail_sample.h"

#include "web/paysrv/pages.h"

#define TEXT(life) sample_text(f, life)
#define URL(life) sample_url(f, life)
#define BOOL(life) sample_bool(f, life)

#define MAIL(name, p)                                                                                                  \
    (buf_add(out, STR("Subject: ")), mail_##name##_subject(out, sample_language, &(p)), buf_add(out, STR("\n\n")),     \
     mail_##name##_text(out, sample_language, &(p)))

void code_mail(struct buf *out, enum filling f)
{
    const struct mail_payout_code p = { TEXT("1\xc2\xa0"
                                             "250.00 EUR"),
                                        TEXT("DE•• •••• 3000"),
                                        TEXT("Ada Lovelace"),
                                        TEXT("K7"),
                                        TEXT("Ada Lovelace"),
                                        TEXT("Inkwell"),
                                        TEXT("23 Nov 2026, 21:48 UTC"),
                                        TEXT("1234 5678"),
                                        10,
                                        BOOL(false),
                                        URL("https://pay.example/confirm/t2"),
                                        URL("https://pay.example/payouts/not-me/t1") };
    MAIL(payout_code, p);
}

void list_mail(struct buf *out, enum filling f)
{
    const struct payee payees[] = {
        { TEXT("250.00 EUR"), TEXT("DE•• •••• 3000"), TEXT("Ada Lovelace") },
        { TEXT("40.00 EUR"), TEXT("NL•• •••• 4300"), TEXT("Grace Hopper") },
    };
    const struct mail_payout_list p = { 2,
                                        TEXT("290.00 EUR"),
                                        { payees, 2 },
                                        TEXT("K7"),
                                        TEXT("Ada Lovelace"),
                                        TEXT("Inkwell"),
                                        TEXT("23 Nov 2026, 21:48 UTC"),
                                        TEXT("1234 5678"),
                                        10,
                                        BOOL(false),
                                        URL("https://pay.example/confirm/t2"),
                                        URL("https://pay.example/payouts/not-me/t1") };
    MAIL(payout_list, p);
}

void confirmation_mail(struct buf *out, enum filling f)
{
    const struct confirmation_fact facts[] = {
        { TEXT("Account"), TEXT("DE•• •••• 3000") },
        { TEXT("Account holder"), TEXT("Ada Lovelace") },
    };
    const struct mail_confirmation p = { TEXT("Confirm where you are paid out to"),
                                         TEXT("K7"),
                                         { facts, 2 },
                                         TEXT("Ada Lovelace"),
                                         TEXT("Inkwell"),
                                         TEXT("23 Nov 2026, 21:48 UTC"),
                                         TEXT("1234 5678"),
                                         10,
                                         BOOL(true),
                                         URL("https://pay.example/confirm/t2"),
                                         URL("https://pay.example/payouts/not-me/t1") };
    MAIL(confirmation, p);
}

void email_changed_mail(struct buf *out, enum filling f)
{
    const struct mail_email_changed p = { TEXT("ada@new.example"), TEXT("Inkwell"), TEXT("23 Nov 2026, 21:48 UTC"),
                                          TEXT("24 Nov 2026, 21:48 UTC"),
                                          URL("https://pay.example/payouts/not-me/t1") };
    MAIL(email_changed, p);
}

void consent_mail(struct buf *out, enum filling f)
{
    const struct mail_consent_withdrawn p = { TEXT("Inkwell"), TEXT("23 Nov 2026, 21:48 UTC") };
    MAIL(consent_withdrawn, p);
}

void schedule_mail(struct buf *out, enum filling f)
{
    const struct mail_payout_schedule p = { TEXT("every week on Friday at 17:00, Europe/Berlin, on banking days"),
                                            TEXT("10.00 EUR"),
                                            TEXT("DE•• •••• 3000"),
                                            TEXT("Ada Lovelace"),
                                            TEXT("K7"),
                                            TEXT("Ada Lovelace"),
                                            TEXT("Inkwell"),
                                            TEXT("23 Nov 2026, 21:48 UTC"),
                                            TEXT("1234 5678"),
                                            10,
                                            BOOL(false),
                                            URL("https://pay.example/confirm/t2"),
                                            URL("https://pay.example/payouts/not-me/t1") };
    MAIL(payout_schedule, p);
}

void paid_mail(struct buf *out, enum filling f)
{
    const struct mail_payout_paid p = { TEXT("1\xc2\xa0"
                                             "250.00 EUR"),
                                        TEXT("DE•• •••• 3000"), TEXT("Inkwell"), TEXT("24 Nov 2026, 09:00 UTC"),
                                        TEXT("po_01hx8v3k2m") };
    MAIL(payout_paid, p);
}

void back_mail(struct buf *out, enum filling f)
{
    const struct mail_payout_back p = { TEXT("250.00 EUR"),
                                        TEXT("DE•• •••• 3000"),
                                        TEXT("Inkwell"),
                                        TEXT("24 Nov 2026, 09:00 UTC"),
                                        TEXT("po-01hx8v3k2m"),
                                        TEXT("The account is closed (AC04)"),
                                        true,
                                        true };
    MAIL(payout_back, p);
}

void requisite_mail(struct buf *out, enum filling f)
{
    const struct mail_requisite_added p = { TEXT("DE•• •••• 3000"),
                                            TEXT("Ada Lovelace"),
                                            TEXT("Ada Lovelace"),
                                            TEXT("Inkwell"),
                                            TEXT("23 Nov 2026, 21:48 UTC"),
                                            TEXT("24 Nov 2026, 21:48 UTC"),
                                            URL("https://pay.example/payouts/not-me/t1") };
    MAIL(requisite_added, p);
}

static struct mail_dispute dispute_of(enum filling f)
{
    return (struct mail_dispute){ .amount = TEXT("100.00 EUR"),
                                  .store_name = TEXT("Ada writes"),
                                  .partner_name = TEXT("Inkwell"),
                                  .payment = TEXT("pay_01hx8v3k2m"),
                                  .reason = TEXT("The goods or services did not arrive") };
}

void dispute_mail(struct buf *out, enum filling f)
{
    struct mail_dispute p = dispute_of(f);
    p.is_opened = true;
    p.needs_response = true;
    p.due = TEXT("1 Dec 2026, 09:00 UTC");
    MAIL(dispute, p);
}

void dispute_inquiry_mail(struct buf *out, enum filling f)
{
    struct mail_dispute p = dispute_of(f);
    p.is_opened = p.is_inquiry = p.needs_response = true;
    p.due = TEXT("1 Dec 2026, 09:00 UTC");
    MAIL(dispute, p);
}

void dispute_lost_mail(struct buf *out, enum filling f)
{
    struct mail_dispute p = dispute_of(f);
    p.is_lost = true;
    MAIL(dispute, p);
}

void card_mail(struct buf *out, enum filling f)
{
    const struct mail_card_saved p = {
        TEXT("Ada writes"),       TEXT("visa \xc2\xb7\xc2\xb7 4242"),   TEXT("11/2039"),
        TEXT("mdt_01hx8v3k2m"),   TEXT("24 Nov 2026, 09:00 UTC"),       URL("https://pay.example/cards/t1"),
        TEXT("help@ada.example"), URL("https://pay.example/billing/t1")
    };
    MAIL(card_saved, p);
}

void invoice_mail(struct buf *out, enum filling f)
{
    const struct mail_invoice_failed p = { TEXT("Ada writes"),
                                           TEXT("The weekly issue"),
                                           TEXT("7.00 EUR"),
                                           TEXT("The card does not have enough money for this."),
                                           TEXT("1 Dec 2026, 09:00 UTC"),
                                           URL("https://pay.example/pay/cs_1"),
                                           TEXT("help@ada.example"),
                                           URL("https://pay.example/billing/t1") };
    MAIL(invoice_failed, p);
}
