/*
 * How a partner stands: in which version of the API it is answered when a request does not say, and whether it is
 * suspended. Remembered for some seconds, so a change of it is seen by other servers that much later; by this one at
 * once.
 */
#pragma once

#include "paysrv/domain/api_version.h"
#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

struct partner_standings;

struct partner_standing {
    int version; /* index of the version */
    bool is_suspended;
    bool domains_required; /* buyers are led back to verified domains of their store only */
};

struct partner_standings *partner_standings_create(struct arena *process);
/* The newest version for a partner that is not set up here. */
MUST_USE err partner_standing_of(struct task *t, partner_id partner, struct partner_standing *ret);
/* PARTNER_SUSPENDED while it is: nothing new is done in its name. What is on its way is ended (SECURITY K 293). */
MUST_USE err partner_in_good_standing(struct task *t, partner_id partner);

/* API_VERSION_UNKNOWN says which there are. */
MUST_USE err partner_version_change(struct task *t, partner_id partner, str name, int *index);
/* The index of a version that somebody names. */
MUST_USE err api_version_read(struct task *t, const char *field, str name, int *index);

/* reason absent: it is suspended no longer. NOT_FOUND: there is none. */
MUST_USE err partner_suspension_set(struct task *t, partner_id partner, str reason);
