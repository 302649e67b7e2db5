/* Embedded files by their hashed names: the name changes with the content, so an answer may be kept for ever. */
#include "shared/http/assets.h"

static err asset_serve(struct task *t, const struct request *rq, struct response *rs)
{
    const struct asset *asset = asset_find(rq->path);
    if (!asset)
        return FAIL(t, NOT_FOUND, "no such asset");
    str tag = arena_printf(t->arena, "\"%.*s\"", STR_ARG(asset->path));
    str known = request_header(rq, "if-none-match");
    if (known.n && memmem(known.p, known.n, tag.p, tag.n))
        reply_empty(rs, 304);
    else
        reply_raw(rs, 200, arena_cstr(t->arena, asset->content_type), asset->body);
    reply_header(rs, "Cache-Control", STR("public, max-age=31536000, immutable"));
    reply_header(rs, "ETag", tag);
    reply_header(rs, "Cross-Origin-Resource-Policy", STR("same-origin"));
    return OK;
}

err script_serve(struct task *t, const struct request *rq, struct response *rs)
{
    const struct asset *asset = asset_find(rq->path);
    if (!asset)
        return FAIL(t, NOT_FOUND, "no such script");
    reply_raw(rs, 200, arena_cstr(t->arena, asset->content_type), asset->body);
    reply_header(rs, "Cross-Origin-Resource-Policy", STR("cross-origin"));
    return OK;
}

const struct route assets_route = {
    .method = GET,
    .path = "/assets/{name}",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_INLINE,
    .errors = ERRORS_PROBLEM,
    .sites = SITE_ANY,
    .handle = asset_serve,
    .summary = "An embedded style sheet, script or image, by its hashed name.",
};
