/* See issuer.h. */
#include "paysrv/flow/access/issuer.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "shared/net/fetch.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"

err issuer_metadata(struct task *t, const struct json_value **ret)
{
    const struct app *app = t->app;
    str url = arena_printf(t->arena, "%.*s/.well-known/openid-configuration", STR_ARG(app->config.issuer));
    struct fetch_answer answer = { 0 };
    str issuer;
    fetch(t, &(struct fetch_request){ .method = "GET", .url = url, .body = STR_NONE, .is_ours = true }, &answer);
    if (answer.outcome != FETCH_ANSWERED || answer.status != 200 || !json_parse(t->arena, answer.body, ret) ||
        !json_get_str(*ret, "issuer", &issuer) || !str_eq(issuer, app->config.issuer))
        return FAIL(t, UNAVAILABLE, "the issuer's metadata cannot be had");
    return OK;
}

err issuer_endpoint(struct task *t, const struct json_value *metadata, const char *name, str *ret)
{
    struct url url;
    if (!json_get_str(metadata, name, ret) || !url_parse(*ret, &url))
        return FAIL(t, UNAVAILABLE, "the issuer's metadata has no %s", name);
    return OK;
}

str issuer_basic(struct task *t)
{
    const struct app *app = t->app;
    str id = percent_encode(t->arena, app->config.operator_client_id);
    str key = percent_encode(t->arena, app->config.operator_client_secret_file.hidden);
    str pair = arena_printf(t->arena, "%.*s:%.*s", STR_ARG(id), STR_ARG(key));
    return arena_printf(t->arena, "Basic %.*s", STR_ARG(base64_encode(t->arena, bytes_of(pair))));
}
