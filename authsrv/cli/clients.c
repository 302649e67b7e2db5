/* authsrv clients add|list|show|rotate-secret|disable|enable|challenge|verify. */
#include <stdio.h>

#include "authsrv/domain/client/client.h"
#include "authsrv/faults.h"
#include "authsrv/flow/client/client_admin.h"
#include "authsrv/store/client.sql.h"
#include "authsrv/verbs.h"
#include "shared/ops/cli.h"

struct client_words {
    const char *id, *name, *partner, *grants, *auth_method, *secret_file, *scope, *resource_server, *id_token_alg;
    const char *metadata_file;
    struct cli_list redirects, post_logouts;
    bool first_party, without_pkce, if_missing;
    str secret;
};

/* "a,b" as "a b". */
static str words_of(struct arena *a, const char *commas)
{
    char *words = arena_cstr(a, str_of(commas));
    for (char *c = words; *c; c++)
        if (*c == ',')
            *c = ' ';
    return str_of(words);
}

/* The document of --metadata-file, or an empty one; the other words write over it. */
static int document_read(struct task *t, const struct client_words *w, struct client_metadata *m)
{
    const struct json_value *document;
    struct metadata_problem p;
    str text = STR("{}");
    if (w->metadata_file && !cli_file(t->arena, w->metadata_file, JSON_MAX_BYTES, &text))
        return CLI_FAILED;
    if (!json_parse(t->arena, text, &document))
        return cli_misuse("--metadata-file: must hold one JSON object");
    if (!client_metadata_read(t->arena, document, m, &p))
        return cli_misuse(arena_cstr(
            t->arena, arena_printf(t->arena, "--metadata-file: %.*s %.*s", STR_ARG(p.member), STR_ARG(p.explain))));
    if (!json_get(document, "require_pkce"))
        m->require_pkce = true;
    /* Left open until the grants are known: --grants may still change them. */
    if (!json_get(document, "response_types"))
        m->response_types = (struct text_list){ 0 };
    return CLI_DONE;
}

static void words_apply(struct task *t, const struct client_words *w, struct client_metadata *m)
{
    if (w->name)
        m->client_name = str_of(w->name);
    if (w->grants)
        m->grant_types = words_of(t->arena, w->grants);
    if (w->auth_method)
        m->token_endpoint_auth_method = str_of(w->auth_method);
    if (w->scope)
        m->scope = str_of(w->scope);
    if (w->id_token_alg)
        m->id_token_signed_response_alg = str_of(w->id_token_alg);
    if (w->redirects.n > 0)
        m->redirect_uris = (struct text_list){ w->redirects.items, w->redirects.n };
    if (w->post_logouts.n > 0)
        m->post_logout_redirect_uris = (struct text_list){ w->post_logouts.items, w->post_logouts.n };
    if (w->without_pkce)
        m->require_pkce = false;
}

/* Read again as a whole, so that a word on the command line meets the rules that a document does. */
static int document_judge(struct task *t, struct client_metadata *m)
{
    const struct json_value *document;
    struct metadata_problem p;
    if (json_parse(t->arena, client_metadata_document(t->arena, m), &document) &&
        client_metadata_read(t->arena, document, m, &p) && client_metadata_judge(t->arena, m, &p))
        return CLI_DONE;
    return cli_misuse(arena_cstr(t->arena, arena_printf(t->arena, "%.*s %.*s", STR_ARG(p.member), STR_ARG(p.explain))));
}

static int secret_read(struct task *t, struct client_words *w, const struct client_metadata *m)
{
    enum auth_method method;
    bool wanted = auth_method_parse(m->token_endpoint_auth_method, &method) && auth_method_has_secret(method);
    if (wanted != (w->secret_file != NULL))
        return cli_misuse("--secret-file belongs to the methods with a secret, and only to these");
    if (w->secret_file && !cli_file(t->arena, w->secret_file, 4096, &w->secret))
        return CLI_FAILED;
    if (w->secret_file && w->secret.n < 16)
        return cli_misuse("--secret-file: the secret has less than 16 characters");
    return CLI_DONE;
}

static int words_check(struct task *t, struct client_words *w, struct client_metadata *m)
{
    if (!w->id || !client_id_valid(str_of(w->id)))
        return cli_misuse("--id: 1 to 64 letters, digits, '-', '_' and '.', not beginning with usr_");
    if (!w->metadata_file && (!w->name || !w->grants || !w->auth_method))
        return cli_misuse("--name, --grants and --auth-method are needed without --metadata-file");
    int code = document_read(t, w, m);
    if (code != CLI_DONE)
        return code;
    words_apply(t, w, m);
    code = document_judge(t, m);
    return code == CLI_DONE ? secret_read(t, w, m) : code;
}

static err client_add(struct task *t, const struct client_words *w, const struct client_metadata *m, bool *added)
{
    struct client_issued issued;
    TRY(client_partner_check(t, str_of(w->partner)));
    TRY(client_register(t,
                        &(struct client_new){ .id = { str_of(w->id) },
                                              .meta = m,
                                              .secret = w->secret,
                                              .partner = str_of(w->partner),
                                              .resource_server = str_of(w->resource_server),
                                              .first_party = w->first_party,
                                              .verified = true,
                                              .actor = t->actor->id },
                        &issued));
    *added = str_given(issued.id.v);
    return OK;
}

