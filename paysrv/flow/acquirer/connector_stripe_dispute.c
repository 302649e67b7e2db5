/*
 * Disputes at Stripe. Its messages are hints here, too: the dispute is asked for, with the payment intent that has our
 * key. Evidence goes as one text and up to four files; both answers are judged by the dispute as it stands afterwards,
 * so they may be made again. See connector_stripe.h.
 */
#include "paysrv/app.h"
#include "paysrv/domain/acquirer/stripe_dispute.h"
#include "paysrv/flow/acquirer/connector_stripe.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

#define FILES_LIVE "https://files.stripe.com"
#define UPLOAD_LIMIT SECONDS(30)
#define TEXT_MAX 20000                                /* characters */
#define FORM_MAX_BYTES ((size_t)12 * TEXT_MAX + 4096) /* each of four bytes at most, and each of these as %XX */
#define ALARM_ELSEWHERE "a dispute of a charge that was not made here: it is answered, and its money is booked, by hand"

bool stripe_dispute_said(const struct json_value *object, struct acquirer_dispute *ret)
{
    struct stripe_dispute d;
    if (!stripe_dispute_read(object, &d) || !str_given(d.intent))
        return false;
    *ret = (struct acquirer_dispute){ .ref = d.id,
                                      .charge_ref = d.intent, /* what our charges are called there */
                                      .key = d.key,
                                      .currency = d.currency,
                                      .reason = d.reason,
                                      .state = d.state,
                                      .fee_minor = d.fee_minor,
                                      .evidence_due_at = instant_of_seconds(d.due_s),
                                      .has_due = d.due_s > 0,
                                      .since = instant_of_seconds(d.created_s),
                                      .has_since = d.created_s > 0 };
    return true;
}

static str path_of(struct task *t, str dispute, const char *rest)
{
    return arena_printf(t->arena, "/v1/disputes/%.*s%s", STR_ARG(percent_encode(t->arena, dispute)), rest);
}

static const struct json_value *ask_for(struct task *t, str dispute, str *why)
{
    struct fetch_answer answer;
    stripe_call(t, "GET", path_of(t, dispute, "?expand%5B%5D=payment_intent"), STR_NONE, STR_NONE, &answer);
    return stripe_object_of(t, &answer, why);
}

/* ---- messages ---- */

/* The same as long as the dispute stands as it does. */
static str standing(struct task *t, const struct json_value *object, str id)
{
    struct stripe_dispute d;
    int64_t place = stripe_dispute_read(object, &d) ? d.state.sequence : 0;
    return arena_printf(t->arena, "%.*s/%lld", STR_ARG(id), (long long)place);
}

static void message_of(struct task *t, const struct json_value *object, str id, struct acquirer_message *m)
{
    struct stripe_dispute d;
    bool is_known = stripe_dispute_read(object, &d); /* else it is set aside as what contradicts itself */
    m->kind = MESSAGE_DISPUTE;
    m->data = object;
    if (is_known && (d.is_live != stripe_is_live(t) || !str_eq(d.id, id)))
        m->is_foreign = true;
    m->key = is_known ? d.key : STR_NONE;
    if (is_known && !str_given(d.key)) {
        m->kind = MESSAGE_ALARM;
        m->why = STR(ALARM_ELSEWHERE " (docs/protocol/connectors.md)");
        m->about = standing(t, object, id);
    }
}

void stripe_dispute_message(struct task *t, struct acquirer_message *m)
{
    str id;
    if (m->is_foreign)
        return;
    m->kind = MESSAGE_LATER;
    if (!json_get_str(m->data, "id", &id) || id.n == 0 || id.n > STRIPE_ID_MAX) {
        m->kind = MESSAGE_ALARM;
        m->why = STR("a message about a dispute that names none");
        return;
    }
    const struct json_value *object = ask_for(t, id, &m->why);
    if (!object)
        return;
    message_of(t, object, id, m);
}

/* ---- those of which no message may have come ---- */

#define PAGE 10 /* each may have 150,000 characters of evidence */
#define PAGE_MAX_BYTES ((size_t)4 << 20)

