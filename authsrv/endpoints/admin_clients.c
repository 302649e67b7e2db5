/* /admin/v1/clients: client applications as the operator makes and changes them; `metadata` is that of RFC 7591. */
#include "authsrv/admin.h"
#include "authsrv/domain/admin.h"
#include "authsrv/domain/partner/partner.h"
#include "authsrv/faults.h"
#include "authsrv/flow/client/client_admin.h"
#include "authsrv/flow/cursor.h"
#include "authsrv/routes.h"
#include "authsrv/store/client.sql.h"
#include "shared/text/shape.h"

SHAPE(client, "Client",
      "object: 'client', id: string, client_id: string, status: 'enabled' | 'disabled', partner: string | null, "
      "resource_server: string | null, first_party: boolean, verified: boolean, challenge: 'off' | 'sign_in' | "
      "'register', has_client_secret: boolean, manages_itself: boolean, software_statement?: string, version: integer, "
      "created_at: time, updated_at: time, metadata: ClientMetadata, client_secret?: string")

static void client_write(struct json *j, const struct client_show_row *c)
{
    json_str(j, "object", STR("client"));
    json_str(j, "id", c->handle);
    json_str(j, "client_id", c->id.v);
    json_str(j, "status", c->disabled_at_given ? STR("disabled") : STR("enabled"));
    json_str_or_null(j, "partner", c->partner);
    json_str_or_null(j, "resource_server", c->resource_server);
    json_bool(j, "first_party", c->first_party);
    json_bool(j, "verified", c->verified);
    json_str(j, "challenge", c->challenge);
    json_bool(j, "has_client_secret", c->has_secret);
    json_bool(j, "manages_itself", c->self_managed);
    json_str(j, "software_statement", c->software_statement);
    json_i64(j, "version", c->version);
    json_time(j, "created_at", c->created_at);
    json_time(j, "updated_at", c->updated_at);
    json_raw(j, "metadata", c->metadata);
}

static err client_row(struct task *t, const struct request *rq, str id, const struct client_show_row **ret)
{
    TRY(client_show(t, (client_id){ id }, admin_of(rq)->tenant, ret));
    return *ret ? OK : FAIL(t, NOT_FOUND, "client %.*s", STR_ARG(id));
}

/* secret_text: a new one, shown once; absent: none. */
static err client_reply(struct task *t, const struct request *rq, struct response *rs, int status, str id,
                        str secret_text)
{
    const struct client_show_row *row;
    TRY(client_row(t, rq, id, &row));
    version_tag(t, rs, row->version);
    struct json *j = reply_json(rs, status);
    client_write(j, row);
    json_str(j, "client_secret", secret_text);
    return OK;
}

/* ---- list and read ---- */

struct clients_in {
    ADMIN_PAGE_FIELDS
    str query;
};

static const struct param clients_params[] = {
    ADMIN_PAGE_PARAMS(struct clients_in),
    P_STR(struct clients_in, query, .need = OPTIONAL, .set = LINE, .min = 1, .max = 200),
};