int clients_add_verb(struct task *t, int argc, char **argv)
{
    struct client_words w = { 0 };
    struct client_metadata m;
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
        { "--metadata-file", &w.metadata_file, NULL, NULL },
        { "--redirect-uri", NULL, NULL, &w.redirects },
        { "--post-logout-redirect-uri", NULL, NULL, &w.post_logouts },
        { "--first-party", NULL, &w.first_party, NULL },
        { "--without-pkce", NULL, &w.without_pkce, NULL },
        { "--if-missing", NULL, &w.if_missing, NULL },
    };
    bool added;
    if (!cli_read(argc, argv, NULL, 0, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    int code = words_check(t, &w, &m);
    if (code != CLI_DONE)
        return code;
    if (!m.require_pkce)
        fputs("authsrv: warning: without PKCE a stolen code can be redeemed by whoever knows the secret\n", stderr);
    err e = client_add(t, &w, &m, &added);
    if (e)
        return cli_failed(e);
    if (!added && !w.if_missing)
        return cli_failed(FAIL(t, ALREADY_EXISTS, "client %s", w.id));
    printf("%s %s\n", w.id, added ? "added" : "exists");
    return CLI_DONE;
}

static void list_line(struct task *t, const struct client_list_row *row)
{
    const struct json_value *document;
    struct client_metadata m = { .grant_types = STR("?") };
    struct metadata_problem p;
    if (json_parse(t->arena, row->metadata, &document))
        (void)client_metadata_read(t->arena, document, &m, &p);
    printf("%.*s\t%.*s\t%.*s\t%.*s\t%.*s%s\n", STR_ARG(row->id.v), STR_ARG(row->name), STR_ARG(row->auth_method),
           STR_ARG(row->partner), STR_ARG(m.grant_types), row->disabled ? "\tdisabled" : "");
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
        list_line(t, &rows[i]);
    return cli_listed(n, CLI_ROWS_MAX);
}

int clients_disable_verb(struct task *t, int argc, char **argv)
{
    const char *id = NULL;
    bool ended;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return CLI_USAGE;
    err e = client_end(t, (client_id){ str_of(id) }, t->actor->id, &ended);
    if (e)
        return cli_failed(e);
    if (!ended)
        return cli_failed(FAIL(t, NOT_FOUND, "client %s", id));
    printf("%s disabled\n", id);
    return CLI_DONE;
}

int clients_show_verb(struct task *t, int argc, char **argv)
{
    const char *id = NULL;
    const struct client_show_row *row;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return CLI_USAGE;
    err e = client_show(t, (client_id){ str_of(id) }, STR_NONE, &row);
    if (e)
        return cli_failed(e);
    if (!row)
        return cli_failed(FAIL(t, NOT_FOUND, "client %s", id));
    printf("%.*s\n", STR_ARG(row->metadata));
    return CLI_DONE;
}

int clients_rotate_secret_verb(struct task *t, int argc, char **argv)
{
    const char *id = NULL, *expire = NULL;
    const struct cli_option options[] = { { "--expire-old-in", &expire, NULL, NULL } };
    int64_t seconds = 0;
    str secret_text;
    if (!cli_read(argc, argv, &id, 1, options, 1) ||
        (expire && !cli_integer("--expire-old-in", expire, 0, CLIENT_SECRET_OVERLAP_MAX_S, &seconds)))
        return CLI_USAGE;
    err e = client_secret_rotate(t, t->actor->id, (client_id){ str_of(id) }, seconds, &secret_text);
    if (e)
        return cli_failed(e);
    printf("%.*s\n", STR_ARG(secret_text));
    return CLI_DONE;
}

static int mark_id(struct task *t, const char *id, const struct client_marks *marks, const char *done)
{
    const struct client_show_row *row;
    err e = client_show(t, (client_id){ str_of(id) }, STR_NONE, &row);
    if (!e && !row)
        e = FAIL(t, NOT_FOUND, "client %s", id);
    if (!e)
        e = client_marks_set(t, t->actor->id, row->id, row->version, marks);
    if (e)
        return cli_failed(e);
    printf("%s %s\n", id, done);
    return CLI_DONE;
}

static int mark(struct task *t, int argc, char **argv, const struct client_marks *marks, const char *done)
{
    const char *id = NULL;
    return cli_read(argc, argv, &id, 1, NULL, 0) ? mark_id(t, id, marks, done) : CLI_USAGE;
}

int clients_challenge_verb(struct task *t, int argc, char **argv)
{
    const char *words[2] = { NULL, NULL };
    if (!cli_read(argc, argv, words, 2, NULL, 0))
        return CLI_USAGE;
    return mark_id(t, words[0], &(struct client_marks){ .challenge = str_of(words[1]) },
                   arena_cstr(t->arena, arena_printf(t->arena, "challenge %s", words[1])));
}

int clients_enable_verb(struct task *t, int argc, char **argv)
{
    return mark(t, argc, argv, &(struct client_marks){ .enable = true }, "enabled");
}

int clients_verify_verb(struct task *t, int argc, char **argv)
{
    static const bool verified = true;
    return mark(t, argc, argv, &(struct client_marks){ .verified = &verified }, "verified");
}
