/*
 * camt.053 and camt.054: bookings on our account. An entry is one transfer, several, or a whole order; each transfer
 * with its own details is a line, an entry without details is one. What is not booked yet is passed over.
 */
#include "paysrv/domain/bank/bank_draft.h"
#include "shared/base/civil.h"
#include "shared/base/num.h"
#include "shared/text/currency.h"

#define N(a) (sizeof(a) / sizeof(a)[0])

struct details {
    str amount, currency, direction, end_to_end, order, batch, servicer, reason, family, text, unstructured;
    str creditor_reference, remittance; /* structured; all lines of what is not */
    str payer, payer_party, payer_iban;
    bool is_returned;
};

struct entry {
    str amount, currency, direction, reversal, status, date, date_time, servicer, number, family, order, batch, text;
    size_t first; /* its first line */
    int64_t amount_minor;
};

struct balance {
    str type, amount, currency, direction, date, date_time;
};

struct statement {
    str body; /* "Stmt" or "Ntfctn" */
    bool has_body, has_opening, has_closing;
    str sequence, legal_sequence;
    struct balance balance;
    struct entry entry;
    struct details details;
    int64_t sum;
};

#define E(path, field)                                                                                                 \
    {                                                                                                                  \
        path, offsetof(struct entry, field)                                                                            \
    }
static const struct bank_field entry_fields[] = {
    E("Ntry/Amt", amount),
    E("Ntry/CdtDbtInd", direction),
    E("Ntry/RvslInd", reversal),
    E("Ntry/Sts", status),
    E("Ntry/Sts/Cd", status),
    E("Ntry/BookgDt/Dt", date),
    E("Ntry/BookgDt/DtTm", date_time),
    E("Ntry/AcctSvcrRef", servicer),
    E("Ntry/NtryRef", number),
    E("Ntry/BkTxCd/Domn/Fmly/SubFmlyCd", family),
    E("Ntry/NtryDtls/Btch/MsgId", order),
    E("Ntry/NtryDtls/Btch/PmtInfId", batch),
    E("Ntry/AddtlNtryInf", text),
};
#define D(path, field)                                                                                                 \
    {                                                                                                                  \
        "Ntry/NtryDtls/TxDtls/" path, offsetof(struct details, field)                                                  \
    }
static const struct bank_field details_fields[] = {
    D("Amt", amount),
    D("AmtDtls/TxAmt/Amt", amount),
    D("CdtDbtInd", direction),
    D("Refs/EndToEndId", end_to_end),
    D("Refs/MsgId", order),
    D("Refs/PmtInfId", batch),
    D("Refs/AcctSvcrRef", servicer),
    D("RtrInf/Rsn/Cd", reason),
    D("BkTxCd/Domn/Fmly/SubFmlyCd", family),
    D("RtrInf/AddtlInf", text),
    D("RmtInf/Ustrd", unstructured),
    D("RmtInf/Strd/CdtrRefInf/Ref", creditor_reference),
    D("RltdPties/Dbtr/Nm", payer),
    D("RltdPties/Dbtr/Pty/Nm", payer_party), /* since version 8 */
    D("RltdPties/DbtrAcct/Id/IBAN", payer_iban),
};

static struct statement *state_of(const struct bank_draft *d)
{
    return d->state;
}

void bank_camt_begin(struct bank_draft *d)
{
    struct statement *s = arena_new(d->arena, struct statement);
    s->body = d->answer.kind == BANK_STATEMENT ? STR("Stmt") : STR("Ntfctn");
    d->state = s;
}

static str below_statement(const struct statement *s, str path)
{
    if (path.n < s->body.n + 2 || !str_starts(path, s->body) || path.p[s->body.n] != '/')
        return STR_NONE;
    return (str){ path.p + s->body.n + 1, path.n - s->body.n - 1 };
}

