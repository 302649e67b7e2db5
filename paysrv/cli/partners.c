/* paysrv partners add|set|list|version|suspend|resume: the tenants, their default split, and what their users confirm.
 */
#include <stdio.h>

#include "paysrv/cli/named.h"
#include "paysrv/domain/confirmation/confirmation.h"
#include "paysrv/domain/dispute/dispute_follow.h"
#include "paysrv/flow/access/partner_standing.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/encode.h"

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

#define NAME_MAX_CHARS 200
#define CONFIRMATIONS_ALLOWED                                                                                          \
    "--confirmations: all, none, or words with commas of user, requisite, store and store_connection"

/* Asked for again it is done, where it was not: after an end of the process between both, with --if-missing. */
static bool linked(struct task *t, const char *sandbox, const char *live)
{
    int64_t n = 0;
    err e = partner_link(t, str_of(live), (partner_id){ str_of(sandbox) }, &n);
    if (e)
        cli_failed(e);
    else if (n == 0)
        fprintf(stderr,
                "paysrv: %s is no sandbox of %s: it has to be a sandbox partner, of nobody else, and %s a live one "
                "without another\n",
                sandbox, live, live);
    return !e && n > 0;
}

int partners_add(struct task *t, int argc, char **argv)
{
    const char *slug = NULL, *name = NULL, *platform = "500", *partner = "2500", *words = "all", *of = NULL;
    bool if_missing = false, sandbox = false;
    const struct cli_option options[] = {
        { "--name", &name, NULL },          { "--platform-bp", &platform, NULL },
        { "--partner-bp", &partner, NULL }, { "--if-missing", NULL, &if_missing },
        { "--sandbox", NULL, &sandbox },    { "--confirmations", &words, NULL },
        { "--sandbox-of", &of, NULL },
    };
    int64_t platform_bp, partner_bp;
    str_array confirmations;
    if (!cli_read(argc, argv, &slug, 1, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    if (!slug_is_valid(slug))
        return cli_misuse("SLUG: a-z, 0-9 and '-', at most 63 characters, not beginning with '-'");
    if (name && (!*name || utf8_length(str_of(name)) > NAME_MAX_CHARS))
        return cli_misuse("--name: 1 to 200 characters");
    if (!cli_integer("--platform-bp", platform, 0, 10000, &platform_bp) ||
        !cli_integer("--partner-bp", partner, 0, 10000 - platform_bp, &partner_bp))
        return CLI_USAGE;
    if (!confirmations_parse(t->arena, str_of(words), &confirmations))
        return cli_misuse(CONFIRMATIONS_ALLOWED);
    int known = partner_option(t, of);
    if (known != CLI_DONE)
        return known;
    const struct partner_insert_row *made;
    const struct partner_insert_args args = { .partner = { str_of(slug) },
                                              .name = str_of(name ? name : slug),
                                              .platform_bp = (int32_t)platform_bp,
                                              .partner_bp = (int32_t)partner_bp,
                                              .sandbox = sandbox || of,
                                              .api_version = str_of(api_version_name(API_VERSION_NEWEST)),
                                              .confirmations = confirmations };
    err e = partner_insert(t, &args, &made);
    if (e)
        return cli_failed(e);
    if (!made && !if_missing) {
        fprintf(stderr, "paysrv: the partner %s exists\n", slug);
        return CLI_FAILED;
    }
    if (of && !linked(t, slug, of))
        return CLI_FAILED;
    printf("%s %s\n", slug, made ? "added" : "exists");
    return CLI_DONE;
}

static bool switch_read(const char *word, const char *yes, const char *no, const bool **ret)
{
    static const bool on = true, off = false;
    if (!word)
        return true;
    *ret = strcmp(word, yes) == 0 ? &on : strcmp(word, no) == 0 ? &off : NULL;
    return *ret != NULL;
}

int partners_set(struct task *t, int argc, char **argv)
{
    const char *slug = NULL, *words = NULL, *agreement = NULL, *on_dispute = NULL, *codes = NULL;
    const struct cli_option options[] = { { "--confirmations", &words, NULL },
                                          { "--agreement-required", &agreement, NULL },
                                          { "--on-dispute", &on_dispute, NULL },
                                          { "--codes", &codes, NULL } };
    const bool *required = NULL, *sealed = NULL;
    const struct partner_policy_row *policy = NULL;
    const struct partner_find_row *row;
    enum on_dispute judged;
    str_array confirmations;
    int64_t changed;
    if (!cli_read(argc, argv, &slug, 1, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    if (words && !confirmations_parse(t->arena, str_of(words), &confirmations))
        return cli_misuse(CONFIRMATIONS_ALLOWED);
    if (!switch_read(agreement, "yes", "no", &required))
        return cli_misuse("--agreement-required: yes or no");
    if (!switch_read(codes, "sealed", "open", &sealed))
        return cli_misuse("--codes: open or sealed");
    if (on_dispute && !on_dispute_parse(str_of(on_dispute), &judged))
        return cli_misuse("--on-dispute: one of" ON_DISPUTES(STR_LISTED));
    err e = partner_policy_set(t, words ? &confirmations : NULL, required, str_of(on_dispute), sealed,
                               (partner_id){ str_of(slug) }, &changed);
    if (!e)
        e = partner_policy(t, (partner_id){ str_of(slug) }, &policy);
    if (!e)
        e = partner_find(t, (partner_id){ str_of(slug) }, &row);
    if (e)
        return cli_failed(e);
    if (!policy || !row) {
        fprintf(stderr, "paysrv: no partner %s\n", slug);
        return CLI_FAILED;
    }
    printf("%s\tconfirmations %.*s\tagreement %s\ton dispute %.*s\tcodes %s\n", slug,
           STR_ARG(confirmations_text(t->arena, &policy->confirmations)),
           policy->agreement_required ? "required" : "not required", STR_ARG(policy->on_dispute),
           row->codes_sealed ? "sealed" : "open");
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
    return cli_listed(n, CLI_ROWS_MAX);
}
