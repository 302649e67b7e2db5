/* paysrv partners add|list|version|suspend|resume: the tenants and their default split. */
#include <stdio.h>

#include "paysrv/flow/partner_standing.h"
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

static int suspension_set(struct task *t, const char *slug, str reason)
{
    err e = partner_suspension_set(t, (partner_id){ str_of(slug) }, reason);
    if (e)
        return cli_failed(e);
    printf("%s is %s\n", slug, str_given(reason) ? "suspended" : "in good standing");
    return CLI_DONE;
}

int partners_suspend(struct task *t, int argc, char **argv)
{
    const char *slug = NULL, *reason = NULL;
    const struct cli_option options[] = { { "--reason", &reason, NULL } };
    if (!cli_read(argc, argv, &slug, 1, options, 1))
        return CLI_USAGE;
    if (!reason || !*reason || strlen(reason) > 500)
        return cli_misuse("--reason: 1 to 500 bytes, for those who ask later");
    return suspension_set(t, slug, str_of(reason));
}

int partners_resume(struct task *t, int argc, char **argv)
{
    const char *slug = NULL;
    return cli_read(argc, argv, &slug, 1, NULL, 0) ? suspension_set(t, slug, STR_NONE) : CLI_USAGE;
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
        printf("%.*s\t%.*s\tplatform %d bp\tpartner %d bp\t%s%s%.*s\n", STR_ARG(rows[i].partner_id.v),
               STR_ARG(rows[i].name), rows[i].platform_bp, rows[i].partner_bp, rows[i].is_sandbox ? "sandbox" : "live",
               str_given(rows[i].suspended_reason) ? "\tsuspended: " : "", STR_ARG(rows[i].suspended_reason));
    return CLI_DONE;
}
