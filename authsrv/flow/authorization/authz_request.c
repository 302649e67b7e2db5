/* Taking and judging authorization requests, and keeping those that are pushed. */
#include "authsrv/flow/authorization/authz_request.h"

#include "authsrv/app.h"
#include "authsrv/domain/scope.h"
#include "authsrv/faults.h"
#include "authsrv/flow/authorization/request_batch.h"
#include "authsrv/flow/authorization/request_object.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/flow/token/tokens.h"
#include "authsrv/store/pushed_request.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

#define PUSHED_PREFIX "urn:ietf:params:oauth:request_uri:"

static err untrusted(struct task *t, const char *param, const char *explain)
{
    return FAIL_PARAM(t, BAD_AUTHORIZATION, str_of(param), str_of(explain));
}

/* A missing redirect_uri is possible in plain OAuth with one registered URI (IDENTITY B 15). */
static err redirect_read(struct task *t, struct authz_request *a)
{
    str asked = form_get(a->form, STR("redirect_uri"));
    const struct text_list *registered = &a->client->meta.redirect_uris;
    if (asked.n > 0) {
        a->registered_uri = client_registered_uri(registered, asked);
        a->redirect_uri = asked;
        return str_given(a->registered_uri) ? OK
                                            : untrusted(t, "redirect_uri", "is not registered for this application");
    }
    a->registered_uri = registered->n > 0 ? registered->items[0] : STR_NONE;
    a->redirect_uri = a->registered_uri;
    if (registered->n != 1 || str_has_word(form_get(a->form, STR("scope")), STR("openid")))
        return untrusted(t, "redirect_uri", "is missing");
    return OK;
}

static err client_read(struct task *t, struct authz_request *a)
{
    str id = form_get(a->form, STR("client_id"));
    if (a->client)
        return id.n == 0 || str_eq(id, a->client->id.v) ? OK : untrusted(t, "client_id", "is another client's");
    if (id.n == 0)
        return untrusted(t, "client_id", "is missing");
    if (id.n > 200)
        return untrusted(t, "client_id", "is unknown");
    TRY(client_load(t, (client_id){ id }, &a->client));
    return a->client ? OK : untrusted(t, "client_id", "is unknown");
}

/* Only what was pushed counts; whatever else the browser brought along is not looked at (RFC 9126 section 4). */
static err pushed_read(struct task *t, struct authz_request *a, str uri)
{
    const struct pushed_request_find_row *row;
    struct form *form = arena_new(t->arena, struct form);
    str bad;
    a->pushed = typed_digest("pushed_request", uri);
    TRY(pushed_request_find(t, a->pushed, a->client->id, &row));
    if (!row)
        return untrusted(t, "request_uri", "is unknown, expired or used up; start again from the application");
    if (form_parse(t->arena, row->parameters, STR("resource"), form, &bad) != FORM_GOOD)
        return FAIL(t, INTERNAL, "a pushed request cannot be read");
    a->form = form;
    a->is_pushed = true;
    a->is_signed = row->was_signed;
    return OK;
}

err authz_request_take(struct task *t, struct authz_request *a)
{
    TRY(client_read(t, a));
    str uri = form_get(a->form, STR("request_uri"));
    if (str_starts(uri, STR(PUSHED_PREFIX)))
        TRY(pushed_read(t, a, uri));
    else
        TRY(request_object_take(t, a->client, &a->form, &a->is_signed));
    return redirect_read(t, a);
}

static bool details_judge(struct task *t, const struct snapshot *s, struct authz_request *a)
{
    str parameter = form_get(a->form, STR("authorization_details"));
    struct rule_problem p;
    size_t n;
    if (parameter.n == 0)
        return true;
    const struct detail_type *types = snapshot_details(s, &n);
    if (details_read(t->arena, parameter, a->wanted.scope, types, n, &a->client->meta.authorization_details_types,
                     &a->wanted.terms.authorization_details, &p))
        return true;
    a->explain = arena_printf(t->arena, "authorization_details%.*s %.*s", STR_ARG(p.path), STR_ARG(p.explain));
    return false;
}

