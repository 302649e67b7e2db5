/* authsrv details add|defaults|list|remove: types of authorization_details (RFC 9396). */
#include <stdio.h>

#include "authsrv/domain/authorization/authorization_details.h"
#include "authsrv/faults.h"
#include "authsrv/flow/token/trust.h"
#include "authsrv/store/detail_type.sql.h"
#include "authsrv/verbs.h"
#include "shared/ops/cli.h"

static int detail_save(struct task *t, const struct detail_draft *d)
{
    bool changed;
    err e = detail_put(t, t->actor->id, d, NULL, &changed);
    if (e)
        return cli_failed(e);
    printf("%.*s %s\n", STR_ARG(d->name), changed ? "added" : "unchanged");
    return CLI_DONE;
}

int details_add_verb(struct task *t, int argc, char **argv)
{
    const char *name = NULL, *resource = NULL, *rules_file = NULL, *sentence = NULL;
    const struct cli_option options[] = { { "--resource", &resource, NULL, NULL },
                                          { "--rules-file", &rules_file, NULL, NULL },
                                          { "--sentence", &sentence, NULL, NULL } };
    str rules;
    if (!cli_read(argc, argv, &name, 1, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    if (!resource)
        return cli_misuse("--resource is needed: the API to which these details say something");
    struct detail_draft d = { str_of(name), str_of(resource), str_of(sentence), NULL };
    if (rules_file && !cli_file(t->arena, rules_file, DETAILS_MAX_BYTES, &rules))
        return CLI_FAILED;
    if (rules_file && !json_parse(t->arena, rules, &d.rules))
        return cli_misuse("--rules-file: must hold one JSON object");
    return detail_save(t, &d);
}

int details_defaults_verb(struct task *t, int argc, char **argv)
{
    static const str names[] = { STR("payment"), STR("payout"), STR("store_management") };
    const char *resource = NULL;
    if (!cli_read(argc, argv, &resource, 1, NULL, 0))
        return CLI_USAGE;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        int code = detail_save(t, &(struct detail_draft){ names[i], str_of(resource), STR_NONE, NULL });
        if (code != CLI_DONE)
            return code;
    }
    return CLI_DONE;
}

int details_remove_verb(struct task *t, int argc, char **argv)
{
    const char *name = NULL;
    if (!cli_read(argc, argv, &name, 1, NULL, 0))
        return CLI_USAGE;
    err e = detail_remove(t, t->actor->id, str_of(name));
    if (e)
        return cli_failed(e);
    printf("%s removed\n", name);
    return CLI_DONE;
}

int details_list_verb(struct task *t, int argc, char **argv)
{
    const struct detail_types_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = detail_types(t, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\n", STR_ARG(rows[i].name), STR_ARG(rows[i].audience), STR_ARG(rows[i].sentence));
    return cli_listed(n, CLI_ROWS_MAX);
}
