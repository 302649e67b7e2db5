/* A client by its id: from memory, else from the database. */
#pragma once

#include "authsrv/domain/client.h"
#include "authsrv/store/client.rows.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

/* Copies the row into a, so that the client may outlive the task. */
void client_of_snapshot_row(struct arena *a, const struct client_snapshot_row *row, struct client *ret);
/* *ret is NULL when there is no such client or it is disabled. */
MUST_USE err client_load(struct task *t, client_id id, const struct client **ret);
/* The registered redirect URI (or post-logout URI) that asked matches; absent: none. */
MUST_USE err client_registered_uri(struct task *t, client_id id, str kind, str asked, str *ret);
/* How many there are, and the first one. */
MUST_USE err client_only_uri(struct task *t, client_id id, str *ret, size_t *n);
