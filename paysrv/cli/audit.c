/* paysrv audit list; audit verify is every server's. */
#include <stdio.h>

#include "paysrv/store/audit.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/when.h"

#define PAGE 500

static void entry_print(struct task *t, const struct audit_page_row *e)
{
    printf("%lld\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\n", (long long)e->id, STR_ARG(instant_iso(t->arena, e->at)),
           STR_ARG(e->actor_name.n ? arena_printf(t->arena, "%.*s (%.*s)", STR_ARG(e->actor), STR_ARG(e->actor_name))
                                   : e->actor),
           STR_ARG(e->origin), STR_ARG(e->action), STR_ARG(e->object),
           STR_ARG(str_given(e->partner_id) ? e->partner_id : STR("-")), STR_ARG(e->detail));
}

static err entries_print(struct task *t, struct audit_page_args *args)
{
    const struct audit_page_row *rows;
    size_t n;
    do {
        TRY(audit_page(t, args, &rows, &n));
        for (size_t i = 0; i < n; i++)
            entry_print(t, &rows[i]);
        if (n > 0)
            args->before = rows[n - 1].id;
    } while (n == PAGE);
    return OK;
}

int audit_list(struct task *t, int argc, char **argv)
{
    const char *since = "24h", *actor = NULL, *action = NULL, *object = NULL, *partner = NULL;
    const struct cli_option options[] = {
        { "--since", &since, NULL, NULL },   { "--actor", &actor, NULL, NULL },     { "--action", &action, NULL, NULL },
        { "--object", &object, NULL, NULL }, { "--partner", &partner, NULL, NULL },
    };
    if (!cli_read(argc, argv, NULL, 0, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    struct audit_page_args args = { .before = INT64_MAX,
                                    .actor = str_of(actor),
                                    .action = str_of(action),
                                    .object = str_of(object),
                                    .partner = str_of(partner),
                                    .limit = PAGE };
    if (!when_parse(str_of(since), t->now, &args.since))
        return cli_misuse("--since: 2026-11-25T20:00:00Z, or how long ago: 15m, 24h, 7d");
    err e = entries_print(t, &args);
    return e ? cli_failed(e) : CLI_DONE;
}
