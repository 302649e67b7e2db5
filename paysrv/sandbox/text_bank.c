/*
 * The sandbox bank's other language, 1CClientBankExchange: orders as text, and the statements that answer them. Written
 * from the published table of the format, without any of paysrv's code. See iso_bank.h; docs/protocol/acquirer.md.
 */
#include "paysrv/sandbox/iso_bank.h"
#include "shared/base/civil.h"
#include "shared/base/num.h"
#include "shared/crypto/crypto.h"
#include "shared/text/codepage.h"
#include "shared/text/encode.h"

#define MARK "1CClientBankExchange"
#define STATEMENT_MAX_BYTES ((size_t)16 << 20)
#define MOSCOW HOURS(3)
#define CORRESPONDENT "47416810000000000001" /* where what came back waited */

/* ---- orders ---- */

struct document {
    str number, date, amount, payer, payee, holder, purpose;
};

struct reading {
    struct arena *arena;
    struct iso_order *order;
    struct iso_transfer **end;
    struct document document;
    bool is_within, has_ended;
    const char *why;
};

bool text_order_is(str body)
{
    return str_starts(body, STR(MARK));
}

static bool refuse(struct reading *r, const char *why)
{
    r->why = why;
    return false;
}

static bool decode(struct arena *a, str body, struct iso_order *ret, str *text)
{
    *text = body;
    ret->language = utf8_valid(body) ? ISO_TEXT_UTF8 : ISO_TEXT_WINDOWS;
    const char *said = ret->language == ISO_TEXT_UTF8 ? "\r\nКодировка=UTF-8\r\n" : "\r\nКодировка=Windows\r\n";
    return (ret->language == ISO_TEXT_UTF8 || codepage_decode(a, CODEPAGE_WINDOWS_1251, body, text)) &&
           memmem(text->p, text->n, said, strlen(said));
}

static bool day_read(str s, int64_t *ret)
{
    int64_t day, month, year;
    if (s.n != 10 || s.p[2] != '.' || s.p[5] != '.' || !num_digits(s, 0, 2, &day) || !num_digits(s, 3, 2, &month) ||
        !num_digits(s, 6, 4, &year) || month < 1 || month > 12 || day < 1 || day > civil_month_days(year, (int)month))
        return false;
    *ret = civil_days((struct civil_date){ year, (int)month, (int)day });
    return true;
}

static bool is_number(str s, size_t least, size_t most)
{
    int64_t front, back = 0;
    return s.n >= least && s.n <= most && num_digits(s, 0, s.n > 18 ? 18 : s.n, &front) &&
           (s.n <= 18 || num_digits(s, 18, s.n - 18, &back));
}

/* The bank knows an order again by the number and the date of its first document, and a transfer by its own. */
static bool document_end(struct reading *r)
{
    const struct document *d = &r->document;
    struct iso_order *o = r->order;
    struct iso_transfer *x = arena_new(r->arena, struct iso_transfer);
    if (!is_number(d->number, 1, 6) || !day_read(d->date, &x->written_day))
        return refuse(r, "Номер or Дата of a document is missing, or is none");
    if (!iso_amount_read(d->amount, &x->amount_minor))
        return refuse(r, "Сумма is no amount");
    if (!is_number(d->payee, 20, 20) || !str_given(d->purpose) || d->purpose.n == 0)
        return refuse(r, "ПолучательСчет or НазначениеПлатежа is missing, or is none");
    if (!str_eq(d->payer, o->account))
        return refuse(r, "ПлательщикСчет is not the file's РасчСчет");
    iso_fate_read(r->arena, str_given(d->holder) ? d->holder : STR(""), x);
    x->end_to_end = x->number = d->number;
    x->other = d->payee;
    x->purpose = d->purpose;
    o->times_out |= x->fate == ISO_TIMEOUT;
    if (o->n++ == 0)
        o->msg_id = arena_printf(r->arena, "T-%.*s-%.*s", STR_ARG(d->date), STR_ARG(d->number));
    *r->end = x;
    r->end = &x->next;
    r->is_within = false;
    return true;
}

