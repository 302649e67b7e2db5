/* pain.001.001.09 (CustomerCreditTransferInitiationV09), EPC customer-to-bank rules. See bank_file.h. */
#include "paysrv/domain/bank/bank_file.h"

#include <assert.h>

#include "paysrv/domain/bank/bank_text.h"
#include "paysrv/domain/bank/client_bank.h"
#include "shared/base/num.h"

#define NAME_MAX_CHARS 70
#define STREET_MAX_CHARS 70
#define NUMBER_MAX_CHARS 16
#define TOWN_MAX_CHARS 35
#define REMITTANCE_MAX_CHARS 140

#define INN_OF_PERSON 12 /* digits */

/* The day of UTC is over there by midnight, and an order for yesterday may be refused; in winter Frankfurt is one
 * ahead. */
#define AHEAD_IN_MOSCOW HOURS(3)
#define AHEAD_IN_FRANKFURT HOURS(2)

#define NAME_ROW(name, text) [BANK_FORMAT_##name] = text,
static const char *const format_names[] = { BANK_FORMATS(NAME_ROW) };

str bank_format_name(enum bank_format format)
{
    return str_of(format_names[format]);
}

bool bank_format_parse(str name, enum bank_format *ret)
{
    for (int i = 0; i < BANK_FORMAT_COUNT; i++)
        if (str_eq(name, str_of(format_names[i]))) {
            *ret = (enum bank_format)i;
            return true;
        }
    return false;
}

struct writer {
    struct arena *arena;
    struct buf *out;
    bool in_roubles; /* between banks that know their customers by Russian names */
};

static void raw(struct writer *w, const char *markup)
{
    buf_add(w->out, str_of(markup));
}

/* Text reaches the file only through the bank's character set, which has no markup characters. */
static str printable_of(const struct writer *w, str text, size_t max_chars)
{
    return w->in_roubles ? bank_text_ru(w->arena, text, max_chars) : bank_text(w->arena, text, max_chars);
}

static void element(struct writer *w, const char *name, str text, size_t max_chars)
{
    if (!str_given(text))
        return;
    str printable = printable_of(w, text, max_chars);
    if (printable.n == 0)
        return;
    buf_printf(w->out, "<%s>%.*s</%s>", name, STR_ARG(printable), name);
}

static void amount(struct writer *w, int64_t minor)
{
    buf_printf(w->out, "%lld.%02lld", (long long)(minor / 100), (long long)(minor % 100));
}

static void agent(struct writer *w, const char *name, str bic)
{
    if (!str_given(bic) || bic.n == 0)
        buf_printf(w->out, "<%s><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></%s>", name, name);
    else
        buf_printf(w->out, "<%s><FinInstnId><BICFI>%.*s</BICFI></FinInstnId></%s>", name, STR_ARG(bic), name);
}

static void account(struct writer *w, const char *name, str iban)
{
    buf_printf(w->out, "<%s><Id><IBAN>%.*s</IBAN></Id></%s>", name, STR_ARG(iban), name);
}

static void ru_number(struct writer *w, const char *name, str number)
{
    if (str_given(number))
        buf_printf(w->out, "<%s><Id><Othr><Id>%.*s</Id></Othr></Id></%s>", name, STR_ARG(number), name);
}

static void ru_agent(struct writer *w, const char *name, const struct ru_account *x)
{
    buf_printf(w->out,
               "<%s><FinInstnId><ClrSysMmbId><ClrSysId><Cd>RUCBC</Cd></ClrSysId><MmbId>%.*s</MmbId></ClrSysMmbId>"
               "</FinInstnId></%s>",
               name, STR_ARG(x->bik), name);
}

/* An INN of 12 digits is a person's. */
static void ru_tax_id(struct writer *w, str inn)
{
    const char *whose = inn.n == INN_OF_PERSON ? "PrvtId" : "OrgId";
    if (str_given(inn))
        buf_printf(w->out, "<Id><%s><Othr><Id>%.*s</Id><SchmeNm><Cd>TXID</Cd></SchmeNm></Othr></%s></Id>", whose,
                   STR_ARG(inn), whose);
}

static void totals(struct writer *w, const struct bank_file *file)
{
    int64_t sum = 0;
    bool good = bank_file_sum(file, &sum);
    assert(good);
    buf_printf(w->out, "<NbOfTxs>%zu</NbOfTxs><CtrlSum>", file->n);
    amount(w, sum);
    raw(w, "</CtrlSum>");
}

static void address(struct writer *w, const struct bank_transfer *x)
{
    if (!str_given(x->country))
        return;
    raw(w, "<PstlAdr>");
    element(w, "StrtNm", x->street, STREET_MAX_CHARS);
    element(w, "BldgNb", x->building, NUMBER_MAX_CHARS);
    element(w, "PstCd", x->postcode, NUMBER_MAX_CHARS);
    element(w, "TwnNm", x->town, TOWN_MAX_CHARS);
    element(w, "Ctry", x->country, 2);
    raw(w, "</PstlAdr>");
}

