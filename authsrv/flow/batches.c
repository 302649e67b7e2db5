/* See batches.h. */
#include "authsrv/flow/batches.h"

#include "authsrv/flow/token_batch.h"

#define BATCH_MAX 64

void batches_open(struct batches *b, struct arena *process, const struct db_config *config)
{
    b->tokens = db_batch_create_reader(process, config, BATCH_MAX, tokens_run);
    b->client_tokens = db_batch_create_reader(process, config, BATCH_MAX, client_tokens_run);
    b->persons = db_batch_create_reader(process, config, BATCH_MAX, persons_run);
}
