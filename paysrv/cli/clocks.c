/* paysrv clocks list|advance: the test clocks of sandbox partners. */
#include <stdio.h>

#include "paysrv/flow/test_clock.h"
#include "paysrv/store/test_clock.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"

int clocks_list(struct task *t, int argc, char **argv)
{
    const struct test_clock_find_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = test_clock_list(t, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++) {
        const struct test_clock_find_row *c = &rows[i];
        instant now = c->stands_at_given ? c->stands_at : instant_add(t->now, (duration){ c->ahead_us });
        printf("%.*s\t%.*s\t", STR_ARG(c->partner_id.v), STR_ARG(instant_iso(t->arena, now)));
        if (c->target_given)
            printf("advancing to %.*s\t%lld step(s)\n", STR_ARG(instant_iso(t->arena, c->target)), (long long)c->steps);
        else
            printf("ready\t%lld step(s)\n", (long long)c->steps);
    }
    return cli_listed(n, CLI_ROWS_MAX);
}

/* Written down here and made by a running server: a command has no business with the acquirer. */
int clocks_advance(struct task *t, int argc, char **argv)
{
    const char *partner = NULL, *to = NULL, *by = NULL;
    const struct cli_option options[] = { { "--to", &to, NULL }, { "--by", &by, NULL } };
    struct answer answer;
    if (!cli_read(argc, argv, &partner, 1, options, 2))
        return CLI_USAGE;
    if (!to == !by)
        return cli_misuse("either --to TIME or --by DURATION is needed");
    const struct clock_wish wish = { .to = str_of(to), .by = str_of(by) };
    err e = test_clock_set_out(t, (partner_id){ str_of(partner) }, &wish, NULL, &answer);
    if (e)
        return cli_failed(e);
    printf("%s: will be moved by the running server\n%.*s\n", partner, STR_ARG(answer.body));
    return CLI_DONE;
}