static void creditor_agent(struct writer *w, const struct bank_transfer *x)
{
    if (w->in_roubles) {
        ru_agent(w, "CdtrAgt", &x->ru);
        ru_number(w, "CdtrAgtAcct", x->ru.correspondent);
    } else if (str_given(x->bic)) {
        agent(w, "CdtrAgt", x->bic);
    }
}

static void creditor(struct writer *w, const struct bank_transfer *x)
{
    raw(w, "<Cdtr>");
    element(w, "Nm", x->holder_name, NAME_MAX_CHARS);
    address(w, x);
    if (w->in_roubles)
        ru_tax_id(w, x->ru.inn);
    raw(w, "</Cdtr>");
    if (w->in_roubles)
        ru_number(w, "CdtrAcct", x->ru.account);
    else
        account(w, "CdtrAcct", x->iban);
    if (w->in_roubles && str_given(x->ru.kpp))
        buf_printf(w->out, "<Tax><Cdtr><TaxTp>%.*s</TaxTp></Cdtr></Tax>", STR_ARG(x->ru.kpp));
}

static void transfer(struct writer *w, const struct bank_file *file, const struct bank_transfer *x)
{
    raw(w, "<CdtTrfTxInf><PmtId>");
    element(w, "EndToEndId", bank_file_end_to_end_id(w->arena, x->id), 35);
    buf_printf(w->out, "</PmtId><Amt><InstdAmt Ccy=\"%.*s\">", STR_ARG(file->currency));
    amount(w, x->amount_minor);
    raw(w, "</InstdAmt></Amt>");
    creditor_agent(w, x);
    creditor(w, x);
    raw(w, "<RmtInf>");
    str text = arena_printf(w->arena, "%s %.*s %.*s", x->purpose, STR_ARG(bank_file_end_to_end_id(w->arena, x->id)),
                            STR_ARG(x->partner_name));
    element(w, "Ustrd", text, REMITTANCE_MAX_CHARS);
    raw(w, "</RmtInf></CdtTrfTxInf>\n");
}

static void header(struct writer *w, const struct bank_file *file)
{
    raw(w, "<GrpHdr>");
    element(w, "MsgId", file->msg_id, 35);
    buf_printf(w->out, "<CreDtTm>%.*s</CreDtTm>", STR_ARG(instant_iso(w->arena, file->created)));
    totals(w, file);
    raw(w, "<InitgPty>");
    element(w, "Nm", file->debtor_name, NAME_MAX_CHARS);
    ru_tax_id(w, file->debtor_ru.inn);
    raw(w, "</InitgPty></GrpHdr>\n");
}

static void debtor(struct writer *w, const struct bank_file *file)
{
    raw(w, "<Dbtr>");
    element(w, "Nm", file->debtor_name, NAME_MAX_CHARS);
    ru_tax_id(w, file->debtor_ru.inn);
    raw(w, "</Dbtr>");
    if (w->in_roubles) {
        ru_number(w, "DbtrAcct", file->debtor_ru.account);
        ru_agent(w, "DbtrAgt", &file->debtor_ru);
        ru_number(w, "DbtrAgtAcct", file->debtor_ru.correspondent);
        raw(w, "<ChrgBr>SHAR</ChrgBr>\n");
    } else {
        account(w, "DbtrAcct", file->debtor_iban);
        agent(w, "DbtrAgt", file->debtor_bic);
        raw(w, "<ChrgBr>SLEV</ChrgBr>\n");
    }
}

static void batch(struct writer *w, const struct bank_file *file)
{
    raw(w, "<PmtInf>");
    element(w, "PmtInfId", file->msg_id, 35);
    raw(w, "<PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg>");
    totals(w, file);
    if (!w->in_roubles)
        raw(w, "<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>");
    const instant at_the_bank = instant_add(file->created, w->in_roubles ? AHEAD_IN_MOSCOW : AHEAD_IN_FRANKFURT);
    buf_printf(w->out, "<ReqdExctnDt><Dt>%.*s</Dt></ReqdExctnDt>", STR_ARG(instant_date(w->arena, at_the_bank)));
    debtor(w, file);
    for (size_t i = 0; i < file->n; i++)
        transfer(w, file, &file->transfers[i]);
    raw(w, "</PmtInf>");
}

str bank_file_end_to_end_id(struct arena *a, str id)
{
    char *copy = arena_cstr(a, id);
    for (size_t i = 0; i < id.n; i++)
        if (copy[i] == '_')
            copy[i] = '-';
    return (str){ copy, id.n };
}

bool bank_file_sum(const struct bank_file *file, int64_t *ret)
{
    int64_t sum = 0;
    for (size_t i = 0; i < file->n; i++)
        if (file->transfers[i].amount_minor <= 0 || !num_add(sum, file->transfers[i].amount_minor, &sum))
            return false;
    *ret = sum;
    return true;
}

void bank_file_write(struct arena *a, const struct bank_file *file, struct buf *out)
{
    if (file->format != BANK_FORMAT_PAIN_001) {
        client_bank_write(a, file, out);
        return;
    }
    struct writer w = { a, out, str_given(file->debtor_ru.account) };
    raw(&w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"><CstmrCdtTrfInitn>\n");
    header(&w, file);
    batch(&w, file);
    raw(&w, "\n</CstmrCdtTrfInitn></Document>\n");
}