static enum authz_verdict target_judge(struct task *t, const struct snapshot *s, struct authz_request *a)
{
    size_t n;
    const struct scope_owner *owners = snapshot_owners(s, &n);
    if (scope_target(t->arena, a->wanted.scope, a->wanted.resources, app_of(t)->issuer, owners, n, &a->wanted.scope,
                     &a->audience) != TARGET_GOOD)
        return AUTHZ_TARGET;
    /* An access token is for one resource, and here is no second request that could say for which. */
    if ((a->wanted.parts & RESPONSE_TOKEN) && memchr(a->audience.p, ' ', a->audience.n))
        return AUTHZ_TARGET;
    return details_judge(t, s, a) ? AUTHZ_GOOD : AUTHZ_DETAILS;
}

/* Some clients must send their requests in one way only. What was pushed was judged when it came. */
static enum authz_verdict way_judge(const struct authz_request *a)
{
    const struct client_metadata *m = &a->client->meta;
    bool pushes = m->require_pushed_authorization_requests || client_is_fapi(a->client);
    bool signs = m->require_signed_request_object || str_eq(m->fapi_profile, STR("message_signing"));
    if (pushes && !a->is_pushed)
        return AUTHZ_NOT_PUSHED;
    return signs && !a->is_signed ? AUTHZ_NOT_SIGNED : AUTHZ_GOOD;
}

err authz_request_judge(struct task *t, struct authz_request *a, enum authz_verdict *v)
{
    const struct snapshot *s;
    str client, sid;
    *v = authorization_judge(t->arena, a->form, a->client, &a->wanted);
    if (*v == AUTHZ_GOOD && a->wanted.prompt.create && !app_of(t)->config.self_registration)
        *v = AUTHZ_NO_CREATE;
    if (*v == AUTHZ_GOOD)
        *v = way_judge(a);
    if (*v != AUTHZ_GOOD)
        return OK;
    TRY(snapshot_of(t, &s));
    *v = target_judge(t, s, a);
    if (*v == AUTHZ_GOOD && str_given(a->wanted.id_token_hint) &&
        (!id_token_read(t, s, a->wanted.id_token_hint, &a->hint_subject, &client, &sid) ||
         !str_eq(client, a->client->id.v)))
        *v = AUTHZ_ID_TOKEN_HINT;
    return OK;
}

str authz_request_say(const struct authz_request *a, enum authz_verdict verdict)
{
    return str_given(a->explain) ? a->explain : str_of(authz_say(verdict));
}

/* How the client proved itself is no part of what it asks for. */
static bool is_credential(str name)
{
    return str_has_word(STR("client_secret client_assertion client_assertion_type"), name);
}

static void parameter_add(struct buf *out, struct arena *a, str name, str value)
{
    if (out->n > 0)
        buf_add_char(out, '&');
    buf_add(out, percent_encode(a, name));
    buf_add_char(out, '=');
    buf_add(out, percent_encode(a, value));
}

/* As much as a request may hold: what form_parse has made shorter is written out again. */
static size_t parameters_max(const struct authz_request *a)
{
    size_t n = PERCENT_ENCODED_MAX * (sizeof "dpop_jkt" + a->proved_jkt.n) + 2;
    for (size_t i = 0; i < a->form->n; i++)
        n += PERCENT_ENCODED_MAX * (a->form->fields[i].name.n + a->form->fields[i].value.n) + 2;
    return n;
}

static str parameters_write(struct task *t, const struct authz_request *a)
{
    const struct form *f = a->form;
    struct buf out;
    buf_init(&out, t->arena, parameters_max(a));
    for (size_t i = 0; i < f->n; i++) {
        if (is_credential(f->fields[i].name))
            continue;
        parameter_add(&out, t->arena, f->fields[i].name, f->fields[i].value);
    }
    if (str_given(a->proved_jkt) && !str_given(form_get(f, STR("dpop_jkt"))))
        parameter_add(&out, t->arena, STR("dpop_jkt"), a->proved_jkt);
    return buf_str(&out);
}

err authz_request_push(struct task *t, const struct authz_request *a, str *uri)
{
    *uri = random_token(t->arena, PUSHED_PREFIX);
    return pushed_keep(t, &(struct pushed){ .uri_hash = typed_digest("pushed_request", *uri),
                                            .client = a->client->id,
                                            .parameters = parameters_write(t, a),
                                            .was_signed = a->is_signed });
}