static void field_take(struct reading *r, str name, str value)
{
    struct document *d = &r->document;
    const struct {
        const char *name;
        str *field;
    } fields[] = { { "Номер", &d->number },
                   { "Дата", &d->date },
                   { "Сумма", &d->amount },
                   { "ПлательщикСчет", &d->payer },
                   { "ПолучательСчет", &d->payee },
                   { "Получатель1", &d->holder },
                   { "НазначениеПлатежа", &d->purpose } };
    if (!r->is_within && str_eq(name, STR("РасчСчет")))
        r->order->account = value;
    for (size_t i = 0; r->is_within && i < sizeof fields / sizeof fields[0]; i++)
        if (str_eq(name, str_of(fields[i].name)))
            *fields[i].field = value;
}

static bool line_take(struct reading *r, str line)
{
    str name, value = line;
    if (r->has_ended)
        return refuse(r, "something follows КонецФайла");
    if (str_eq(line, STR("КонецДокумента")) && r->is_within)
        return document_end(r);
    if (str_eq(line, STR("КонецФайла")) && !r->is_within) {
        r->has_ended = true;
    } else if (str_eq(line, STR("СекцияДокумент=Платежное поручение")) && !r->is_within) {
        r->document = (struct document){ .number = STR_NONE };
        r->is_within = true;
    } else if (str_cut(&value, '=', &name)) {
        field_take(r, name, value);
    } else {
        return refuse(r, "a line is neither a field nor the end of a section");
    }
    return true;
}

static bool lines_take(struct reading *r, str text)
{
    str line;
    for (bool is_first = true; str_cut(&text, '\n', &line); is_first = false) {
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        if (line.n && !is_first && !line_take(r, line))
            return false;
    }
    return r->has_ended && r->order->n > 0 ? true : refuse(r, "it is not whole, or has no payment order");
}

bool text_order_read(struct arena *a, str body, struct iso_order *ret, str *why)
{
    *ret = (struct iso_order){ .hash = sha256_str(body), .currency = ISO_RUB };
    struct reading r = { .arena = a, .order = ret, .end = &ret->transfers };
    str text;
    *why = STR("it is not in the encoding that Кодировка names: Windows or UTF-8");
    if (!decode(a, body, ret, &text))
        return false;
    bool good = lines_take(&r, text);
    *why = good ? STR_NONE : str_of(r.why);
    return good;
}

/* ---- statements ---- */

static str day_text(struct arena *a, int64_t day)
{
    struct civil_date d = civil_of_days(day);
    return arena_printf(a, "%02d.%02d.%04lld", d.day, d.month, (long long)d.year);
}

static void roubles(struct buf *out, const char *name, int64_t minor)
{
    int64_t size = minor < 0 ? -minor : minor;
    buf_printf(out, "%s=%s%lld.%02lld\r\n", name, minor < 0 ? "-" : "", (long long)(size / 100),
               (long long)(size % 100));
}

struct booking {
    str number, written, booked, ours, other, name, purpose;
    int64_t minor; /* negative: it left */
};

static void document(struct buf *out, const struct booking *b)
{
    bool is_debit = b->minor < 0;
    str payer = is_debit ? b->ours : b->other, payee = is_debit ? b->other : b->ours;
    buf_printf(out, "СекцияДокумент=%s\r\nНомер=%.*s\r\nДата=%.*s\r\n",
               is_debit ? "Платежное поручение" : "Платежный ордер", STR_ARG(b->number), STR_ARG(b->written));
    roubles(out, "Сумма", is_debit ? -b->minor : b->minor);
    buf_printf(out, "ПлательщикСчет=%.*s\r\nПолучательСчет=%.*s\r\n%s=%.*s\r\n", STR_ARG(payer), STR_ARG(payee),
               is_debit ? "Получатель1" : "Плательщик1", STR_ARG(b->name));
    buf_printf(out, "%s=%.*s\r\nНазначениеПлатежа=%.*s\r\nКонецДокумента\r\n",
               is_debit ? "ДатаСписано" : "ДатаПоступило", STR_ARG(b->booked), STR_ARG(b->purpose));
}

struct sums {
    int64_t in, out;
};

static void book(struct buf *out, struct sums *s, const struct booking *b)
{
    document(out, b);
    *(b->minor < 0 ? &s->out : &s->in) += b->minor < 0 ? -b->minor : b->minor;
}

