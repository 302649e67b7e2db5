/* GET /.well-known/oauth-protected-resource: whose tokens this API takes (RFC 9728). */
#include "paysrv/app.h"
#include "paysrv/domain/access/scope.h"
#include "paysrv/domain/payout/payout_permit.h"
#include "paysrv/faults.h"
#include "paysrv/routes.h"

static err protected_resource(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    const struct app *app = t->app;
    struct json *j = reply_json(rs, 200);
    json_str(j, "resource", app->config.public_url);
    json_words(j, "authorization_servers", app->config.issuer);
    json_words(j, "scopes_supported", STR(PAY_SCOPES_ALL));
    json_array(j, "authorization_details_types_supported");
    for (enum permit_kind kind = PERMIT_PAYOUT; kind < PERMIT_KINDS; kind++)
        json_str(j, NULL, str_of(permit_type(kind)));
    json_close(j);
    json_words(j, "bearer_methods_supported", STR("header"));
    json_str(j, "resource_name", STR("Stoa payments"));
    json_str(j, "resource_documentation", arena_printf(t->arena, "%.*s/openapi.json", STR_ARG(app->config.public_url)));
    return OK;
}

const struct route protected_resource_route = {
    .method = GET,
    .path = "/.well-known/oauth-protected-resource",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_INLINE,
    .errors = ERRORS_PROBLEM,
    .cors = CORS_ANY,
    .cache_s = 300,
    .ignore_unknown = true,
    .handle = protected_resource,
    .answer = "{ resource: string, authorization_servers: string[], scopes_supported: string[], "
              "authorization_details_types_supported: string[], bearer_methods_supported: string[], resource_name: "
              "string, resource_documentation: string }",
    .summary = "Which authorization server and scopes this API takes (RFC 9728)",
};
