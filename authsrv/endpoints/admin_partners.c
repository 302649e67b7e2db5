/* /admin/v1/partners: whose accounts people log in with. */
#include "authsrv/admin.h"
#include "authsrv/app.h"
#include "authsrv/faults.h"
#include "authsrv/flow/cursor.h"
#include "authsrv/flow/partner/partners.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/routes.h"
#include "authsrv/store/admin.sql.h"
#include "shared/text/shape.h"

SHAPE(partner, "Partner",
      "object: 'partner', slug: string, name: string, issuer?: string, client_id?: string, has_client_secret: boolean, "
      "email_domains?: string, settings: any, host: string | null, redirect_uri: string, status: 'enabled' | "
      "'removed', version: integer, created_at: time")

static void partner_write(struct task *t, struct json *j, const struct partner_show_row *p)
{
    json_str(j, "object", STR("partner"));
    json_str(j, "slug", p->slug);
    json_str(j, "name", p->name);
    json_str(j, "issuer", p->issuer);
    json_str(j, "client_id", p->client_id);
    json_bool(j, "has_client_secret", p->has_secret);
    json_str(j, "email_domains", p->email_domains);
    json_raw(j, "settings", p->settings);
    json_str_or_null(j, "host", p->host);
    json_str(j, "redirect_uri", arena_printf(t->arena, "%.*s/cb/%.*s", STR_ARG(app_of(t)->issuer), STR_ARG(p->slug)));
    json_str(j, "status", p->disabled_at_given ? STR("removed") : STR("enabled"));
    json_i64(j, "version", p->version);
    json_time(j, "created_at", p->created_at);
}

