/* See openapi_components.h. What no route uses is not written. */
#include "shared/http/openapi_components.h"

#define N(a) (sizeof(a) / sizeof(a)[0])

#define BEARER "bearer "

const char *openapi_scope(const struct route *r)
{
    const char *guard = r->guard->name;
    if (strncmp(guard, BEARER, strlen(BEARER)) == 0)
        return guard + strlen(BEARER);
    return strncmp(guard, "auth.", strlen("auth.")) == 0 ? guard : NULL;
}

/* What else than an access token opens an operation; of all other guards there is nothing to bring along. */
static const struct {
    const char *guard, *scheme, *type, *key, *value, *cookie, *meaning;
} openers[] = {
    { "client", "client", "http", "scheme", "basic", NULL,
      "A client of the server's, by its id and secret, or as it is registered otherwise." },
    { "operator session", "session", "apiKey", "in", "cookie", "__Host-stoa_operator",
      "An operator who is logged in." },
    { "initial_access_token", "registration", "http", "scheme", "bearer", NULL, "An initial access token (RFC 7591)." },
};

static bool opens(size_t i, const struct route *r)
{
    return strncmp(r->guard->name, openers[i].guard, strlen(openers[i].guard)) == 0;
}

const char *openapi_scheme(const struct route *r)
{
    for (size_t i = 0; i < N(openers); i++)
        if (opens(i, r))
            return openers[i].scheme;
    return openapi_scope(r) ? "bearer" : NULL;
}

/* What a refusal looks like: one response of the components for each style. */
static const struct {
    enum error_style style;
    const char *name, *media, *schema;
} refusals[] = {
    { ERRORS_PROBLEM, "Problem", "application/problem+json", "Problem" },
    { ERRORS_OAUTH, "OAuthError", "application/json", "OAuthError" },
    { ERRORS_PAGE, "Page", "text/html", NULL },
};

const char *openapi_refusal(enum error_style style)
{
    size_t i = 0;
    while (i < N(refusals) - 1 && refusals[i].style != style)
        i++;
    return refusals[i].name;
}

void openapi_media_write(struct json *j, const struct schema_place *at, const char *media, const char *type)
{
    json_object(j, media);
    if (type) {
        json_object(j, "schema");
        shape_type_write(j, at, type);
        json_close(j);
    }
    json_close(j);
}

static const struct {
    enum error_style style;
    struct shape shape;
} ours[] = {
    { ERRORS_PROBLEM,
      { .name = "Problem",
        .members = "type: string, title: string, status: integer, code: string, retryable: boolean, detail?: string, "
                   "param?: string, request_id?: string, attempts_left?: integer, payment?: string, decline_code?: "
                   "string, advice?: string" } },
    { ERRORS_OAUTH, { .name = "OAuthError", .members = "error: string, error_description?: string" } },
};

static bool any_of_style(const struct route *const *routes, size_t n, enum error_style style)
{
    for (size_t i = 0; i < n; i++)
        if (routes[i]->errors == style)
            return true;
    return false;
}

static void schemes_write(struct json *j, const struct route *const *routes, size_t n)
{
    json_object(j, "securitySchemes");
    json_object(j, "bearer");
    json_str(j, "type", STR("http"));
    json_str(j, "scheme", STR("bearer"));
    json_str(j, "bearerFormat", STR("JWT"));
    json_str(j, "description", STR("An access token (RFC 9068) with the scope that the operation names."));
    json_close(j);
    for (size_t i = 0; i < N(openers); i++) {
        size_t k = 0;
        while (k < n && !opens(i, routes[k]))
            k++;
        if (k == n)
            continue;
        json_object(j, openers[i].scheme);
        json_str(j, "type", str_of(openers[i].type));
        json_str(j, openers[i].key, str_of(openers[i].value));
        json_str(j, "name", str_of(openers[i].cookie));
        json_str(j, "description", str_of(openers[i].meaning));
        json_close(j);
    }
    json_close(j);
}

static void header_write(struct json *j, const struct openapi_header *h, bool is_needed)
{
    json_object(j, is_needed ? arena_printf(j->out->arena, "%s" OPENAPI_NEEDED, h->name).p : h->name);
    json_str(j, "name", str_of(h->name));
    json_str(j, "in", STR("header"));
    json_bool(j, "required", is_needed);
    json_str(j, "description", str_of(h->meaning));
    json_object(j, "schema");
    json_str(j, "type", STR("string"));
    json_i64(j, "minLength", 1);
    json_i64(j, "maxLength", (int64_t)h->max);
    json_close(j);
    json_close(j);
}

static void shared_parameters_write(struct json *j, const struct openapi_about *about)
{
    if (!about->n_headers)
        return;
    json_object(j, "parameters");
    for (size_t i = 0; i < about->n_headers; i++) {
        header_write(j, &about->headers[i], false);
        if (about->headers[i].of_posts)
            header_write(j, &about->headers[i], true);
    }
    json_close(j);
}

static void shared_responses_write(struct json *j, const struct openapi_about *about, const struct route *const *routes,
                                   size_t n)
{
    const struct schema_place at = { .meanings = about->meanings };
    json_object(j, "responses");
    for (size_t i = 0; i < N(refusals); i++) {
        if (!any_of_style(routes, n, refusals[i].style))
            continue;
        json_object(j, refusals[i].name);
        json_str(j, "description", STR("Refused or failed"));
        json_object(j, "content");
        openapi_media_write(j, &at, refusals[i].media, refusals[i].schema);
        json_close(j);
        json_close(j);
    }
    json_close(j);
}

void openapi_components_write(struct json *j, const struct openapi_about *about, const struct route *const *routes,
                              size_t n)
{
    json_object(j, "components");
    schemes_write(j, routes, n);
    shared_parameters_write(j, about);
    shared_responses_write(j, about, routes, n);
    json_object(j, "schemas");
    for (size_t i = 0; i < N(ours); i++)
        if (any_of_style(routes, n, ours[i].style))
            shape_write(j, about->meanings, &ours[i].shape);
    for (size_t i = 0; i < about->n_shapes; i++)
        shape_write(j, about->meanings, about->shapes[i]);
    json_close(j);
    json_close(j);
}
