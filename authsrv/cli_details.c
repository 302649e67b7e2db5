/* authsrv details add|defaults|list: types of authorization_details (RFC 9396). */
#include <stdio.h>

#include "authsrv/domain/authorization_details.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/store/detail_type.sql.h"
#include "authsrv/verbs.h"
#include "shared/ops/cli.h"

struct detail_words {
    const char *name, *resource, *rules_file, *sentence;
};

/* Its own rules and sentence, or those that Stoa brings for this name. */
static int type_read(struct task *t, const struct detail_words *w, struct detail_type *ret)
{
    str rules, sentence;
    struct rule_problem p;
    *ret = (struct detail_type){ .name = str_of(w->name), .audience = str_of(w->resource) };
    if (w->rules_file && !cli_file(t->arena, w->rules_file, DETAILS_MAX_BYTES, &rules))
        return CLI_FAILED;
    sentence = str_of(w->sentence);
    if ((w->rules_file == NULL) != (w->sentence == NULL))
        return cli_misuse("--rules-file and --sentence belong together");
    if (!w->rules_file && !detail_type_built_in(ret->name, &rules, &sentence))
        return cli_misuse("--rules-file and --sentence are needed, but for payment, payout and store_management");
    if (!json_parse(t->arena, rules, &ret->rules) || json_kind(ret->rules) != JSON_OBJECT)
        return cli_misuse("--rules-file: must hold one JSON object");
    if (!json_rules_valid(t->arena, ret->rules, &p))
        return cli_misuse(arena_cstr(
            t->arena, arena_printf(t->arena, "--rules-file: %.*s %.*s", STR_ARG(p.path), STR_ARG(p.explain))));
    if (!detail_sentence_valid(t->arena, sentence, ret->rules))
        return cli_misuse("--sentence: {member} or {amount:currency} must name properties of the rules");
    ret->sentence = sentence;
    return CLI_DONE;
}

/* What stands there already is left alone, and the audit log with it. */
static int type_put(struct task *t, const struct detail_type *type)
{
    const struct detail_type_put_row *row;
    err e = detail_type_put(t, type->audience, type->name, json_canonical(t->arena, type->rules), type->sentence, &row);
    if (!e && !row->known)
        e = FAIL(t, NOT_FOUND, "the resource is unknown; see authsrv resources list");
    if (!e && row->changed)
        e = audit_write(t, STR("operator"), STR("detail_type.put"), type->name, type->audience);
    if (e)
        return cli_failed(e);
    printf("%.*s %s\n", STR_ARG(type->name), row->changed ? "added" : "unchanged");
    return CLI_DONE;
}

int details_add_verb(struct task *t, int argc, char **argv)
{
    struct detail_words w = { 0 };
    struct detail_type type;
    const struct cli_option options[] = { { "--resource", &w.resource, NULL, NULL },
                                          { "--rules-file", &w.rules_file, NULL, NULL },
                                          { "--sentence", &w.sentence, NULL, NULL } };
    if (!cli_read(argc, argv, &w.name, 1, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    if (!w.resource)
        return cli_misuse("--resource is needed: the API to which these details say something");
    int code = type_read(t, &w, &type);
    return code == CLI_DONE ? type_put(t, &type) : code;
}

int details_defaults_verb(struct task *t, int argc, char **argv)
{
    static const char *const names[] = { "payment", "payout", "store_management" };
    struct detail_words w = { 0 };
    if (!cli_read(argc, argv, &w.resource, 1, NULL, 0))
        return CLI_USAGE;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct detail_type type;
        w.name = names[i];
        int code = type_read(t, &w, &type);
        if (code == CLI_DONE)
            code = type_put(t, &type);
        if (code != CLI_DONE)
            return code;
    }
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
    return CLI_DONE;
}