static void page_read(struct task *t, const struct json_value *data, struct dispute_page *ret)
{
    size_t n = json_size(data);
    struct acquirer_message *found = arena_array(t->arena, struct acquirer_message, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct json_value *object = json_item(data, i);
        struct stripe_dispute d;
        if (!json_get_str(object, "id", &ret->last))
            continue;
        if (!ret->has_newest && stripe_dispute_read(object, &d) && d.created_s > 0) {
            ret->newest = instant_of_seconds(d.created_s);
            ret->has_newest = true;
        }
        found[ret->n] = (struct acquirer_message){ .type = STR("dispute.listed") };
        message_of(t, object, ret->last, &found[ret->n]);
        found[ret->n++].id = standing(t, object, ret->last);
    }
    ret->found = found;
}

/* The newest first, with the intents that have our keys. */
bool stripe_disputes(struct task *t, instant from, str after, struct dispute_page *ret, str *why)
{
    struct fetch_answer answer;
    str path =
        arena_printf(t->arena, "/v1/disputes?limit=%d&created%%5Bgte%%5D=%lld&expand%%5B%%5D=data.payment_intent", PAGE,
                     (long long)instant_seconds(from));
    if (str_given(after))
        path =
            arena_printf(t->arena, "%.*s&starting_after=%.*s", STR_ARG(path), STR_ARG(percent_encode(t->arena, after)));
    stripe_get(t, path, PAGE_MAX_BYTES, &answer);
    const struct json_value *document = stripe_object_of(t, &answer, why);
    *ret = (struct dispute_page){ .n = 0, .last = STR_NONE };
    *why = document ? STR("the list says not whether there is more") : *why;
    if (!document || !json_get_bool(document, "has_more", &ret->has_more))
        return false;
    page_read(t, json_get(document, "data"), ret);
    *why = STR("a page of nothing has more");
    return !ret->has_more || str_given(ret->last);
}

/* ---- answers ---- */

static const char *const places[DISPUTE_FILES_MAX] = { "uncategorized_file", "customer_communication",
                                                       "service_documentation", "receipt" };

static void part_add(struct buf *body, str boundary, const char *name, str more, str content)
{
    buf_printf(body, "--%.*s\r\nContent-Disposition: form-data; name=\"%s\"%.*s\r\n\r\n", STR_ARG(boundary), name,
               STR_ARG(more));
    buf_add(body, content);
    buf_add(body, STR("\r\n"));
}

/* No file can hold its own digest, so none ends its part and begins another; and a file sent again is the same body. */
static str boundary_of(struct task *t, str content)
{
    const digest of = sha256_str(content);
    return arena_printf(t->arena, "stoa-%.*s", STR_ARG(hex_encode(t->arena, digest_bytes(&of))));
}

/* Named by what it is, as the name that its owner gave it is nothing that Stripe needs. */
static bool upload(struct task *t, const struct dispute_letter *letter, const struct dispute_attachment *a, str *file,
                   str *why)
{
    const struct config *c = &((const struct app *)t->app)->config;
    struct fetch_answer answer;
    struct buf body;
    const str boundary = boundary_of(t, a->content);
    str host = str_eq(c->acquirer_url, STR(STRIPE_API)) ? STR(FILES_LIVE) : c->acquirer_url;
    buf_init(&body, t->arena, a->content.n + 2048);
    part_add(&body, boundary, "purpose", STR(""), STR("dispute_evidence"));
    part_add(&body, boundary, "file",
             arena_printf(t->arena, "; filename=\"%.*s\"\r\nContent-Type: %.*s", STR_ARG(a->id), STR_ARG(a->type)),
             a->content);
    buf_printf(&body, "--%.*s--\r\n", STR_ARG(boundary));
    const struct fetch_header headers[] = {
        { "Authorization", arena_printf(t->arena, "Bearer %.*s", STR_ARG(c->acquirer_key_file.hidden)) },
        { "Stripe-Version", STR(STRIPE_VERSION) },
        { "Content-Type", arena_printf(t->arena, "multipart/form-data; boundary=%.*s", STR_ARG(boundary)) },
        { "Idempotency-Key", arena_printf(t->arena, "%.*s-%.*s", STR_ARG(letter->ref), STR_ARG(a->id)) },
    };
    const struct fetch_request rq = { .method = "POST",
                                      .url = arena_printf(t->arena, "%.*s/v1/files", STR_ARG(host)),
                                      .headers = headers,
                                      .n_headers = sizeof headers / sizeof headers[0],
                                      .body = buf_str(&body),
                                      .limit = UPLOAD_LIMIT,
                                      .is_ours = true };
    fetch(t, &rq, &answer);
    return json_get_str(stripe_object_of(t, &answer, why), "id", file) && file->n > 0 && file->n <= STRIPE_ID_MAX;
}