bool bank_camt_open(struct bank_draft *d, str path, const struct xml_element *e)
{
    struct statement *s = state_of(d);
    if (str_eq(path, s->body)) {
        if (s->has_body)
            return bank_draft_refuse(d, "it holds more than one statement or notification");
        s->has_body = true;
    }
    str at = below_statement(s, path), currency = xml_attribute(e, "Ccy");
    if (str_given(currency))
        currency = arena_str(d->arena, currency_of_bank(currency));
    if (str_eq(at, STR("Bal")))
        s->balance = (struct balance){ 0 };
    else if (str_eq(at, STR("Ntry")))
        s->entry = (struct entry){ .first = d->n };
    else if (str_eq(at, STR("Ntry/NtryDtls/TxDtls")))
        s->details = (struct details){ 0 };
    else if (str_eq(at, STR("Ntry/NtryDtls/TxDtls/RtrInf")))
        s->details.is_returned = true;
    else if (str_eq(at, STR("Bal/Amt")))
        s->balance.currency = currency;
    else if (str_eq(at, STR("Ntry/Amt")))
        s->entry.currency = currency;
    else if (str_eq(at, STR("Ntry/NtryDtls/TxDtls/Amt")) ||
             (str_eq(at, STR("Ntry/NtryDtls/TxDtls/AmtDtls/TxAmt/Amt")) && !str_given(s->details.currency)))
        s->details.currency = currency;
    return true;
}

static str first_of(str a, str b)
{
    return str_given(a) && a.n ? a : b;
}

/* ---- balances ---- */

/* Credit is positive. */
static bool signed_amount(struct bank_draft *d, str amount, str currency, str direction, int64_t *ret)
{
    int64_t minor;
    if (!bank_amount_parse(amount, currency, &minor))
        return bank_draft_refuse(d, "an amount is no amount of its currency");
    if (str_eq(direction, STR("CRDT")))
        *ret = minor;
    else if (str_eq(direction, STR("DBIT")))
        *ret = -minor;
    else
        return bank_draft_refuse(d, "CdtDbtInd is neither CRDT nor DBIT");
    return true;
}

/* Since 1970; 0: it is none. */
static int64_t day_of(str date)
{
    int64_t year, month, day;
    if (date.n < 10 || date.p[4] != '-' || date.p[7] != '-' || !num_digits(date, 0, 4, &year) ||
        !num_digits(date, 5, 2, &month) || !num_digits(date, 8, 2, &day) || year < 1971 || month < 1 || month > 12 ||
        day < 1 || day > civil_month_days(year, (int)month))
        return 0;
    return civil_days((struct civil_date){ year, (int)month, (int)day });
}

static bool balance_take(struct bank_draft *d, struct statement *s)
{
    const struct balance *b = &s->balance;
    bool is_opening = str_eq(b->type, STR("OPBD")) || (str_eq(b->type, STR("PRCD")) && !s->has_opening);
    bool is_closing = str_eq(b->type, STR("CLBD"));
    if (!is_opening && !is_closing)
        return true;
    if (str_given(d->answer.currency) && !str_eq(d->answer.currency, b->currency))
        return bank_draft_refuse(d, "the balances are of several currencies");
    d->answer.currency = b->currency;
    s->has_opening |= is_opening;
    s->has_closing |= is_closing;
    if (is_closing)
        d->answer.closing_day = day_of(first_of(b->date, b->date_time));
    return signed_amount(d, b->amount, b->currency, b->direction,
                         is_opening ? &d->answer.opening_minor : &d->answer.closing_minor);
}

static void balance_close(struct bank_draft *d, struct statement *s, str at, const struct xml_element *e)
{
    static const struct bank_field fields[] = {
        { "Bal/Tp/CdOrPrtry/Cd", offsetof(struct balance, type) }, { "Bal/Amt", offsetof(struct balance, amount) },
        { "Bal/CdtDbtInd", offsetof(struct balance, direction) },  { "Bal/Dt/Dt", offsetof(struct balance, date) },
        { "Bal/Dt/DtTm", offsetof(struct balance, date_time) },
    };
    bank_draft_take(d, e, at, fields, N(fields), &s->balance);
}

/* ---- entries ---- */

static bool is_booked(const struct entry *e)
{
    return str_eq(e->status, STR("BOOK"));
}

