/* /admin/v1/exchange_rules: which client may exchange whose tokens (RFC 8693). */
#include "authsrv/admin.h"
#include "authsrv/domain/admin.h"
#include "authsrv/faults.h"
#include "authsrv/flow/cursor.h"
#include "authsrv/flow/token/trust.h"
#include "authsrv/routes.h"
#include "authsrv/store/client.sql.h"
#include "authsrv/store/exchange.sql.h"
#include "shared/text/shape.h"

SHAPE(exchange_rule, "ExchangeRule",
      "object: 'exchange_rule', client: string, tokens_of: string, scopes: string, audience: string | null, version: "
      "integer, created_at: time")

static void rule_write(struct json *j, const struct exchange_rule_page_row *r)
{
    json_str(j, "object", STR("exchange_rule"));
    json_str(j, "client", r->client_id.v);
    json_str(j, "tokens_of", r->source_client_id.v);
    json_str(j, "scopes", r->scope);
    json_str_or_null(j, "audience", r->audience);
    json_i64(j, "version", r->version);
    json_time(j, "created_at", r->created_at);
}

static err rule_reply(struct task *t, struct response *rs, int status, str client, str source)
{
    const struct exchange_rule_page_row *row;
    TRY(exchange_rule_show(t, (client_id){ client }, (client_id){ source }, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no rule of %.*s for %.*s", STR_ARG(client), STR_ARG(source));
    version_tag(t, rs, row->version);
    rule_write(reply_json(rs, status), row);
    return OK;
}

struct page_in {
    ADMIN_PAGE_FIELDS
};

static const struct param page_params[] = { ADMIN_PAGE_PARAMS(struct page_in) };

static err admin_exchange_rules(struct task *t, const struct request *rq, struct response *rs)
{
    const struct page_in *in = rq->in;
    const struct exchange_rule_page_row *rows;
    size_t n, limit = (size_t)in->limit;
    str source, client = STR_NONE, last = STR_NONE;
    TRY(cursor_read(t, "exchange_rules", in->cursor, &source));
    if (str_given(source) && !str_cut(&source, ' ', &client))
        return FAIL(t, INTERNAL, "a sealed cursor without two clients");
    TRY(exchange_rule_page(t, client, source, in->limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = list_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        rule_write(j, &rows[i]);
        json_close(j);
        last = arena_printf(t->arena, "%.*s %.*s", STR_ARG(rows[i].client_id.v), STR_ARG(rows[i].source_client_id.v));
    }
    list_end(t, j, "exchange_rules", n > limit, last);
    return OK;
}

const struct route admin_exchange_rules_route = ADMIN_ROUTE(
    GET, "/admin/v1/exchange_rules", GUARD_ADMIN_CLIENTS, BODY_NONE, INPUT(struct page_in, page_params),
    .answer = "Page<ExchangeRule>", .handle = admin_exchange_rules, .summary = "List who may exchange whose tokens");

#define RULE_PARAMS                                                                                                    \
    P_STR(struct exchange_draft, scopes, .need = REQUIRED, .set = WORDS, .min = 1, .max = 4096),                       \
        P_STR(struct exchange_draft, audience, .need = OPTIONAL, .set = URI, .min = 1, .max = 500)

static const struct param rule_new_params[] = {
    P_STR(struct exchange_draft, client, .need = REQUIRED, .set = TOKEN, .min = 1, .max = 500),
    P_STR(struct exchange_draft, tokens_of, .need = REQUIRED, .set = TOKEN, .min = 1, .max = 500),
    RULE_PARAMS,
};
static const struct param rule_change_params[] = { RULE_PARAMS };

static err give_check(struct task *t, const struct request *rq, str scopes)
{
    return admin_may_give(admin_of(rq)->scope, scopes)
               ? OK
               : (err)FAIL_PARAM(t, FORBIDDEN_ROLE, STR("scopes"),
                                 STR("has scopes of administration that the caller has not"));
}

/* The name that /admin/v1/clients shows is as good as the id. */
static err id_find(struct task *t, str named, str *id)
{
    const struct client_show_row *client;
    TRY(client_show(t, (client_id){ named }, STR_NONE, &client));
    *id = client ? client->id.v : named;
    return OK;
}

static err admin_exchange_rule_create(struct task *t, const struct request *rq, struct response *rs)
{
    struct exchange_draft d = *(const struct exchange_draft *)rq->in;
    static const int64_t fresh = 0;
    TRY(give_check(t, rq, d.scopes));
    TRY(id_find(t, d.client, &d.client));
    TRY(id_find(t, d.tokens_of, &d.tokens_of));
    TRY(exchange_put(t, admin_of(rq)->actor, &d, &fresh));
    return rule_reply(t, rs, 201, d.client, d.tokens_of);
}

const struct route admin_exchange_rule_create_route = ADMIN_ROUTE(
    POST, "/admin/v1/exchange_rules", GUARD_ADMIN_CLIENTS, BODY_JSON, INPUT(struct exchange_draft, rule_new_params),
    .answer = "ExchangeRule", .handle = admin_exchange_rule_create, .done = "201",
    .summary = "Let a client exchange another's tokens");

#define RULE_PATH "/admin/v1/exchange_rules/{client}/{tokens_of}"

/* The clients of the path, by their ids as /admin/v1/clients shows them. */
static err rule_of(struct task *t, const struct request *rq, struct exchange_draft *d)
{
    const struct client_show_row *client, *source;
    TRY(client_show(t, (client_id){ request_path_param(rq, "client") }, STR_NONE, &client));
    TRY(client_show(t, (client_id){ request_path_param(rq, "tokens_of") }, STR_NONE, &source));
    if (!client || !source)
        return FAIL(t, NOT_FOUND, "there are no two such clients");
    d->client = client->id.v;
    d->tokens_of = source->id.v;
    return OK;
}

static err admin_exchange_rule(struct task *t, const struct request *rq, struct response *rs)
{
    struct exchange_draft d = { 0 };
    TRY(rule_of(t, rq, &d));
    return rule_reply(t, rs, 200, d.client, d.tokens_of);
}

const struct route admin_exchange_rule_route =
    ADMIN_ROUTE(GET, RULE_PATH, GUARD_ADMIN_CLIENTS, BODY_NONE, .answer = "ExchangeRule", .handle = admin_exchange_rule,
                .summary = "Read what a client may exchange another's tokens for");

static err admin_exchange_rule_change(struct task *t, const struct request *rq, struct response *rs)
{
    struct exchange_draft d = *(const struct exchange_draft *)rq->in;
    const struct exchange_rule_page_row *row;
    int64_t version;
    TRY(version_want(t, rq, &version));
    TRY(rule_of(t, rq, &d));
    TRY(exchange_rule_show(t, (client_id){ d.client }, (client_id){ d.tokens_of }, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no rule of %.*s for %.*s", STR_ARG(d.client), STR_ARG(d.tokens_of));
    TRY(give_check(t, rq, d.scopes));
    TRY(exchange_put(t, admin_of(rq)->actor, &d, &version));
    return rule_reply(t, rs, 200, d.client, d.tokens_of);
}

const struct route admin_exchange_rule_change_route =
    ADMIN_ROUTE(PUT, RULE_PATH, GUARD_ADMIN_CLIENTS, BODY_JSON, INPUT(struct exchange_draft, rule_change_params),
                .answer = "ExchangeRule", .handle = admin_exchange_rule_change,
                .summary = "Replace such a rule; If-Match is needed");

static err admin_exchange_rule_end(struct task *t, const struct request *rq, struct response *rs)
{
    struct exchange_draft d = { 0 };
    TRY(rule_of(t, rq, &d));
    TRY(exchange_remove(t, admin_of(rq)->actor, d.client, d.tokens_of));
    reply_empty(rs, 204);
    return OK;
}

const struct route admin_exchange_rule_end_route =
    ADMIN_ROUTE(DELETE, RULE_PATH, GUARD_ADMIN_CLIENTS, BODY_NONE, .handle = admin_exchange_rule_end, .done = "204",
                .summary = "Let a client exchange another's tokens no more");
