/*
 * A statement as text (kl_to_1c.txt). One account; its sections follow one another and come to the sum of the
 * documents, each of which was booked within them. What is not booked yet is passed over. See client_bank.h.
 */
#include "paysrv/domain/bank/client_bank.h"
#include "shared/base/civil.h"
#include "shared/base/num.h"
#include "shared/text/codepage.h"
#include "shared/text/encode.h"

#define N(a) (sizeof(a) / sizeof(a)[0])
#define LINE_MAX_BYTES 2048
#define MARK "1CClientBankExchange"
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"
#define ID_CHARS 26 /* of random_id */

struct header {
    str version, encoding, from, to;
};

struct section {
    str account, from, to, opening, closing, income, outgo;
};

struct document {
    str number, date, amount, debited, credited, payer_account, payer_direct, payee_account, payee_direct, payer,
        payer_name, purpose;
};

enum place { IN_HEADER, IN_SECTION, IN_DOCUMENT, AT_END };

struct reader {
    struct bank_draft *draft;
    enum place place;
    int64_t line_number;
    struct header header;
    struct section section;
    struct document document;
    bool has_section;
    int64_t sum, in, out;            /* of the documents */
    int64_t said_in, said_out;       /* of the sections */
    bool says_in, says_out;          /* all of them do */
    int64_t least_day, greatest_day; /* of the documents' bookings; 0: there are none */
};

#define H(name, field)                                                                                                 \
    {                                                                                                                  \
        name, offsetof(struct header, field)                                                                           \
    }
static const struct bank_field header_fields[] = {
    H("ВерсияФормата", version),
    H("Кодировка", encoding),
    H("ДатаНачала", from),
    H("ДатаКонца", to),
};
#define S(name, field)                                                                                                 \
    {                                                                                                                  \
        name, offsetof(struct section, field)                                                                          \
    }
static const struct bank_field section_fields[] = {
    S("РасчСчет", account),         S("ДатаНачала", from),         S("ДатаКонца", to),
    S("НачальныйОстаток", opening), S("КонечныйОстаток", closing), S("ВсегоПоступило", income),
    S("ВсегоСписано", outgo),
};
#define D(name, field)                                                                                                 \
    {                                                                                                                  \
        name, offsetof(struct document, field)                                                                         \
    }
static const struct bank_field document_fields[] = {
    D("Номер", number),
    D("Дата", date),
    D("Сумма", amount),
    D("ДатаСписано", debited),
    D("ДатаПоступило", credited),
    D("ПлательщикСчет", payer_account),
    D("ПлательщикРасчСчет", payer_direct),
    D("ПолучательСчет", payee_account),
    D("ПолучательРасчСчет", payee_direct),
    D("Плательщик", payer),
    D("Плательщик1", payer_name),
    D("НазначениеПлатежа", purpose),
};

static bool refuse(struct reader *r, const char *why)
{
    if (!str_given(r->draft->why))
        r->draft->why = arena_printf(r->draft->arena, "line %lld: %s", (long long)r->line_number, why);
    return false;
}

static bool has(str s)
{
    return str_given(s) && s.n > 0;
}

/* ---- encodings ---- */

bool client_bank_is(str document)
{
    return str_starts(document, STR(MARK)) || str_starts(document, STR(BYTE_ORDER_MARK MARK));
}

static bool names(str text, str encoding)
{
    return memmem(text.p, text.n, encoding.p, encoding.n) != NULL;
}

/* The header is written in the encoding that it names, so that reading it in the right one finds the name. */
static bool text_decode(struct reader *r, str document, str *ret)
{
    static const struct {
        enum codepage page;
        str name;
    } pages[] = { { CODEPAGE_WINDOWS_1251, STR("\nКодировка=Windows") }, { CODEPAGE_866, STR("\nКодировка=DOS") } };
    struct arena *a = r->draft->arena;
    if (str_starts(document, STR(BYTE_ORDER_MARK)))
        document = (str){ document.p + 3, document.n - 3 };
    if (utf8_valid(document) &&
        (names(document, STR("\nКодировка=UTF-8")) || names(document, STR("\nКодировка=UTF8")))) {
        *ret = document;
        return true;
    }
    for (size_t i = 0; i < N(pages); i++)
        if (codepage_decode(a, pages[i].page, document, ret) && names(*ret, pages[i].name))
            return true;
    return bank_draft_refuse(r->draft, "it is not in the encoding that Кодировка names: Windows, DOS or UTF-8");
}

