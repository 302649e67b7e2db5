/* A partner's token endpoint: the code redeemed, ourselves proved by secret or by our own keys. */
#pragma once

#include "authsrv/flow/upstream/upstream_meta.h"

struct upstream_code {
    str code, verifier;
    str extra; /* value of the settings' callback_parameter; absent: none came */
};
struct upstream_tokens {
    str access_token, id_token, refresh_token, scope; /* absent: none */
    int64_t expires_s;                                /* of the access token; 0: not said */
};
MUST_USE err upstream_redeem(struct task *t, const struct upstream *up, const struct upstream_meta *meta,
                             const struct upstream_code *c, struct upstream_tokens *ret);

enum upstream_refreshed {
    UPSTREAM_REFRESHED = 1,
    UPSTREAM_REFRESH_REFUSED, /* invalid_grant: that refresh token will never do */
    UPSTREAM_REFRESH_FAILED,  /* another error: it did not happen */
    UPSTREAM_REFRESH_NOT_SENT,
    UPSTREAM_REFRESH_UNKNOWN, /* it may have happened */
};
/* RFC 6749 section 6. An outcome is never guessed. *why is for the log. */
MUST_USE err upstream_refresh(struct task *t, const struct upstream *up, const struct upstream_meta *meta, str refresh,
                              enum upstream_refreshed *outcome, struct upstream_tokens *ret, str *why);

/* The callback of one partner: <issuer>/cb/<slug>. */
str upstream_callback(struct task *t, str slug);
/* What was sealed under our key. */
MUST_USE err upstream_unseal(struct task *t, bytes sealed, str context, str *ret);
/* name=value of a form body; an absent value is left out. */
void upstream_form_add(struct task *t, struct buf *b, str name, str value);