static bool is_reversal(const struct entry *e)
{
    return str_eq(e->reversal, STR("true")) || str_eq(e->reversal, STR("1"));
}

static enum bank_line_kind kind_of(const struct entry *e, const struct details *x, str direction)
{
    bool came_back = (x && x->is_returned) || is_reversal(e) || str_eq(e->family, STR("RRTN")) ||
                     (x && str_eq(x->family, STR("RRTN")));
    if (str_eq(direction, STR("DBIT")))
        return is_reversal(e) ? BANK_LINE_REVERSAL : BANK_LINE_DEBIT;
    return came_back ? BANK_LINE_RETURN : BANK_LINE_CREDIT;
}

/* The bank's name of a booking. What it writes where it has none would be the name of all that have none. */
static str name_of(str servicer)
{
    static const char *const none[] = { "NONREF", "NOTPROVIDED", "NONE" };
    for (size_t i = 0; i < N(none); i++)
        if (str_eq_nocase(servicer, str_of(none[i])))
            return STR_NONE;
    return first_of(servicer, STR_NONE);
}

/* An amount of 0: the details have none of their own. What several details are called is what each of them is called.
 * NtryRef is no name: banks count the entries of a message with it. */
static bool details_line(struct bank_draft *d, const struct statement *s)
{
    const struct entry *e = &s->entry;
    const struct details *x = &s->details;
    int64_t minor = 0;
    str currency = first_of(x->currency, e->currency), direction = first_of(x->direction, e->direction);
    if (str_given(x->amount) && !signed_amount(d, x->amount, currency, direction, &minor))
        return false;
    enum bank_line_kind kind = kind_of(e, x, direction);
    bool is_named = str_given(x->end_to_end) && !str_eq(x->end_to_end, STR("NOTPROVIDED"));
    str order = first_of(first_of(x->order, x->batch), first_of(e->order, e->batch));
    *bank_draft_line(d) = (struct bank_line){ .kind = kind,
                                              .end_to_end = is_named ? x->end_to_end : STR_NONE,
                                              .order = order,
                                              .amount_minor = minor < 0 ? -minor : minor,
                                              .currency = currency,
                                              .reference = first_of(name_of(x->servicer), name_of(e->servicer)),
                                              .label = first_of(x->servicer, first_of(e->servicer, e->number)),
                                              .date = first_of(e->date, e->date_time),
                                              .reason = x->reason,
                                              .text = first_of(x->text, first_of(x->unstructured, e->text)),
                                              .remittance = first_of(x->creditor_reference, x->remittance),
                                              .payer_name = first_of(x->payer, x->payer_party),
                                              .payer_iban = x->payer_iban };
    return true;
}

/* Details that have amounts come to their entry; what is missing or too much is a line of its own, for a person. */
static bool rest_line(struct bank_draft *d, const struct entry *e, int64_t minor)
{
    int64_t rest = minor;
    for (size_t i = e->first; i < d->n; i++) {
        const struct bank_line *line = &d->lines[i];
        bool is_taken = line->kind == BANK_LINE_DEBIT || line->kind == BANK_LINE_REVERSAL;
        int64_t amount = is_taken ? -line->amount_minor : line->amount_minor;
        if (amount == 0 || !str_eq(line->currency, e->currency))
            return true; /* which cannot be a payout's amount */
        if (!num_add(rest, -amount, &rest))
            return bank_draft_refuse(d, "the entries do not fit a number");
    }
    if (rest)
        *bank_draft_line(d) = (struct bank_line){ .kind = rest < 0 ? BANK_LINE_DEBIT : BANK_LINE_CREDIT,
                                                  .amount_minor = rest < 0 ? -rest : rest,
                                                  .currency = e->currency,
                                                  .reference = name_of(e->servicer),
                                                  .label = first_of(e->servicer, e->number),
                                                  .date = first_of(e->date, e->date_time),
                                                  .text = STR("what the details of this entry leave of it") };
    return true;
}