/* ---- values ---- */

/* дд.мм.гггг */
static bool day_parse(str s, int64_t *ret)
{
    int64_t day, month, year;
    if (s.n != 10 || s.p[2] != '.' || s.p[5] != '.' || !num_digits(s, 0, 2, &day) || !num_digits(s, 3, 2, &month) ||
        !num_digits(s, 6, 4, &year))
        return false;
    if (year < 1992 || year > 2999 || month < 1 || month > 12 || day < 1 || day > civil_month_days(year, (int)month))
        return false;
    *ret = civil_days((struct civil_date){ year, (int)month, (int)day });
    return true;
}

static bool balance_parse(str s, int64_t *ret)
{
    bool is_debt = has(s) && s.p[0] == '-';
    if (is_debt)
        s = (str){ s.p + 1, s.n - 1 };
    if (!bank_amount_parse(s, ROUBLES, ret))
        return false;
    *ret = is_debt ? -*ret : *ret;
    return true;
}

static str day_text(struct arena *a, int64_t day)
{
    return instant_date(a, (instant){ day * DAYS(1).us });
}

/* ---- sections ---- */

static bool turnover_add(struct reader *r, str said, bool *says, int64_t *total)
{
    int64_t minor;
    if (!has(said)) {
        *says = false;
        return true;
    }
    return (bank_amount_parse(said, ROUBLES, &minor) && num_add(*total, minor, total)) ||
           refuse(r, "a turnover is no amount");
}

static bool section_days(struct reader *r, int64_t *from, int64_t *to)
{
    const struct section *s = &r->section;
    str first = has(s->from) ? s->from : r->header.from, last = has(s->to) ? s->to : r->header.to;
    return (day_parse(first, from) && day_parse(last, to) && *from <= *to) ||
           refuse(r, "ДатаНачала and ДатаКонца are no interval of days");
}

static bool section_end(struct reader *r)
{
    struct bank_answer *a = &r->draft->answer;
    const struct section *s = &r->section;
    int64_t from, to, opening, closing;
    if (!has(s->account))
        return refuse(r, "РасчСчет of the section is missing");
    if (r->has_section && !str_eq(a->account, s->account))
        return refuse(r, "it holds statements of more than one account");
    if (!section_days(r, &from, &to))
        return false;
    if (!balance_parse(s->opening, &opening) || !balance_parse(s->closing, &closing))
        return refuse(r, "НачальныйОстаток or КонечныйОстаток is missing, or no amount");
    if (r->has_section && (from <= a->last_day || opening != a->closing_minor))
        return refuse(r, "a section does not go on where the one before it ended");
    if (!turnover_add(r, s->income, &r->says_in, &r->said_in) || !turnover_add(r, s->outgo, &r->says_out, &r->said_out))
        return false;
    if (!r->has_section) {
        a->account = s->account;
        a->first_day = from;
        a->opening_minor = opening;
    }
    a->last_day = to;
    a->closing_minor = closing;
    r->has_section = true;
    return true;
}

/* ---- documents ---- */

static bool is_of(const struct reader *r, str account, str direct)
{
    return str_eq(account, r->draft->answer.account) || str_eq(direct, r->draft->answer.account);
}

static bool is_id_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* po-... or rp-... standing alone at this place. */
static bool is_name_at(str text, size_t at)
{
    if (at + 3 + ID_CHARS > text.n || text.p[at + 2] != '-' || (at > 0 && is_id_char(text.p[at - 1])))
        return false;
    if (!str_eq_nocase((str){ text.p + at, 2 }, STR("po")) && !str_eq_nocase((str){ text.p + at, 2 }, STR("rp")))
        return false;
    for (size_t i = 0; i < ID_CHARS; i++)
        if (!is_id_char(text.p[at + 3 + i]))
            return false;
    return at + 3 + ID_CHARS == text.n || !is_id_char(text.p[at + 3 + ID_CHARS]);
}

