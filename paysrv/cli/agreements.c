/* paysrv agreements add|list: what sellers have to accept, in versions that never change. */
#include <stdio.h>

#include "paysrv/cli/named.h"
#include "paysrv/faults.h"
#include "paysrv/store/agreement.sql.h"
#include "paysrv/verbs.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/cli.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"

#define CONTENT_MAX_BYTES ((size_t)128 << 10)

struct publishing {
    const char *version, *partner, *file, *url, *sha256, *valid_from, *due;
};

static bool version_is_good(const char *s)
{
    size_t n = s ? strlen(s) : 0;
    for (size_t i = 0; i < n; i++)
        if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z') || (s[i] >= '0' && s[i] <= '9') ||
              memchr("._-", s[i], 3)))
            return false;
    return n > 0 && n <= 40;
}

/* The text itself, or where it stands and its hash. 0: done. */
static int content_read(struct task *t, const struct publishing *p, struct agreement_insert_args *args)
{
    struct url url;
    bytes hash;
    if (p->url && (!url_parse(str_of(p->url), &url) || !str_eq(url.scheme, STR("https"))))
        return cli_misuse("--url: an https URL");
    args->url = str_of(p->url);
    if (p->file) {
        if (!cli_bytes(t->arena, p->file, CONTENT_MAX_BYTES, &args->content))
            return CLI_FAILED;
        if (args->content.n == 0 || !utf8_valid(args->content))
            return cli_misuse("--file: a text in UTF-8");
        args->content_hash = sha256_str(args->content);
        return CLI_DONE;
    }
    if (!p->url || !p->sha256)
        return cli_misuse("--file, or --url and the --sha256 of what is there");
    if (!hex_decode(t->arena, str_of(p->sha256), &hash) || hash.n != sizeof args->content_hash.b)
        return cli_misuse("--sha256: 64 hexadecimal digits");
    memcpy(args->content_hash.b, hash.p, hash.n);
    return CLI_DONE;
}

static bool time_read(const char *text, instant fallback, instant *ret)
{
    *ret = fallback;
    return !text || instant_parse(str_of(text), ret);
}

int agreements_add(struct task *t, int argc, char **argv)
{
    struct publishing p = { 0 };
    const struct cli_option options[] = {
        { "--version", &p.version, NULL, NULL },    { "--partner", &p.partner, NULL, NULL },
        { "--file", &p.file, NULL, NULL },          { "--url", &p.url, NULL, NULL },
        { "--sha256", &p.sha256, NULL, NULL },      { "--valid-from", &p.valid_from, NULL, NULL },
        { "--acceptance-due", &p.due, NULL, NULL },
    };
    struct agreement_insert_args args = { .agreement = random_id(t->arena, "agr_") };
    int64_t made;
    if (!cli_read(argc, argv, NULL, 0, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    if (!version_is_good(p.version))
        return cli_misuse("--version: 1 to 40 letters, digits, '.', '_' and '-'");
    int status = content_read(t, &p, &args);
    if (status)
        return status;
    if (!time_read(p.valid_from, t->now, &args.valid_from) || !time_read(p.due, args.valid_from, &args.due_at))
        return cli_misuse("--valid-from, --acceptance-due: a time such as 2026-12-01T00:00:00Z");
    if (instant_before(args.due_at, args.valid_from))
        return cli_misuse("--acceptance-due: not before --valid-from");
    args.version = str_of(p.version);
    args.partner = str_of(p.partner);
    int known = partner_option(t, p.partner);
    if (known != CLI_DONE)
        return known;
    err e = agreement_insert(t, &args, &made);
    if (e)
        return cli_failed(e);
    if (!made) {
        fprintf(stderr, "paysrv: there is a version %s already, and it stays as it is\n", p.version);
        return CLI_FAILED;
    }
    printf("%s added\tsha256 %.*s\n", p.version, STR_ARG(hex_encode(t->arena, digest_bytes(&args.content_hash))));
    return CLI_DONE;
}

int agreements_list(struct task *t, int argc, char **argv)
{
    const struct agreement_all_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = agreement_all(t, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\tvalid from %.*s\tdue %.*s\taccepted by %lld\tsha256 %.*s\t%.*s\n",
               STR_ARG(str_given(rows[i].partner_id) ? rows[i].partner_id : STR("all partners")),
               STR_ARG(rows[i].version), STR_ARG(instant_iso(t->arena, rows[i].valid_from)),
               STR_ARG(instant_iso(t->arena, rows[i].due_at)), (long long)rows[i].accepted,
               STR_ARG(hex_encode(t->arena, digest_bytes(&rows[i].content_hash))), STR_ARG(rows[i].url));
    return cli_listed(n, CLI_ROWS_MAX);
}
