/*
 * Tokens that a partner gave with a log-in, kept where the operator wants it (keep_tokens) for the partner's own
 * clients (decision 0032). Sealed for the identity that they are about; refreshed by one of all who ask, in whichever
 * process; gone with the link, the account, or the setting.
 */
#pragma once

#include "authsrv/domain/upstream/upstream_person.h"
#include "authsrv/flow/upstream/upstream_load.h"
#include "authsrv/store/identity.rows.h"
#include "authsrv/store/newtypes.h"
#include "shared/base/bytes.h"

/* Keeps what came with a log-in; without an access token there is nothing to keep. */
MUST_USE err upstream_tokens_keep(struct task *t, str issuer, str subject, const struct partner_tokens *tokens);
/* What waits with a flow until it is known whose account the identity becomes. Absent: nothing. */
bytes upstream_tokens_wrap(struct task *t, flow_id flow, const struct upstream *up,
                           const struct partner_person *person);
/* Keeps it, once the identity is somebody's. */
MUST_USE err upstream_tokens_keep_pending(struct task *t, flow_id flow, const struct pending_find_row *p);

struct upstream_live_token {
    str access, scope; /* scope absent: the partner did not say */
    int64_t life_s;    /* -1: likewise */
};
/* UPSTREAM_LOGIN: there is none, or the partner refused. UPSTREAM_AWAY: it cannot be had now, or nobody knows yet. */
MUST_USE err upstream_token_live(struct task *t, const struct upstream *up, user_id user,
                                 struct upstream_live_token *ret);
