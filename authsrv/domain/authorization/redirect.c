/* Redirect URIs: rules of registration and of matching. */
#include "authsrv/domain/authorization/redirect.h"

#include "shared/text/url.h"

static bool contains(str s, str part)
{
    return part.n <= s.n && memmem(s.p, s.n, part.p, part.n) != NULL;
}

static bool has_escaped_dot(str s)
{
    return contains(s, STR("%2e")) || contains(s, STR("%2E"));
}

static bool has_dot_segment(str path)
{
    return contains(path, STR("/../")) || contains(path, STR("/./")) || str_ends(path, STR("/..")) ||
           str_ends(path, STR("/.")) || contains(path, STR("/..;"));
}

/* RFC 8252 section 7.1: reverse-domain schemes, so that two applications do not share one by chance. */
static bool scheme_is_private_use(str scheme)
{
    return memchr(scheme.p, '.', scheme.n) != NULL;
}

static bool scheme_allowed(const struct url *u)
{
    if (str_eq(u->scheme, STR("https")))
        return u->host.n > 0;
    if (str_eq(u->scheme, STR("http")))
        return url_host_is_loopback(u->host);
    return scheme_is_private_use(u->scheme);
}

static bool host_is_plain(str host)
{
    for (size_t i = 0; i < host.n; i++) {
        if (host.p[i] >= 'A' && host.p[i] <= 'Z')
            return false;
        if (host.p[i] == '%')
            return false;
    }
    return true;
}

enum redirect_verdict redirect_judge(str uri)
{
    struct url u;
    if (!url_parse(uri, &u) || !host_is_plain(u.host))
        return REDIRECT_MALFORMED;
    if (str_given(u.fragment))
        return REDIRECT_FRAGMENT;
    if (u.has_userinfo || contains(uri, STR("@")))
        return REDIRECT_USERINFO;
    if (!scheme_allowed(&u))
        return REDIRECT_SCHEME;
    if (contains(uri, STR("*")))
        return REDIRECT_WILDCARD;
    if (has_escaped_dot(uri) || has_dot_segment(u.path))
        return REDIRECT_DOTS;
    return REDIRECT_GOOD;
}

const char *redirect_verdict_say(enum redirect_verdict v)
{
    switch (v) {
    case REDIRECT_NONE:
        break;
#define X(name, say)                                                                                                   \
    case name:                                                                                                         \
        return say;
        REDIRECT_VERDICTS(X)
#undef X
    }
    return "unjudged";
}

static bool same_part(str a, str b)
{
    return str_given(a) == str_given(b) && str_eq(a, b);
}

static bool loopback_matches(str registered, str asked)
{
    struct url r, a;
    if (!url_parse(registered, &r) || !url_parse(asked, &a))
        return false;
    return str_eq(r.scheme, STR("http")) && str_eq(a.scheme, STR("http")) && url_host_is_loopback(r.host) &&
           str_eq(r.host, a.host) && same_part(r.path, a.path) && same_part(r.query, a.query) &&
           !str_given(a.fragment) && !a.has_userinfo;
}

bool redirect_matches(str registered, str asked)
{
    return str_eq(registered, asked) || loopback_matches(registered, asked);
}
