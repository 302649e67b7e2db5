/*
 * Log-in at a partner's own service: we are the client (OIDC Core, RFC 6749, RFC 7636, RFC 9207). Whoever answers is
 * compared with what the operator configured; nothing is taken from a document that names another issuer.
 */
#pragma once

#include "authsrv/domain/upstream/upstream_person.h"
#include "authsrv/flow/upstream/upstream_load.h"
#include "authsrv/store/flow.rows.h"
#include "authsrv/store/newtypes.h"
#include "shared/base/bytes.h"

struct upstream_box;
struct upstream_box *upstream_box_create(struct arena *process);
void upstream_box_close(struct upstream_box *box);

struct upstream_start {
    flow_id flow;
    digest browser;
    bool silent;            /* prompt=none passes through */
    bool force;             /* prompt=login passes through */
    const int64_t *max_age; /* likewise; NULL: none */
    str login_hint;         /* absent: none */
};
/* Records the attempt; *location is the partner's authorization endpoint. */
MUST_USE err upstream_begin(struct task *t, const struct upstream *up, const struct upstream_start *s, str *location);

struct upstream_answer {
    str code;
    str extra; /* of the settings' callback_parameter; absent: none came */
};
/* Redeems the code and verifies everything that comes back. */
MUST_USE err upstream_complete(struct task *t, const struct upstream *up, const struct upstream_login_take_row *attempt,
                               const struct upstream_answer *answer, struct partner_person *ret);
/* True when the partner promised RFC 9207's iss in its answers, as far as we know. */
bool upstream_sends_iss(struct task *t, const struct upstream *up);
