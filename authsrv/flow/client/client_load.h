/* A client by its id: from memory, else from the database. */
#pragma once

#include "authsrv/domain/client/client.h"
#include "authsrv/store/client.rows.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

/* Copies the row into a, so that the client may outlive the task. false: a document that no registration lets in. */
bool client_of_row(struct arena *a, const struct client_find_row *row, struct client *ret);
/* *ret is NULL when there is no such client or it is disabled. An id that is a URL may be fetched (client_document.h).
 */
MUST_USE err client_load(struct task *t, client_id id, const struct client **ret);
/* For lists, which one whose metadata cannot be read must not end: it is logged, and *ret is NULL. */
MUST_USE err client_load_listed(struct task *t, client_id id, const struct client **ret);
/* The same as client_load without fetching. */
MUST_USE err client_find_stored(struct task *t, client_id id, const struct client **ret);