static err partner_reply(struct task *t, const struct request *rq, struct response *rs, int status, str slug)
{
    const struct partner_show_row *row;
    TRY(partner_show(t, slug, admin_of(rq)->tenant, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "partner %.*s", STR_ARG(slug));
    version_tag(t, rs, row->version);
    partner_write(t, reply_json(rs, status), row);
    return OK;
}

struct page_in {
    ADMIN_PAGE_FIELDS
};

static const struct param page_params[] = { ADMIN_PAGE_PARAMS(struct page_in) };

static err admin_partners(struct task *t, const struct request *rq, struct response *rs)
{
    const struct page_in *in = rq->in;
    const struct partner_show_row *rows;
    size_t n, limit = (size_t)in->limit;
    str after;
    TRY(cursor_read(t, "partners", in->cursor, &after));
    TRY(partner_page(t, after, admin_of(rq)->tenant, in->limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = list_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        partner_write(t, j, &rows[i]);
        json_close(j);
    }
    list_end(t, j, "partners", n > limit, shown ? rows[shown - 1].slug : STR_NONE);
    return OK;
}

const struct route admin_partners_route =
    ADMIN_ROUTE(GET, "/admin/v1/partners", GUARD_ADMIN_PARTNERS_OWN, BODY_NONE, INPUT(struct page_in, page_params),
                .answer = "Page<Partner>", .handle = admin_partners, .summary = "List the partners");

struct partner_in {
    str slug, name, issuer, client_id, client_secret, email_domains, host;
    const struct json_value *settings;
};

#define PARTNER_PARAMS(need_)                                                                                          \
    P_STR(struct partner_in, name, .need = need_, .set = LINE, .min = 1, .max = 256),                                  \
        P_STR(struct partner_in, issuer, .need = OPTIONAL, .set = URI, .min = 1, .max = 500),                          \
        P_STR(struct partner_in, client_id, .need = OPTIONAL, .set = LINE, .min = 1, .max = 200),                      \
        P_STR(struct partner_in, client_secret, .need = OPTIONAL, .set = TEXT, .min = 1, .max = 4096),                 \
        P_STR(struct partner_in, email_domains, .need = OPTIONAL, .set = LINE, .max = 2000),                           \
        P_VALUE(struct partner_in, settings, .need = OPTIONAL)

static const struct param partner_new_params[] = {
    P_STR(struct partner_in, slug, .need = REQUIRED, .set = TOKEN, .max = 39),
    PARTNER_PARAMS(REQUIRED),
};

static struct partner_draft draft_of(struct task *t, const struct partner_in *in, str slug)
{
    return (struct partner_draft){ .slug = slug,
                                   .name = in->name,
                                   .issuer = in->issuer,
                                   .client_id = in->client_id,
                                   .client_secret = in->client_secret,
                                   .email_domains = in->email_domains,
                                   .host = in->host,
                                   .settings = in->settings ? json_canonical(t->arena, in->settings) : STR_NONE };
}

static err admin_partner_create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct partner_in *in = rq->in;
    const struct partner_draft d = draft_of(t, in, in->slug);
    TRY(partner_create(t, admin_of(rq)->actor, &d));
    reply_header(rs, "Location", arena_printf(t->arena, "/admin/v1/partners/%.*s", STR_ARG(d.slug)));
    return partner_reply(t, rq, rs, 201, d.slug);
}

const struct route admin_partner_create_route = ADMIN_ROUTE(
    POST, "/admin/v1/partners", GUARD_ADMIN_PARTNERS, BODY_JSON, INPUT(struct partner_in, partner_new_params),
    .answer = "Partner", .handle = admin_partner_create, .done = "201", .summary = "Connect a partner's accounts");

static err admin_partner(struct task *t, const struct request *rq, struct response *rs)
{
    return partner_reply(t, rq, rs, 200, request_path_param(rq, "partner"));
}

const struct route admin_partner_route =
    ADMIN_ROUTE(GET, "/admin/v1/partners/{partner}", GUARD_ADMIN_PARTNERS_OWN, BODY_NONE, .answer = "Partner",
                .handle = admin_partner, .summary = "Read a partner");

static const struct param partner_change_params[] = {
    PARTNER_PARAMS(OPTIONAL),
    P_STR(struct partner_in, host, .need = OPTIONAL, .set = TEXT, .max = 253),
};

/* A partner's administration keeps its credentials at its provider; whom we trust, and for which addresses, it does
 * not. */
static err tenant_check(struct task *t, const struct request *rq)
{
    for (size_t i = 0; i < rq->route->n_params; i++) {
        const struct param *p = &rq->route->params[i];
        if (!str_has_word(STR("client_id client_secret"), str_of(p->name)))
            TRY(admin_operator_says(t, rq, p->name, json_get(rq->json, p->name) != NULL));
    }
    return OK;
}

static err admin_partner_change(struct task *t, const struct request *rq, struct response *rs)
{
    const struct partner_draft d = draft_of(t, rq->in, request_path_param(rq, "partner"));
    const struct partner_show_row *row;
    int64_t version;
    TRY(version_want(t, rq, &version));
    TRY(tenant_check(t, rq));
    TRY(partner_show(t, d.slug, admin_of(rq)->tenant, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "partner %.*s", STR_ARG(d.slug));
    TRY(partner_update(t, admin_of(rq)->actor, &d, &version));
    if (str_given(d.host)) /* a name counts from the answer on, at least here */
        TRY(snapshot_refresh(t));
    return partner_reply(t, rq, rs, 200, d.slug);
}

const struct route admin_partner_change_route =
    ADMIN_ROUTE(PATCH, "/admin/v1/partners/{partner}", GUARD_ADMIN_PARTNERS_OWN, BODY_JSON,
                INPUT(struct partner_in, partner_change_params), .answer = "Partner", .handle = admin_partner_change,
                .summary = "Change a partner; If-Match is needed");

static err admin_partner_end(struct task *t, const struct request *rq, struct response *rs)
{
    TRY(partner_remove(t, admin_of(rq)->actor, request_path_param(rq, "partner")));
    reply_empty(rs, 204);
    return OK;
}

const struct route admin_partner_end_route =
    ADMIN_ROUTE(DELETE, "/admin/v1/partners/{partner}", GUARD_ADMIN_PARTNERS, BODY_NONE, .handle = admin_partner_end,
                .done = "204", .summary = "End log-in with a partner, and its clients' tokens");
