/*
 * POST /register (RFC 7591, OIDC Dynamic Registration): a client for whoever holds an initial access token, and where
 * the operator opened registration for anybody; the operator may want software that somebody vouches for.
 * GET, PUT and DELETE /register/{client} (RFC 7592): by whoever holds the client's registration access token.
 */
#include "authsrv/app.h"
#include "authsrv/counters.h"
#include "authsrv/domain/client/client.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/client/client_store.h"
#include "authsrv/flow/client/software_statement.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "shared/crypto/crypto.h"
#include "shared/text/shape.h"

/* The document of RFC 7591, as the table of its members has it. */
#define TYPE_TEXT "string"
#define TYPE_LINK "string"
#define TYPE_FETCHED "string"
#define TYPE_WORDS "string"
#define TYPE_CHOICE "string"
#define TYPE_CHOICES "string[]"
#define TYPE_TYPES "string[]"
#define TYPE_LIST "string[]"
#define TYPE_FLAG "boolean"
#define TYPE_SECONDS "integer"
#define TYPE_DOCUMENT "any"
#define MEMBER(kind, name, fallback, allowed) #name "?: " TYPE_##kind ", "

SHAPE(client_metadata, "ClientMetadata", CLIENT_METADATA(MEMBER) "software_statement?: string")
SHAPE(client_registration, "ClientRegistration",
      "client_id: string, client_id_issued_at: integer, client_secret?: string, client_secret_expires_at?: integer, "
      "registration_access_token: string, registration_client_uri: string, " CLIENT_METADATA(
          MEMBER) "software_statement?: string")

static err metadata_refuse(struct task *t, const struct metadata_problem *p)
{
    bool redirect = str_eq(p->member, STR("redirect_uris"));
    return redirect ? FAIL_PARAM(t, INVALID_REDIRECT_URI, p->member, p->explain)
                    : FAIL_PARAM(t, INVALID_CLIENT_METADATA, p->member, p->explain);
}

/* Who was vouched for once changes nothing of what was said of him: RFC 7592 has him send all of it again. */
static err vouched_read(struct task *t, const struct request *rq, bool was_vouched, struct vouched *ret)
{
    TRY(software_statement_take(t, rq->json, ret));
    if (str_given(ret->statement) || (!was_vouched && !app_of(t)->config.require_software_statement))
        return OK;
    return FAIL_PARAM(t, INVALID_CLIENT_METADATA, STR("software_statement"),
                      was_vouched ? STR("is needed again: this client registered with one")
                                  : STR("is needed: only software that somebody vouches for registers here"));
}

/*
 * is_open: registered without an initial access token. PKCE is then not a wish but a condition. given: what the client
 * has from the operator; NULL: it is new.
 */
static err metadata_take(struct task *t, const struct json_value *document, bool is_open,
                         const struct client_metadata *given, struct client_metadata *ret)
{
    struct metadata_problem problem;
    if (!client_metadata_read(t->arena, document, ret, &problem) || !client_metadata_judge(t->arena, ret, &problem) ||
        (is_open && !client_metadata_judge_open(ret, &problem)) || !client_metadata_keep_given(ret, given, &problem))
        return metadata_refuse(t, &problem);
    ret->require_pkce = ret->require_pkce || is_open;
    return client_scope_granted(t, &ret->scope);
}

struct registered {
    const struct client_metadata *meta;
    const struct client_issued *issued; /* secrets that are not shown are absent */
    str statement;
    instant created_at;
};

static void registered_write(struct task *t, struct json *j, const struct registered *r)
{
    str id = r->issued->id.v;
    json_str(j, "client_id", id);
    json_i64(j, "client_id_issued_at", instant_seconds(r->created_at));
    if (str_given(r->issued->secret)) {
        json_str(j, "client_secret", r->issued->secret);
        json_i64(j, "client_secret_expires_at", 0);
    }
    json_str(j, "registration_access_token", r->issued->registration_token);
    json_str(j, "registration_client_uri",
             arena_printf(t->arena, "%.*s/register/%.*s", STR_ARG(app_of(t)->issuer), STR_ARG(id)));
    client_metadata_write(j, r->meta);
    json_str(j, "software_statement", r->statement);
}

static err vouched_audit(struct task *t, str actor, client_id client, const struct vouched *v)
{
    return str_given(v->statement)
               ? audit_write(t, actor, STR("client.vouched"), client.v,
                             arena_printf(t->arena, "%.*s of %.*s", STR_ARG(v->software_id), STR_ARG(v->issuer)))
               : OK;
}