/* The one transfer of ours that the words name; absent: none, or several. Some banks write all in capitals. */
static str transfer_named(struct arena *a, str purpose)
{
    str found = STR_NONE;
    for (size_t i = 0; i < purpose.n; i++) {
        if (!is_name_at(purpose, i))
            continue;
        char *name = arena_cstr(a, (str){ purpose.p + i, 3 + ID_CHARS });
        for (size_t j = 0; j < 3 + ID_CHARS; j++)
            name[j] = (char)(name[j] >= 'A' && name[j] <= 'Z' ? name[j] + 'a' - 'A' : name[j]);
        if (str_given(found) && !str_eq(found, str_of(name)))
            return STR_NONE;
        found = str_of(name);
    }
    return found;
}

static bool says_return(str purpose)
{
    return names(purpose, STR("озврат")) || names(purpose, STR("ОЗВРАТ"));
}

static void line_add(struct reader *r, int64_t minor, int64_t written, int64_t booked, bool is_debit)
{
    const struct document *x = &r->document;
    struct arena *a = r->draft->arena;
    str named = transfer_named(a, x->purpose);
    bool came_back = !is_debit && str_given(named) && says_return(x->purpose);
    str other = is_debit ? (has(x->payee_account) ? x->payee_account : x->payee_direct)
                         : (has(x->payer_account) ? x->payer_account : x->payer_direct);
    struct bank_line line = { .kind = is_debit    ? BANK_LINE_DEBIT
                                      : came_back ? BANK_LINE_RETURN
                                                  : BANK_LINE_CREDIT,
                              .end_to_end = is_debit || came_back ? named : STR_NONE,
                              .amount_minor = minor,
                              .currency = ROUBLES,
                              .reference = x->number,
                              .date = day_text(a, booked),
                              .text = x->purpose,
                              .other = has(other) ? other : STR_NONE,
                              .identity = arena_printf(a, "%lld|%.*s", (long long)written, STR_ARG(other)) };
    if (is_debit && !str_given(named) && x->number.n <= 6 && num_digits(x->number, 0, x->number.n, &line.number))
        line.written_day = written;
    else
        line.number = 0;
    if (!is_debit && !came_back) {
        line.remittance = x->purpose;
        line.payer_name = has(x->payer_name) ? x->payer_name : x->payer;
    }
    *bank_draft_line(r->draft) = line;
}

static bool document_sum(struct reader *r, int64_t minor, int64_t booked, bool is_debit)
{
    if (!num_add(r->sum, is_debit ? -minor : minor, &r->sum) ||
        !num_add(is_debit ? r->out : r->in, minor, is_debit ? &r->out : &r->in))
        return refuse(r, "the documents do not fit a number");
    if (r->least_day == 0 || booked < r->least_day)
        r->least_day = booked;
    if (booked > r->greatest_day)
        r->greatest_day = booked;
    return true;
}

static bool document_end(struct reader *r)
{
    const struct document *x = &r->document;
    int64_t minor, written, booked;
    if (!r->has_section)
        return refuse(r, "a document stands before the section of its account");
    bool is_debit = is_of(r, x->payer_account, x->payer_direct),
         is_credit = is_of(r, x->payee_account, x->payee_direct);
    if (is_debit == is_credit)
        return refuse(r, "a document is not between the account and another one");
    if (!has(x->number) || x->number.n > 35 || !day_parse(x->date, &written))
        return refuse(r, "Номер or Дата of a document is missing, or is none");
    if (!bank_amount_parse(x->amount, ROUBLES, &minor) || minor == 0)
        return refuse(r, "Сумма is no amount");
    str on = is_debit ? x->debited : x->credited;
    if (!has(on))
        return true;
    if (!day_parse(on, &booked))
        return refuse(r, "ДатаСписано or ДатаПоступило is no day");
    if (r->draft->n >= BANK_ANSWER_MAX_ELEMENTS)
        return refuse(r, "it holds too many documents");
    line_add(r, minor, written, booked, is_debit);
    return document_sum(r, minor, booked, is_debit);
}

/* ---- lines ---- */

static bool field_take(struct reader *r, const struct bank_field *fields, size_t n, void *in, str name, str value)
{
    for (size_t i = 0; i < n; i++) {
        str *field = (str *)((char *)in + fields[i].offset);
        if (!str_eq(name, str_of(fields[i].path)))
            continue;
        if (str_given(*field))
            return refuse(r, "a field is given twice");
        *field = value;
    }
    return true;
}

