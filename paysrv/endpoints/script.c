/* GET /js/v1.js: the loader of <stoa-checkout> for partners' pages; one name for ever, so it is cached for an hour. */
#include "paysrv/faults.h"
#include "paysrv/routes.h"
#include "web/assets.h"

static err script(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    const struct asset *asset = asset_find(STR("/js/v1.js"));
    if (!asset)
        return FAIL(t, NOT_FOUND, "the loader is not embedded");
    reply_raw(rs, 200, "text/javascript; charset=utf-8", asset->body);
    reply_header(rs, "Cross-Origin-Resource-Policy", STR("cross-origin"));
    return OK;
}

const struct route script_route = {
    .method = GET,
    .path = "/js/v1.js",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_INLINE,
    .errors = ERRORS_PROBLEM,
    .cors = CORS_ANY,
    .cache_s = 3600,
    .handle = script,
    .summary = "The loader of <stoa-checkout>",
};
