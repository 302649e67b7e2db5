/* authsrv audit list|verify, tokens initial|list|revoke, statistics, invariants. */
#include <stdio.h>

#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/client/initial_tokens.h"
#include "authsrv/store/admin.sql.h"
#include "authsrv/store/audit.sql.h"
#include "authsrv/verbs.h"
#include "shared/base/num.h"
#include "shared/ops/cli.h"
#include "shared/text/when.h"

#define PAGE 500

/* ---- audit ---- */

static void entry_print(struct task *t, const struct audit_page_row *e)
{
    printf("%lld\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\n", (long long)e->id, STR_ARG(instant_iso(t->arena, e->at)),
           STR_ARG(e->actor), STR_ARG(e->action), STR_ARG(e->object), STR_ARG(e->detail));
}

static err entries_print(struct task *t, struct audit_filter *f)
{
    const struct audit_page_row *rows;
    size_t n;
    do {
        TRY(audit_read(t, f, PAGE, &rows, &n));
        for (size_t i = 0; i < n; i++)
            entry_print(t, &rows[i]);
        if (n > 0)
            f->before = rows[n - 1].id;
    } while (n == PAGE);
    return OK;
}

int audit_list_verb(struct task *t, int argc, char **argv)
{
    const char *since = "24h", *until = NULL, *actor = NULL, *action = NULL, *object = NULL;
    const struct cli_option options[] = {
        { "--since", &since, NULL, NULL },   { "--until", &until, NULL, NULL },   { "--actor", &actor, NULL, NULL },
        { "--action", &action, NULL, NULL }, { "--object", &object, NULL, NULL },
    };
    if (!cli_read(argc, argv, NULL, 0, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    struct audit_filter f = {
        .actor = str_of(actor), .action = str_of(action), .object = str_of(object), .before = INT64_MAX
    };
    f.until = instant_add(t->now, DAYS(1));
    if (!when_parse(str_of(since), t->now, &f.since) || (until && !when_parse(str_of(until), t->now, &f.until)))
        return cli_misuse("--since and --until: 2026-11-25T20:00:00Z, or how long ago: 15m, 24h, 7d");
    err e = entries_print(t, &f);
    return e ? cli_failed(e) : CLI_DONE;
}

/* ---- initial access tokens ---- */

int tokens_initial_verb(struct task *t, int argc, char **argv)
{
    const char *uses_text = "1", *hours_text = "24";
    const struct cli_option options[] = { { "--uses", &uses_text, NULL, NULL },
                                          { "--hours", &hours_text, NULL, NULL } };
    int64_t uses, hours;
    struct initial_token made;
    if (!cli_read(argc, argv, NULL, 0, options, 2))
        return CLI_USAGE;
    if (!cli_integer("--uses", uses_text, 1, 1000000, &uses) || !cli_integer("--hours", hours_text, 1, 8760, &hours))
        return CLI_USAGE;
    err e = initial_token_make(t, t->actor->id, uses, hours, &made);
    if (e)
        return cli_failed(e);
    printf("%.*s\n", STR_ARG(made.token));
    return CLI_DONE;
}

int tokens_list_verb(struct task *t, int argc, char **argv)
{
    const struct initial_token_list_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = initial_token_list(t, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%lld use(s) left\tuntil %.*s\n", STR_ARG(rows[i].id), (long long)rows[i].uses_left,
               STR_ARG(instant_iso(t->arena, rows[i].expires_at)));
    return cli_listed(n, CLI_ROWS_MAX);
}

int tokens_revoke_verb(struct task *t, int argc, char **argv)
{
    const char *id = NULL;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return CLI_USAGE;
    err e = initial_token_end(t, t->actor->id, str_of(id));
    if (e)
        return cli_failed(e);
    printf("%s revoked\n", id);
    return CLI_DONE;
}

/* ---- the whole ---- */

int statistics_verb(struct task *t, int argc, char **argv)
{
    const struct statistics_read_row *s;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = statistics_read(t, &s);
    if (e)
        return cli_failed(e);
    printf("users %lld\nusers_disabled %lld\nsessions %lld\ngrants %lld\nclients %lld\npartners %lld\n"
           "audit_chained %lld\n",
           (long long)s->users, (long long)s->users_disabled, (long long)s->sessions, (long long)s->grants_,
           (long long)s->clients, (long long)s->partners, (long long)s->audit_chained);
    return CLI_DONE;
}

int invariants_verb(struct task *t, int argc, char **argv)
{
    const struct invariants_read_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = invariants_read(t, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\n", STR_ARG(rows[i].inv), STR_ARG(rows[i].k));
    return n == 0 ? CLI_DONE : CLI_FAILED;
}
