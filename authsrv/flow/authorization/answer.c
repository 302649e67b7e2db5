/* Building answers of the authorization endpoint. */
#include "authsrv/flow/authorization/answer.h"

#include "authsrv/app.h"
#include "authsrv/flow/client/client_jwt.h"
#include "authsrv/flow/snapshot.h"
#include "shared/base/panic.h"
#include "shared/text/encode.h"
#include "shared/text/json_out.h"
#include "shared/text/url.h"

#define AROUND_MAX_BYTES 8192 /* the address, or the claims that are always there */
#define JARM_LIFE_S 300

void answer_add(struct answer *a, str name, str value)
{
    if (!str_given(value))
        return;
    if (a->n == ANSWER_MAX_FIELDS)
        panic("an authorization response with too many parameters");
    a->fields[a->n++] = (struct answer_field){ name, value };
}

size_t answer_max(const struct answer *a)
{
    size_t n = AROUND_MAX_BYTES;
    for (size_t i = 0; i < a->n; i++)
        n += JSON_ESCAPED_MAX * (a->fields[i].name.n + a->fields[i].value.n + 1);
    return n;
}

/* JARM section 2.1: every parameter as a string, as it would stand in a form. */
static err jwt_close(struct task *t, struct answer *a)
{
    const struct snapshot *s;
    struct buf out;
    struct json j;
    TRY(snapshot_of(t, &s));
    buf_init(&out, t->arena, answer_max(a));
    json_begin(&j, &out);
    json_str(&j, "iss", app_of(t)->issuer);
    json_str(&j, "aud", a->client->id.v);
    json_i64(&j, "exp", instant_seconds(t->now) + JARM_LIFE_S);
    for (size_t i = 0; i < a->n; i++)
        json_str(&j, arena_cstr(t->arena, a->fields[i].name), a->fields[i].value);
    json_end(&j);
    const struct client_metadata *m = &a->client->meta;
    str jwt = jws_sign(t->arena, snapshot_signer(s, a->client->response_alg), "JWT", buf_str(&out));
    TRY(client_jwt_encrypt(t, a->client, m->authorization_encrypted_response_alg,
                           m->authorization_encrypted_response_enc, &jwt));
    a->n = 0;
    answer_add(a, STR("response"), jwt);
    return OK;
}

err answer_close(struct task *t, struct answer *a)
{
    if (a->mode.is_jwt)
        return jwt_close(t, a);
    answer_add(a, STR("iss"), app_of(t)->issuer);
    return OK;
}

err answer_error(struct task *t, struct answer *a, str state, str error, str description)
{
    answer_add(a, STR("error"), error);
    answer_add(a, STR("error_description"), str_given(description) ? oauth_text(t->arena, description) : STR_NONE);
    answer_add(a, STR("state"), state);
    return answer_close(t, a);
}

str answer_url(struct task *t, const struct answer *a)
{
    struct buf b;
    buf_init(&b, t->arena, answer_max(a));
    buf_add(&b, a->redirect_uri);
    for (size_t i = 0; i < a->n; i++) {
        const struct answer_field *f = &a->fields[i];
        if (a->mode.carrier == CARRY_QUERY) {
            url_add_query(&b, arena_cstr(t->arena, f->name), f->value);
            continue;
        }
        buf_add_char(&b, i == 0 ? '#' : '&');
        buf_add(&b, f->name);
        buf_add_char(&b, '=');
        buf_add(&b, percent_encode(t->arena, f->value));
    }
    return buf_str(&b);
}
