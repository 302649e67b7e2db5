/* What a buyer has to transfer. See sample.h. */
#include "tests/unit/web/pay_transfer_sample.h"

#include "web/paysrv/pages.h"

#define TEXT(life) sample_text(f, life)
#define URL(life) sample_url(f, life)

static void transfer_with(struct buf *out, enum filling f, bool embedded)
{
    const struct page_pay_transfer p = { .session = TEXT("cs_01hx8v3k2m"),
                                         .amount = TEXT("1 250.00 EUR"),
                                         .store_name = TEXT("Ada writes"),
                                         .partner_name = TEXT("Inkwell"),
                                         .description = TEXT("The lighthouse, with all plates"),
                                         .embedded = embedded,
                                         .origins = TEXT("https://inkwell.example"),
                                         .holder_name = TEXT("Stoa Demo Operator"),
                                         .iban = TEXT("DE75 5121 0800 1245 1261 99"),
                                         .bic = TEXT("SSKMDEMMXXX"),
                                         .reference = TEXT("RF13 5390 0754 7034 123"),
                                         .exact = TEXT("1 250.00 EUR"),
                                         .received = embedded ? TEXT("1 000.00 EUR") : STR_NONE,
                                         .pay_by = TEXT("30 Nov 2026, 22:15 UTC"),
                                         .pay_by_iso = TEXT("2026-11-30T22:15:00Z"),
                                         .qr_url = embedded ? STR_NONE : URL("/pay/cs_01hx8v3k2m/transfer.svg"),
                                         .status_url = URL("/pay/cs_01hx8v3k2m"),
                                         .another_action = URL("/pay/cs_01hx8v3k2m/start") };
    page_pay_transfer(out, sample_language, NULL, &p);
}

void sample_transfer(struct buf *out, enum filling f)
{
    transfer_with(out, f, false);
}

void sample_transfer_embedded(struct buf *out, enum filling f)
{
    transfer_with(out, f, true);
}
