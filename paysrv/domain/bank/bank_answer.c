/* Which message it is, and what all have in common. See bank_answer.h; MONEY 4, SECURITY P. */
#include "paysrv/domain/bank/bank_answer.h"

#include <stdlib.h>

#include "paysrv/domain/bank/bank_draft.h"
#include "paysrv/domain/bank/client_bank.h"
#include "shared/base/num.h"
#include "shared/crypto/crypto.h"
#include "shared/text/currency.h"
#include "shared/text/encode.h"

#define TEXT_MAX_BYTES 2048

struct message {
    enum bank_message kind;
    const char *prefix, *versions, *body;
    void (*begin)(struct bank_draft *d);
    bool (*open)(struct bank_draft *d, str path, const struct xml_element *e);
    bool (*close)(struct bank_draft *d, str path, const struct xml_element *e);
    bool (*finish)(struct bank_draft *d);
};

static const struct message messages[] = {
    { BANK_STATUS_REPORT, "urn:iso:std:iso:20022:tech:xsd:pain.002.001.", "03 10 11 12", "Document/CstmrPmtStsRpt",
      bank_status_begin, bank_status_open, bank_status_close, bank_status_finish },
    { BANK_NOTIFICATION, "urn:iso:std:iso:20022:tech:xsd:camt.054.001.", "04 08", "Document/BkToCstmrDbtCdtNtfctn",
      bank_camt_begin, bank_camt_open, bank_camt_close, bank_camt_finish },
    { BANK_STATEMENT, "urn:iso:std:iso:20022:tech:xsd:camt.053.001.", "02 04 08", "Document/BkToCstmrStmt",
      bank_camt_begin, bank_camt_open, bank_camt_close, bank_camt_finish },
};

struct reader {
    struct bank_draft draft;
    const struct message *message;
    bool has_body;
};

#define NAME_ROW(name, text) [BANK_LINE_##name] = text,
static const char *const line_names[] = { BANK_LINES(NAME_ROW) };

str bank_line_name(enum bank_line_kind kind)
{
    return str_of(line_names[kind]);
}

str bank_message_name(enum bank_message kind)
{
    switch (kind) {
    case BANK_STATUS_REPORT:
        return STR("pain.002");
    case BANK_NOTIFICATION:
        return STR("camt.054");
    case BANK_STATEMENT:
        return STR("camt.053");
    case BANK_TEXT_STATEMENT:
        return STR("1c");
    }
    return STR_NONE;
}

/* ---- amounts ---- */

bool bank_amount_parse(str text, str currency, int64_t *ret)
{
    const struct currency *c = currency_find(currency);
    int64_t minor = 0;
    int digits = 0, after = -1;
    for (size_t i = 0; c && i < text.n; i++) {
        char ch = text.p[i];
        if (ch == '.' && after < 0 && digits > 0) {
            after = 0;
            continue;
        }
        if (ch < '0' || ch > '9' || (after >= 0 && ++after > c->exponent) || !num_mul(minor, 10, &minor) ||
            !num_add(minor, ch - '0', &minor))
            return false;
        digits++;
    }
    for (int i = after < 0 ? 0 : after; c && i < c->exponent; i++)
        if (!num_mul(minor, 10, &minor))
            return false;
    if (!c || digits == 0 || after == 0)
        return false;
    *ret = minor;
    return true;
}

/* ---- the draft ---- */

bool bank_draft_refuse(struct bank_draft *d, const char *why)
{
    if (!str_given(d->why))
        d->why = str_of(why);
    return false;
}

struct bank_line *bank_draft_line(struct bank_draft *d)
{
    if (d->n == d->capacity) {
        size_t more = d->capacity ? 2 * d->capacity : 64;
        struct bank_line *lines = arena_array(d->arena, struct bank_line, more);
        if (d->n)
            memcpy(lines, d->lines, d->n * sizeof *lines);
        d->lines = lines;
        d->capacity = more;
    }
    return &d->lines[d->n++];
}

static bool reasons_fit(struct bank_draft *d)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->lines[i].reason.n > BANK_REASON_MAX_BYTES)
            return bank_draft_refuse(d, "a reason is no code");
    return true;
}

void bank_draft_take(const struct bank_draft *d, const struct xml_element *e, str path, const struct bank_field *fields,
                     size_t n, void *in)
{
    if (!str_given(e->text))
        return;
    for (size_t i = 0; i < n; i++) {
        str *field = (str *)((char *)in + fields[i].offset);
        if (!str_given(*field) && str_eq(path, str_of(fields[i].path)))
            *field = arena_str(d->arena, e->text);
    }
}

/* ---- keys ---- */

/* Text statements overlap as their reader wishes: a line is known by its document, whichever statement it stands in. */
static str key_text(struct arena *a, const struct bank_answer *answer, const struct bank_line *line)
{
    str head =
        arena_printf(a, "%.*s|%.*s|%.*s|%.*s|%.*s", STR_ARG(bank_message_name(answer->kind)), STR_ARG(answer->account),
                     STR_ARG(str_given(line->identity) ? line->identity : answer->statement_id),
                     STR_ARG(bank_line_name(line->kind)), STR_ARG(line->order));
    return arena_printf(a, "%.*s|%.*s|%.*s|%lld|%.*s|%.*s|%.*s", STR_ARG(head),
                        STR_ARG(str_given(line->label) ? line->label : line->reference),
                        STR_ARG(str_given(line->identity) ? STR_NONE : line->end_to_end), (long long)line->amount_minor,
                        STR_ARG(line->currency), STR_ARG(line->date), STR_ARG(line->reason));
}

