/* Disputes at the sandbox acquirer (docs/protocol/acquirer.md, "Disputes"). See connector_sandbox.h. */
#include "paysrv/flow/acquirer/connector_sandbox.h"

#include "shared/net/fetch.h"
#include "shared/text/json_out.h"

#define NAME_MAX_BYTES 200
#define LETTER_MAX_BYTES ((size_t)1 << 18)
#define SEQUENCE_MAX INT64_C(1000000000000)
#define UNTIL_MAX_S INT64_C(99999999999)

static bool name_get(const struct json_value *object, const char *key, str *ret)
{
    return json_get_str(object, key, ret) && ret->n > 0 && ret->n <= NAME_MAX_BYTES;
}

static bool state_read(const struct json_value *object, struct dispute_state *ret)
{
    str phase, status;
    return json_get_str(object, "phase", &phase) && dispute_phase_parse(phase, &ret->phase) &&
           json_get_str(object, "status", &status) && dispute_status_parse(status, &ret->status) &&
           dispute_is_possible(ret->phase, ret->status) && json_get_i64(object, "sequence", &ret->sequence) &&
           ret->sequence > 0 && ret->sequence <= SEQUENCE_MAX && json_get_i64(object, "amount", &ret->amount_minor) &&
           ret->amount_minor > 0 && ret->amount_minor <= MONEY_MAX_MINOR;
}

bool sandbox_dispute_read(const struct json_value *object, struct acquirer_dispute *ret)
{
    int64_t due_s = 0;
    *ret = (struct acquirer_dispute){ .reason = STR("general") };
    if (!name_get(object, "id", &ret->ref) || !name_get(object, "charge", &ret->charge_ref) ||
        !name_get(object, "key", &ret->key) || !name_get(object, "currency", &ret->currency) ||
        !state_read(object, &ret->state))
        return false;
    name_get(object, "reason", &ret->reason);
    if (json_get(object, "fee") &&
        (!json_get_i64(object, "fee", &ret->fee_minor) || ret->fee_minor < 0 || ret->fee_minor > MONEY_MAX_MINOR))
        return false;
    ret->has_due = json_get_i64(object, "evidence_due", &due_s) && due_s > 0 && due_s <= UNTIL_MAX_S;
    ret->evidence_due_at = instant_of_seconds(due_s);
    return ret->has_due || ret->state.status != DISPUTE_NEEDS_RESPONSE;
}

static bool exchange(struct task *t, const struct sandbox_exchange *in, struct fetch_answer *ret, str *why)
{
    sandbox_exchange(t, in, ret);
    if (ret->outcome == FETCH_ANSWERED && ret->status == 200)
        return true;
    *why = ret->outcome == FETCH_ANSWERED ? arena_printf(t->arena, "status %d", ret->status) : ret->why;
    return false;
}

static bool attach(struct task *t, const struct dispute_letter *letter, const struct dispute_attachment *a, str *why)
{
    struct fetch_answer answer;
    const struct sandbox_exchange in = {
        .method = "PUT",
        .path = arena_printf(t->arena, "/v1/disputes/%.*s/files/%.*s", STR_ARG(letter->ref), STR_ARG(a->id)),
        .type = a->type,
        .body = a->content,
    };
    return exchange(t, &in, &answer, why);
}

static str letter_text(struct task *t, const struct dispute_letter *letter)
{
    struct buf body;
    struct json j;
    buf_init(&body, t->arena, LETTER_MAX_BYTES);
    json_begin(&j, &body);
    if (!letter->accepts) {
        json_str(&j, "text", letter->text);
        json_array(&j, "files");
        for (size_t i = 0; i < letter->n; i++) {
            json_object(&j, NULL);
            json_str(&j, "id", letter->attachments[i].id);
            json_str(&j, "name", letter->attachments[i].name);
            json_close(&j);
        }
        json_close(&j);
    }
    json_end(&j);
    return buf_str(&body);
}

bool sandbox_dispute_tell(struct task *t, const struct dispute_letter *letter, struct acquirer_dispute *ret, str *why)
{
    const struct json_value *document;
    struct fetch_answer answer;
    for (size_t i = 0; i < letter->n; i++)
        if (!attach(t, letter, &letter->attachments[i], why))
            return false;
    const struct sandbox_exchange in = {
        .method = "POST",
        .path = arena_printf(t->arena, "/v1/disputes/%.*s/%s", STR_ARG(letter->ref),
                             letter->accepts ? "accept" : "evidence"),
        .body = letter_text(t, letter),
    };
    if (!exchange(t, &in, &answer, why))
        return false;
    if (json_parse(t->arena, answer.body, &document) && sandbox_dispute_read(document, ret) &&
        str_eq(ret->ref, letter->ref))
        return true;
    *why = STR("the answer is not that dispute");
    return false;
}
