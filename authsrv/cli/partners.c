/* authsrv partners add|change|settings|invite|list|wake|remove, resources add|list|remove, scopes
 * add|list|remove|open|close. */
#include <stdio.h>

#include "authsrv/app.h"
#include "authsrv/domain/upstream/upstream_settings.h"
#include "authsrv/faults.h"
#include "authsrv/flow/partner/partners.h"
#include "authsrv/store/admin.sql.h"
#include "authsrv/store/partner.sql.h"
#include "authsrv/store/resource.sql.h"
#include "authsrv/verbs.h"
#include "shared/ops/cli.h"

static int partner_save(struct task *t, const struct partner_draft *d)
{
    err e = partner_create(t, t->actor->id, d);
    if (e)
        return cli_failed(e);
    printf("%.*s added; its redirect URI for us is %.*s/cb/%.*s\n", STR_ARG(d->slug), STR_ARG(app_of(t)->issuer),
           STR_ARG(d->slug));
    return CLI_DONE;
}

/* NULL: none. */
static bool files_read(struct task *t, const char *secret_file, const char *settings_file, struct partner_draft *d)
{
    return (!secret_file || cli_file(t->arena, secret_file, 4096, &d->client_secret)) &&
           (!settings_file || cli_file(t->arena, settings_file, UPSTREAM_SETTINGS_MAX_BYTES, &d->settings));
}

