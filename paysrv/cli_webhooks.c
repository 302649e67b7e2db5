/* paysrv webhooks replay EVENT: delivers an event again to every endpoint that had it. */
#include <stdio.h>

#include "paysrv/store/webhook.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"

int webhooks_replay(struct task *t, int argc, char **argv)
{
    const char *event = NULL;
    if (!cli_read(argc, argv, &event, 1, NULL, 0))
        return CLI_USAGE;
    int64_t n;
    err e = webhook_replay(t, (event_id){ str_of(event) }, &n);
    if (e)
        return cli_failed(e);
    printf("%s: %lld delivery(ies) queued\n", event, (long long)n);
    return n ? CLI_DONE : CLI_FAILED;
}
