/* A partner's token endpoint: the code redeemed, ourselves proved by secret or by our own keys. */
#pragma once

#include "authsrv/flow/upstream_meta.h"

struct upstream_code {
    str code, verifier;
    str extra; /* value of the settings' callback_parameter; absent: none came */
};
struct upstream_tokens {
    str access_token, id_token; /* absent: none */
};
MUST_USE err upstream_redeem(struct task *t, const struct upstream *up, const struct upstream_meta *meta,
                             const struct upstream_code *c, struct upstream_tokens *ret);

/* The callback of one partner: <issuer>/cb/<slug>. */
str upstream_callback(struct task *t, str slug);
/* What was sealed under our key. */
MUST_USE err upstream_unseal(struct task *t, bytes sealed, str context, str *ret);
/* name=value of a form body; an absent value is left out. */
void upstream_form_add(struct task *t, struct buf *b, str name, str value);
