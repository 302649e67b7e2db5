/* paysrv webhooks list PARTNER; paysrv webhooks replay EVENT. */
#include <stdio.h>

#include "paysrv/domain/message/webhook.h"
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
    if (n == 0) {
        fprintf(stderr, "paysrv: there is no event %s, or no endpoint has had it\n", event);
        return CLI_FAILED;
    }
    printf("%s: %lld delivery(ies) queued\n", event, (long long)n);
    return CLI_DONE;
}

int webhooks_list(struct task *t, int argc, char **argv)
{
    const char *partner = NULL;
    const struct webhook_endpoint_states_row *rows;
    size_t n;
    if (!cli_read(argc, argv, &partner, 1, NULL, 0))
        return CLI_USAGE;
    err e = webhook_endpoint_states(t, WEBHOOK_COUNT_MOST, (partner_id){ str_of(partner) }, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++) {
        const struct webhook_endpoint_states_row *row = &rows[i];
        str state = str_given(row->disabled_why) ? arena_printf(t->arena, "disabled: %.*s", STR_ARG(row->disabled_why))
                                                 : STR("enabled");
        str waiting = webhook_counted(t->arena, row->waiting), failed = webhook_counted(t->arena, row->failed);
        printf("%.*s  %.*s  %.*s  failures in a row %d, waiting %.*s, given up %.*s, at a time %d of %d\n",
               STR_ARG(row->webhook_endpoint_id.v), STR_ARG(row->url), STR_ARG(state), (int)row->failures,
               STR_ARG(waiting), STR_ARG(failed), (int)row->at_once, (int)row->max_in_flight);
    }
    return CLI_DONE;
}
