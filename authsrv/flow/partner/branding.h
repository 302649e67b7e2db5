/* How a partner's pages look: what its administration writes is kept, and pages of its clients are dressed in it. */
#pragma once

#include "authsrv/domain/client/client.h"
#include "authsrv/store/branding.rows.h"
#include "shared/base/err.h"
#include "shared/base/task.h"
#include "shared/text/json_in.h"

/*
 * The document in the place of the one before. Files are made of it, the audit log says who wrote it. NOT_FOUND: no
 * such partner; VERSION_DIFFERS: the document is not as the caller saw it (version NULL: he did not look).
 */
MUST_USE err branding_save(struct task *t, str actor, str partner, const struct json_value *document,
                           const int64_t *version);
/* What this client's partner chose; NULL: nothing. */
MUST_USE err branding_find(struct task *t, const struct client *client, const struct branding_of_row **ret);
/* From here on pages look as those of this client's partner, and speak its language where nobody asked for another. */
MUST_USE err branding_wear(struct task *t, const struct client *client);
/* Where a file of this name is served. */
str branding_path(struct task *t, str file);
