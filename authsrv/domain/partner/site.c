/* See site.h. */
#include "authsrv/domain/partner/site.h"

#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"

#define NAME_FAULT "a host name alone, in lower case, such as login.partner.example"
#define HOST_MAX_BYTES 253

static str scheme_of(str origin)
{
    struct url u;
    return url_parse(origin, &u) ? u.scheme : STR("https");
}

struct site site_make(struct arena *a, str issuer_origin, str host, str partner)
{
    return (struct site){
        .host = arena_str(a, host),
        .partner = arena_str(a, partner),
        .origin = arena_printf(a, "%.*s://%.*s", STR_ARG(scheme_of(issuer_origin)), STR_ARG(host)),
        .binding = arena_printf(a, "site\n%.*s\n%.*s", STR_ARG(host), STR_ARG(partner)),
    };
}

static bool is_name(str host)
{
    bool has_letter = false, has_dot = false;
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i], before = i > 0 ? host.p[i - 1] : '.';
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'))
            return false;
        if ((c == '.' || c == '-') && before == '.')
            return false;
        if (c == '.' && before == '-')
            return false;
        has_dot = has_dot || c == '.';
        has_letter = c == '.' ? false : has_letter || (c >= 'a' && c <= 'z');
    }
    /* The last label of an address has digits only. */
    return host.n > 0 && host.n <= HOST_MAX_BYTES && has_dot && has_letter && host.p[host.n - 1] != '-';
}

static bool is_under(str host, str parent)
{
    return host.n > parent.n && str_ends(host, parent) && host.p[host.n - parent.n - 1] == '.';
}

const char *site_host_fault(struct arena *a, str issuer_origin, str host)
{
    struct url ours, u;
    str scheme = scheme_of(issuer_origin);
    if (!url_parse(issuer_origin, &ours) || host.n > HOST_MAX_BYTES ||
        !url_parse(arena_printf(a, "%.*s://%.*s", STR_ARG(scheme), STR_ARG(host)), &u) || u.has_userinfo ||
        u.path.n > 0 || str_given(u.query) || str_given(u.fragment))
        return NAME_FAULT;
    /* An issuer without TLS is one for development, and so are the names beside it. */
    if (str_eq(scheme, STR("http")) ? !url_host_is_loopback(u.host) : !str_eq(u.host, host))
        return str_eq(scheme, STR("http")) ? "a loopback address with its port, as the issuer has no TLS" : NAME_FAULT;
    if (str_eq(scheme, STR("https")) && !is_name(host))
        return NAME_FAULT;
    return str_eq(u.host, ours.host) || is_under(u.host, ours.host) ? "not the issuer's name, nor one under it" : NULL;
}

bool site_is_at(const struct site *site, str host)
{
    str port = str_starts(site->origin, STR("https:")) ? STR(":443") : STR(":80");
    if (str_eq_nocase(site->host, host))
        return true;
    return str_ends(host, port) && str_eq_nocase(site->host, (str){ host.p, host.n - port.n });
}

digest site_digest(const struct site *site, const char *type, str value)
{
    digest own = typed_digest(type, value);
    return site ? hmac_sha256(digest_bytes(&own), bytes_of(site->binding)) : own;
}

str site_proof(struct arena *a, digest key, str host, str partner)
{
    str message = arena_printf(a, "partner_host\n%.*s\n%.*s", STR_ARG(host), STR_ARG(partner));
    digest mac = hmac_sha256(digest_bytes(&key), bytes_of(message));
    return base64url_encode(a, digest_bytes(&mac));
}

bool site_proof_holds(str body, str proof)
{
    while (body.n > 0 && memchr(" \t\r\n", body.p[body.n - 1], 4))
        body.n--;
    return equal_bytes(bytes_of(body), bytes_of(proof));
}
