/*
 * Matching a path against the table of routes. The raw path must equal the pattern byte for byte outside {name}
 * segments, so there is one spelling of every address: no case folding, no double slashes, no encoded letters.
 */
#include "shared/http/router.h"

#include "shared/http/params.h"
#include "shared/text/encode.h"

static const struct {
    const char *name;
    enum method method;
} methods[] = {
    { "GET", GET },       { "POST", POST },       { "PUT", PUT },   { "PATCH", PATCH },
    { "DELETE", DELETE }, { "OPTIONS", OPTIONS }, { "HEAD", HEAD },
};

bool method_parse(str s, enum method *ret)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (str_eq(s, str_of(methods[i].name))) {
            *ret = methods[i].method;
            return true;
        }
    return false;
}

const char *method_name(enum method m)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (methods[i].method == m)
            return methods[i].name;
    return "?";
}

static const char *route_fault(const struct route *r)
{
    if (!r->method || !r->path || r->path[0] != '/')
        return "no method or path";
    if (!r->guard || !r->guard->check)
        return "no guard";
    if (!r->body || !r->run || !r->errors || !r->handle)
        return "no body kind, run kind, error style or handler";
    if (r->when.param && r->body != BODY_FORM)
        return "variants are chosen by a form field";
    size_t braces = 0;
    for (const char *c = r->path; *c; c++)
        braces += *c == '{';
    if (braces > MAX_PATH_PARAMS)
        return "too many path parameters";
    return params_fault(r->params, r->n_params, r->body == BODY_JSON);
}

static bool same_route(const struct route *a, const struct route *b)
{
    if (a->method != b->method || strcmp(a->path, b->path) != 0)
        return false;
    if (!a->when.param || !b->when.param)
        return true;
    return !a->when.value == !b->when.value && (!a->when.value || strcmp(a->when.value, b->when.value) == 0);
}

const char *router_fault(const struct router *r, const struct route **which)
{
    for (size_t i = 0; i < r->n; i++) {
        *which = r->routes[i];
        const char *fault = route_fault(r->routes[i]);
        if (fault)
            return fault;
        for (size_t j = 0; j < i; j++)
            if (same_route(r->routes[i], r->routes[j]))
                return "two routes for the same requests";
    }
    return NULL;
}

static str segment_take(str *path)
{
    const char *slash = path->n ? memchr(path->p, '/', path->n) : NULL;
    size_t n = slash ? (size_t)(slash - path->p) : path->n;
    str segment = { path->p, n };
    *path = (str){ path->p + n, path->n - n };
    return segment;
}

static bool segment_decode(struct arena *a, str segment, str *ret)
{
    *ret = segment;
    if (segment.n == 0)
        return false;
    if (!memchr(segment.p, '%', segment.n))
        return true;
    return percent_decode(a, segment, false, ret) && ret->n > 0 && !memchr(ret->p, '/', ret->n);
}

static bool pattern_match(struct arena *a, const char *pattern, str path, struct path_params *params)
{
    params->n = 0;
    while (*pattern) {
        if (*pattern != '{') {
            if (path.n == 0 || *path.p != *pattern)
                return false;
            path = (str){ path.p + 1, path.n - 1 };
            pattern++;
            continue;
        }
        const char *end = strchr(pattern, '}');
        struct path_param *p = &params->items[params->n];
        if (!end || params->n == MAX_PATH_PARAMS)
            return false;
        p->name = (str){ pattern + 1, (size_t)(end - pattern - 1) };
        if (!segment_decode(a, segment_take(&path), &p->value))
            return false;
        params->n++;
        pattern = end + 1;
    }
    return path.n == 0;
}

static bool has_params(const struct route *r)
{
    return strchr(r->path, '{') != NULL;
}

enum router_verdict router_find(const struct router *r, struct arena *a, enum method method, str path, size_t *index,
                                struct path_params *params)
{
    enum router_verdict verdict = ROUTER_NOWHERE;
    enum method wanted = method == HEAD ? GET : method;
    /* Literal paths first: /v1/users/me is not the user "me". */
    for (int with_params = 0; with_params <= 1; with_params++)
        for (size_t i = 0; i < r->n; i++) {
            const struct route *route = r->routes[i];
            bool decided = verdict == ROUTER_OTHER_METHOD && route->method != wanted;
            if (decided || has_params(route) != (bool)with_params || !pattern_match(a, route->path, path, params))
                continue;
            *index = i;
            if (route->method == wanted)
                return ROUTER_FOUND;
            verdict = ROUTER_OTHER_METHOD;
        }
    params->n = 0;
    return verdict;
}

str router_methods(const struct router *r, struct arena *a, size_t index)
{
    struct buf b;
    buf_init(&b, a, 256);
    bool seen[HEAD + 1] = { false };
    for (size_t i = 0; i < r->n; i++) {
        if (strcmp(r->routes[i]->path, r->routes[index]->path) != 0 || seen[r->routes[i]->method])
            continue;
        seen[r->routes[i]->method] = true;
        if (b.n)
            buf_add(&b, STR(", "));
        buf_add(&b, str_of(method_name(r->routes[i]->method)));
        if (r->routes[i]->method == GET)
            buf_add(&b, STR(", HEAD"));
    }
    return buf_str(&b);
}

bool router_variant(const struct router *r, size_t index, const struct form *form, size_t *ret)
{
    const struct route *first = r->routes[index];
    bool found = false;
    for (size_t i = index; i < r->n; i++) {
        const struct route *route = r->routes[i];
        if (route->method != first->method || strcmp(route->path, first->path) != 0 || !route->when.param)
            continue;
        str value = form_get(form, str_of(route->when.param));
        if (route->when.value && str_given(value) && str_eq(value, str_of(route->when.value))) {
            *ret = i;
            return true;
        }
        if (!route->when.value) {
            *ret = i;
            found = true;
        }
    }
    return found;
}
