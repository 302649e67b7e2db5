/*
 * The operator's word about trust: who may exchange whose tokens (RFC 8693), whose assertions about our users count
 * (RFC 7523), which types of authorization_details there are (RFC 9396). Verbs and admin API both call it; a change and
 * its audit entry are one transaction.
 */
#pragma once

#include "shared/base/err.h"
#include "shared/base/task.h"
#include "shared/text/json_in.h"

/*
 * Each *_put takes the version of what it replaces: VERSION_DIFFERS when it has another; 0: it must be new, else
 * ALREADY_EXISTS; NULL: whatever is there.
 */
struct exchange_draft {
    str client, tokens_of, scopes;
    str audience; /* absent: that of the exchanged token */
};
MUST_USE err exchange_put(struct task *t, str actor, const struct exchange_draft *d, const int64_t *version);
MUST_USE err exchange_remove(struct task *t, str actor, str client, str tokens_of);

struct issuer_draft {
    str issuer, alg;
    str clients;                   /* who may present its assertions about users, space-separated; empty: nobody */
    bool software_statements;      /* it may vouch for software that registers */
    str jwks_uri;                  /* or */
    const struct json_value *jwks; /* its keys by value */
};
MUST_USE err issuer_put(struct task *t, str actor, const struct issuer_draft *d, int64_t version);
/* Forgets its subjects, too. */
MUST_USE err issuer_remove(struct task *t, str actor, str issuer);
/* user: by id or log-in name. Naming a subject again moves it. */
MUST_USE err subject_put(struct task *t, str actor, str issuer, str subject, str user);
MUST_USE err subject_remove(struct task *t, str actor, str issuer, str subject);

struct detail_draft {
    str name, audience, sentence;
    const struct json_value *rules; /* NULL, with an absent sentence: those that Stoa brings for this name */
};
/* version NULL: whatever is there; *changed false: the same was there. */
MUST_USE err detail_put(struct task *t, str actor, const struct detail_draft *d, const int64_t *version, bool *changed);
MUST_USE err detail_remove(struct task *t, str actor, str name);
