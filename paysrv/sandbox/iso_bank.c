/* What the sandbox bank says: pain.002.001.11, camt.054.001.08, camt.053.001.08. See iso_bank.h. */
#include "paysrv/sandbox/iso_bank.h"

#define FILE_MAX_BYTES ((size_t)16 << 20)
#define OPENING_MINOR INT64_C(100000000) /* an account begins with 1 000 000.00 */
#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:"

void iso_bank_init(struct iso_bank *b, struct arena *a)
{
    *b = (struct iso_bank){ .arena = a, .day = 1 };
    for (size_t i = 0; i < ISO_CURRENCY_COUNT; i++)
        b->accounts[i].balance_minor = OPENING_MINOR;
    table_init(&b->orders, a);
}

static const char *const currency_codes[ISO_CURRENCY_COUNT] = { [ISO_EUR] = "EUR", [ISO_RUB] = "RUB" };

bool iso_currency_parse(str code, enum iso_currency *ret)
{
    for (int i = 0; i < ISO_CURRENCY_COUNT; i++)
        if (str_eq(code, str_of(currency_codes[i]))) {
            *ret = (enum iso_currency)i;
            return true;
        }
    return false;
}

enum iso_currency iso_currency_of(str account)
{
    return account.n > 0 && account.p[0] >= '0' && account.p[0] <= '9' ? ISO_RUB : ISO_EUR;
}

static void account_know(struct iso_bank *b, enum iso_currency currency, str number)
{
    if (!str_given(b->accounts[currency].number))
        b->accounts[currency].number = arena_str(b->arena, number);
}

static void publish(struct iso_bank *b, str xml)
{
    struct iso_file *f = arena_new(b->arena, struct iso_file);
    *f = (struct iso_file){ .number = ++b->n_files, .xml = xml };
    if (b->last_file)
        b->last_file->next = f;
    else
        b->first_file = f;
    b->last_file = f;
}

static struct buf file_begin(struct iso_bank *b)
{
    struct buf out;
    buf_init(&out, b->arena, FILE_MAX_BYTES);
    return out;
}

void iso_money(struct buf *out, enum iso_currency currency, int64_t minor)
{
    int64_t size = minor < 0 ? -minor : minor;
    buf_printf(out, "<Amt Ccy=\"%s\">%lld.%02lld</Amt><CdtDbtInd>%s</CdtDbtInd>", currency_codes[currency],
               (long long)(size / 100), (long long)(size % 100), minor < 0 ? "DBIT" : "CRDT");
}

/* ---- pain.002 ---- */

static void transfer_status(struct buf *out, const struct iso_transfer *x)
{
    buf_printf(out, "<TxInfAndSts><OrgnlEndToEndId>%.*s</OrgnlEndToEndId>", STR_ARG(x->end_to_end));
    if (x->fate == ISO_REJECT)
        buf_printf(out, "<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>%.*s</Cd></Rsn></StsRsnInf>", STR_ARG(x->fate_code));
    else
        buf_add(out, STR("<TxSts>ACSP</TxSts>"));
    buf_add(out, STR("</TxInfAndSts>\n"));
}

static const char *group_status(const struct iso_order *o)
{
    size_t rejected = 0;
    for (const struct iso_transfer *x = o->transfers; x; x = x->next)
        rejected += x->fate == ISO_REJECT;
    return rejected == 0 ? "ACSP" : rejected == o->n ? "RJCT" : "PART";
}

static void status_publish(struct iso_bank *b, const struct iso_order *o)
{
    struct buf out = file_begin(b);
    str at = instant_iso(b->arena, o->at);
    buf_printf(&out,
               HEAD "pain.002.001.11\"><CstmrPmtStsRpt><GrpHdr><MsgId>R%lld</MsgId><CreDtTm>%.*s</CreDtTm></GrpHdr>\n"
                    "<OrgnlGrpInfAndSts><OrgnlMsgId>%.*s</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
                    "<GrpSts>%s</GrpSts></OrgnlGrpInfAndSts>\n<OrgnlPmtInfAndSts><OrgnlPmtInfId>%.*s</OrgnlPmtInfId>\n",
               (long long)b->n_files + 1, STR_ARG(at), STR_ARG(o->msg_id), group_status(o), STR_ARG(o->msg_id));
    for (const struct iso_transfer *x = o->transfers; x; x = x->next)
        if (x->fate != ISO_SILENT)
            transfer_status(&out, x);
    buf_add(&out, STR("</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>\n"));
    publish(b, buf_str(&out));
}

