/* Credits to the account, in the bank's files and in the journal. See iso_bank.h. */
#include "paysrv/sandbox/iso_bank.h"
#include "shared/text/json_out.h"

/* Text of others in XML: what would be markup is left out. */
static void text_add(struct buf *out, const char *before, str s, const char *after)
{
    if (!str_given(s) || s.n == 0)
        return;
    buf_printf(out, "%s", before);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '<' && s.p[i] != '>' && s.p[i] != '&')
            buf_add_char(out, s.p[i]);
    buf_printf(out, "%s", after);
}

static void payer_add(struct buf *out, const struct iso_incoming *in)
{
    if (!str_given(in->payer_name) && !str_given(in->payer_iban))
        return;
    buf_add(out, STR("<RltdPties>"));
    text_add(out, "<Dbtr><Pty><Nm>", in->payer_name, "</Nm></Pty></Dbtr>");
    text_add(out, "<DbtrAcct><Id><IBAN>", in->payer_iban, "</IBAN></Id></DbtrAcct>");
    buf_add(out, STR("</RltdPties>"));
}

static void purpose_add(struct buf *out, const struct iso_incoming *in)
{
    if (!str_given(in->creditor_reference) && !str_given(in->text))
        return;
    buf_add(out, STR("<RmtInf>"));
    text_add(out, "<Ustrd>", in->text, "</Ustrd>");
    text_add(out, "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>", in->creditor_reference,
             "</Ref></CdtrRefInf></Strd>");
    buf_add(out, STR("</RmtInf>"));
}

/* The bank names a booking, and what takes it back by the same name. */
static void booking_add(struct buf *out, const struct iso_incoming *in)
{
    if (str_given(in->takes_back) && in->takes_back.n)
        text_add(out, "<AcctSvcrRef>", in->takes_back, "</AcctSvcrRef>");
    else if (in->number)
        buf_printf(out, "<AcctSvcrRef>C%lld</AcctSvcrRef>", (long long)in->number);
    else
        text_add(out, "<AcctSvcrRef>I", in->reference, "</AcctSvcrRef>");
}

void iso_incoming_entry(struct buf *out, const struct iso_incoming *in, str date)
{
    bool takes_back = str_given(in->takes_back) && in->takes_back.n;
    buf_add(out, STR("<Ntry>"));
    iso_money(out, in->currency, in->amount_minor);
    buf_printf(out, "%s<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>%.*s</Dt></BookgDt>",
               takes_back ? "<RvslInd>true</RvslInd>" : "", STR_ARG(date));
    booking_add(out, in);
    buf_add(out, STR("<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
                     "<NtryDtls><TxDtls>"));
    text_add(out, "<Refs><EndToEndId>", in->reference, "</EndToEndId></Refs>");
    iso_money(out, in->currency, in->amount_minor);
    payer_add(out, in);
    purpose_add(out, in);
    buf_add(out, STR("</TxDtls></NtryDtls></Ntry>\n"));
}

/* ---- the journal ---- */

void iso_write_credit(struct buf *out, const struct iso_incoming *in, str account)
{
    struct json j;
    json_begin(&j, out);
    json_str(&j, "e", STR("bank_credit"));
    json_str(&j, "account", account);
    json_i64(&j, "amount", in->amount_minor);
    json_str(&j, "end_to_end", in->reference);
    json_str(&j, "reference", in->creditor_reference);
    json_str(&j, "text", in->text);
    json_str(&j, "name", in->payer_name);
    json_str(&j, "iban", in->payer_iban);
    json_str(&j, "takes_back", in->takes_back);
    json_end(&j);
    buf_add_char(out, '\n');
}

static str text_of(const struct json_value *line, const char *key)
{
    str s = STR_NONE;
    json_get_str(line, key, &s);
    return s;
}

void iso_credit_apply(struct iso_bank *b, const struct json_value *line)
{
    struct iso_incoming in = { .reference = text_of(line, "end_to_end"),
                               .creditor_reference = text_of(line, "reference"),
                               .text = text_of(line, "text"),
                               .payer_name = text_of(line, "name"),
                               .payer_iban = text_of(line, "iban"),
                               .takes_back = text_of(line, "takes_back") };
    json_get_i64(line, "amount", &in.amount_minor);
    in.currency = iso_currency_of(text_of(line, "account"));
    iso_credit_enter(b, &in, text_of(line, "account"));
}
