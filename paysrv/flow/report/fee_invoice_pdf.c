/* An invoice on paper. See fee_invoice.h. All that is on it is read from what was kept. */
#include "paysrv/domain/report/fee_invoice.h"
#include "paysrv/faults.h"
#include "paysrv/flow/report/fee_invoice.h"
#include "paysrv/flow/report/kept.h"
#include "paysrv/flow/report/paper_pdf.h"
#include "paysrv/flow/report/paper_words.h"

static struct fee_party party_of(const struct json_value *p)
{
    return (struct fee_party){ kept_text(p, "name"), kept_text(p, "address"), kept_text(p, "tax_id") };
}

static struct fee_invoice invoice_of(struct task *t, const struct fee_invoice_find_row *row, const struct json_value *d,
                                     const struct json_value *recipient)
{
    const struct json_value *lines = json_get(d, "lines");
    struct fee_invoice i = {
        .language = paper_language_of(t->arena, LANGUAGE_EN),
        .number = fee_invoice_number(t->arena, row),
        .is_test = row->clock.n > 0,
        .date = kept_text(d, "date"),
        .from = kept_moment(d, "from"),
        .to = kept_moment(d, "to"),
        .month = row->month,
        .zone = kept_text(d, "zone"),
        .currency = row->currency,
        .issuer = party_of(json_get(d, "issuer")),
        .recipient = party_of(recipient),
        .sums = { kept_sum(d, "net"), kept_sum(d, "tax"), kept_sum(d, "gross") },
        .rate_bp = (int32_t)kept_sum(d, "tax_rate_bp"),
        .untaxed = kept_text(d, "untaxed"),
    };
    for (; i.n < json_size(lines) && i.n < FEE_LINES_MAX; i.n++) {
        const struct json_value *line = json_item(lines, i.n);
        i.lines[i.n] = (struct fee_line){ kept_text(line, "kind"), kept_sum(line, "count"), kept_sum(line, "amount") };
    }
    return i;
}

static void lay_out(struct sheet *s, const void *invoice)
{
    fee_invoice_lay_out(s, invoice);
}

err fee_invoice_pdf(struct task *t, const struct fee_invoice_find_row *row, str *ret)
{
    const struct json_value *document, *recipient;
    if (!json_parse(t->arena, row->document, &document) || !json_parse(t->arena, row->recipient, &recipient))
        return FAIL(t, INTERNAL, "%.*s is no JSON", STR_ARG(row->fee_invoice_id.v));
    const struct fee_invoice invoice = invoice_of(t, row, document, recipient);
    const struct paper_title title = { fee_invoice_title(t->arena, &invoice), invoice.language->tag };
    return paper_pdf(t, lay_out, &invoice, &title, ret);
}