struct iso_order *iso_order_enter(struct iso_bank *b, const struct iso_order *in)
{
    struct iso_order *o = arena_new(b->arena, struct iso_order);
    *o = *in;
    o->msg_id = arena_str(b->arena, in->msg_id);
    o->account = arena_str(b->arena, in->account);
    account_know(b, o->currency, o->account);
    b->accounts[o->currency].language = o->language;
    struct iso_transfer **end = &o->transfers;
    for (const struct iso_transfer *x = in->transfers; x; x = x->next) {
        *end = arena_new(b->arena, struct iso_transfer);
        **end = *x;
        (*end)->end_to_end = arena_str(b->arena, x->end_to_end);
        (*end)->fate_code = arena_str(b->arena, x->fate_code);
        (*end)->number = arena_str(b->arena, x->number);
        (*end)->other = arena_str(b->arena, x->other);
        (*end)->purpose = arena_str(b->arena, x->purpose);
        (*end)->day = b->day;
        end = &(*end)->next;
    }
    *end = NULL;
    if (b->last_order)
        b->last_order->next = o;
    else
        b->first_order = o;
    b->last_order = o;
    table_put(&b->orders, o->msg_id, o);
    if (o->language == ISO_XML)
        status_publish(b, o);
    return o;
}

/* ---- the day ---- */

bool iso_is_debited(const struct iso_transfer *x, int64_t day)
{
    return x->day == day && x->fate != ISO_REJECT && x->fate != ISO_SILENT;
}

bool iso_is_returned(const struct iso_transfer *x, int64_t day)
{
    return x->fate == ISO_RETURN && x->day + ISO_RETURN_DAYS == day;
}

static void entry(struct buf *out, const struct iso_bank *b, enum iso_currency currency, const struct iso_transfer *x,
                  bool returns, str date)
{
    int64_t minor = returns ? x->amount_minor : -x->amount_minor;
    buf_add(out, STR("<Ntry>"));
    iso_money(out, currency, minor);
    buf_printf(out,
               "<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>%.*s</Dt></BookgDt><AcctSvcrRef>D%lld-%.*s</AcctSvcrRef>"
               "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>%s</Cd><SubFmlyCd>%s</SubFmlyCd></Fmly></Domn></BkTxCd>"
               "<NtryDtls><TxDtls><Refs><EndToEndId>%.*s</EndToEndId></Refs>",
               STR_ARG(date), (long long)b->day,
               STR_ARG(x->end_to_end.n > 20 ? ((str){ x->end_to_end.p, 20 }) : x->end_to_end),
               returns ? "RCDT" : "ICDT", returns ? "RRTN" : "ESCT", STR_ARG(x->end_to_end));
    iso_money(out, currency, minor);
    if (returns)
        buf_printf(out, "<RtrInf><Rsn><Cd>%.*s</Cd></Rsn></RtrInf>", STR_ARG(x->fate_code));
    buf_add(out, STR("</TxDtls></NtryDtls></Ntry>\n"));
}

static struct iso_incoming *incoming_add(struct iso_bank *b, const struct iso_incoming *in)
{
    struct iso_incoming *kept = arena_new(b->arena, struct iso_incoming);
    *kept = *in;
    kept->day = b->day;
    kept->next = NULL;
    if (b->last_incoming)
        b->last_incoming->next = kept;
    else
        b->first_incoming = kept;
    b->last_incoming = kept;
    return kept;
}

void iso_transfer_in(struct iso_bank *b, str reference, int64_t amount_minor)
{
    incoming_add(b,
                 &(struct iso_incoming){ .reference = arena_str(b->arena, reference), .amount_minor = amount_minor });
}

int64_t iso_credit_enter(struct iso_bank *b, const struct iso_incoming *in, str account)
{
    struct iso_incoming *kept = incoming_add(b, in);
    kept->reference = arena_str(b->arena, in->reference);
    kept->creditor_reference = arena_str(b->arena, in->creditor_reference);
    kept->text = arena_str(b->arena, in->text);
    kept->payer_name = arena_str(b->arena, in->payer_name);
    kept->payer_iban = arena_str(b->arena, in->payer_iban);
    kept->takes_back = arena_str(b->arena, in->takes_back);
    kept->number = ++b->n_credits;
    account_know(b, kept->currency, account);
    return kept->number;
}

/* All entries of the day on one account; gives their sum. */
static int64_t entries(struct buf *out, const struct iso_bank *b, enum iso_currency currency, str date, size_t *n)
{
    int64_t sum = 0;
    *n = 0;
    for (const struct iso_order *o = b->first_order; o; o = o->next)
        for (const struct iso_transfer *x = o->transfers; x && o->currency == currency; x = x->next) {
            bool debited = iso_is_debited(x, b->day), returned = iso_is_returned(x, b->day);
            if (!debited && !returned)
                continue;
            entry(out, b, currency, x, returned, date);
            sum += returned ? x->amount_minor : -x->amount_minor;
            (*n)++;
        }
    for (const struct iso_incoming *in = b->first_incoming; in; in = in->next)
        if (in->day == b->day && in->amount_minor && in->currency == currency) {
            iso_incoming_entry(out, in, date);
            sum += in->amount_minor;
            (*n)++;
        }
    return sum;
}

