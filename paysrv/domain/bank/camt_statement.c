/* See camt_statement.h. */
#include "paysrv/domain/bank/camt_statement.h"

#include "paysrv/domain/bank/bank_file.h"
#include "paysrv/domain/bank/bank_text.h"
#include "shared/text/money_text.h"

#define NAMESPACE "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"

static void element(struct arena *a, struct buf *out, const char *name, str text, size_t max_chars)
{
    str printable = str_given(text) ? bank_text(a, text, max_chars) : STR("");
    if (printable.n)
        buf_printf(out, "<%s>%.*s</%s>", name, STR_ARG(printable), name);
}

static void money(struct arena *a, struct buf *out, int64_t minor, str currency)
{
    str size = money_decimal(a, minor < 0 ? -minor : minor, currency);
    buf_printf(out, "<Amt Ccy=\"%.*s\">%.*s</Amt><CdtDbtInd>%s</CdtDbtInd>", STR_ARG(currency), STR_ARG(size),
               minor < 0 ? "DBIT" : "CRDT");
}

static void balance(struct arena *a, struct buf *out, const char *type, const struct camt_statement *s, int64_t minor,
                    str day)
{
    buf_printf(out, "<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp>", type);
    money(a, out, minor, s->currency);
    buf_printf(out, "<Dt><Dt>%.*s</Dt></Dt></Bal>\n", STR_ARG(day));
}

static void totals(struct arena *a, struct buf *out, const struct camt_statement *s)
{
    buf_printf(out,
               "<TxsSummry><TtlNtries><NbOfNtries>%lld</NbOfNtries></TtlNtries><TtlCdtNtries><Sum>%.*s</Sum>"
               "</TtlCdtNtries><TtlDbtNtries><Sum>%.*s</Sum></TtlDbtNtries></TxsSummry>\n",
               (long long)s->entries, STR_ARG(money_decimal(a, s->came_minor, s->currency)),
               STR_ARG(money_decimal(a, s->went_minor, s->currency)));
}

void camt_statement_head(struct arena *a, const struct camt_statement *s, struct buf *out)
{
    str made = instant_iso(a, s->made);
    buf_printf(out,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"" NAMESPACE
               "\"><BkToCstmrStmt><GrpHdr><MsgId>%.*s</MsgId><CreDtTm>%.*s</CreDtTm></GrpHdr>\n<Stmt><Id>%.*s</Id>"
               "<CreDtTm>%.*s</CreDtTm><FrToDt><FrDtTm>%.*s</FrDtTm><ToDtTm>%.*s</ToDtTm></FrToDt>\n<Acct><Id><Othr>",
               STR_ARG(s->id), STR_ARG(made), STR_ARG(s->id), STR_ARG(made), STR_ARG(instant_iso(a, s->from)),
               STR_ARG(instant_iso(a, s->to)));
    element(a, out, "Id", bank_file_end_to_end_id(a, s->account), 34);
    buf_printf(out, "</Othr></Id><Ccy>%.*s</Ccy><Ownr>", STR_ARG(s->currency));
    element(a, out, "Nm", s->owner, 140);
    buf_add(out, STR("</Ownr></Acct>\n"));
    balance(a, out, "OPBD", s, s->opening_minor, s->first_day);
    balance(a, out, s->is_closed ? "CLBD" : "ITBD", s, s->closing_minor, s->last_day);
    totals(a, out, s);
}

void camt_statement_entry(struct arena *a, const struct camt_statement *s, const struct camt_entry *e, struct buf *out)
{
    buf_printf(out, "<Ntry><NtryRef>%lld</NtryRef>", (long long)e->entry);
    money(a, out, e->amount_minor, s->currency);
    /* It counts in the balance from the day on which it is booked; programs that take bank statements want that said.
     */
    buf_printf(out,
               "<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>%.*s</Dt></BookgDt><ValDt><Dt>%.*s</Dt></ValDt><BkTxCd><Prtry>",
               STR_ARG(e->day), STR_ARG(e->day));
    element(a, out, "Cd", bank_file_end_to_end_id(a, e->kind), 35);
    buf_add(out, STR("</Prtry></BkTxCd><NtryDtls><TxDtls><Refs>"));
    element(a, out, "EndToEndId", bank_file_end_to_end_id(a, e->reference), 35);
    buf_add(out, STR("</Refs>"));
    money(a, out, e->amount_minor, s->currency);
    if (str_given(e->text) && bank_text(a, e->text, 140).n) {
        buf_add(out, STR("<RmtInf>"));
        element(a, out, "Ustrd", e->text, 140);
        buf_add(out, STR("</RmtInf>"));
    }
    buf_printf(out, "<RltdDts><TxDtTm>%.*s</TxDtTm></RltdDts></TxDtls></NtryDtls></Ntry>\n",
               STR_ARG(instant_iso(a, e->at)));
}

void camt_statement_end(struct buf *out)
{
    buf_add(out, STR("</Stmt></BkToCstmrStmt></Document>\n"));
}
