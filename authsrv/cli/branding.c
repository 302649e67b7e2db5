/* authsrv partners branding: how pages for a partner's applications look. */
#include <stdio.h>

#include "authsrv/domain/partner/branding.h"
#include "authsrv/faults.h"
#include "authsrv/flow/partner/branding.h"
#include "authsrv/store/branding.sql.h"
#include "authsrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/encode.h"
#include "shared/text/json_out.h"

/* The document with this picture as that member. */
static str picture_put(struct task *t, const struct json_value *doc, const char *member, str picture)
{
    struct buf out;
    struct json j;
    str key;
    const struct json_value *value;
    buf_init(&out, t->arena, 2 * BRANDING_MAX_BYTES);
    json_begin(&j, &out);
    for (size_t i = 0; json_member(doc, i, &key, &value); i++)
        if (!str_eq(key, str_of(member)))
            json_raw(&j, arena_cstr(t->arena, key), json_canonical(t->arena, value));
    json_str(&j, member, base64_encode(t->arena, bytes_of(picture)));
    json_end(&j);
    return buf_str(&out);
}

/* file NULL: the document as it is. false: a message was printed. */
static bool picture_take(struct task *t, const char *member, const char *file, const struct json_value **doc)
{
    str picture;
    return !file || (cli_bytes(t->arena, file, RASTER_MAX_BYTES, &picture) &&
                     json_parse(t->arena, picture_put(t, *doc, member, picture), doc));
}

struct files {
    const char *document, *logo, *logo_dark; /* NULL: not said */
};

/* What the files say, over what there is. false: a message was printed. */
static bool document_make(struct task *t, const struct files *f, str now, const struct json_value **ret)
{
    str text = now;
    if (f->document && !cli_file(t->arena, f->document, BRANDING_MAX_BYTES, &text))
        return false;
    if (!json_parse(t->arena, text, ret) || json_kind(*ret) != JSON_OBJECT) {
        cli_misuse("the file holds no JSON object");
        return false;
    }
    return picture_take(t, "logo", f->logo, ret) && picture_take(t, "logo_dark", f->logo_dark, ret);
}

int partners_branding_verb(struct task *t, int argc, char **argv)
{
    const char *slug = NULL;
    struct files f = { NULL, NULL, NULL };
    const struct cli_option options[] = { { "--file", &f.document, NULL, NULL },
                                          { "--logo", &f.logo, NULL, NULL },
                                          { "--logo-dark", &f.logo_dark, NULL, NULL } };
    const struct branding_show_row *row;
    const struct json_value *doc;
    if (!cli_read(argc, argv, &slug, 1, options, 3))
        return CLI_USAGE;
    err e = branding_show(t, str_of(slug), STR_NONE, &row);
    if (!e && !row)
        e = FAIL(t, NOT_FOUND, "partner %s", slug);
    if (e)
        return cli_failed(e);
    if (!f.document && !f.logo && !f.logo_dark) {
        printf("%.*s\n", STR_ARG(row->document));
        return CLI_DONE;
    }
    if (!document_make(t, &f, row->document, &doc))
        return CLI_FAILED;
    e = branding_save(t, t->actor->id, row->partner, doc, NULL);
    if (e)
        return cli_failed(e);
    printf("%s looks so from now on\n", slug);
    return CLI_DONE;
}
