/* See partner_act.h. Everything on the act is read from the report as it was kept, and from nothing else. */
#include "paysrv/flow/report/partner_act.h"

#include "paysrv/domain/report/act.h"
#include "paysrv/faults.h"
#include "paysrv/flow/report/paper_pdf.h"
#include "paysrv/flow/report/paper_words.h"
#include "shared/text/json_in.h"

static str member_of(const struct json_value *of, const char *name)
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

static instant moment_of(const struct json_value *of, const char *name)
{
    instant at = { 0 };
    (void)instant_parse(member_of(of, name), &at);
    return at;
}

static struct report report_of(const struct json_value *document, enum language language)
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
            .entry = paper_entry_word(language, member_of(e, "kind")),
            .entries = sum_of(e, "count"),
            .gross_minor = sum_of(e, "gross"),
            .sellers_minor = sum_of(e, "sellers"),
            .partner_minor = sum_of(e, "partner"),
            .platform_minor = sum_of(e, "platform"),
            .in_transit_minor = sum_of(e, "in_transit"),
        };
    }
    return r;
}

static struct act act_of(struct task *t, const struct report_paper *paper, const struct json_value *d,
                         enum language language)
{
    const struct json_value *agreement = json_get(d, "agreement"), *platform = json_get(d, "platform");
    str legal_name = member_of(agreement, "name");
    return (struct act){
        .language = paper_language_of(t->arena, language),
        .number = paper->number,
        .at = paper->at,
        .month = member_of(d, "month"),
        .currency = member_of(d, "currency"),
        .zone = member_of(d, "zone"),
        .from = moment_of(d, "from"),
        .to = moment_of(d, "to"),
        .agreement_number = member_of(agreement, "number"),
        .agreement_date = member_of(agreement, "signed_on"),
        .partner_id = member_of(d, "partner"),
        .platform = { member_of(platform, "name"), member_of(platform, "address") },
        .partner = { legal_name.n ? legal_name : member_of(d, "name"), member_of(agreement, "address") },
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
