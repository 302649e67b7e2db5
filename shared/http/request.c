/* What a handler may ask of a request. Names are compared without copying. */
#include "shared/http/endpoint.h"

#include <ctype.h>

static err public_check(struct task *t, struct request *rq)
{
    (void)t;
    (void)rq;
    return OK;
}

const struct guard GUARD_PUBLIC = { "public", public_check };

/* name is lower case already; only the header's own name is folded. */
static bool name_is(str header, const char *name)
{
    size_t i = 0;
    for (; i < header.n && name[i]; i++)
        if (tolower((unsigned char)header.p[i]) != name[i])
            return false;
    return i == header.n && !name[i];
}

str request_header(const struct request *rq, const char *name)
{
    for (size_t i = 0; i < rq->n_headers; i++)
        if (name_is(rq->headers[i].name, name))
            return rq->headers[i].value;
    return STR_NONE;
}

static str trim(str s)
{
    while (s.n && (*s.p == ' ' || *s.p == '\t'))
        s = (str){ s.p + 1, s.n - 1 };
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

/* The next of a Cookie header; what has no "=" is passed over. */
static bool cookie_next(str *rest, str *key, str *value)
{
    while (rest->n) {
        str pair;
        if (!str_cut(rest, ';', &pair)) {
            pair = *rest;
            *rest = STR_NONE;
        }
        pair = trim(pair);
        if (str_cut(&pair, '=', key)) {
            *value = (str){ pair.p ? pair.p : "", pair.n };
            return true;
        }
    }
    return false;
}

str request_cookie(const struct request *rq, const char *name)
{
    str rest = request_header(rq, "cookie"), found = STR_NONE, key, value;
    while (cookie_next(&rest, &key, &value)) {
        if (!str_eq(key, str_of(name)))
            continue;
        if (str_given(found))
            return STR_NONE; /* sent twice: a subdomain may have planted one of them */
        found = value;
    }
    return found;
}

size_t request_cookies(const struct request *rq, const char *prefix, str *ret, size_t cap)
{
    str rest = request_header(rq, "cookie"), key, value;
    size_t n = 0;
    while (n < cap && cookie_next(&rest, &key, &value))
        if (str_starts(key, str_of(prefix)))
            ret[n++] = value;
    return n;
}

str request_path_param(const struct request *rq, const char *name)
{
    for (size_t i = 0; i < rq->n_path_params; i++)
        if (str_eq(rq->path_params[i].name, str_of(name)))
            return rq->path_params[i].value;
    return STR_NONE;
}
