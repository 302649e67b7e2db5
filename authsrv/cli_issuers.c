/* authsrv issuers add|map|list|remove. */
#include <stdio.h>

#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/store/assertion.sql.h"
#include "authsrv/verbs.h"
#include "shared/jose/jose.h"
#include "shared/net/fetch.h"
#include "shared/ops/cli.h"
#include "shared/text/url.h"

#define JWKS_MAX_BYTES 65536

struct issuer_words {
    const char *issuer, *alg, *clients, *jwks_uri, *jwks_file;
    bool if_missing;
    str jwks;
};

static int keys_read(struct task *t, struct issuer_words *w)
{
    str why;
    if ((w->jwks_uri != NULL) == (w->jwks_file != NULL))
        return cli_misuse("either --jwks-uri or --jwks-file is needed");
    if (w->jwks_uri && !fetch_url_is_allowed(t->fetcher, str_of(w->jwks_uri), &why))
        return cli_misuse(arena_cstr(t->arena, arena_printf(t->arena, "--jwks-uri: %.*s", STR_ARG(why))));
    if (!w->jwks_file)
        return CLI_DONE;
    if (!cli_file(t->arena, w->jwks_file, JWKS_MAX_BYTES, &w->jwks))
        return CLI_FAILED;
    struct jose_set *set = jose_set_parse(w->jwks, JWKS_MAX_BYTES);
    bool good = set && jose_set_size(set) > 0;
    if (set)
        jose_set_free(set);
    return good ? CLI_DONE : cli_misuse("--jwks-file: must hold a JWK set of public keys");
}

static int words_check(struct task *t, struct issuer_words *w)
{
    enum jose_alg alg;
    struct url u;
    if (!url_parse(str_of(w->issuer), &u))
        return cli_misuse("ISSUER: the URL that its assertions say in iss, byte for byte");
    if (!w->alg || !jose_alg_parse(str_of(w->alg), &alg))
        return cli_misuse("--alg: ES256, RS256, PS256 or EdDSA");
    if (!w->clients || !*w->clients)
        return cli_misuse("--clients \"ID ...\": who may present its assertions");
    return keys_read(t, w);
}

int issuers_add_verb(struct task *t, int argc, char **argv)
{
    struct issuer_words w = { 0 };
    const struct cli_option options[] = {
        { "--alg", &w.alg, NULL, NULL },
        { "--clients", &w.clients, NULL, NULL },
        { "--jwks-uri", &w.jwks_uri, NULL, NULL },
        { "--jwks-file", &w.jwks_file, NULL, NULL },
        { "--if-missing", NULL, &w.if_missing, NULL },
    };
    int64_t n;
    if (!cli_read(argc, argv, &w.issuer, 1, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    int code = words_check(t, &w);
    if (code != CLI_DONE)
        return code;
    err e = assertion_issuer_put(t, str_of(w.issuer), str_of(w.jwks_uri), w.jwks, str_of(w.alg), str_of(w.clients), &n);
    bool exists = err_is(e, &FAULT_ALREADY_EXISTS);
    if (exists && w.if_missing)
        e = OK;
    else if (!e)
        e = audit_write(t, STR("operator"), STR("issuer.trusted"), str_of(w.issuer), str_of(w.clients));
    if (e)
        return cli_failed(e);
    printf("%s %s\n", w.issuer, exists ? "exists" : "added");
    return CLI_DONE;
}

int issuers_map_verb(struct task *t, int argc, char **argv)
{
    const char *issuer = NULL, *subject = NULL, *user = NULL;
    const struct cli_option options[] = { { "--subject", &subject, NULL, NULL }, { "--user", &user, NULL, NULL } };
    const struct assertion_subject_put_row *row;
    if (!cli_read(argc, argv, &issuer, 1, options, 2))
        return CLI_USAGE;
    if (!subject || !user || !*subject || strlen(subject) > 255)
        return cli_misuse("--subject S (1 to 255 bytes) and --user ID|EMAIL are needed");
    err e = assertion_subject_put(t, str_of(subject), str_of(issuer), str_of(user), &row);
    if (!e && !row)
        e = FAIL(t, NOT_FOUND, "there is no issuer %s, or no account %s", issuer, user);
    if (!e)
        e = audit_write(t, STR("operator"), STR("issuer.mapped"), row->user_id.v,
                        arena_printf(t->arena, "%s %s", issuer, subject));
    if (e)
        return cli_failed(e);
    printf("%s of %s is %.*s\n", subject, issuer, STR_ARG(row->user_id.v));
    return CLI_DONE;
}

int issuers_list_verb(struct task *t, int argc, char **argv)
{
    const struct assertion_issuer_find_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = assertion_issuer_list(t, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\t%.*s\n", STR_ARG(rows[i].issuer), STR_ARG(rows[i].alg),
               STR_ARG(str_given(rows[i].jwks_uri) ? rows[i].jwks_uri : STR("keys in the database")),
               STR_ARG(rows[i].clients));
    return CLI_DONE;
}

int issuers_remove_verb(struct task *t, int argc, char **argv)
{
    const char *issuer = NULL;
    int64_t n;
    if (!cli_read(argc, argv, &issuer, 1, NULL, 0))
        return CLI_USAGE;
    err e = assertion_issuer_remove(t, str_of(issuer), &n);
    if (!e && n == 0)
        e = FAIL(t, NOT_FOUND, "issuer %s", issuer);
    if (!e)
        e = audit_write(t, STR("operator"), STR("issuer.removed"), str_of(issuer), STR(""));
    if (e)
        return cli_failed(e);
    printf("%s removed\n", issuer);
    return CLI_DONE;
}
