/* /admin/v1/partners/{partner}/branding: how a partner's pages and mails look and speak. Its own administration says
 * it. */
#include "authsrv/admin.h"
#include "authsrv/domain/partner/branding.h"
#include "authsrv/faults.h"
#include "authsrv/flow/partner/branding.h"
#include "authsrv/routes.h"
#include "authsrv/store/branding.sql.h"
#include "shared/text/shape.h"

SHAPE(branding, "Branding",
      "object: 'branding', partner: string, branding: any, sheet: string | null, logo: string | null, logo_dark: "
      "string | null, version: integer, updated_at?: time")

static err branding_load(struct task *t, const struct request *rq, const struct branding_show_row **ret)
{
    str slug = request_path_param(rq, "partner");
    TRY(branding_show(t, slug, admin_of(rq)->tenant, ret));
    return *ret ? OK : FAIL(t, NOT_FOUND, "partner %.*s", STR_ARG(slug));
}

static err admin_branding(struct task *t, const struct request *rq, struct response *rs)
{
    const struct branding_show_row *row;
    TRY(branding_load(t, rq, &row));
    version_tag(t, rs, row->version);
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("branding"));
    json_str(j, "partner", row->partner);
    json_raw(j, "branding", row->document);
    json_str_or_null(j, "sheet", branding_path(t, row->sheet));
    json_str_or_null(j, "logo", branding_path(t, row->logo));
    json_str_or_null(j, "logo_dark", branding_path(t, row->logo_dark));
    json_i64(j, "version", row->version);
    if (row->updated_at_given)
        json_time(j, "updated_at", row->updated_at);
    return OK;
}

const struct route admin_branding_route =
    ADMIN_ROUTE(GET, "/admin/v1/partners/{partner}/branding", GUARD_ADMIN_PARTNERS_OWN, BODY_NONE, .answer = "Branding",
                .handle = admin_branding, .summary = "Read how a partner's pages look");

struct branding_in {
    const struct json_value *branding;
};

static const struct param branding_params[] = { P_VALUE(struct branding_in, branding, .need = REQUIRED) };

/* Under whose name pages go is what people trust: a partner's administration does not choose it. */
static bool names_differ(struct task *t, const struct branding_show_row *old, const struct json_value *now)
{
    const struct json_value *doc, *was = NULL, *is = json_get(now, "name");
    if (json_parse(t->arena, old->document, &doc))
        was = json_get(doc, "name");
    return (was && is) ? !str_eq(json_canonical(t->arena, was), json_canonical(t->arena, is)) : was != is;
}

static err admin_branding_put(struct task *t, const struct request *rq, struct response *rs)
{
    const struct branding_in *in = rq->in;
    const struct branding_show_row *old;
    int64_t version;
    TRY(version_want(t, rq, &version));
    TRY(branding_load(t, rq, &old));
    TRY(admin_operator_says(t, rq, "branding.name", names_differ(t, old, in->branding)));
    TRY(branding_save(t, admin_of(rq)->actor, old->partner, in->branding, &version));
    return admin_branding(t, rq, rs);
}

const struct route admin_branding_put_route =
    ADMIN_ROUTE(PUT, "/admin/v1/partners/{partner}/branding", GUARD_ADMIN_PARTNERS_OWN, BODY_JSON,
                .max_body_bytes = BRANDING_MAX_BYTES, INPUT(struct branding_in, branding_params), .answer = "Branding",
                .handle = admin_branding_put, .summary = "Say how a partner's pages look; If-Match is needed");
