/* See batches.h. */
#include "authsrv/flow/batches.h"

#include "authsrv/flow/authorization/code_batch.h"
#include "authsrv/flow/authorization/request_batch.h"
#include "authsrv/flow/token/token_batch.h"

#define BATCH_MAX 64

void batches_open(struct batches *b, struct arena *process, const struct db_config *config)
{
    b->tokens = db_batch_create_reader(process, config, BATCH_MAX, tokens_run);
    b->client_tokens = db_batch_create_reader(process, config, BATCH_MAX, client_tokens_run);
    b->refreshes = db_batch_create_reader(process, config, BATCH_MAX, refreshes_run);
    b->sessions = db_batch_create_reader(process, config, BATCH_MAX, sessions_run);
    b->consents = db_batch_create_reader(process, config, BATCH_MAX, consents_run);
    b->rotations = db_batch_create(process, config, BATCH_MAX, rotations_run);
    b->issues = db_batch_create(process, config, BATCH_MAX, issues_run);
    b->redemptions = db_batch_create(process, config, BATCH_MAX, redemptions_run);
    b->pushes = db_batch_create(process, config, BATCH_MAX, pushes_run);
    b->jtis = db_batch_create(process, config, BATCH_MAX, jtis_run);
}