static void account(struct buf *out, const struct iso_bank *b, enum iso_currency currency)
{
    const char *before = currency == ISO_EUR ? "<IBAN>" : "<Othr><Id>",
               *after = currency == ISO_EUR ? "</IBAN>" : "</Id></Othr>";
    buf_printf(out, "<Acct><Id>%s%.*s%s</Id><Ccy>%s</Ccy></Acct>\n", before, STR_ARG(b->accounts[currency].number),
               after, currency_codes[currency]);
}

static void balance(struct buf *out, enum iso_currency currency, const char *type, int64_t minor, str date)
{
    buf_printf(out, "<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp>", type);
    iso_money(out, currency, minor);
    buf_printf(out, "<Dt><Dt>%.*s</Dt></Dt></Bal>\n", STR_ARG(date));
}

/* "N1", and of another account than the first "NRUB1" */
static str file_id(const struct iso_bank *b, const char *letter, enum iso_currency currency)
{
    return arena_printf(b->arena, "%s%s%lld", letter, currency == ISO_EUR ? "" : currency_codes[currency],
                        (long long)b->day);
}

static void notice_publish(struct iso_bank *b, enum iso_currency currency, str lines, str at)
{
    struct buf out = file_begin(b);
    str id = file_id(b, "N", currency);
    buf_printf(&out,
               HEAD
               "camt.054.001.08\"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>%.*s</MsgId><CreDtTm>%.*s</CreDtTm></GrpHdr>\n"
               "<Ntfctn><Id>%.*s</Id><CreDtTm>%.*s</CreDtTm>",
               STR_ARG(id), STR_ARG(at), STR_ARG(id), STR_ARG(at));
    account(&out, b, currency);
    buf_add(&out, lines);
    buf_add(&out, STR("</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n"));
    publish(b, buf_str(&out));
}

static str statement_make(struct iso_bank *b, enum iso_currency currency, str lines, int64_t sum, instant now)
{
    struct buf out = file_begin(b);
    str at = instant_iso(b->arena, now), date = instant_date(b->arena, now), id = file_id(b, "S", currency);
    const int64_t opening = b->accounts[currency].balance_minor;
    buf_printf(&out,
               HEAD "camt.053.001.08\"><BkToCstmrStmt><GrpHdr><MsgId>%.*s</MsgId><CreDtTm>%.*s</CreDtTm></GrpHdr>\n"
                    "<Stmt><Id>%.*s</Id><ElctrncSeqNb>%lld</ElctrncSeqNb><CreDtTm>%.*s</CreDtTm>",
               STR_ARG(id), STR_ARG(at), STR_ARG(id), (long long)b->day, STR_ARG(at));
    account(&out, b, currency);
    balance(&out, currency, "OPBD", opening, date);
    balance(&out, currency, "CLBD", opening + sum, date);
    buf_add(&out, lines);
    buf_add(&out, STR("</Stmt></BkToCstmrStmt></Document>\n"));
    return buf_str(&out);
}

/* camt.054 if anything was booked, and the camt.053. */
static str day_statement(struct iso_bank *b, enum iso_currency currency, instant at, int64_t *sum)
{
    struct buf lines = file_begin(b);
    size_t n;
    *sum = entries(&lines, b, currency, instant_date(b->arena, at), &n);
    if (n)
        notice_publish(b, currency, buf_str(&lines), instant_iso(b->arena, at));
    return statement_make(b, currency, buf_str(&lines), *sum, at);
}

static void account_day_end(struct iso_bank *b, enum iso_currency currency, enum iso_statement how, instant at)
{
    struct iso_account *x = &b->accounts[currency];
    int64_t sum;
    str statement = x->language == ISO_XML ? day_statement(b, currency, at, &sum) : text_statement(b, at, &sum),
        late = x->withheld;
    x->withheld = how == ISO_LATE ? statement : STR_NONE;
    if (how != ISO_LATE)
        publish(b, statement);
    if (how == ISO_TWICE)
        publish(b, statement);
    if (str_given(late))
        publish(b, late);
    x->balance_minor += sum;
}

/* Of an account that nobody has yet there is nothing to say. */
void iso_day_end(struct iso_bank *b, enum iso_statement how, instant at)
{
    bool is_open = false;
    for (int i = 0; i < ISO_CURRENCY_COUNT; i++)
        if (str_given(b->accounts[i].number)) {
            account_day_end(b, (enum iso_currency)i, how, at);
            is_open = true;
        }
    b->day += is_open;
}
