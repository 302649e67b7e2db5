/* Orders as they come (pain.001.001.09) and as the journal keeps them. See iso_bank.h. */
#include "paysrv/sandbox/iso_bank.h"
#include "shared/base/num.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"
#include "shared/text/json_out.h"
#include "shared/text/xml.h"

#define ORDER_MAX_BYTES ((size_t)2 << 20)
#define HEAD "Document/CstmrCdtTrfInitn/"
#define TRANSFER HEAD "PmtInf/CdtTrfTxInf"

struct reading {
    struct arena *arena;
    struct iso_order *order;
    struct iso_transfer *last;
    str holder, amount;
    int64_t control_count;
    bool has_currency;
};

/* "Return AC06", "Reject AC04", "Silent", "Timeout"; anybody else is paid. */
void iso_fate_read(struct arena *a, str holder, struct iso_transfer *x)
{
    str rest = holder, word, code = STR("");
    x->fate = ISO_PAY;
    x->fate_code = STR("NARR");
    if (!str_next_word(&rest, &word))
        return;
    if (str_eq(word, STR("Reject")))
        x->fate = ISO_REJECT;
    else if (str_eq(word, STR("Return")))
        x->fate = ISO_RETURN;
    else if (str_eq(word, STR("Silent")))
        x->fate = ISO_SILENT;
    else if (str_eq(word, STR("Timeout")))
        x->fate = ISO_TIMEOUT;
    if ((x->fate == ISO_REJECT || x->fate == ISO_RETURN) && str_next_word(&rest, &code) && code.n <= 4)
        x->fate_code = arena_str(a, code);
}

/* "12.34" */
bool iso_amount_read(str text, int64_t *ret)
{
    str rest = text, whole;
    int64_t units, cents;
    if (!str_cut(&rest, '.', &whole) || rest.n != 2 || !num_parse(whole, &units) || units < 0 ||
        !num_mul(units, 100, ret))
        return false;
    cents = (rest.p[0] - '0') * 10 + rest.p[1] - '0';
    return cents >= 0 && cents < 100 && num_add(*ret, cents, ret) && *ret > 0;
}

/* An order is of one currency. */
static bool currency_read(struct reading *r, str code)
{
    enum iso_currency currency;
    if (!iso_currency_parse(code, &currency) || (r->has_currency && currency != r->order->currency))
        return false;
    r->has_currency = true;
    r->order->currency = currency;
    return true;
}

static bool on_begin(void *context, const struct xml_element *e)
{
    struct reading *r = context;
    if (str_eq(e->path, STR(TRANSFER "/Amt/InstdAmt")))
        return currency_read(r, xml_attribute(e, "Ccy"));
    if (!str_eq(e->path, STR(TRANSFER)))
        return str_eq(e->name_space, STR("urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"));
    struct iso_transfer *x = arena_new(r->arena, struct iso_transfer);
    if (r->last)
        r->last->next = x;
    else
        r->order->transfers = x;
    r->last = x;
    r->order->n++;
    return true;
}

static bool on_end(void *context, const struct xml_element *e)
{
    struct reading *r = context;
    str text = str_given(e->text) ? arena_str(r->arena, e->text) : STR_NONE;
    if (str_eq(e->path, STR(HEAD "GrpHdr/MsgId")))
        r->order->msg_id = text;
    else if (str_eq(e->path, STR(HEAD "GrpHdr/NbOfTxs")))
        return num_parse(text, &r->control_count);
    else if (str_eq(e->path, STR(HEAD "PmtInf/DbtrAcct/Id/IBAN")) ||
             str_eq(e->path, STR(HEAD "PmtInf/DbtrAcct/Id/Othr/Id")))
        r->order->account = text;
    else if (str_eq(e->path, STR(TRANSFER "/PmtId/EndToEndId")))
        r->last->end_to_end = text;
    else if (str_eq(e->path, STR(TRANSFER "/Amt/InstdAmt")))
        return iso_amount_read(text, &r->last->amount_minor);
    else if (str_eq(e->path, STR(TRANSFER "/Cdtr/Nm"))) {
        iso_fate_read(r->arena, text, r->last);
        r->order->times_out |= r->last->fate == ISO_TIMEOUT;
    }
    return true;
}

/* What is said again in files must be plain there. */
static bool is_plain(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 0x20 || s.p[i] > 0x7e || s.p[i] == '<' || s.p[i] == '&' || s.p[i] == '>')
            return false;
    return str_given(s) && s.n > 0 && s.n <= 35;
}

