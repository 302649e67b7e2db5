/*
 * Clients known by a URL (domain/client_document.h): fetched when somebody brings them, kept as rows like other
 * clients, fetched again when older than ten minutes. A refresh that fails leaves what was known for a day.
 */
#pragma once

#include "authsrv/domain/client/client.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

struct client_documents;
struct client_documents *client_documents_create(struct arena *process);
void client_documents_close(struct client_documents *documents);

/* Whether an id is looked for under its URL at all: the operator has to want it. */
bool client_document_wanted(const struct task *t, str id);
/* Fetches and keeps the document unless it is fresh. *known: what is known so far, NULL: nothing; replaced by what is
 * known now. Without a database: NEED_WORKER. */
MUST_USE err client_document_refresh(struct task *t, client_id id, const struct client **known);
