/*
 * Secrets on which what is stored hangs for years: what it seals, hashes of passwords, pairwise subjects. They are not
 * the contents of their files: the database keeps each (table secret_slot), wrapped once for every file that opens it,
 * as an encrypted disk keeps its key. So a file is changed without touching anything that the secret has made, and a
 * file that is another database's is refused at the start (docs/decisions/0102-secrets-in-slots.md).
 */
#pragma once

#include "shared/base/bytes.h"
#include "shared/base/instant.h"
#include "shared/base/task.h"

struct server;

/* A secret of a server's configuration that is kept so. */
struct slotted {
    const char *name; /* "sealing_key"; the setting is sealing_key_file */
    size_t offset;    /* of its secret in the configuration */
};

/* As this process has it. */
struct open_secret {
    const char *name;
    str slot; /* which the file of this configuration opens */
    secret value;
};

/* Makes what the database does not keep yet: random ones; for a database that was in use before there were slots, what
 * its files say. Run by `migrate`. */
MUST_USE err secrets_provide(struct task *t, const struct server *server, const void *config);

/*
 * A copy of the configuration, in t->arena, whose settings hold what their files open, and the list of these
 * (server->n_slotted). INVALID_REQUEST with the setting as param: the file opens no slot.
 */
MUST_USE err secrets_open(struct task *t, const struct server *server, const void *config, const void **opened,
                          const struct open_secret **ret);

/* The job of every server: while it runs, nobody takes away the slots that it has opened. */
MUST_USE err secrets_hold(struct task *t);

/* ---- for the operator ---- */

/* file: the content that is to open it, too. Nothing happens when it does already. */
MUST_USE err secret_slot_add(struct task *t, const struct open_secret *of, secret file, str *slot);
/* INVALID_REQUEST: there is no such slot, or it is the one that this configuration, or a server that runs, opens. */
MUST_USE err secret_slot_remove(struct task *t, const struct open_secret *of, str slot);