/* Texts are no files there: they are put below what the owner wrote. */
static bool text_of(struct task *t, const struct dispute_letter *letter, str *ret, str *why)
{
    struct buf text;
    size_t most = letter->text.n;
    for (size_t i = 0; i < letter->n; i++)
        most += letter->attachments[i].content.n + letter->attachments[i].name.n + 16;
    buf_init(&text, t->arena, most + 1);
    if (str_given(letter->text))
        buf_add(&text, letter->text);
    for (size_t i = 0; i < letter->n; i++)
        if (str_eq(letter->attachments[i].type, STR("text/plain")))
            buf_printf(&text, "\n\n%.*s:\n%.*s", STR_ARG(letter->attachments[i].name),
                       STR_ARG(letter->attachments[i].content));
    *ret = buf_str(&text);
    *why = STR("the text and the texts among its files are longer than 20000 characters");
    return utf8_within(*ret, 0, TEXT_MAX);
}

static bool evidence_form(struct task *t, const struct dispute_letter *letter, str *form, str *why)
{
    struct buf out;
    size_t n = 0;
    str text, file;
    if (!text_of(t, letter, &text, why))
        return false;
    buf_init(&out, t->arena, FORM_MAX_BYTES);
    if (text.n)
        stripe_form_add(t, &out, "evidence[uncategorized_text]", text);
    for (size_t i = 0; i < letter->n; i++) {
        const struct dispute_attachment *a = &letter->attachments[i];
        if (str_eq(a->type, STR("text/plain")))
            continue;
        if (!upload(t, letter, a, &file, why))
            return false;
        stripe_form_add(t, &out, arena_cstr(t->arena, arena_printf(t->arena, "evidence[%s]", places[n++])), file);
    }
    stripe_form_add(t, &out, "submit", STR("true"));
    *form = buf_str(&out);
    return true;
}

/* Evidence that is written anew after an inquiry is another request, and so has another key. */
static str key_of(struct task *t, const struct dispute_letter *letter, str form)
{
    digest of = sha256_str(form);
    return arena_printf(t->arena, "%.*s-%.32s", STR_ARG(letter->ref), hex_encode(t->arena, digest_bytes(&of)).p);
}

static void letter_send(struct task *t, const struct dispute_letter *letter, str form, struct fetch_answer *ret)
{
    if (letter->accepts)
        stripe_call(t, "POST", path_of(t, letter->ref, "/close"),
                    arena_printf(t->arena, "%.*s-close", STR_ARG(letter->ref)), STR(""), ret);
    else
        stripe_call(t, "POST", path_of(t, letter->ref, ""), key_of(t, letter, form), form, ret);
}

/* Whatever was answered, and when nothing was: the dispute as it stands says whether the letter has arrived. */
bool stripe_dispute_tell(struct task *t, const struct dispute_letter *letter, struct acquirer_dispute *ret, str *why)
{
    struct fetch_answer answer;
    str form = STR_NONE, unused;
    if (!letter->accepts && !evidence_form(t, letter, &form, why))
        return false;
    letter_send(t, letter, form, &answer);
    const struct json_value *object = stripe_object_of(t, &answer, why);
    bool is_clear = object != NULL;
    if (!is_clear)
        object = ask_for(t, letter->ref, &unused);
    if (!object || !stripe_dispute_said(object, ret) || !str_eq(ret->ref, letter->ref))
        return false;
    return is_clear || ret->state.status != DISPUTE_NEEDS_RESPONSE;
}
