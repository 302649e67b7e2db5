/* paysrv anomalies list|close|resolve: what a person has to look at. */
#include <stdio.h>

#include "paysrv/flow/anomaly.h"
#include "paysrv/flow/payment/call_word.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"

static str or_dash(str text)
{
    return str_given(text) ? text : STR("-");
}

static void anomaly_print(struct task *t, const struct anomalies_open_row *a)
{
    int64_t days = (t->now.us - a->created_at.us) / DAYS(1).us;
    str closed = a->closed_at_given
                     ? arena_printf(t->arena, "closed %.*s by %.*s: %.*s", STR_ARG(instant_iso(t->arena, a->closed_at)),
                                    STR_ARG(a->closed_by), STR_ARG(a->note))
                 : str_given(a->waits)
                     ? arena_printf(t->arena, "open, %.*s waits for another operator", STR_ARG(a->waits))
                     : STR("open");
    printf("%lld\t%lld day(s)\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\n", (long long)a->anomaly_id,
           (long long)(days > 0 ? days : 0), STR_ARG(a->kind), STR_ARG(a->ref), STR_ARG(or_dash(a->payment_id)),
           STR_ARG(or_dash(a->partner_id)), STR_ARG(a->detail), STR_ARG(closed));
}

int anomalies_list(struct task *t, int argc, char **argv)
{
    bool is_closed = false;
    const char *kind = NULL, *partner = NULL;
    const struct cli_option options[] = { { "--closed", NULL, &is_closed, NULL },
                                          { "--kind", &kind, NULL, NULL },
                                          { "--partner", &partner, NULL, NULL } };
    struct anomalies_found found;
    if (!cli_read(argc, argv, NULL, 0, options, 3))
        return CLI_USAGE;
    const struct anomaly_wish wish = { is_closed ? STR("closed") : STR_NONE, str_of(kind), str_of(partner) };
    err e = anomalies_find(t, &wish, STR_NONE, CLI_ROWS_MAX, &found);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < found.n; i++)
        anomaly_print(t, &found.rows[i]);
    if (str_given(found.next))
        fprintf(stderr, "paysrv: there are more: --kind or --partner shows them\n");
    return CLI_DONE;
}

int anomalies_close(struct task *t, int argc, char **argv)
{
    const char *number = NULL, *note = NULL;
    const struct cli_option options[] = { { "--note", &note, NULL, NULL } };
    int64_t id;
    if (!cli_read(argc, argv, &number, 1, options, 1) || !cli_integer("ANOMALY", number, 1, INT64_MAX, &id))
        return CLI_USAGE;
    if (!note)
        return cli_misuse("--note TEXT is needed");
    err e = anomaly_end(t, id, cli_account(t->arena), str_of(note));
    if (e)
        return cli_failed(e);
    printf("anomaly %lld closed\n", (long long)id);
    return CLI_DONE;
}

int anomalies_resolve(struct task *t, int argc, char **argv)
{
    const char *number = NULL, *as = NULL, *ref = NULL, *note = NULL;
    const struct cli_option options[] = { { "--as", &as, NULL, NULL },
                                          { "--ref", &ref, NULL, NULL },
                                          { "--note", &note, NULL, NULL } };
    int64_t id;
    if (!cli_read(argc, argv, &number, 1, options, 3) || !cli_integer("ANOMALY", number, 1, INT64_MAX, &id))
        return CLI_USAGE;
    if (!as || !note)
        return cli_misuse("--as succeeded|failed and --note TEXT are needed");
    str by = cli_account(t->arena);
    struct call_word word = {
        .as = str_of(as), .acquirer_ref = str_of(ref), .note = str_of(note), .by = by, .by_name = by
    };
    err e = call_word_take(t, id, &word);
    if (e)
        return cli_failed(e);
    if (str_given(word.waits))
        printf("%.*s waits for another operator: paysrv entries approve %.*s\n", STR_ARG(word.waits),
               STR_ARG(word.waits));
    else
        printf("%.*s %s\n", STR_ARG(word.call), as);
    return CLI_DONE;
}
