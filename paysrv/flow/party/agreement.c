/* See agreement.h. */
#include "paysrv/flow/party/agreement.h"

#include "paysrv/faults.h"
#include "paysrv/store/agreement.sql.h"
#include "paysrv/store/event.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES 8192

SHAPE(agreement, "Agreement",
      "object: 'agreement', version: string, url: string | null, content: string | null, sha256: string, valid_from: "
      "time, due_at: time")

void agreement_write(struct json *j, struct task *t, const struct agreement_in_force_row *row)
{
    json_str(j, "object", STR("agreement"));
    json_str(j, "version", row->version);
    json_str_or_null(j, "url", row->url);
    json_str_or_null(j, "content", row->content);
    json_str(j, "sha256", hex_encode(t->arena, digest_bytes(&row->content_hash)));
    json_time(j, "valid_from", row->valid_from);
    json_time(j, "due_at", row->due_at);
}

SHAPE(agreement_acceptance, "AgreementAcceptance",
      "id: string, object: 'agreement_acceptance', user: string, version: string, sha256: string, accepted_by: string, "
      "accepted_ip: string | null, user_agent: string | null, accepted_at: time")

void acceptance_write(struct json *j, struct task *t, const struct acceptance_list_row *row)
{
    json_str(j, "id", row->acceptance_id);
    json_str(j, "object", STR("agreement_acceptance"));
    json_str(j, "user", row->user_id.v);
    json_str(j, "version", row->version);
    json_str(j, "sha256", hex_encode(t->arena, digest_bytes(&row->content_hash)));
    json_str(j, "accepted_by", row->accepted_by);
    json_str_or_null(j, "accepted_ip", row->accepted_ip);
    json_str_or_null(j, "user_agent", row->user_agent);
    json_time(j, "accepted_at", row->accepted_at);
}

static str acceptance_document(struct task *t, const struct acceptance_list_row *row)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    acceptance_write(&j, t, row);
    json_end(&j);
    return buf_str(&out);
}

struct accepting {
    partner_id partner;
    const struct agreement_in_force_row *agreement;
    struct acceptance_list_row row;
};

/* It counts once, with the evidence of the first time. */
static err before(struct task *t, const struct accepting *x, struct answer *ret)
{
    const struct acceptance_list_row *rows;
    size_t n;
    TRY(acceptance_list(t, x->partner, x->row.user_id, x->agreement->agreement_id, 1, &rows, &n));
    if (n == 0)
        return FAIL(t, UNAVAILABLE, "the acceptance vanished between two statements");
    *ret = (struct answer){ .status = 200, .body = acceptance_document(t, &rows[0]) };
    return OK;
}

static err accept_effect(struct task *t, void *context, struct answer *ret)
{
    const struct accepting *x = context;
    const struct acceptance_insert_args args = {
        .acceptance = x->row.acceptance_id,
        .partner = x->partner,
        .user = x->row.user_id,
        .agreement = x->agreement->agreement_id,
        .version = x->row.version,
        .content_hash = x->row.content_hash,
        .accepted_by = x->row.accepted_by,
        .accepted_ip = x->row.accepted_ip,
        .user_agent = x->row.user_agent,
    };
    const struct acceptance_insert_row *made;
    int64_t told;
    TRY(acceptance_insert(t, &args, &made));
    if (!made)
        return before(t, x, ret);
    *ret = (struct answer){ .status = 201, .body = acceptance_document(t, &x->row) };
    event_id event = { random_id(t->arena, "evt_") };
    return event_insert(t, event, x->partner, STR("agreement.accepted"), x->row.user_id.v, ret->body, &told);
}

err agreements_accept(struct task *t, const struct caller *c, const struct user_find_row *user,
                      const struct acceptance *acceptance, const struct once *once, struct answer *ret)
{
    struct accepting x = { .partner = c->partner };
    TRY(agreement_open(t, c->partner, acceptance->version, &x.agreement));
    if (!x.agreement)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("version"), STR("the version in force, or one that will be"));
    x.row = (struct acceptance_list_row){
        .acceptance_id = random_id(t->arena, "acc_"),
        .user_id = user->user_id,
        .version = x.agreement->version,
        .content_hash = x.agreement->content_hash,
        .accepted_by = str_given(c->subject) ? c->subject : c->client_id,
        .accepted_ip = acceptance->ip,
        .user_agent = acceptance->user_agent,
        .accepted_at = t->now,
    };
    return once_run(t, c->partner, once, x.row.acceptance_id, accept_effect, &x, ret);
}
