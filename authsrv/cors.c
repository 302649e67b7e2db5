/* CORS headers of endpoints that browser clients call. */
#include "authsrv/cors.h"

#include "authsrv/app.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/guards.h"
#include "shared/server/server.h"
#include "shared/text/url.h"

static void allow(struct task *t, const struct request *rq, struct response *rs, str client)
{
    const struct snapshot *s;
    str origin = request_header(rq, "origin");
    if (!str_given(origin))
        return;
    reply_header(rs, "Vary", STR("Origin"));
    if (snapshot_any(t, &s) || !snapshot_origin_allowed(s, client, origin))
        return;
    reply_header(rs, "Access-Control-Allow-Origin", origin);
    reply_header(rs, "Access-Control-Expose-Headers",
                 STR("WWW-Authenticate, Retry-After, RateLimit, RateLimit-Policy, DPoP-Nonce"));
}

void cors_allow_client(struct task *t, const struct request *rq, struct response *rs)
{
    allow(t, rq, rs, client_of(rq)->id.v);
}

void cors_allow_any_client(struct task *t, const struct request *rq, struct response *rs)
{
    allow(t, rq, rs, STR_NONE);
}

void cors_allow_refused(struct task *t, const struct request *rq, struct response *rs)
{
    str client = form_get(rq->form, STR("client_id"));
    if (client.n > 0)
        allow(t, rq, rs, client);
}

static bool has_page_at(struct task *t, const struct client *client, str origin)
{
    const struct text_list *uris = &client->meta.redirect_uris;
    struct url u;
    for (size_t i = 0; i < uris->n; i++)
        if (str_starts(uris->items[i], STR("http")) && url_parse(uris->items[i], &u) &&
            str_eq(url_origin(t->arena, &u), origin))
            return true;
    return false;
}

bool cors_allow_pages(struct task *t, const struct request *rq, struct response *rs, const struct client *client,
                      bool with_cookie)
{
    str origin = request_header(rq, "origin");
    reply_header(rs, "Vary", STR("Origin"));
    if (!str_given(origin) || !has_page_at(t, client, origin))
        return false;
    reply_header(rs, "Access-Control-Allow-Origin", origin);
    if (with_cookie)
        reply_header(rs, "Access-Control-Allow-Credentials", STR("true"));
    return true;
}

static bool path_has(const struct server *s, const char *path, enum method method)
{
    for (size_t i = 0; i < s->n_routes; i++)
        if (s->routes[i]->method == method && strcmp(s->routes[i]->path, path) == 0)
            return true;
    return false;
}

err cors_preflight(struct task *t, const struct request *rq, struct response *rs)
{
    const struct snapshot *s;
    TRY(snapshot_any(t, &s));
    cors_allow_any_client(t, rq, rs);
    if (snapshot_origin_allowed(s, STR_NONE, request_header(rq, "origin"))) {
        reply_header(rs, "Access-Control-Allow-Methods",
                     path_has(app_of(t)->service.server, rq->route->path, GET) ? STR("GET, POST") : STR("POST"));
        reply_header(rs, "Access-Control-Allow-Headers", STR("Authorization, Content-Type, DPoP"));
        reply_header(rs, "Access-Control-Max-Age", STR("600"));
    }
    reply_empty(rs, 204);
    return OK;
}
