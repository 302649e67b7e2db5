/* See branding.h. */
#include "authsrv/flow/partner/branding.h"

#include "authsrv/app.h"
#include "authsrv/domain/partner/branding.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/language.h"
#include "authsrv/store/branding.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/text/encode.h"
#include "shared/text/html.h"
#include "shared/text/url.h"

#define SHEET_TYPE STR("text/css; charset=utf-8")
#define HASH_BYTES 8

struct saving {
    str actor, partner, document, sheet, logo;
    str sheet_file, logo_file, logo_dark_file;
    const struct branding *b;
    const int64_t *version;
    int64_t saved;
};

static str file_name(struct task *t, str partner, str content, const char *suffix)
{
    digest hash = sha256(bytes_of(content));
    return arena_printf(t->arena, "%.*s.%.*s.%s", STR_ARG(partner),
                        STR_ARG(hex_encode(t->arena, (bytes){ hash.b, HASH_BYTES })), suffix);
}

static str logo_name(struct task *t, str partner, bytes logo, const struct raster *raster)
{
    return logo.p ? file_name(t, partner, (str){ (const char *)logo.p, logo.n }, raster->suffix) : STR_NONE;
}

static err logo_put(struct task *t, str file, bytes logo, const struct raster *raster)
{
    int64_t n;
    return logo.p ? branding_file_put(t, file, str_of(raster->content_type), logo, &n) : OK;
}

static err save_in_tx(struct task *t, void *context)
{
    struct saving *s = context;
    int64_t n, icon_px = s->b->raster.width;
    bool is_square = s->b->logo.p && s->b->raster.width == s->b->raster.height;
    TRY(branding_files_touch(t, s->partner, &n));
    TRY(branding_put(t,
                     &(struct branding_put_args){ .document = s->document,
                                                  .sheet = s->sheet_file,
                                                  .logo = s->logo_file,
                                                  .logo_dark = s->logo_dark_file,
                                                  .icon_px = is_square ? &icon_px : NULL,
                                                  .name = s->b->name,
                                                  .language = s->b->language,
                                                  .slug = s->partner,
                                                  .version = s->version },
                     &s->saved));
    if (s->saved == 0)
        return OK;
    TRY(branding_file_put(t, s->sheet_file, SHEET_TYPE, bytes_of(s->sheet), &n));
    TRY(logo_put(t, s->logo_file, s->b->logo, &s->b->raster));
    TRY(logo_put(t, s->logo_dark_file, s->b->logo_dark, &s->b->raster_dark));
    return audit_write(t, s->actor, STR("partner.branded"), s->partner, s->sheet_file);
}

err branding_save(struct task *t, str actor, str partner, const struct json_value *document, const int64_t *version)
{
    struct branding b;
    struct branding_problem problem;
    if (!branding_read(t->arena, document, languages_ours(), &b, &problem)) {
        str member = str_given(problem.param) ? arena_printf(t->arena, "branding.%.*s", STR_ARG(problem.param))
                                              : STR("branding");
        return FAIL_PARAM(t, INVALID_REQUEST, member, problem.explain);
    }
    struct saving s = { .actor = actor,
                        .partner = partner,
                        .document = json_canonical(t->arena, document),
                        .sheet = branding_sheet(t->arena, &b),
                        .b = &b,
                        .version = version };
    s.sheet_file = file_name(t, partner, s.sheet, "css");
    s.logo_file = logo_name(t, partner, b.logo, &b.raster);
    s.logo_dark_file = logo_name(t, partner, b.logo_dark, &b.raster_dark);
    TRY(db_tx(t, save_in_tx, &s));
    return s.saved ? OK : FAIL(t, VERSION_DIFFERS, "the branding has another version, or the partner is gone");
}

str branding_path(struct task *t, str file)
{
    return str_given(file) ? arena_printf(t->arena, "/branding/%.*s", STR_ARG(file)) : STR_NONE;
}

static str host_of(struct task *t)
{
    struct url u;
    return url_parse(app_of(t)->origin, &u) ? arena_str(t->arena, u.host) : app_of(t)->origin;
}

err branding_find(struct task *t, const struct client *client, const struct branding_of_row **ret)
{
    *ret = NULL;
    return client && str_given(client->partner) ? branding_of(t, client->partner, ret) : OK;
}

err branding_wear(struct task *t, const struct client *client)
{
    const struct branding_of_row *row;
    TRY(branding_find(t, client, &row));
    if (!row)
        return OK;
    language_prefer(t, row->language);
    struct frame *frame = arena_new(t->arena, struct frame);
    *frame = (struct frame){ .name = row->name,
                             .sheet = branding_path(t, row->sheet),
                             .logo = branding_path(t, row->logo),
                             .logo_dark = branding_path(t, row->logo_dark),
                             .host = host_of(t) };
    t->frame = frame;
    return OK;
}