static err admin_clients(struct task *t, const struct request *rq, struct response *rs)
{
    const struct clients_in *in = rq->in;
    const struct client_show_row *rows;
    size_t n, limit = (size_t)in->limit;
    str after;
    TRY(cursor_read(t, "clients", in->cursor, &after));
    TRY(client_page(t, after, admin_of(rq)->tenant, in->query, in->limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = list_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        client_write(j, &rows[i]);
        json_close(j);
    }
    list_end(t, j, "clients", n > limit, shown ? rows[shown - 1].id.v : STR_NONE);
    return OK;
}

const struct route admin_clients_route =
    ADMIN_ROUTE(GET, "/admin/v1/clients", GUARD_ADMIN_CLIENTS_OWN, BODY_NONE, INPUT(struct clients_in, clients_params),
                .answer = "Page<Client>", .handle = admin_clients, .summary = "List and search client applications");

static err admin_client(struct task *t, const struct request *rq, struct response *rs)
{
    return client_reply(t, rq, rs, 200, request_path_param(rq, "client"), STR_NONE);
}

const struct route admin_client_route =
    ADMIN_ROUTE(GET, "/admin/v1/clients/{client}", GUARD_ADMIN_CLIENTS_OWN, BODY_NONE, .answer = "Client",
                .handle = admin_client, .summary = "Read a client");

/* ---- create and replace ---- */

struct client_in {
    str client_id, partner, resource_server;
    bool first_party, verified;
    const struct json_value *metadata;
};

#define CLIENT_PARAMS                                                                                                  \
    P_STR(struct client_in, partner, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 39),                             \
        P_STR(struct client_in, resource_server, .need = OPTIONAL, .set = URI, .min = 1, .max = 500),                  \
        P_BOOL(struct client_in, first_party, .need = OPTIONAL), P_BOOL(struct client_in, verified, .need = OPTIONAL), \
        P_VALUE(struct client_in, metadata, .need = REQUIRED)

static const struct param client_new_params[] = {
    P_STR(struct client_in, client_id, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 64),
    CLIENT_PARAMS,
};
static const struct param client_change_params[] = { CLIENT_PARAMS };

static err give_check(struct task *t, const struct request *rq, const struct client_metadata *meta)
{
    const struct admin_caller *caller = admin_of(rq);
    str member;
    if (!admin_may_give(caller->scope, meta->scope))
        return FAIL_PARAM(t, FORBIDDEN_ROLE, STR("metadata.scope"),
                          STR("has scopes of administration that the caller has not"));
    if (str_given(caller->tenant) && !tenant_may_give(caller->client, meta, &member))
        return FAIL_PARAM(t, FORBIDDEN_TENANT, arena_printf(t->arena, "metadata.%.*s", STR_ARG(member)),
                          STR("at most what the administering client has itself"));
    return OK;
}

/*
 * The caller must be allowed to give what the client holds already: whoever has its secret may do it all. One that
 * cannot be read can do nothing: the operator repairs or ends it.
 */
static err touch_check(struct task *t, const struct request *rq, const struct client_show_row *row)
{
    const struct json_value *document;
    struct client_metadata meta;
    struct metadata_problem p;
    if (json_parse(t->arena, row->metadata, &document) && client_metadata_read(t->arena, document, &meta, &p))
        return give_check(t, rq, &meta);
    return admin_operator_says(t, rq, "client", true);
}

/* What makes a client more than its partner's application. */
static err tenant_check(struct task *t, const struct request *rq)
{
    const struct client_in *in = rq->in;
    TRY(admin_operator_says(t, rq, "partner", str_given(in->partner) && !str_eq(in->partner, admin_of(rq)->tenant)));
    TRY(admin_operator_says(t, rq, "resource_server", str_given(in->resource_server)));
    TRY(admin_operator_says(t, rq, "first_party", in->first_party));
    return admin_operator_says(t, rq, "verified", in->verified);
}

static err draft_read(struct task *t, const struct request *rq, struct client_metadata *meta)
{
    const struct client_in *in = rq->in;
    struct metadata_problem p;
    TRY(tenant_check(t, rq));
    if (!client_metadata_read(t->arena, in->metadata, meta, &p) || !client_metadata_judge(t->arena, meta, &p))
        return FAIL_PARAM(t, INVALID_REQUEST, arena_printf(t->arena, "metadata.%.*s", STR_ARG(p.member)), p.explain);
    if (str_given(in->resource_server) && !service_url_valid(in->resource_server))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("resource_server"),
                          STR("https (http for loopback only), without a slash at the end"));
    return give_check(t, rq, meta);
}

static struct client_new client_of_in(const struct request *rq, const struct client_metadata *meta, str id)
{
    const struct client_in *in = rq->in;
    return (struct client_new){ .id = { id },
                                .meta = meta,
                                .partner = str_given(admin_of(rq)->tenant) ? admin_of(rq)->tenant : in->partner,
                                .resource_server = in->resource_server,
                                .first_party = in->first_party,
                                .verified = in->verified,
                                .actor = admin_of(rq)->actor };
}

static err admin_client_create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct client_in *in = rq->in;
    struct client_metadata meta;
    struct client_issued issued;
    /* An id that is taken would tell of another's client. */
    TRY(admin_operator_says(t, rq, "client_id", str_given(in->client_id)));
    if (str_given(in->client_id) && !client_id_valid(in->client_id))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("client_id"),
                          STR("letters, digits, '-', '_' and '.', not beginning with usr_"));
    TRY(draft_read(t, rq, &meta));
    TRY(client_partner_check(t, in->partner));
    const struct client_new fresh = client_of_in(rq, &meta, in->client_id);
    TRY(client_register(t, &fresh, &issued));
    if (!str_given(issued.id.v))
        return FAIL(t, ALREADY_EXISTS, "client %.*s", STR_ARG(in->client_id));
    reply_header(rs, "Location", arena_printf(t->arena, "/admin/v1/clients/%.*s", STR_ARG(issued.id.v)));
    return client_reply(t, rq, rs, 201, issued.id.v, issued.secret);
}

const struct route admin_client_create_route =
    ADMIN_ROUTE(POST, "/admin/v1/clients", GUARD_ADMIN_CLIENTS_OWN, BODY_JSON,
                INPUT(struct client_in, client_new_params), .answer = "Client", .handle = admin_client_create,
                .done = "201", .summary = "Create a client; its secret is shown once");

static err admin_client_replace(struct task *t, const struct request *rq, struct response *rs)
{
    const struct client_show_row *row;
    struct client_metadata meta;
    struct client_issued issued;
    int64_t version;
    TRY(version_want(t, rq, &version));
    TRY(client_row(t, rq, request_path_param(rq, "client"), &row));
    TRY(touch_check(t, rq, row));
    TRY(draft_read(t, rq, &meta));
    struct client_new n = client_of_in(rq, &meta, row->id.v);
    if (str_given(admin_of(rq)->tenant)) {
        n.resource_server = row->resource_server;
        n.first_party = row->first_party;
        n.verified = row->verified;
    }
    TRY(client_update(t, &n, version, &issued));
    return client_reply(t, rq, rs, 200, row->id.v, issued.secret);
}

