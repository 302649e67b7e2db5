/* What may be registered as a partner, and as the address of an API. */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/str.h"

/* Absent: not said (a change leaves it as it is). */
struct partner_draft {
    str slug, name, issuer, client_id, client_secret, email_domains,
        settings,      /* settings: domain/upstream_settings.h */
        host;          /* domain/site.h; empty: none any more */
    bool has_no_login; /* with a browser: we are no client of it */
};
/* false: *param is wrong, *explain says what is allowed. whole: everything that a new partner needs must be there. */
bool partner_judge(const struct partner_draft *d, bool whole, str *param, str *explain);
/* https (http for loopback only), no query, no fragment, no slash at the end. */
bool service_url_valid(str url);