/* The only one of its entry has the entry's name: of its own one notice and statement need not both tell. */
static void single_line(struct bank_line *line, const struct entry *e, int64_t minor)
{
    if (line->amount_minor == 0)
        line->amount_minor = minor < 0 ? -minor : minor;
    str own = line->reference;
    line->reference = first_of(name_of(e->servicer), own);
    if (!str_eq(line->reference, own))
        line->own = own;
}

static bool entry_end(struct bank_draft *d, struct statement *s)
{
    struct entry *e = &s->entry;
    int64_t minor;
    if (!signed_amount(d, e->amount, e->currency, e->direction, &minor))
        return false;
    if (!is_booked(e)) {
        d->n = e->first;
        return true;
    }
    if (d->answer.kind == BANK_STATEMENT && !num_add(s->sum, minor, &s->sum))
        return bank_draft_refuse(d, "the entries do not fit a number");
    if (str_given(d->answer.currency) && !str_eq(d->answer.currency, e->currency))
        return bank_draft_refuse(d, "an entry is of another currency than the balances");
    if (d->n == e->first) {
        s->details = (struct details){ 0 };
        if (!details_line(d, s))
            return false;
    }
    if (d->n == e->first + 1)
        single_line(&d->lines[e->first], e, minor);
    return rest_line(d, e, minor);
}

/* Banks break what the payer wrote at 35 or 140 characters, wherever that is. */
static void remittance_add(struct bank_draft *d, struct details *x, str text)
{
    if (str_given(text))
        x->remittance =
            arena_printf(d->arena, "%.*s%s%.*s", STR_ARG(x->remittance), x->remittance.n ? " " : "", STR_ARG(text));
}

static bool statement_close(struct bank_draft *d, struct statement *s, str at, const struct xml_element *e)
{
    if (str_eq(at, STR("Id")))
        d->answer.statement_id = arena_str(d->arena, e->text);
    else if (str_eq(at, STR("ElctrncSeqNb")))
        s->sequence = arena_str(d->arena, e->text);
    else if (str_eq(at, STR("LglSeqNb")))
        s->legal_sequence = arena_str(d->arena, e->text);
    else if (str_eq(at, STR("Acct/Id/IBAN")) || str_eq(at, STR("Acct/Id/Othr/Id"))) /* one of them, by its schema */
        d->answer.account = arena_str(d->arena, e->text);
    else if (str_eq(at, STR("Bal")))
        return balance_take(d, s);
    else if (str_eq(at, STR("Ntry/NtryDtls/TxDtls/RmtInf/Ustrd")))
        remittance_add(d, &s->details, e->text);
    else if (str_eq(at, STR("Ntry/NtryDtls/TxDtls")))
        return details_line(d, s);
    else if (str_eq(at, STR("Ntry")))
        return entry_end(d, s);
    return true;
}

bool bank_camt_close(struct bank_draft *d, str path, const struct xml_element *e)
{
    struct statement *s = state_of(d);
    str at = below_statement(s, path);
    if (!str_given(at))
        return true;
    balance_close(d, s, at, e);
    bank_draft_take(d, e, at, entry_fields, N(entry_fields), &s->entry);
    bank_draft_take(d, e, at, details_fields, N(details_fields), &s->details);
    return statement_close(d, s, at, e);
}

bool bank_camt_finish(struct bank_draft *d)
{
    const struct statement *s = state_of(d);
    int64_t closing;
    if (!str_given(d->answer.account) || !str_given(d->answer.statement_id) || d->answer.statement_id.n == 0)
        return bank_draft_refuse(d, "Id or the account of Acct/Id is missing");
    if (d->answer.kind != BANK_STATEMENT)
        return true;
    str sequence = str_given(s->sequence) ? s->sequence : s->legal_sequence;
    if (str_given(sequence) && (!num_parse(sequence, &d->answer.sequence) || d->answer.sequence < 0))
        return bank_draft_refuse(d, "the sequence number is no number");
    if (!s->has_opening || !s->has_closing)
        return bank_draft_refuse(d, "the opening or the closing balance is missing");
    if (!num_add(d->answer.opening_minor, s->sum, &closing) || closing != d->answer.closing_minor)
        return bank_draft_refuse(d, "the opening balance and the entries do not come to the closing balance");
    return true;
}