static bool field_line(struct reader *r, str line)
{
    str name, value = line;
    if (!str_cut(&value, '=', &name) || name.n == 0)
        return refuse(r, "it is neither a field nor the end of a section");
    switch (r->place) {
    case IN_HEADER:
        return field_take(r, header_fields, N(header_fields), &r->header, name, value);
    case IN_SECTION:
        return field_take(r, section_fields, N(section_fields), &r->section, name, value);
    case IN_DOCUMENT:
        return field_take(r, document_fields, N(document_fields), &r->document, name, value);
    case AT_END:
        break;
    }
    return true;
}

static bool ends(str line, const char *word)
{
    return str_eq(line, str_of(word));
}

static bool line_take(struct reader *r, str line)
{
    if (r->place == AT_END)
        return refuse(r, "something follows КонецФайла");
    if (r->place == IN_HEADER && ends(line, "СекцияРасчСчет")) {
        r->section = (struct section){ .account = STR_NONE };
        r->place = IN_SECTION;
    } else if (r->place == IN_HEADER && str_starts(line, STR("СекцияДокумент="))) {
        r->document = (struct document){ .number = STR_NONE };
        r->place = IN_DOCUMENT;
    } else if (r->place == IN_HEADER && ends(line, "КонецФайла")) {
        r->place = AT_END;
    } else if (r->place == IN_SECTION && ends(line, "КонецРасчСчет")) {
        r->place = IN_HEADER;
        return section_end(r);
    } else if (r->place == IN_DOCUMENT && ends(line, "КонецДокумента")) {
        r->place = IN_HEADER;
        return document_end(r);
    } else {
        return field_line(r, line);
    }
    return true;
}

/* The mark is the first line. */
static bool lines_read(struct reader *r, str text)
{
    while (text.n > 0) {
        str line;
        if (!str_cut(&text, '\n', &line)) {
            line = text;
            text = STR("");
        }
        r->line_number++;
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        if (line.n > LINE_MAX_BYTES)
            return refuse(r, "the line is too long");
        if (r->line_number == 1 ? !ends(line, MARK) : line.n > 0 && !line_take(r, line))
            return refuse(r, "it is no " MARK);
    }
    return true;
}

/* ---- the whole ---- */

static bool whole_check(struct reader *r)
{
    struct bank_answer *a = &r->draft->answer;
    int64_t closing;
    if (r->place != AT_END)
        return refuse(r, "КонецФайла is missing");
    if (!str_given(r->header.version) || !str_has_word(STR("1.02 1.03"), r->header.version))
        return bank_draft_refuse(r->draft, "it is of no version that is taken: 1.02 or 1.03");
    if (!r->has_section)
        return bank_draft_refuse(r->draft, "it is no statement: СекцияРасчСчет is missing");
    if (r->least_day && (r->least_day < a->first_day || r->greatest_day > a->last_day))
        return bank_draft_refuse(r->draft, "a document was booked outside of the statement's days");
    if (!num_add(a->opening_minor, r->sum, &closing) || closing != a->closing_minor)
        return bank_draft_refuse(r->draft, "the opening balance and the documents do not come to the closing balance");
    if ((r->says_in && r->in != r->said_in) || (r->says_out && r->out != r->said_out))
        return bank_draft_refuse(r->draft, "the documents do not come to ВсегоПоступило or ВсегоСписано");
    return true;
}

bool client_bank_read(struct bank_draft *d, str document)
{
    struct reader r = { .draft = d, .says_in = true, .says_out = true };
    struct bank_answer *a = &d->answer;
    str text;
    if (document.n > BANK_ANSWER_MAX_BYTES)
        return bank_draft_refuse(d, "it is too large");
    if (!text_decode(&r, document, &text) || !lines_read(&r, text) || !whole_check(&r))
        return false;
    a->kind = BANK_TEXT_STATEMENT;
    a->currency = ROUBLES;
    a->statement_id = arena_printf(d->arena, "%.*s/%.*s", STR_ARG(day_text(d->arena, a->first_day)),
                                   STR_ARG(day_text(d->arena, a->last_day)));
    a->message_id = a->statement_id;
    return true;
}