struct keyed {
    digest key;
    size_t line;
};

static int keyed_compare(const void *left, const void *right)
{
    const struct keyed *a = left, *b = right;
    int order = memcmp(a->key.b, b->key.b, sizeof a->key.b);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

static digest key_numbered(struct arena *a, digest plain, size_t alike)
{
    str number = arena_printf(a, "%zu", alike);
    char *text = arena_alloc(a, sizeof plain.b + number.n);
    memcpy(text, plain.b, sizeof plain.b);
    memcpy(text + sizeof plain.b, number.p, number.n);
    return sha256_str((str){ text, sizeof plain.b + number.n });
}

/* Lines that are alike in all of it are told apart by how many such came before, anywhere in the same message. */
static void keys_make(struct arena *a, const struct bank_answer *answer, struct bank_line *lines)
{
    struct keyed *keyed = arena_array(a, struct keyed, answer->n + 1);
    for (size_t i = 0; i < answer->n; i++)
        keyed[i] = (struct keyed){ sha256_str(key_text(a, answer, &lines[i])), i };
    qsort(keyed, answer->n, sizeof *keyed, keyed_compare);
    for (size_t i = 0, alike = 0; i < answer->n; i++) {
        alike = i && equal_digest(&keyed[i].key, &keyed[i - 1].key) ? alike + 1 : 0;
        lines[keyed[i].line].key = alike ? key_numbered(a, keyed[i].key, alike) : keyed[i].key;
    }
}

/* ---- reading ---- */

static const struct message *message_of(str name_space)
{
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        str prefix = str_of(messages[i].prefix);
        if (!str_starts(name_space, prefix) || name_space.n != prefix.n + 2)
            continue;
        if (str_has_word(str_of(messages[i].versions), (str){ name_space.p + prefix.n, 2 }))
            return &messages[i];
    }
    return NULL;
}

static bool root_begin(struct reader *r, const struct xml_element *e)
{
    r->message = message_of(e->name_space);
    if (!r->message || !str_eq(e->path, STR("Document")))
        return bank_draft_refuse(&r->draft,
                                 "it is no 1CClientBankExchange, pain.002, camt.054 or camt.053 of a version taken");
    r->draft.answer.kind = r->message->kind;
    r->draft.root = strlen(r->message->body) + 1;
    r->message->begin(&r->draft);
    return true;
}

static str below_body(const struct reader *r, str path)
{
    str body = str_of(r->message->body);
    if (path.n <= r->draft.root || !str_starts(path, body) || path.p[body.n] != '/')
        return STR_NONE;
    return (str){ path.p + r->draft.root, path.n - r->draft.root };
}

static bool on_begin(void *context, const struct xml_element *e)
{
    struct reader *r = context;
    if (!r->message)
        return root_begin(r, e);
    if (str_eq(e->path, str_of(r->message->body))) {
        if (r->has_body)
            return bank_draft_refuse(&r->draft, "it holds more than one message");
        r->has_body = true;
    }
    str path = below_body(r, e->path);
    return !str_given(path) || r->message->open(&r->draft, path, e);
}

static bool on_end(void *context, const struct xml_element *e)
{
    struct reader *r = context;
    str path = below_body(r, e->path);
    if (str_given(path) && str_eq(path, STR("GrpHdr/MsgId")))
        r->draft.answer.message_id = arena_str(r->draft.arena, e->text);
    return !str_given(path) || r->message->close(&r->draft, path, e);
}

static bool message_read(struct reader *r, str document, str *why)
{
    static const struct xml_limits limits = { BANK_ANSWER_MAX_BYTES, BANK_ANSWER_MAX_ELEMENTS, TEXT_MAX_BYTES };
    const struct xml_visitor visitor = { on_begin, on_end, r };
    if (!xml_read(r->draft.arena, document, &limits, &visitor, why))
        return false;
    if (!r->has_body || !str_given(r->draft.answer.message_id) || r->draft.answer.message_id.n == 0)
        return bank_draft_refuse(&r->draft, "GrpHdr/MsgId is missing");
    return r->message->finish(&r->draft) && reasons_fit(&r->draft);
}

/* What payers write is shown to partners and operators: on one line, in the direction that it is written in. */
static void texts_to_lines(struct bank_draft *d)
{
    for (size_t i = 0; i < d->n; i++) {
        str *const texts[] = { &d->lines[i].text, &d->lines[i].remittance, &d->lines[i].payer_name };
        for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
            if (str_given(*texts[k]) && !utf8_is_line(*texts[k]))
                *texts[k] = utf8_to_line(d->arena, *texts[k]);
    }
}

bool bank_answer_read(struct arena *a, str document, struct bank_answer *ret, str *why)
{
    struct reader r = { .draft = { .arena = a } };
    bool good = client_bank_is(document) ? client_bank_read(&r.draft, document) : message_read(&r, document, why);
    if (!good) {
        *why = str_given(r.draft.why) ? r.draft.why : *why;
        return false;
    }
    texts_to_lines(&r.draft);
    r.draft.answer.lines = r.draft.lines;
    r.draft.answer.n = r.draft.n;
    keys_make(a, &r.draft.answer, r.draft.lines);
    *ret = r.draft.answer;
    return true;
}
