/* authsrv partners add|list|remove, resources add|list. */
#include <stdio.h>

#include "authsrv/app.h"
#include "authsrv/domain/client.h"
#include "authsrv/domain/scope.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/store/client.sql.h"
#include "authsrv/store/partner.sql.h"
#include "authsrv/store/resource.sql.h"
#include "authsrv/verbs.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/cli.h"
#include "shared/text/url.h"

static bool slug_is_valid(str s)
{
    if (s.n == 0 || s.n > 39 || s.p[0] == '-')
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-'))
            return false;
    return true;
}

static bool web_url_is_valid(str s)
{
    struct url u;
    if (!url_parse(s, &u) || str_given(u.query) || str_given(u.fragment) || u.has_userinfo || str_ends(s, STR("/")))
        return false;
    return str_eq(u.scheme, STR("https")) || (str_eq(u.scheme, STR("http")) && url_host_is_loopback(u.host));
}

struct partner_words {
    const char *slug, *name, *issuer, *client_id, *secret_file, *domains;
    bool if_missing;
};

static const char *partner_fault(const struct partner_words *w)
{
    if (!slug_is_valid(str_of(w->slug)))
        return "SLUG: a-z, 0-9 and '-', at most 39 characters, not beginning with '-'";
    if (!w->name || !client_name_valid(str_of(w->name)))
        return "--name: 1 to 64 visible characters";
    if (!w->issuer || !web_url_is_valid(str_of(w->issuer)))
        return "--issuer: an https URL (http for loopback only) without a slash at the end";
    if (!w->client_id || !*w->client_id)
        return "--client-id is needed: the partner's provider gave it to us";
    return NULL;
}

static int partner_save(struct task *t, const struct partner_words *w)
{
    bytes sealed = { NULL, 0 };
    str secret_text;
    int64_t n;
    if (w->secret_file && !cli_file(t->arena, w->secret_file, 4096, &secret_text))
        return CLI_FAILED;
    if (w->secret_file && secret_text.n == 0)
        return cli_misuse("--client-secret-file: the file is empty");
    if (w->secret_file)
        sealed = seal(t->arena, &app_of(t)->sealing_key, bytes_of(secret_text), STR("partner_secret"));
    err e = partner_put(t, str_of(w->slug), str_of(w->name), str_of(w->issuer), str_of(w->client_id), sealed,
                        str_of(w->domains), &n);
    if (!e)
        e = audit_write(t, STR("operator"), STR("partner.configured"), str_of(w->slug), str_of(w->issuer));
    if (e)
        return cli_failed(e);
    printf("%s added; its redirect URI for us is %.*s/cb/%s\n", w->slug, STR_ARG(app_of(t)->issuer), w->slug);
    return CLI_DONE;
}

int partners_add_verb(struct task *t, int argc, char **argv)
{
    struct partner_words w = { .domains = "" };
    const struct cli_option options[] = {
        { "--name", &w.name, NULL, NULL },
        { "--issuer", &w.issuer, NULL, NULL },
        { "--client-id", &w.client_id, NULL, NULL },
        { "--client-secret-file", &w.secret_file, NULL, NULL },
        { "--email-domains", &w.domains, NULL, NULL },
        { "--if-missing", NULL, &w.if_missing, NULL },
    };
    const struct partner_find_row *old;
    if (!cli_read(argc, argv, &w.slug, 1, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    const char *fault = partner_fault(&w);
    if (fault)
        return cli_misuse(fault);
    err e = partner_find(t, str_of(w.slug), &old);
    if (e)
        return cli_failed(e);
    if (!old)
        return partner_save(t, &w);
    if (!w.if_missing)
        return cli_failed(FAIL(t, ALREADY_EXISTS, "partner %s", w.slug));
    printf("%s exists\n", w.slug);
    return CLI_DONE;
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
        printf("%.*s\t%.*s\t%.*s\t%.*s%s\n", STR_ARG(rows[i].slug), STR_ARG(rows[i].name), STR_ARG(rows[i].issuer),
               STR_ARG(rows[i].client_id), rows[i].disabled ? "\tremoved" : "");
    return CLI_DONE;
}

int partners_remove_verb(struct task *t, int argc, char **argv)
{
    const char *slug = NULL;
    int64_t n;
    if (!cli_read(argc, argv, &slug, 1, NULL, 0))
        return CLI_USAGE;
    err e = partner_disable(t, str_of(slug), &n);
    if (!e && n > 0)
        e = audit_write(t, STR("operator"), STR("partner.removed"), str_of(slug), STR(""));
    if (e)
        return cli_failed(e);
    if (n == 0)
        return cli_failed(FAIL(t, NOT_FOUND, "partner %s", slug));
    printf("%s removed\n", slug);
    return CLI_DONE;
}

static bool audience_known(const struct resource_scopes_row *rows, size_t n, str audience)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].audience, audience))
            return true;
    return false;
}

static str_array words_of(struct arena *a, str words)
{
    size_t n = 0;
    str word, *items = arena_array(a, str, words.n / 2 + 1);
    while (str_next_word(&words, &word))
        items[n++] = word;
    return (str_array){ items, n };
}

int resources_add_verb(struct task *t, int argc, char **argv)
{
    const char *audience = NULL, *scopes = NULL;
    bool if_missing = false;
    const struct cli_option options[] = { { "--scopes", &scopes, NULL, NULL },
                                          { "--if-missing", NULL, &if_missing, NULL } };
    const struct resource_scopes_row *rows;
    size_t known;
    int64_t n;
    if (!cli_read(argc, argv, &audience, 1, options, 2))
        return CLI_USAGE;
    if (!web_url_is_valid(str_of(audience)))
        return cli_misuse("URL: https (http for loopback only), without a slash at the end");
    if (!scopes || !scope_is_wellformed(str_of(scopes)))
        return cli_misuse("--scopes \"one two\" is needed");
    err e = resource_scopes(t, &rows, &known);
    if (e)
        return cli_failed(e);
    if (!if_missing && audience_known(rows, known, str_of(audience)))
        return cli_failed(FAIL(t, ALREADY_EXISTS, "resource %s", audience));
    e = resource_put(t, str_of(audience), words_of(t->arena, str_of(scopes)), &n);
    if (e)
        return cli_failed(e);
    printf("%s: %lld scope(s) added\n", audience, (long long)n);
    return CLI_DONE;
}

int resources_list_verb(struct task *t, int argc, char **argv)
{
    const struct resource_scopes_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = resource_scopes(t, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\n", STR_ARG(rows[i].scope), STR_ARG(rows[i].audience));
    return CLI_DONE;
}
