/* The document behind sector_identifier_uri (OIDC Registration section 5), read when a client registers. */
#pragma once

#include "authsrv/domain/client/client_metadata.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

/* INVALID_CLIENT_METADATA: it cannot be had, or does not name every redirect URI. Without the member: good. */
MUST_USE err sector_check(struct task *t, const struct client_metadata *m);
