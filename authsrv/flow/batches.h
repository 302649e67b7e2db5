/*
 * Statements that many workers need at the same time are asked for all of them at once (shared/db/batch.h). One batch
 * with a connection of its own for each; commands and tests have none, and ask alone.
 */
#pragma once

#include "shared/db/batch.h"

struct batches {
    struct db_batch *tokens, *client_tokens, *refreshes, *sessions, *consents; /* read */
    struct db_batch *rotations, *issues, *redemptions, *pushes, *jtis;         /* write */
};

void batches_open(struct batches *b, struct arena *process, const struct db_config *config);