int partners_add_verb(struct task *t, int argc, char **argv)
{
    const char *slug = NULL, *name = NULL, *issuer = NULL, *client = NULL, *secret_file = NULL, *domains = NULL,
               *settings_file = NULL;
    bool if_missing = false, no_login = false;
    const struct cli_option options[] = {
        { "--no-login", NULL, &no_login, NULL },
        { "--name", &name, NULL, NULL },
        { "--issuer", &issuer, NULL, NULL },
        { "--client-id", &client, NULL, NULL },
        { "--client-secret-file", &secret_file, NULL, NULL },
        { "--email-domains", &domains, NULL, NULL },
        { "--settings-file", &settings_file, NULL, NULL },
        { "--if-missing", NULL, &if_missing, NULL },
    };
    const struct partner_find_row *old = NULL;
    if (!cli_read(argc, argv, &slug, 1, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    struct partner_draft draft = { .slug = str_of(slug),
                                   .name = str_of(name),
                                   .issuer = str_of(issuer),
                                   .client_id = str_of(client),
                                   .email_domains = str_of(domains) };
    err e = if_missing ? partner_find(t, str_of(slug), &old) : OK;
    if (e)
        return cli_failed(e);
    if (old) {
        printf("%s exists\n", slug);
        return CLI_DONE;
    }
    if (no_login && settings_file)
        return cli_misuse("--no-login is the settings {\"kind\":\"none\"}: not together with --settings-file");
    if (!files_read(t, secret_file, settings_file, &draft))
        return CLI_FAILED;
    if (no_login)
        draft.settings = STR("{\"kind\":\"none\"}");
    return partner_save(t, &draft);
}

int partners_change_verb(struct task *t, int argc, char **argv)
{
    const char *slug = NULL, *name = NULL, *issuer = NULL, *client = NULL, *secret_file = NULL, *domains = NULL,
               *settings_file = NULL, *host = NULL;
    const struct cli_option options[] = {
        { "--name", &name, NULL, NULL },
        { "--issuer", &issuer, NULL, NULL },
        { "--client-id", &client, NULL, NULL },
        { "--client-secret-file", &secret_file, NULL, NULL },
        { "--email-domains", &domains, NULL, NULL },
        { "--settings-file", &settings_file, NULL, NULL },
        { "--host", &host, NULL, NULL },
    };
    if (!cli_read(argc, argv, &slug, 1, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    if (!name && !issuer && !client && !secret_file && !domains && !settings_file && !host)
        return cli_misuse("say what is to change");
    struct partner_draft draft = { .slug = str_of(slug),
                                   .name = str_of(name),
                                   .issuer = str_of(issuer),
                                   .client_id = str_of(client),
                                   .email_domains = str_of(domains),
                                   .host = str_of(host) };
    if (!files_read(t, secret_file, settings_file, &draft))
        return CLI_FAILED;
    err e = partner_update(t, t->actor->id, &draft, NULL);
    if (e)
        return cli_failed(e);
    printf("%s changed\n", slug);
    return CLI_DONE;
}

int partners_settings_verb(struct task *t, int argc, char **argv)
{
    const char *slug = NULL;
    const struct partner_find_row *row;
    if (!cli_read(argc, argv, &slug, 1, NULL, 0))
        return CLI_USAGE;
    err e = partner_find(t, str_of(slug), &row);
    if (!e && !row)
        e = FAIL(t, NOT_FOUND, "partner %s", slug);
    if (e)
        return cli_failed(e);
    printf("%.*s\n", STR_ARG(row->settings));
    return CLI_DONE;
}

int partners_invite_verb(struct task *t, int argc, char **argv)
{
    const char *slug = NULL, *subject = NULL, *email = NULL;
    const struct cli_option options[] = { { "--subject", &subject, NULL, NULL }, { "--email", &email, NULL, NULL } };
    if (!cli_read(argc, argv, &slug, 1, options, 2))
        return CLI_USAGE;
    err e = partner_invite_person(t, t->actor->id, str_of(slug), str_of(subject), str_of(email));
    if (e)
        return cli_failed(e);
    printf("%s may come from %s, once\n", subject ? subject : email, slug);
    return CLI_DONE;
}

/* What the next column says; nothing while all is well. */
static const char *health_of(struct task *t, const struct partner_list_row *row)
{
    if (row->failures == 0)
        return "";
    str text = arena_printf(t->arena, "\t%s after %lld failure(s): %.*s", row->rests ? "rests" : "fails",
                            (long long)row->failures, STR_ARG(row->last_why));
    return arena_cstr(t->arena, text);
}

int partners_list_verb(struct task *t, int argc, char **argv)
{
    const struct partner_list_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = partner_list(t, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\t%.*s%s%s\n", STR_ARG(rows[i].slug), STR_ARG(rows[i].name), STR_ARG(rows[i].issuer),
               STR_ARG(rows[i].client_id), rows[i].disabled ? "\tremoved" : "", health_of(t, &rows[i]));
    return cli_listed(n, CLI_ROWS_MAX);
}

/* A verb whose one word names what it removes. */
static int remove_named(struct task *t, int argc, char **argv, err (*end)(struct task *t, str actor, str name))
{
    const char *name = NULL;
    if (!cli_read(argc, argv, &name, 1, NULL, 0))
        return CLI_USAGE;
    err e = end(t, t->actor->id, str_of(name));
    if (e)
        return cli_failed(e);
    printf("%s removed\n", name);
    return CLI_DONE;
}

int partners_wake_verb(struct task *t, int argc, char **argv)
{
    const char *slug = NULL;
    if (!cli_read(argc, argv, &slug, 1, NULL, 0))
        return CLI_USAGE;
    err e = partner_wake(t, t->actor->id, str_of(slug));
    if (e)
        return cli_failed(e);
    printf("%s is asked again\n", slug);
    return CLI_DONE;
}

int partners_remove_verb(struct task *t, int argc, char **argv)
{
    return remove_named(t, argc, argv, partner_remove);
}

static int resource_save(struct task *t, const char *audience, str scopes)
{
    int64_t added;
    err e = resource_add(t, t->actor->id, str_of(audience), scopes, &added);
    if (e)
        return cli_failed(e);
    printf("%s: %lld scope(s) added\n", audience, (long long)added);
    return CLI_DONE;
}

int resources_add_verb(struct task *t, int argc, char **argv)
{
    const char *audience = NULL, *scopes = NULL;
    bool if_missing = false;
    const struct cli_option options[] = { { "--scopes", &scopes, NULL, NULL },
                                          { "--if-missing", NULL, &if_missing, NULL } };
    const struct resource_find_row *old;
    if (!cli_read(argc, argv, &audience, 1, options, 2))
        return CLI_USAGE;
    if (!scopes)
        return cli_misuse("--scopes \"one two\" is needed");
    err e = resource_find(t, str_of(audience), &old);
    if (e)
        return cli_failed(e);
    if (old && !if_missing)
        return cli_failed(FAIL(t, ALREADY_EXISTS, "resource %s; scopes add gives it more", audience));
    return resource_save(t, audience, str_of(scopes));
}

int resources_list_verb(struct task *t, int argc, char **argv)
{
    const struct resource_page_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = resource_page(t, STR_NONE, CLI_ROWS_MAX, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\n", STR_ARG(rows[i].audience), STR_ARG(rows[i].scopes));
    return cli_listed(n, CLI_ROWS_MAX);
}

int resources_remove_verb(struct task *t, int argc, char **argv)
{
    return remove_named(t, argc, argv, resource_end);
}

int scopes_add_verb(struct task *t, int argc, char **argv)
{
    const char *words[2] = { NULL, NULL };
    const struct resource_find_row *owner;
    if (!cli_read(argc, argv, words, 2, NULL, 0))
        return CLI_USAGE;
    err e = resource_find(t, str_of(words[1]), &owner);
    if (e)
        return cli_failed(e);
    return owner ? resource_save(t, words[1], str_of(words[0]))
                 : cli_failed(FAIL(t, NOT_FOUND, "resource %s; see authsrv resources add", words[1]));
}

int scopes_list_verb(struct task *t, int argc, char **argv)
{
    const struct resource_scopes_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = resource_scopes(t, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s%s\n", STR_ARG(rows[i].scope), STR_ARG(rows[i].audience), rows[i].is_open ? "\topen" : "");
    return cli_listed(n, CLI_ROWS_MAX);
}

int scopes_remove_verb(struct task *t, int argc, char **argv)
{
    return remove_named(t, argc, argv, scope_end);
}

static int scope_mark_verb(struct task *t, int argc, char **argv, bool open)
{
    const char *scope = NULL;
    if (!cli_read(argc, argv, &scope, 1, NULL, 0))
        return CLI_USAGE;
    err e = scope_mark(t, t->actor->id, str_of(scope), open);
    if (e)
        return cli_failed(e);
    printf("%s %s\n", scope, open ? "open" : "closed");
    return CLI_DONE;
}

int scopes_open_verb(struct task *t, int argc, char **argv)
{
    return scope_mark_verb(t, argc, argv, true);
}

int scopes_close_verb(struct task *t, int argc, char **argv)
{
    return scope_mark_verb(t, argc, argv, false);
}
