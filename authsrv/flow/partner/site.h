/* Names of partners' own (domain/site.h) as the snapshot knows them, and the proof that a partner may have one. */
#pragma once

#include "authsrv/domain/client/client.h"
#include "authsrv/domain/partner/site.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

/* http_server_config.site_find: from memory, whatever its age. */
const struct site *site_find(struct task *t, str host);
/* The name at which this client's people log in; NULL: at the issuer. */
MUST_USE err site_of_client(struct task *t, const struct client *client, const struct site **ret);
/* scheme://host[:port] that was called: what Origin says on our forms there. */
str origin_here(const struct task *t);
/* INVALID_REQUEST or ALREADY_EXISTS, naming host, unless the partner may have this name: it shows a file there. */
MUST_USE err site_prove(struct task *t, str partner, str host);
