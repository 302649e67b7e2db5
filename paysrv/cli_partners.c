/* paysrv partners add|list: the tenants and their default split. */
#include <stdio.h>

#include "paysrv/flow/partner_version.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"

static bool slug_is_valid(const char *s)
{
    size_t n = strlen(s);
    if (n == 0 || n > 63 || s[0] == '-')
        return false;
    for (size_t i = 0; i < n; i++)
        if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= '0' && s[i] <= '9') || s[i] == '-'))
            return false;
    return true;
}

int partners_add(struct task *t, int argc, char **argv)
{
    const char *slug = NULL, *name = NULL, *platform = "500", *partner = "2500";
    bool if_missing = false, sandbox = false;
    const struct cli_option options[] = {
        { "--name", &name, NULL },          { "--platform-bp", &platform, NULL },
        { "--partner-bp", &partner, NULL }, { "--if-missing", NULL, &if_missing },
        { "--sandbox", NULL, &sandbox },
    };
    int64_t platform_bp, partner_bp;
    if (!cli_read(argc, argv, &slug, 1, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    if (!slug_is_valid(slug))
        return cli_misuse("SLUG: a-z, 0-9 and '-', at most 63 characters, not beginning with '-'");
    if (!cli_integer("--platform-bp", platform, 0, 10000, &platform_bp) ||
        !cli_integer("--partner-bp", partner, 0, 10000 - platform_bp, &partner_bp))
        return CLI_USAGE;
    const struct partner_insert_row *made;
    err e = partner_insert(t, (partner_id){ str_of(slug) }, str_of(name ? name : slug), (int32_t)platform_bp,
                           (int32_t)partner_bp, sandbox, str_of(api_version_name(API_VERSION_NEWEST)), &made);
    if (e)
        return cli_failed(e);
    if (!made && !if_missing) {
        fprintf(stderr, "paysrv: the partner %s exists\n", slug);
        return CLI_FAILED;
    }
    printf("%s %s\n", slug, made ? "added" : "exists");
    return CLI_DONE;
}

int partners_version(struct task *t, int argc, char **argv)
{
    const char *words[2] = { NULL, NULL };
    int index;
    if (!cli_read(argc, argv, words, 2, NULL, 0))
        return CLI_USAGE;
    str name = strcmp(words[1], "newest") == 0 ? str_of(api_version_name(API_VERSION_NEWEST)) : str_of(words[1]);
    err e = partner_version_change(t, (partner_id){ str_of(words[0]) }, name, &index);
    if (e)
        return cli_failed(e);
    printf("%s is answered in version %s\n", words[0], api_version_name(index));
    return CLI_DONE;
}

int partners_list(struct task *t, int argc, char **argv)
{
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    const struct partner_find_row *rows;
    size_t n;
    err e = partner_list(t, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\tplatform %d bp\tpartner %d bp\t%s\n", STR_ARG(rows[i].partner_id.v), STR_ARG(rows[i].name),
               rows[i].platform_bp, rows[i].partner_bp, rows[i].is_sandbox ? "sandbox" : "live");
    return CLI_DONE;
}
