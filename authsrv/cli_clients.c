/* authsrv clients add|list|disable. */
#include <stdio.h>

#include "authsrv/domain/client.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/store/client.sql.h"
#include "authsrv/store/partner.sql.h"
#include "authsrv/verbs.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/cli.h"

struct client_words {
    const char *id, *name, *partner, *grants, *auth_method, *secret_file, *scope, *resource_server, *id_token_alg;
    struct cli_list redirects, post_logouts;
    bool first_party, without_pkce, if_missing;
    enum auth_method method;
    str secret;
};

static str grants_of(struct arena *a, const char *commas)
{
    char *words = arena_cstr(a, str_of(commas));
    for (char *c = words; *c; c++)
        if (*c == ',')
            *c = ' ';
    return str_of(words);
}

static bool id_is_valid(str id)
{
    if (id.n == 0 || id.n > 64 || str_starts(id, STR("usr_")))
        return false;
    for (size_t i = 0; i < id.n; i++)
        if (!((id.p[i] >= 'a' && id.p[i] <= 'z') || (id.p[i] >= 'A' && id.p[i] <= 'Z') ||
              (id.p[i] >= '0' && id.p[i] <= '9') || strchr("-_.", id.p[i])))
            return false;
    return true;
}

static int words_check(struct task *t, struct client_words *w, struct client_draft *d)
{
    str explain;
    if (!w->id || !id_is_valid(str_of(w->id)))
        return cli_misuse("--id: 1 to 64 letters, digits, '-', '_' and '.', not beginning with usr_");
    if (!w->name || !w->grants || !w->auth_method)
        return cli_misuse("--name, --grants and --auth-method are needed");
    if (!auth_method_parse(str_of(w->auth_method), &w->method))
        return cli_misuse("--auth-method: client_secret_basic, client_secret_post or none");
    *d = (struct client_draft){
        .name = str_of(w->name),
        .grants = grants_of(t->arena, w->grants),
        .scope = str_of(w->scope),
        .auth_method = w->method,
        .id_token_alg = str_of(w->id_token_alg),
        .redirect_uris = w->redirects.items,
        .n_redirect_uris = w->redirects.n,
        .post_logout_uris = w->post_logouts.items,
        .n_post_logout_uris = w->post_logouts.n,
    };
    if (draft_judge(t->arena, d, &explain) != DRAFT_GOOD)
        return cli_misuse(arena_cstr(t->arena, explain));
    if ((w->method == AUTH_NONE) != (w->secret_file == NULL))
        return cli_misuse("--secret-file is needed, but for --auth-method none");
    if (w->secret_file && !cli_file(t->arena, w->secret_file, 4096, &w->secret))
        return CLI_FAILED;
    if (w->secret_file && w->secret.n < 16)
        return cli_misuse("--secret-file: the secret has less than 16 characters");
    return CLI_DONE;
}

static err partner_check(struct task *t, const char *slug)
{
    const struct partner_find_row *row;
    if (!slug)
        return OK;
    TRY(partner_find(t, str_of(slug), &row));
    return row ? OK : FAIL(t, NOT_FOUND, "--partner %s names none; see authsrv partners list", slug);
}

static err client_add(struct task *t, const struct client_words *w, const struct client_draft *d, bool *added)
{
    digest hash = sha256_str(w->secret);
    const struct client_create_row *row;
    TRY(partner_check(t, w->partner));
    TRY(client_create(
        t,
        &(struct client_create_args){ .id = { str_of(w->id) },
                                      .name = d->name,
                                      .auth_method = auth_method_name(w->method),
                                      .secret_hash = w->secret_file ? digest_bytes(&hash) : (bytes){ NULL, 0 },
                                      .partner = str_of(w->partner),
                                      .grants = d->grants,
                                      .scope = d->scope,
                                      .first_party = w->first_party,
                                      .verified = true,
                                      .require_pkce = !w->without_pkce,
                                      .id_token_alg = d->id_token_alg,
                                      .resource_server = str_of(w->resource_server),
                                      .redirect_uris = { d->redirect_uris, d->n_redirect_uris },
                                      .post_logout_uris = { d->post_logout_uris, d->n_post_logout_uris } },
        &row));
    *added = row != NULL;
    return row ? audit_write(t, STR("operator"), STR("client.created"), str_of(w->id), d->name) : OK;
}

int clients_add_verb(struct task *t, int argc, char **argv)
{
    struct client_words w = { .scope = "openid profile email", .id_token_alg = "RS256" };
    struct client_draft d;
    const struct cli_option options[] = {
        { "--id", &w.id, NULL, NULL },
        { "--name", &w.name, NULL, NULL },
        { "--partner", &w.partner, NULL, NULL },
        { "--grants", &w.grants, NULL, NULL },
        { "--auth-method", &w.auth_method, NULL, NULL },
        { "--secret-file", &w.secret_file, NULL, NULL },
        { "--scope", &w.scope, NULL, NULL },
        { "--resource-server", &w.resource_server, NULL, NULL },
        { "--id-token-alg", &w.id_token_alg, NULL, NULL },
        { "--redirect-uri", NULL, NULL, &w.redirects },
        { "--post-logout-redirect-uri", NULL, NULL, &w.post_logouts },
        { "--first-party", NULL, &w.first_party, NULL },
        { "--without-pkce", NULL, &w.without_pkce, NULL },
        { "--if-missing", NULL, &w.if_missing, NULL },
    };
    bool added;
    if (!cli_read(argc, argv, NULL, 0, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    int code = words_check(t, &w, &d);
    if (code != CLI_DONE)
        return code;
    if (w.without_pkce)
        fputs("authsrv: warning: without PKCE a stolen code can be redeemed by whoever knows the secret\n", stderr);
    err e = client_add(t, &w, &d, &added);
    if (e)
        return cli_failed(e);
    if (!added && !w.if_missing)
        return cli_failed(FAIL(t, ALREADY_EXISTS, "client %s", w.id));
    printf("%s %s\n", w.id, added ? "added" : "exists");
    return CLI_DONE;
}

int clients_list_verb(struct task *t, int argc, char **argv)
{
    const struct client_list_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = client_list(t, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\t%.*s\t%.*s%s\n", STR_ARG(rows[i].id.v), STR_ARG(rows[i].name),
               STR_ARG(rows[i].auth_method), STR_ARG(rows[i].partner), STR_ARG(rows[i].grants),
               rows[i].disabled ? "\tdisabled" : "");
    return CLI_DONE;
}

/* Twice: what a request that was under way created meanwhile is ended by the second. */
static err client_end(struct task *t, const char *id, const struct client_disable_row **row)
{
    TRY(client_disable(t, (client_id){ str_of(id) }, row));
    TRY(client_disable(t, (client_id){ str_of(id) }, row));
    return *row ? audit_write(t, STR("operator"), STR("client.disabled"), str_of(id), STR("")) : OK;
}

int clients_disable_verb(struct task *t, int argc, char **argv)
{
    const char *id = NULL;
    const struct client_disable_row *row;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return CLI_USAGE;
    err e = client_end(t, id, &row);
    if (e)
        return cli_failed(e);
    if (!row)
        return cli_failed(FAIL(t, NOT_FOUND, "client %s", id));
    printf("%s disabled\n", id);
    return CLI_DONE;
}
