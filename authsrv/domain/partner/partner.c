/* See partner.h. */
#include "authsrv/domain/partner/partner.h"

#include "authsrv/domain/client/client.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"

#define CLIENT_ID_MAX_BYTES 200
#define DOMAINS_MAX_BYTES 2000

static bool slug_is_valid(str s)
{
    if (s.n == 0 || s.n > 39 || s.p[0] == '-')
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-'))
            return false;
    return true;
}

bool service_url_valid(str s)
{
    struct url u;
    if (!url_parse(s, &u) || str_given(u.query) || str_given(u.fragment) || u.has_userinfo || str_ends(s, STR("/")))
        return false;
    return str_eq(u.scheme, STR("https")) || (str_eq(u.scheme, STR("http")) && url_host_is_loopback(u.host));
}

/* Lower-case host names with a dot, separated by one space. */
static bool domains_are_valid(str s)
{
    str word;
    if (s.n > DOMAINS_MAX_BYTES)
        return false;
    while (str_next_word(&s, &word)) {
        if (!memchr(word.p, '.', word.n))
            return false;
        for (size_t i = 0; i < word.n; i++)
            if (!((word.p[i] >= 'a' && word.p[i] <= 'z') || (word.p[i] >= '0' && word.p[i] <= '9') ||
                  word.p[i] == '-' || word.p[i] == '.'))
                return false;
    }
    return true;
}

static bool wrong(str value, bool whole, bool valid)
{
    return str_given(value) ? !valid : whole;
}

bool partner_judge(const struct partner_draft *d, bool whole, str *param, str *explain)
{
    const struct {
        const char *param, *explain;
        bool is_wrong;
    } rules[] = {
        { "slug", "a-z, 0-9 and '-', at most 39 characters, not beginning with '-'",
          wrong(d->slug, true, slug_is_valid(d->slug)) },
        { "name", "1 to 64 visible characters", wrong(d->name, whole, client_name_valid(d->name)) },
        { "issuer", "an https URL (http for loopback only) without a slash at the end",
          wrong(d->issuer, whole, service_url_valid(d->issuer)) },
        { "client_id", "1 to 200 characters: the partner's provider gave it to us",
          wrong(d->client_id, whole && !d->has_no_login,
                d->client_id.n > 0 && d->client_id.n <= CLIENT_ID_MAX_BYTES && utf8_valid(d->client_id)) },
        { "client_secret", "must not be empty", wrong(d->client_secret, false, d->client_secret.n > 0) },
        { "email_domains", "lower-case host names, separated by spaces",
          wrong(d->email_domains, false, domains_are_valid(d->email_domains)) },
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (!rules[i].is_wrong)
            continue;
        *param = str_of(rules[i].param);
        *explain = str_of(rules[i].explain);
        return false;
    }
    return true;
}
