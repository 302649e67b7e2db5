/* Judging a configuration beyond the declared limits (SECURITY 6.7): what may not start, does not start. */
#include "authsrv/config.h"

#include "authsrv/domain/token/key_schedule.h"
#include "shared/text/url.h"

static const char *issuer_fault(str issuer)
{
    struct url u;
    if (!url_parse(issuer, &u) || str_given(u.query) || str_given(u.fragment) || u.has_userinfo)
        return "must be a URL without query, fragment and user";
    if (str_ends(issuer, STR("/")) || u.path.n > 0)
        return "must end after host and port, without a slash";
    if (str_eq(u.scheme, STR("https")))
        return NULL;
    if (!str_eq(u.scheme, STR("http")) || !url_host_is_loopback(u.host))
        return "must be https (http only for a loopback address such as 127.0.0.1)";
    return NULL;
}

static bool complain(const char *key, const char *what)
{
    fprintf(stderr, "authsrv: %s: %s\n", key, what);
    return false;
}

static bool key_lives_check(const struct config *c)
{
    const struct key_lives lives = { c->key_publish_lead, c->key_active_life, c->key_retiring_life };
    const char *fault = key_lives_fault(&lives, c->access_token_ttl);
    if (fault)
        fprintf(stderr, "authsrv: %s\n", fault);
    return fault == NULL;
}

bool config_judge(const void *settings)
{
    const struct config *config = settings;
    const char *fault = issuer_fault(config->issuer);
    bool good = fault ? complain("issuer", fault) : true;
    if (!str_eq(config->registration, STR("token")) && !str_eq(config->registration, STR("open")))
        good = complain("registration", "must be token or open");
    if (config->self_registration && config->smtp_url.n == 0)
        good = complain("self_registration", "needs smtp_url, for the codes");
    return key_lives_check(config) && good;
}
