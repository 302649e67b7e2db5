/* GET /branding/{file}: style sheets and logos of partners, by names that hold their hash. */
#include "authsrv/faults.h"
#include "authsrv/routes.h"
#include "authsrv/store/branding.sql.h"

/* Nothing that a partner sent is ever a document of this origin, wherever it is opened. */
#define FILE_POLICY STR("default-src 'none'; sandbox")

static err branding_file(struct task *t, const struct request *rq, struct response *rs)
{
    const struct branding_file_find_row *row;
    TRY(branding_file_find(t, request_path_param(rq, "file"), &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such file");
    reply_raw(rs, 200, arena_cstr(t->arena, row->content_type), (str){ (const char *)row->body.p, row->body.n });
    reply_header(rs, "Cache-Control", STR("public, max-age=31536000, immutable"));
    reply_header(rs, "Content-Security-Policy", FILE_POLICY);
    /* Browsers show logos beside pages of other origins, too (FedCM). */
    bool is_sheet = str_starts(row->content_type, STR("text/css"));
    reply_header(rs, "Cross-Origin-Resource-Policy", is_sheet ? STR("same-origin") : STR("cross-origin"));
    return OK;
}

const struct route branding_file_route = {
    .method = GET,
    .path = "/branding/{file}",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .sites = SITE_ANY,
    .handle = branding_file,
    .summary = "A partner's style sheet or logo, by its hashed name",
};
