/*
 * Going on from our log-out to that of the partner where the session came from (OIDC RP-Initiated Logout 1.0, we are
 * the relying party). Ours is over by then: a partner that never returns, or cannot be reached, changes nothing.
 */
#pragma once

#include "authsrv/domain/upstream/upstream_person.h"
#include "authsrv/flow/upstream/upstream_load.h"
#include "authsrv/store/session.rows.h"
#include "shared/base/bytes.h"

/* What a session keeps for that day: the partner's ID token, sealed. Absent where it will not be wanted. */
bytes upstream_hint_seal(struct task *t, const struct upstream *up, const struct partner_person *person);

struct upstream_place {
    const struct upstream *up; /* NULL: nowhere to go */
    str endpoint;
};
/* Whether that partner (absent: none) has a log-out of its own that ours may go on to. Its trouble is no error here. */
MUST_USE err upstream_place_find(struct task *t, str partner, struct upstream_place *ret);

struct upstream_return {
    digest browser;
    str client;   /* that asked for the log-out; absent: none */
    str location; /* where the browser goes when it is back; absent: our own page */
};
/* Records where to go after it; *url is the partner's log-out for this session. */
MUST_USE err upstream_end_begin(struct task *t, const struct upstream_place *place, const struct session_end_row *ended,
                                const struct upstream_return *back, str *url);