bool iso_order_read(struct arena *a, str xml, struct iso_order *ret, str *why)
{
    static const struct xml_limits limits = { ORDER_MAX_BYTES, 100000, 1000 };
    *ret = (struct iso_order){ .hash = sha256_str(xml) };
    struct reading r = { .arena = a, .order = ret };
    const struct xml_visitor visitor = { on_begin, on_end, &r };
    if (!xml_read(a, xml, &limits, &visitor, why))
        return false;
    bool whole = is_plain(ret->msg_id) && is_plain(ret->account) && ret->n && r.control_count == (int64_t)ret->n &&
                 iso_currency_of(ret->account) == ret->currency;
    for (const struct iso_transfer *x = ret->transfers; x; x = x->next)
        whole = whole && is_plain(x->end_to_end) && is_plain(x->fate_code) && x->amount_minor > 0 && x->fate;
    if (!whole)
        *why = STR("the order is not whole, NbOfTxs is another number, or the account is of another currency");
    return whole;
}

/* ---- the journal ---- */

/* One line for the order and one for each transfer: a line of the journal is short. */
void iso_write_order(struct buf *out, const struct iso_order *o)
{
    struct json j;
    for (const struct iso_transfer *x = o->transfers; x; x = x->next) {
        json_begin(&j, out);
        json_str(&j, "e", STR("bank_transfer"));
        json_str(&j, "end_to_end", x->end_to_end);
        json_i64(&j, "amount", x->amount_minor);
        json_i64(&j, "fate", x->fate);
        json_str(&j, "code", x->fate_code);
        if (str_given(x->number)) {
            json_str(&j, "number", x->number);
            json_i64(&j, "written", x->written_day);
            json_str(&j, "other", x->other);
            json_str(&j, "purpose", x->purpose);
        }
        json_end(&j);
        buf_add_char(out, '\n');
    }
    json_begin(&j, out);
    json_str(&j, "e", STR("bank_order"));
    json_str(&j, "id", o->msg_id);
    json_str(&j, "account", o->account);
    json_str(&j, "hash", hex_encode(out->arena, digest_bytes(&o->hash)));
    json_i64(&j, "at_us", o->at.us);
    if (o->language != ISO_XML)
        json_i64(&j, "language", o->language);
    json_end(&j);
    buf_add_char(out, '\n');
}

void iso_write_day(struct buf *out, enum iso_statement how, instant at)
{
    struct json j;
    json_begin(&j, out);
    json_str(&j, "e", STR("bank_day"));
    json_i64(&j, "how", how);
    json_i64(&j, "at_us", at.us);
    json_end(&j);
    buf_add_char(out, '\n');
}

static str kept_text(struct iso_bank *b, const struct json_value *line, const char *name)
{
    str text = STR_NONE;
    json_get_str(line, name, &text);
    return arena_str(b->arena, text);
}

static void transfer_apply(struct iso_bank *b, const struct json_value *line)
{
    struct iso_transfer *x = arena_new(b->arena, struct iso_transfer);
    int64_t fate = ISO_PAY;
    str end_to_end = STR(""), code = STR("");
    json_get_str(line, "end_to_end", &end_to_end);
    json_get_str(line, "code", &code);
    json_get_i64(line, "amount", &x->amount_minor);
    json_get_i64(line, "fate", &fate);
    x->end_to_end = arena_str(b->arena, end_to_end);
    x->fate_code = arena_str(b->arena, code);
    x->number = kept_text(b, line, "number");
    x->other = kept_text(b, line, "other");
    x->purpose = kept_text(b, line, "purpose");
    json_get_i64(line, "written", &x->written_day);
    x->fate = (enum iso_fate)fate;
    x->next = b->replayed;
    b->replayed = x;
}

static void order_apply(struct iso_bank *b, const struct json_value *line)
{
    struct iso_order o = { .n = 0 };
    str hash = STR("");
    bytes raw;
    json_get_str(line, "id", &o.msg_id);
    json_get_str(line, "account", &o.account);
    o.currency = iso_currency_of(o.account);
    json_get_i64(line, "at_us", &o.at.us);
    int64_t language = ISO_XML;
    json_get_i64(line, "language", &language);
    o.language = (enum iso_language)language;
    if (json_get_str(line, "hash", &hash) && hex_decode(b->arena, hash, &raw) && raw.n == sizeof o.hash.b)
        memcpy(o.hash.b, raw.p, sizeof o.hash.b);
    while (b->replayed) { /* they were pushed, so this is their first order again */
        struct iso_transfer *x = b->replayed;
        b->replayed = x->next;
        x->next = o.transfers;
        o.transfers = x;
        o.n++;
    }
    iso_order_enter(b, &o);
}

void iso_bank_apply(struct iso_bank *b, const struct json_value *line)
{
    str kind = STR("");
    int64_t how = ISO_ONCE;
    instant at = { 0 };
    json_get_str(line, "e", &kind);
    if (str_eq(kind, STR("bank_transfer"))) {
        transfer_apply(b, line);
    } else if (str_eq(kind, STR("bank_order"))) {
        order_apply(b, line);
    } else if (str_eq(kind, STR("bank_credit"))) {
        iso_credit_apply(b, line);
    } else if (str_eq(kind, STR("bank_day"))) {
        json_get_i64(line, "how", &how);
        json_get_i64(line, "at_us", &at.us);
        iso_day_end(b, (enum iso_statement)how, at);
    }
}
