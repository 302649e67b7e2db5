/*
 * URLs after RFC 3986, narrowed: lower-case schemes, no user info that leads nowhere, no percent-encoded hosts,
 * nothing that two parsers read differently (backslashes, control characters, a second '#').
 */
#include "shared/text/url.h"

#include <arpa/inet.h>

#include "shared/base/num.h"
#include "shared/text/encode.h"

#define URL_MAX_BYTES 2000

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Every byte is one that RFC 3986 knows, and every '%' begins an escape. */
static bool characters_ok(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%' && (s.n - i < 3 || !is_hex(s.p[i + 1]) || !is_hex(s.p[i + 2])))
            return false;
        if (!is_alpha(c) && !is_digit(c) && (c == '\0' || !strchr("-._~:/?#[]@!$&'()*+,;=%", c)))
            return false;
    }
    return true;
}

static bool scheme_ok(str s)
{
    if (s.n == 0 || s.p[0] < 'a' || s.p[0] > 'z')
        return false;
    for (size_t i = 1; i < s.n; i++) {
        char c = s.p[i];
        if (!(c >= 'a' && c <= 'z') && !is_digit(c) && c != '+' && c != '-' && c != '.')
            return false;
    }
    return true;
}

static bool ipv6_of(str s, struct in6_addr *ret)
{
    char text[INET6_ADDRSTRLEN];
    if (s.n == 0 || s.n >= sizeof text)
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    return inet_pton(AF_INET6, text, ret) == 1;
}

static bool name_ok(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!is_alpha(s.p[i]) && !is_digit(s.p[i]) && s.p[i] != '-' && s.p[i] != '.' && s.p[i] != '_')
            return false;
    }
    return s.n >= 1 && s.n <= 253;
}

/* Cuts the host off *rest; what stays is empty or begins with ':'. */
static bool host_take(str *rest, str *host)
{
    struct in6_addr address;
    if (rest->n && rest->p[0] == '[') {
        str inside = { rest->p + 1, rest->n - 1 };
        if (!str_cut(&inside, ']', host) || !ipv6_of(*host, &address))
            return false;
        *rest = inside;
        return rest->n == 0 || rest->p[0] == ':';
    }
    const char *colon = rest->n ? memchr(rest->p, ':', rest->n) : NULL;
    size_t n = colon ? (size_t)(colon - rest->p) : rest->n;
    *host = (str){ rest->p, n };
    *rest = (str){ rest->p + n, rest->n - n };
    return name_ok(*host);
}

static bool authority_parse(str authority, struct url *u)
{
    str user;
    if (str_cut(&authority, '@', &user))
        u->has_userinfo = true;
    if (!host_take(&authority, &u->host))
        return false;
    if (authority.n == 0)
        return true;
    int64_t port;
    if (!num_parse((str){ authority.p + 1, authority.n - 1 }, &port) || port < 1 || port > 65535)
        return false;
    u->port = (uint16_t)port;
    return true;
}

/* Splits "?query" and "#fragment" off the end of *rest; the fragment may not hold another '#'. */
static bool tail_split(str *rest, struct url *u)
{
    str before;
    if (str_cut(rest, '#', &before)) {
        u->fragment = *rest;
        *rest = before;
        if (memchr(u->fragment.p, '#', u->fragment.n))
            return false;
    }
    if (str_cut(rest, '?', &before)) {
        u->query = *rest;
        *rest = before;
    }
    return true;
}

static bool brackets_ok(const struct url *u)
{
    str parts[3] = { u->path, u->query, u->fragment };
    for (size_t i = 0; i < 3; i++) {
        if (parts[i].n && (memchr(parts[i].p, '[', parts[i].n) || memchr(parts[i].p, ']', parts[i].n)))
            return false;
    }
    return true;
}

static uint16_t default_port(str scheme)
{
    if (str_eq(scheme, STR("https")))
        return 443;
    return str_eq(scheme, STR("http")) ? 80 : 0;
}

bool url_parse(str text, struct url *ret)
{
    struct url u = { .text = text };
    str rest = text;
    if (text.n > URL_MAX_BYTES || !characters_ok(text) || !str_cut(&rest, ':', &u.scheme) || !scheme_ok(u.scheme))
        return false;
    u.port = default_port(u.scheme);
    if (!tail_split(&rest, &u))
        return false;
    u.path = rest;
    if (str_starts(rest, STR("//"))) {
        str authority = { rest.p + 2, rest.n - 2 };
        const char *slash = memchr(authority.p, '/', authority.n);
        if (slash)
            authority.n = (size_t)(slash - authority.p);
        u.path = (str){ authority.p + authority.n, rest.n - 2 - authority.n };
        if (!authority_parse(authority, &u))
            return false;
    } else if (u.port != 0 || rest.n == 0) {
        return false;
    }
    if (!brackets_ok(&u))
        return false;
    *ret = u;
    return true;
}

bool url_is_web(str text)
{
    struct url u;
    return url_parse(text, &u) && (str_eq(u.scheme, STR("https")) || str_eq(u.scheme, STR("http")));
}

bool url_host_is_loopback(str host)
{
    struct in6_addr v6;
    struct in_addr v4;
    char text[INET_ADDRSTRLEN];
    if (ipv6_of(host, &v6))
        return IN6_IS_ADDR_LOOPBACK(&v6);
    if (host.n == 0 || host.n >= sizeof text)
        return false;
    memcpy(text, host.p, host.n);
    text[host.n] = '\0';
    return inet_pton(AF_INET, text, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127;
}

str url_origin(struct arena *a, const struct url *u)
{
    bool v6 = u->host.n && memchr(u->host.p, ':', u->host.n);
    char *host = arena_cstr(a, u->host);
    for (char *c = host; *c; c++) {
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    }
    str base = arena_printf(a, "%.*s://%s%s%s", STR_ARG(u->scheme), v6 ? "[" : "", host, v6 ? "]" : "");
    if (u->port == default_port(u->scheme))
        return base;
    return arena_printf(a, "%.*s:%u", STR_ARG(base), (unsigned)u->port);
}

void url_add_query(struct buf *b, const char *name, str value)
{
    if (!str_given(value))
        return;
    bool begun = b->n && memchr(b->p, '?', b->n);
    if (!begun)
        buf_add_char(b, '?');
    else if (b->p[b->n - 1] != '?' && b->p[b->n - 1] != '&')
        buf_add_char(b, '&');
    buf_add(b, str_of(name));
    buf_add_char(b, '=');
    buf_add(b, percent_encode(b->arena, value));
}
