/*
 * Clients, resources and keys as this process last read them: immutable, replaced whole. A snapshot older than
 * two seconds is not believed; then the request goes to a worker, which reads the database.
 */
#pragma once

#include "authsrv/domain/authorization/authorization_details.h"
#include "authsrv/domain/client/client.h"
#include "authsrv/domain/partner/site.h"
#include "authsrv/domain/scope.h"
#include "shared/base/err.h"
#include "shared/base/task.h"
#include "shared/jose/jose.h"

struct snapshot_box;
struct snapshot;

/* Lives as long as the process; empty until the first read. */
struct snapshot_box *snapshot_box_create(struct arena *process);
/* Frees the last snapshot: the process is ending. */
void snapshot_box_close(struct snapshot_box *box);

/* A snapshot that is fresh, held until the task ends. Without a database and stale: NEED_WORKER. */
MUST_USE err snapshot_of(struct task *t, const struct snapshot **ret);
/* The last snapshot whatever its age, for what may be stale (jwks.json); without any: as snapshot_of. */
MUST_USE err snapshot_any(struct task *t, const struct snapshot **ret);
/* The job: reads the version, and everything when it changed. */
MUST_USE err snapshot_refresh(struct task *t);

/* NULL: not in memory. */
const struct client *snapshot_client(const struct snapshot *s, client_id id);
const struct scope_owner *snapshot_owners(const struct snapshot *s, size_t *n);
/* The types of authorization_details. */
const struct detail_type *snapshot_details(const struct snapshot *s, size_t *n);
/* The key that signs; there is one per algorithm once `migrate` ran. */
const struct jose_key *snapshot_signer(const struct snapshot *s, enum jose_alg alg);
/* Keys whose signatures count: active and retiring. */
const struct jose_set *snapshot_verifiers(const struct snapshot *s);
/* Keys that decrypt what was encrypted to us (shared/jose/jwe.h). */
const struct jose_set *snapshot_decrypters(const struct snapshot *s);
/* jwks.json: next, active and retiring; of those for encryption, next and active. */
str snapshot_jwks(const struct snapshot *s);
/* True when a browser client has a redirect URI on this origin; client absent: any client. */
bool snapshot_origin_allowed(const struct snapshot *s, str client, str origin);
/* The name of a partner's own that Host means, and the one that a partner has; NULL: none. */
const struct site *snapshot_site_at(const struct snapshot *s, str host);
const struct site *snapshot_site_of(const struct snapshot *s, str partner);
/* The one other client that may exchange this client's tokens (RFC 8693 section 4.4); absent: none, or several. */
str snapshot_may_act(const struct snapshot *s, client_id client);