static err register_client(struct task *t, const struct request *rq, struct response *rs)
{
    struct client_metadata meta;
    struct client_issued issued;
    struct vouched v;
    str token;
    bool is_open = !bearer_read(rq, &token);
    TRY(vouched_read(t, rq, false, &v));
    TRY(metadata_take(t, v.document, is_open, NULL, &meta));
    struct client_new fresh = { .meta = &meta,
                                .manageable = true,
                                .statement = v.statement,
                                .actor = STR("registration"),
                                .initial_token = rq->caller };
    if (is_open) {
        fresh.id = (client_id){ random_id(t->arena, OPEN_CLIENT_PREFIX) };
        fresh.actor = STR("anybody");
    }
    TRY(client_register(t, &fresh, &issued));
    count_registration(t, is_open);
    if (!str_given(issued.id.v))
        return FAIL(t, INTERNAL, "a random client id exists already");
    TRY(vouched_audit(t, fresh.actor, issued.id, &v));
    const struct registered r = { &meta, &issued, v.statement, t->now };
    registered_write(t, reply_json(rs, 201), &r);
    return OK;
}

static err managed_load(struct task *t, const struct request *rq, struct managed *ret)
{
    str token;
    if (!bearer_read(rq, &token)) {
        struct failure *f = FAIL(t, INVALID_TOKEN, "no registration access token");
        f->challenge = STR("Bearer");
        return f;
    }
    return client_manage(t, (client_id){ request_path_param(rq, "client") }, token, ret);
}

static err registration_show(struct task *t, const struct request *rq, struct response *rs)
{
    struct managed m;
    TRY(managed_load(t, rq, &m));
    const struct client_issued issued = { .id = m.client->id, .registration_token = m.token };
    const struct registered r = { &m.client->meta, &issued, m.statement, m.created_at };
    registered_write(t, reply_json(rs, 200), &r);
    return OK;
}

/* What the request says about the client's identity must be the truth (RFC 7592 section 2.2). */
static err identity_check(struct task *t, const struct request *rq, const struct client *client)
{
    str id, secret_text;
    if (!json_get_str(rq->json, "client_id", &id) || !str_eq(id, client->id.v))
        return FAIL_PARAM(t, INVALID_CLIENT_METADATA, STR("client_id"), STR("must be that of this client"));
    if (!json_get(rq->json, "client_secret"))
        return OK;
    digest given;
    if (json_get_str(rq->json, "client_secret", &secret_text)) {
        given = sha256_str(secret_text);
        if (auth_method_has_secret(client->auth_method) && equal_digest(&given, &client->secret_hash))
            return OK;
    }
    return FAIL_PARAM(t, INVALID_CLIENT_METADATA, STR("client_secret"),
                      STR("must be the one of this client, or absent"));
}

static err registration_replace(struct task *t, const struct request *rq, struct response *rs)
{
    static const char *const ours[] = { "registration_access_token", "registration_client_uri",
                                        "client_secret_expires_at", "client_id_issued_at" };
    struct managed m;
    struct client_metadata meta;
    struct client_issued issued;
    struct vouched v;
    TRY(managed_load(t, rq, &m));
    TRY(identity_check(t, rq, m.client));
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        if (json_get(rq->json, ours[i]))
            return FAIL_PARAM(t, INVALID_CLIENT_METADATA, str_of(ours[i]), STR("must not be sent"));
    TRY(vouched_read(t, rq, str_given(m.statement), &v));
    TRY(metadata_take(t, v.document, client_is_open(m.client), &m.client->meta, &meta));
    TRY(client_change(t, &m, &meta, v.statement, &issued));
    TRY(vouched_audit(t, m.client->id.v, m.client->id, &v));
    const struct registered r = { &meta, &issued, v.statement, m.created_at };
    registered_write(t, reply_json(rs, 200), &r);
    return OK;
}

static err registration_delete(struct task *t, const struct request *rq, struct response *rs)
{
    struct managed m;
    bool ended;
    TRY(managed_load(t, rq, &m));
    TRY(client_end(t, m.client->id, m.client->id.v, &ended));
    reply_empty(rs, 204);
    return OK;
}

const struct route register_client_route = {
    .method = POST,
    .path = "/register",
    .guard = &GUARD_REGISTRATION,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .per_minute = 120,
    .ignore_unknown = true,
    .answer = "ClientRegistration",
    .handle = register_client,
    .done = "201",
    .summary = "Register a client",
};

#define MANAGED_ROUTE(method_, body_, handle_, summary_, ...)                                                          \
    {                                                                                                                  \
        .method = method_, .path = "/register/{client}", .guard = &GUARD_PUBLIC, .body = body_, .run = RUN_WORKER,     \
        .errors = ERRORS_OAUTH, .no_store = true, .per_minute = 120, .ignore_unknown = true, .handle = handle_,        \
        .summary = summary_, __VA_ARGS__                                                                               \
    }

const struct route registration_show_route =
    MANAGED_ROUTE(GET, BODY_NONE, registration_show, "What a client has registered", .answer = "ClientRegistration");
const struct route registration_replace_route = MANAGED_ROUTE(
    PUT, BODY_JSON, registration_replace, "Register a client anew under its id", .answer = "ClientRegistration");
const struct route registration_delete_route =
    MANAGED_ROUTE(DELETE, BODY_NONE, registration_delete, "End a client and everything it holds", .done = "204");