const struct route admin_client_replace_route =
    ADMIN_ROUTE(PUT, "/admin/v1/clients/{client}", GUARD_ADMIN_CLIENTS_OWN, BODY_JSON,
                INPUT(struct client_in, client_change_params), .answer = "Client", .handle = admin_client_replace,
                .summary = "Replace all of a client; If-Match is needed");

/* ---- what an operator says of it ---- */

struct marks_in {
    str status, challenge;
    bool verified;
};

static const struct param marks_params[] = {
    P_STR(struct marks_in, status, .need = OPTIONAL, .set = ID, .max = 16),
    P_BOOL(struct marks_in, verified, .need = OPTIONAL),
    P_STR(struct marks_in, challenge, .need = OPTIONAL, .set = ID, .max = 16),
};

static err marks_read(struct task *t, const struct request *rq, const struct client_show_row *row,
                      struct client_marks *m, bool *disable)
{
    const struct marks_in *in = rq->in;
    const bool enabled = str_eq(in->status, STR("enabled"));
    *disable = str_eq(in->status, STR("disabled"));
    if (str_given(in->status) && !enabled && !*disable)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("status"), STR("enabled or disabled"));
    *m = (struct client_marks){ .verified = json_get(rq->json, "verified") ? &in->verified : NULL,
                                .enable = enabled && row->disabled_at_given,
                                .challenge = in->challenge };
    /* An operator who ended a partner's client does not find it back at work. */
    TRY(admin_operator_says(t, rq, "status", enabled));
    TRY(admin_operator_says(t, rq, "challenge", str_given(in->challenge)));
    return admin_operator_says(t, rq, "verified", m->verified != NULL);
}

static err admin_client_mark(struct task *t, const struct request *rq, struct response *rs)
{
    const struct client_show_row *row;
    struct client_marks marks;
    int64_t version;
    bool disable, ended;
    TRY(version_want(t, rq, &version));
    TRY(client_row(t, rq, request_path_param(rq, "client"), &row));
    TRY(marks_read(t, rq, row, &marks, &disable));
    TRY(touch_check(t, rq, row));
    if (row->version != version)
        return FAIL(t, VERSION_DIFFERS, "the client has the version %lld", (long long)row->version);
    if (marks.verified || marks.enable || str_given(marks.challenge))
        TRY(client_marks_set(t, admin_of(rq)->actor, row->id, version, &marks));
    if (disable && !row->disabled_at_given)
        TRY(client_end(t, row->id, admin_of(rq)->actor, &ended));
    return client_reply(t, rq, rs, 200, row->id.v, STR_NONE);
}

const struct route admin_client_mark_route = ADMIN_ROUTE(
    PATCH, "/admin/v1/clients/{client}", GUARD_ADMIN_CLIENTS_OWN, BODY_JSON, INPUT(struct marks_in, marks_params),
    .answer = "Client", .handle = admin_client_mark,
    .summary = "Enable or disable a client, say that it was checked or what it may do itself; If-Match is needed");

/* ---- secret and end ---- */

struct secret_in {
    int64_t expire_old_in;
};

static const struct param secret_params[] = {
    P_I64(struct secret_in, expire_old_in, .need = OPTIONAL, .low = 0, .high = CLIENT_SECRET_OVERLAP_MAX_S),
};

static err admin_client_secret(struct task *t, const struct request *rq, struct response *rs)
{
    const struct secret_in *in = rq->in;
    const struct client_show_row *row;
    str secret_text;
    TRY(client_row(t, rq, request_path_param(rq, "client"), &row));
    TRY(touch_check(t, rq, row));
    TRY(client_secret_rotate(t, admin_of(rq)->actor, row->id, in->expire_old_in, &secret_text));
    return client_reply(t, rq, rs, 200, row->id.v, secret_text);
}

const struct route admin_client_secret_route = ADMIN_ROUTE(
    POST, "/admin/v1/clients/{client}/secret", GUARD_ADMIN_CLIENTS_OWN, BODY_JSON,
    INPUT(struct secret_in, secret_params), .answer = "Client", .handle = admin_client_secret,
    .summary = "Replace the secret; the new one is shown once, the old one ends in `expire_old_in` seconds");

static err admin_client_end(struct task *t, const struct request *rq, struct response *rs)
{
    const struct client_show_row *row;
    bool ended;
    TRY(client_row(t, rq, request_path_param(rq, "client"), &row));
    TRY(touch_check(t, rq, row));
    TRY(client_end(t, row->id, admin_of(rq)->actor, &ended));
    reply_empty(rs, 204);
    return OK;
}

const struct route admin_client_end_route =
    ADMIN_ROUTE(DELETE, "/admin/v1/clients/{client}", GUARD_ADMIN_CLIENTS_OWN, BODY_NONE, .handle = admin_client_end,
                .done = "204", .summary = "Disable a client and end everything it holds");
