/* /admin/v1/audit and statistics: what was done by whom, whether the log is whole, and how much there is of everything.
 */
#include "authsrv/admin.h"
#include "authsrv/app.h"
#include "authsrv/domain/admin.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/cursor.h"
#include "authsrv/flow/partner/partners.h"
#include "authsrv/routes.h"
#include "authsrv/store/admin.sql.h"
#include "authsrv/store/audit.sql.h"
#include "shared/base/num.h"
#include "shared/db/audit.h"
#include "shared/text/shape.h"
#include "shared/text/when.h"

SHAPE(audit_entry, "AuditEntry",
      "object: 'audit_entry', id: integer, at: time, actor: string, action: string, target?: string, detail?: string, "
      "is_chained: boolean")

SHAPE(audit_chain, "AuditChain",
      "object: 'audit_chain', is_whole: boolean, links: integer, unchained: integer, broken_at?: integer, head_seq: "
      "integer, head_hash?: string")

SHAPE(statistics, "Statistics",
      "object: 'statistics', users: integer, users_disabled: integer, sessions: integer, grants: integer, clients: "
      "integer, partners: integer, resources: integer, flows_open: integer, audit_entries: integer, audit_unchained: "
      "integer, audit_lag_s: integer")

SHAPE(resource_metadata, "ResourceMetadata",
      "resource: string, authorization_servers: string[], scopes_supported: string[], bearer_methods_supported: "
      "string[], resource_name: string")

struct audit_in {
    ADMIN_PAGE_FIELDS
    str since, until, actor, action, object;
};

static const struct param audit_params[] = {
    ADMIN_PAGE_PARAMS(struct audit_in),
    P_STR(struct audit_in, since, .need = OPTIONAL, .set = TOKEN, .max = 20),
    P_STR(struct audit_in, until, .need = OPTIONAL, .set = TOKEN, .max = 20),
    P_STR(struct audit_in, actor, .need = OPTIONAL, .set = LINE, .max = 200),
    P_STR(struct audit_in, action, .need = OPTIONAL, .set = TOKEN, .max = 64),
    P_STR(struct audit_in, object, .need = OPTIONAL, .set = LINE, .max = 500),
};

static err when_read(struct task *t, const char *name, str text, instant otherwise, instant *ret)
{
    *ret = otherwise;
    if (!str_given(text) || when_parse(text, t->now, ret))
        return OK;
    return FAIL_PARAM(t, INVALID_REQUEST, str_of(name), STR("2026-11-25T20:00:00Z, or how long ago: 15m, 24h, 7d"));
}

static err filter_read(struct task *t, const struct audit_in *in, str tenant, struct audit_filter *f)
{
    str before;
    *f = (struct audit_filter){ .actor = in->actor, .action = in->action, .object = in->object, .tenant = tenant };
    TRY(when_read(t, "since", in->since, (instant){ 0 }, &f->since));
    TRY(when_read(t, "until", in->until, instant_add(t->now, DAYS(1)), &f->until));
    TRY(cursor_read(t, "audit", in->cursor, &before));
    f->before = INT64_MAX;
    if (str_given(before) && !num_parse(before, &f->before))
        return FAIL(t, INTERNAL, "a sealed cursor without a number");
    return OK;
}

static void entry_write(struct json *j, const struct audit_page_row *e)
{
    json_object(j, NULL);
    json_str(j, "object", STR("audit_entry"));
    json_i64(j, "id", e->id);
    json_time(j, "at", e->at);
    json_str(j, "actor", e->actor);
    json_str(j, "action", e->action);
    json_str(j, "target", e->object);
    json_str(j, "detail", e->detail);
    json_bool(j, "is_chained", e->is_chained);
    json_close(j);
}

static err admin_audit(struct task *t, const struct request *rq, struct response *rs)
{
    const struct audit_in *in = rq->in;
    struct audit_filter filter;
    const struct audit_page_row *rows;
    size_t n, limit = (size_t)in->limit;
    TRY(filter_read(t, in, admin_of(rq)->tenant, &filter));
    TRY(audit_read(t, &filter, in->limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = list_begin(rs);
    for (size_t i = 0; i < shown; i++)
        entry_write(j, &rows[i]);
    str last = shown ? arena_printf(t->arena, "%lld", (long long)rows[shown - 1].id) : STR_NONE;
    list_end(t, j, "audit", n > limit, last);
    return OK;
}

const struct route admin_audit_route =
    ADMIN_ROUTE(GET, "/admin/v1/audit", GUARD_ADMIN_READ_OWN, BODY_NONE, INPUT(struct audit_in, audit_params),
                .answer = "Page<AuditEntry>", .handle = admin_audit, .summary = "The audit log, newest first");

static err admin_audit_chain(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    struct audit_state state;
    TRY(audit_verify(t, NULL, &state));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("audit_chain"));
    json_bool(j, "is_whole", state.broken_seq == 0);
    json_i64(j, "links", state.links);
    json_i64(j, "unchained", state.unchained);
    if (state.broken_seq > 0)
        json_i64(j, "broken_at", state.broken_seq);
    json_i64(j, "head_seq", state.head.seq);
    json_str(j, "head_hash", state.head.hash);
    return OK;
}

const struct route admin_audit_chain_route =
    ADMIN_ROUTE(GET, "/admin/v1/audit/chain", GUARD_ADMIN_READ, BODY_NONE, .answer = "AuditChain",
                .handle = admin_audit_chain, .summary = "Verify the chain of the audit log");

static err admin_statistics(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    const struct statistics_read_row *s;
    const struct backlog_read_row *backlog;
    TRY(statistics_read(t, &s));
    TRY(backlog_read(t, &backlog));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("statistics"));
    json_i64(j, "users", s->users);
    json_i64(j, "users_disabled", s->users_disabled);
    json_i64(j, "sessions", s->sessions);
    json_i64(j, "grants", s->grants_);
    json_i64(j, "clients", s->clients);
    json_i64(j, "partners", s->partners);
    json_i64(j, "resources", s->resources);
    json_i64(j, "flows_open", backlog->flows_open);
    json_i64(j, "audit_entries", s->audit_chained + backlog->audit_unchained);
    json_i64(j, "audit_unchained", backlog->audit_unchained);
    json_i64(j, "audit_lag_s", backlog->audit_lag_s);
    return OK;
}

const struct route admin_statistics_route =
    ADMIN_ROUTE(GET, "/admin/v1/statistics", GUARD_ADMIN_READ, BODY_NONE, .answer = "Statistics",
                .handle = admin_statistics, .summary = "How much there is of everything");

/* ---- what the API says about itself (RFC 9728) ---- */

static err admin_resource_metadata(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    struct json *j = reply_json(rs, 200);
    json_str(j, "resource", admin_audience(t));
    json_words(j, "authorization_servers", app_of(t)->issuer);
    json_words(j, "scopes_supported", STR(ADMIN_SCOPES " " PARTNER_SCOPE));
    json_words(j, "bearer_methods_supported", STR("header"));
    json_str(j, "resource_name", STR("Stoa admin API"));
    return OK;
}

const struct route admin_resource_metadata_route = {
    .method = GET,
    .path = "/.well-known/oauth-protected-resource/admin",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_INLINE,
    .errors = ERRORS_PROBLEM,
    .cors = CORS_ANY,
    .cache_s = 300,
    .ignore_unknown = true,
    .answer = "ResourceMetadata",
    .handle = admin_resource_metadata,
    .summary = "Metadata of the admin API as a protected resource",
};
