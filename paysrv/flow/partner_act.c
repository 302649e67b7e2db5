/* See partner_act.h. Everything on the act is read from the report as it was kept, and from nothing else. */
#include "paysrv/flow/partner_act.h"

#include "paysrv/domain/act.h"
#include "paysrv/faults.h"
#include "paysrv/flow/paper_pdf.h"
#include "shared/text/json_in.h"

static str text_of(const struct json_value *of, const char *name)
{
    str text = STR_NONE;
    json_get_str(of, name, &text);
    return text;
}

static int64_t sum_of(const struct json_value *of, const char *name)
{
    int64_t minor = 0;
    json_get_i64(of, name, &minor);
    return minor;
}

static struct report_party party_of(const struct json_value *balances, const char *name)
{
    const struct json_value *party = json_get(balances, name);
    return (struct report_party){ sum_of(party, "opening"), sum_of(party, "closing") };
}

static struct report report_of(const struct json_value *document)
{
    const struct json_value *figures = json_get(document, "figures"), *balances = json_get(document, "balances"),
                            *entries = json_get(document, "entries");
    struct report r = {
        .sales_minor = sum_of(figures, "sales"),
        .refunds_minor = sum_of(figures, "refunds"),
        .disputes_minor = sum_of(figures, "disputes"),
        .sellers_share_minor = sum_of(figures, "sellers_share"),
        .partner_share_minor = sum_of(figures, "partner_share"),
        .platform_share_minor = sum_of(figures, "platform_share"),
        .paid_out_minor = sum_of(figures, "paid_out"),
        .returned_minor = sum_of(figures, "payouts_returned"),
        .partner = party_of(balances, "partner"),
        .sellers = party_of(balances, "sellers"),
        .in_transit = party_of(balances, "in_transit"),
    };
    for (; r.n < json_size(entries) && r.n < REPORT_ROWS_MAX; r.n++) {
        const struct json_value *e = json_item(entries, r.n);
        r.rows[r.n] = (struct report_row){
            .entry = text_of(e, "kind"),
            .entries = sum_of(e, "count"),
            .acquirer_minor = sum_of(e, "gross"),
            .sellers_minor = sum_of(e, "sellers"),
            .partner_minor = sum_of(e, "partner"),
            .platform_minor = sum_of(e, "platform"),
            .in_transit_minor = sum_of(e, "in_transit"),
        };
    }
    return r;
}

static struct act act_of(struct task *t, const struct report_paper *paper, const struct json_value *d)
{
    const struct json_value *agreement = json_get(d, "agreement"), *platform = json_get(d, "platform");
    str legal_name = text_of(agreement, "name");
    return (struct act){
        .number = paper->number,
        .date = paper->number ? arena_printf(t->arena, "%.*s (UTC)", STR_ARG(instant_date(t->arena, paper->at)))
                              : instant_text(t->arena, paper->at),
        .month = text_of(d, "month"),
        .currency = text_of(d, "currency"),
        .zone = text_of(d, "zone"),
        .from = text_of(d, "from"),
        .to = text_of(d, "to"),
        .agreement_number = text_of(agreement, "number"),
        .agreement_date = text_of(agreement, "signed_on"),
        .partner_id = text_of(d, "partner"),
        .platform = { text_of(platform, "name"), text_of(platform, "address") },
        .partner = { legal_name.n ? legal_name : text_of(d, "name"), text_of(agreement, "address") },
        .figures = report_of(d),
    };
}

static void lay_out(struct sheet *s, const void *act)
{
    act_lay_out(s, act);
}

err partner_report_pdf(struct task *t, const struct report_paper *paper, str *ret)
{
    const struct json_value *document;
    if (!json_parse(t->arena, paper->document, &document))
        return FAIL(t, INTERNAL, "report %lld is no JSON", (long long)paper->number);
    const struct act act = act_of(t, paper, document);
    return paper_pdf(t, lay_out, &act, act_title(t->arena, &act), ret);
}
