/* See clock_verb.h. */
#include "shared/server/clock_verb.h"

#include <stdio.h>

#include "shared/db/clock_seen.h"
#include "shared/ops/cli.h"

static err show(struct task *t)
{
    struct clock_seen seen;
    TRY(clock_seen_read(t, &seen));
    printf("machine\t%.*s\ndatabase\t%.*s\nlatest\t%.*s\n", STR_ARG(instant_iso(t->arena, machine_clock_now())),
           STR_ARG(instant_iso(t->arena, seen.database)), STR_ARG(instant_iso(t->arena, seen.latest)));
    return OK;
}

int clock_show_verb(struct task *t, int argc, char **argv)
{
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = show(t);
    return e ? cli_failed(e) : CLI_DONE;
}

int clock_accept_verb(struct task *t, int argc, char **argv)
{
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = clock_seen_accept(t);
    if (!e)
        e = show(t);
    if (e)
        return cli_failed(e);
    fprintf(stderr,
            "restart the servers that run and are ahead of it: they keep the time they have, and are not ready\n");
    return CLI_DONE;
}
