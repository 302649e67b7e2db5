/*
 * Everything about a head that can be judged without knowing the endpoint (SECURITY group I). The library has parsed
 * it already and is too lenient; what it lets through and what can still be seen is refused here.
 */
#include "shared/http/exchange.h"

#include <ctype.h>

#include "shared/base/num.h"

static const struct fault fault_target_too_long = { 414, "uri_too_long", "The address is longer than 8 KiB." };
static const struct fault fault_head_too_large = { 431, "headers_too_large",
                                                   "The head is larger than 16 KiB or has more than 64 headers." };

static err malformed(struct task *t, const char *what, const char *explain)
{
    return FAIL_PARAM(t, INVALID_REQUEST, str_of(what), str_of(explain));
}

/* The raw target: printable ASCII, an absolute path, no fragment, no encoded NUL. */
static err target_check(struct task *t, str target)
{
    if (target.n > MAX_TARGET_BYTES)
        return failure_make(t, &fault_target_too_long, __FILE__, __LINE__, "target of %zu bytes", target.n);
    if (target.n == 0 || target.p[0] != '/')
        return malformed(t, "target", "must be an absolute path");
    for (size_t i = 0; i < target.n; i++) {
        unsigned char c = (unsigned char)target.p[i];
        if (c <= 0x20 || c >= 0x7f || c == '#' || c == '"' || c == '<' || c == '>' || c == '\\')
            return malformed(t, "target", "has a character that must be percent-encoded");
        if (c != '%')
            continue;
        if (target.n - i < 3 || !isxdigit((unsigned char)target.p[i + 1]) || !isxdigit((unsigned char)target.p[i + 2]))
            return malformed(t, "target", "has a broken percent-encoding");
        if (target.p[i + 1] == '0' && target.p[i + 2] == '0')
            return malformed(t, "target", "has an encoded NUL");
    }
    return OK;
}

static bool is_name_byte(unsigned char c)
{
    return isalnum(c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

static err header_check(struct task *t, const struct http_header *h)
{
    if (h->name.n == 0)
        return malformed(t, "header", "has no name");
    for (size_t i = 0; i < h->name.n; i++)
        if (!is_name_byte((unsigned char)h->name.p[i]))
            return malformed(t, "header", "has a name with a character that names do not have");
    for (size_t i = 0; i < h->value.n; i++) {
        unsigned char c = (unsigned char)h->value.p[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return malformed(t, "header", "has a control character");
    }
    return OK;
}

/* Headers that are lists by definition may come in several lines; any other that does is an attempt to be read twice.
 */
static bool may_repeat(str name)
{
    static const str lists[] = {
        STR("accept"),
        STR("accept-charset"),
        STR("accept-encoding"),
        STR("accept-language"),
        STR("cache-control"),
        STR("connection"),
        STR("forwarded"),
        STR("if-match"),
        STR("if-none-match"),
        STR("pragma"),
        STR("te"),
        STR("upgrade"),
        STR("via"),
        STR("prefer"),
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (str_eq_nocase(name, lists[i]))
            return true;
    return false;
}

static err headers_check(struct task *t, const struct exchange *x)
{
    const struct request *rq = &x->rq;
    size_t bytes_n = x->target.n;
    if (rq->n_headers > MAX_HEADERS)
        return failure_make(t, &fault_head_too_large, __FILE__, __LINE__, "more than %d headers", MAX_HEADERS);
    if (x->is_crooked)
        return malformed(t, "header", "lines must end with CR LF and must not be folded");
    for (size_t i = 0; i < rq->n_headers; i++) {
        const struct http_header *h = &rq->headers[i];
        bytes_n += h->name.n + h->value.n + 4;
        TRY(header_check(t, h));
        for (size_t j = 0; j < i; j++)
            if (rq->headers[j].name.n == h->name.n && str_eq_nocase(rq->headers[j].name, h->name) &&
                !may_repeat(h->name))
                return FAIL_PARAM(t, INVALID_REQUEST, h->name, STR("is a header that may be sent once"));
    }
    if (bytes_n > MAX_HEAD_BYTES)
        return failure_make(t, &fault_head_too_large, __FILE__, __LINE__, "head of %zu bytes", bytes_n);
    return OK;
}

/* Exactly one way to say where the body ends. Sets x->body_expected and x->body_announced. */
static err framing_check(struct task *t, struct exchange *x)
{
    str length = request_header(&x->rq, "content-length");
    str encoding = request_header(&x->rq, "transfer-encoding");
    int64_t n = 0;
    if (str_given(length) && str_given(encoding))
        return malformed(t, "Transfer-Encoding", "excludes Content-Length");
    if (str_given(encoding) && !str_eq_nocase(encoding, STR("chunked")))
        return malformed(t, "Transfer-Encoding", "must be chunked");
    if (str_given(length) && (!num_parse(length, &n) || n < 0))
        return malformed(t, "Content-Length", "must be a number of bytes");
    x->body_expected = str_given(encoding) || n > 0;
    x->body_announced = (size_t)n;
    return OK;
}

static bool media_type_is(str value, str wanted)
{
    str parameters = value, type;
    if (!str_cut(&parameters, ';', &type)) {
        type = value;
        parameters = STR_NONE;
    }
    while (type.n && (type.p[type.n - 1] == ' ' || type.p[type.n - 1] == '\t'))
        type.n--;
    if (!str_eq_nocase(type, wanted))
        return false;
    while (parameters.n && (*parameters.p == ' ' || *parameters.p == '\t'))
        parameters = (str){ parameters.p + 1, parameters.n - 1 };
    return parameters.n == 0 || str_eq_nocase(parameters, STR("charset=utf-8")) ||
           str_eq_nocase(parameters, STR("charset=\"utf-8\""));
}

static err media_check(struct task *t, const struct exchange *x, const struct route *route)
{
    str type = request_header(&x->rq, "content-type");
    if (str_given(request_header(&x->rq, "content-encoding")))
        return FAIL_PARAM(t, UNSUPPORTED_MEDIA_TYPE, STR("Content-Encoding"), STR("is not accepted"));
    if (!x->body_expected && !str_given(type))
        return OK;
    switch (route->body) {
    case BODY_FORM:
        if (!media_type_is(type, STR("application/x-www-form-urlencoded")))
            return FAIL_PARAM(t, UNSUPPORTED_MEDIA_TYPE, STR("Content-Type"),
                              STR("must be application/x-www-form-urlencoded"));
        return OK;
    case BODY_JSON:
        if (!media_type_is(type, STR("application/json")))
            return FAIL_PARAM(t, UNSUPPORTED_MEDIA_TYPE, STR("Content-Type"), STR("must be application/json"));
        return OK;
    case BODY_NONE:
    case BODY_RAW:
        break;
    }
    return OK;
}

static err body_check(struct task *t, const struct exchange *x, const struct route *route)
{
    if (!x->body_expected)
        return OK;
    if (route->body == BODY_NONE && route->method == GET)
        return malformed(t, "body", "is not taken by this address and method");
    size_t cap = route->max_body_bytes ? route->max_body_bytes : DEFAULT_BODY_BYTES;
    if (x->body_announced > cap)
        return FAIL(t, TOO_LARGE, "body of %zu bytes announced", x->body_announced);
    return OK;
}

err head_check(struct task *t, struct exchange *x)
{
    TRY(target_check(t, x->target));
    TRY(headers_check(t, x));
    TRY(framing_check(t, x));
    const struct route *route = x->rs.route;
    if (!route)
        return OK;
    TRY(body_check(t, x, route));
    return media_check(t, x, route);
}