static struct booking transfer_booking(struct arena *a, const struct iso_transfer *x, bool returns)
{
    struct booking b = { .number = x->number,
                         .written = day_text(a, x->written_day),
                         .other = x->other,
                         .name = STR(""),
                         .purpose = x->purpose,
                         .minor = -x->amount_minor };
    if (!returns)
        return b;
    b.other = STR(CORRESPONDENT);
    b.purpose = arena_printf(a, "Возврат: %.*s (%.*s)", STR_ARG(x->purpose), STR_ARG(x->fate_code));
    b.minor = x->amount_minor;
    return b;
}

static struct booking incoming_booking(struct arena *a, const struct iso_incoming *in)
{
    str words = str_given(in->text) ? in->text : STR("");
    return (struct booking){
        .number = arena_printf(a, "%lld", 100000 + (long long)in->number),
        .other = STR(CORRESPONDENT),
        .name = str_given(in->payer_name) ? in->payer_name : STR(""),
        .purpose = str_given(in->creditor_reference)
                       ? arena_printf(a, "%.*s %.*s", STR_ARG(in->creditor_reference), STR_ARG(words))
                       : words,
        .minor = in->amount_minor,
    };
}

static void bookings(struct buf *out, struct iso_bank *b, str booked, struct sums *s)
{
    const str ours = b->accounts[ISO_RUB].number;
    for (const struct iso_order *o = b->first_order; o; o = o->next)
        for (const struct iso_transfer *x = o->transfers; x && o->currency == ISO_RUB; x = x->next) {
            bool debited = iso_is_debited(x, b->day), returned = iso_is_returned(x, b->day);
            if (!str_given(x->number) || (!debited && !returned))
                continue;
            struct booking one = transfer_booking(b->arena, x, returned);
            one.ours = ours;
            one.booked = booked;
            one.written = returned ? booked : one.written;
            book(out, s, &one);
        }
    for (const struct iso_incoming *in = b->first_incoming; in; in = in->next)
        if (in->day == b->day && in->amount_minor && in->currency == ISO_RUB) {
            struct booking one = incoming_booking(b->arena, in);
            one.ours = ours;
            one.booked = one.written = booked;
            book(out, s, &one);
        }
}

/* Days of this bank follow one another whenever they are ended, and each is a day of the calendar. */
str text_statement(struct iso_bank *b, instant at, int64_t *sum)
{
    struct iso_account *x = &b->accounts[ISO_RUB];
    struct arena *a = b->arena;
    struct buf out, documents;
    struct sums s = { 0 };
    const int64_t today = civil_floor_div(instant_add(at, MOSCOW).us, DAYS(1).us);
    const int64_t first = x->last_day ? x->last_day + 1 : today, last = today > first ? today : first;
    str from = day_text(a, first), to = day_text(a, last), encoded;
    buf_init(&out, a, STATEMENT_MAX_BYTES);
    buf_init(&documents, a, STATEMENT_MAX_BYTES);
    bookings(&documents, b, to, &s);
    buf_printf(&out,
               MARK "\r\nВерсияФормата=1.03\r\nКодировка=%s\r\nДатаНачала=%.*s\r\nДатаКонца=%.*s\r\nРасчСчет=%.*s\r\n",
               x->language == ISO_TEXT_UTF8 ? "UTF-8" : "Windows", STR_ARG(from), STR_ARG(to), STR_ARG(x->number));
    buf_printf(&out, "СекцияРасчСчет\r\nДатаНачала=%.*s\r\nДатаКонца=%.*s\r\nРасчСчет=%.*s\r\n", STR_ARG(from),
               STR_ARG(to), STR_ARG(x->number));
    roubles(&out, "НачальныйОстаток", x->balance_minor);
    roubles(&out, "ВсегоПоступило", s.in);
    roubles(&out, "ВсегоСписано", s.out);
    roubles(&out, "КонечныйОстаток", x->balance_minor + s.in - s.out);
    buf_add(&out, STR("КонецРасчСчет\r\n"));
    buf_add(&out, buf_str(&documents));
    buf_add(&out, STR("КонецФайла\r\n"));
    x->last_day = last;
    *sum = s.in - s.out;
    bool is_windows =
        x->language == ISO_TEXT_WINDOWS && codepage_encode(a, CODEPAGE_WINDOWS_1251, buf_str(&out), &encoded);
    return is_windows ? encoded : buf_str(&out);
}
