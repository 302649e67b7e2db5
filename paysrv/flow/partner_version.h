/*
 * In which version of the API a partner is answered when a request does not say. Remembered for some seconds, so a
 * change of it is seen by other servers that much later; by this one at once.
 */
#pragma once

#include "paysrv/domain/api_version.h"
#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

struct partner_versions;

struct partner_versions *partner_versions_create(struct arena *process);
/* The newest for a partner that is not set up here. */
MUST_USE err partner_version_of(struct task *t, partner_id partner, int *index);
/* API_VERSION_UNKNOWN says which there are. */
MUST_USE err partner_version_change(struct task *t, partner_id partner, str name, int *index);
/* The index of a version that somebody names. */
MUST_USE err api_version_read(struct task *t, const char *field, str name, int *index);
