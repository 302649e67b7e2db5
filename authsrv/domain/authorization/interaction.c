/* The decision table of prompt, max_age, acr, session and consent. */
#include "authsrv/domain/authorization/interaction.h"

bool prompt_parse(str text, struct prompt *ret)
{
    struct prompt p = { 0 };
    str word;
    size_t n = 0;
    while (str_next_word(&text, &word)) {
        n++;
        if (str_eq(word, STR("none")))
            p.none = true;
        else if (str_eq(word, STR("login")))
            p.login = true;
        else if (str_eq(word, STR("consent")))
            p.consent = true;
        else if (str_eq(word, STR("select_account")))
            p.select_account = true;
        else if (str_eq(word, STR("create")))
            p.create = true;
        else
            return false;
    }
    if (p.none && n > 1)
        return false;
    *ret = p;
    return true;
}

/* A wish that is not essential is worth one log-in, where a log-in may be asked and could help. */
static bool acr_serves(const struct interaction_facts *f)
{
    if (f->acr_served)
        return true;
    return !f->acr_essential && (f->reauthenticated || f->prompt.none || !f->acr_attainable);
}

static bool session_serves(const struct interaction_facts *f)
{
    if (!f->has_session || f->another_user || f->undated || !acr_serves(f))
        return false;
    if (f->reauthenticated)
        return true;
    if (f->prompt.login || f->prompt.create)
        return false;
    /* max_age=0 says the same as prompt=login, also within one second. */
    return f->max_age < 0 || (f->max_age > 0 && f->session_age_s <= f->max_age);
}

static bool consent_serves(const struct interaction_facts *f)
{
    if (f->consented)
        return true;
    return !f->prompt.consent && !f->details_asked && (f->first_party || f->consent_recorded);
}

/* What to do about a session that is missing or does not serve. */
static enum interaction log_in_next(const struct interaction_facts *f)
{
    /* The one log-in of this flow happened and did not serve: asking again would loop. */
    if (f->reauthenticated && f->has_session)
        return f->acr_essential && !f->acr_served ? INTERACT_UNMET : INTERACT_LOGIN_REQUIRED;
    if (f->upstream_asked)
        return INTERACT_UPSTREAM;
    return f->prompt.none ? INTERACT_LOGIN_REQUIRED : INTERACT_LOGIN;
}

enum interaction interaction_next(const struct interaction_facts *f)
{
    if (f->acr_essential && !f->acr_attainable && !(f->has_session && f->acr_served))
        return INTERACT_UNMET;
    if (!session_serves(f))
        return log_in_next(f);
    if (f->prompt.select_account && !f->selected && !f->reauthenticated)
        return INTERACT_SELECT;
    if (!consent_serves(f))
        return f->prompt.none ? INTERACT_CONSENT_REQUIRED : INTERACT_CONSENT;
    return INTERACT_GRANT;
}
