/* See partner_act.h. Everything on the act is read from the report as it was kept, and from nothing else. */
#include "paysrv/flow/report/partner_act.h"

#include "paysrv/domain/report/act.h"
#include "paysrv/faults.h"
#include "paysrv/flow/report/kept.h"
#include "paysrv/flow/report/paper_pdf.h"
#include "paysrv/flow/report/paper_words.h"

static struct report_party party_of(const struct json_value *balances, const char *name)
{
    const struct json_value *party = json_get(balances, name);
    return (struct report_party){ kept_sum(party, "opening"), kept_sum(party, "closing") };
}

static struct report report_of(const struct json_value *document, enum language language)
{
    const struct json_value *figures = json_get(document, "figures"), *balances = json_get(document, "balances"),
                            *entries = json_get(document, "entries");
    struct report r = {
        .sales_minor = kept_sum(figures, "sales"),
        .refunds_minor = kept_sum(figures, "refunds"),
        .disputes_minor = kept_sum(figures, "disputes"),
        .sellers_share_minor = kept_sum(figures, "sellers_share"),
        .partner_share_minor = kept_sum(figures, "partner_share"),
        .platform_share_minor = kept_sum(figures, "platform_share"),
        .paid_out_minor = kept_sum(figures, "paid_out"),
        .returned_minor = kept_sum(figures, "payouts_returned"),
        .partner = party_of(balances, "partner"),
        .sellers = party_of(balances, "sellers"),
        .in_transit = party_of(balances, "in_transit"),
    };
    for (; r.n < json_size(entries) && r.n < REPORT_ROWS_MAX; r.n++) {
        const struct json_value *e = json_item(entries, r.n);
        r.rows[r.n] = (struct report_row){
            .entry = paper_entry_word(language, kept_text(e, "kind")),
            .entries = kept_sum(e, "count"),
            .gross_minor = kept_sum(e, "gross"),
            .sellers_minor = kept_sum(e, "sellers"),
            .partner_minor = kept_sum(e, "partner"),
            .platform_minor = kept_sum(e, "platform"),
            .in_transit_minor = kept_sum(e, "in_transit"),
        };
    }
    return r;
}

static struct act act_of(struct task *t, const struct report_paper *paper, const struct json_value *d,
                         enum language language)
{
    const struct json_value *agreement = json_get(d, "agreement"), *platform = json_get(d, "platform");
    str legal_name = kept_text(agreement, "name");
    return (struct act){
        .language = paper_language_of(t->arena, language),
        .number = paper->number,
        .at = paper->at,
        .month = kept_text(d, "month"),
        .currency = kept_text(d, "currency"),
        .zone = kept_text(d, "zone"),
        .from = kept_moment(d, "from"),
        .to = kept_moment(d, "to"),
        .agreement_number = kept_text(agreement, "number"),
        .agreement_date = kept_text(agreement, "signed_on"),
        .partner_id = kept_text(d, "partner"),
        .platform = { kept_text(platform, "name"), kept_text(platform, "address") },
        .partner = { legal_name.n ? legal_name : kept_text(d, "name"), kept_text(agreement, "address") },
        .figures = report_of(d, language),
    };
}

static void lay_out(struct sheet *s, const void *act)
{
    act_lay_out(s, act);
}

err partner_report_pdf(struct task *t, const struct report_paper *paper, enum language language, str *ret)
{
    const struct json_value *document;
    if (!json_parse(t->arena, paper->document, &document))
        return FAIL(t, INTERNAL, "report %lld is no JSON", (long long)paper->number);
    const struct act act = act_of(t, paper, document, language);
    const struct paper_title title = { act_title(t->arena, &act), act.language->tag };
    return paper_pdf(t, lay_out, &act, &title, ret);
}
