/* See branding.h. */
#include "authsrv/domain/branding.h"

#include "authsrv/domain/client.h"
#include "shared/text/encode.h"

#define N(a) (sizeof(a) / sizeof(a)[0])
#define RADIUS_MAX_PX 24
#define SHEET_MAX_BYTES 4096

/* Families that are on the reader's machine: nothing is loaded, and nothing shifts while it is read. */
static const struct {
    str name, families;
} fonts[] = {
    { STR("system"), STR("system-ui, -apple-system, \"Segoe UI\", Roboto, \"Noto Sans\", sans-serif") },
    { STR("humanist"),
      STR("Seravek, \"Gill Sans Nova\", Ubuntu, Calibri, \"DejaVu Sans\", source-sans-pro, sans-serif") },
    { STR("geometric"), STR("Avenir, Montserrat, Corbel, \"URW Gothic\", source-sans-pro, sans-serif") },
    { STR("rounded"), STR("ui-rounded, \"Hiragino Maru Gothic ProN\", Quicksand, Comfortaa, Manjari, sans-serif") },
    { STR("serif"), STR("Charter, \"Bitstream Charter\", \"Sitka Text\", Cambria, \"Noto Serif\", serif") },
    { STR("monospace"), STR("ui-monospace, \"SF Mono\", Consolas, \"DejaVu Sans Mono\", monospace") },
};
#define FONT_NAMES "system, humanist, geometric, rounded, serif or monospace"

struct reading {
    struct arena *a;
    const struct json_value *doc;
    const struct languages *there;
    struct branding *ret;
    struct branding_problem *problem;
};

static bool wrong(struct reading *r, str param, const char *explain)
{
    *r->problem = (struct branding_problem){ param, str_of(explain) };
    return false;
}

static bool members_known(struct reading *r)
{
    static const char *const members[] = { "light", "dark", "name", "logo", "font", "radius", "language", "mails" };
    str key;
    if (!json_stranger(r->doc, members, N(members), &key))
        return true;
    return wrong(r, key,
                 str_has_word(STR("host domain origin"), key)
                     ? "is no matter of looks: the operator gives a partner a name of its own (partners change --host)"
                     : "is nothing that can be chosen");
}

static bool name_read(struct reading *r)
{
    const struct json_value *v = json_get(r->doc, "name");
    return !v || (json_is_str(v, &r->ret->name) && client_name_valid(r->ret->name)) ||
           wrong(r, STR("name"), "1 to 64 visible characters");
}

static bool logo_read(struct reading *r)
{
    const struct json_value *v = json_get(r->doc, "logo");
    const char *explain = "a picture, base64";
    str text;
    return !v ||
           (json_is_str(v, &text) && base64_decode(r->a, text, &r->ret->logo) &&
            raster_read(r->ret->logo, &r->ret->raster, &explain)) ||
           wrong(r, STR("logo"), explain);
}

static bool font_read(struct reading *r)
{
    const struct json_value *v = json_get(r->doc, "font");
    str name;
    if (!v)
        return true;
    for (size_t i = 0; json_is_str(v, &name) && i < N(fonts); i++)
        if (str_eq(fonts[i].name, name)) {
            r->ret->font = fonts[i].families;
            return true;
        }
    return wrong(r, STR("font"), FONT_NAMES);
}

static bool radius_read(struct reading *r)
{
    const struct json_value *v = json_get(r->doc, "radius");
    int64_t px;
    if (!v)
        return true;
    if (!json_is_i64(v, &px) || px < 0 || px > RADIUS_MAX_PX)
        return wrong(r, STR("radius"), "0 to 24 pixels");
    r->ret->radius = (int)px;
    return true;
}

static bool language_read(struct reading *r)
{
    const struct json_value *v = json_get(r->doc, "language");
    str tag;
    if (!v)
        return true;
    if (json_is_str(v, &tag) && language_is_there(r->there, tag)) {
        r->ret->language = tag;
        return true;
    }
    return wrong(r, STR("language"), "one of ui_locales_supported, as it is written there");
}

bool branding_read(struct arena *a, const struct json_value *doc, const struct languages *there, struct branding *ret,
                   struct branding_problem *problem)
{
    struct reading r = { a, doc, there, ret, problem };
    *ret = (struct branding){ .radius = -1, .mails = json_get(doc, "mails") };
    if (json_kind(doc) != JSON_OBJECT)
        return wrong(&r, STR_NONE, "an object of what is chosen");
    return members_known(&r) && name_read(&r) && logo_read(&r) && font_read(&r) && radius_read(&r) &&
           language_read(&r) && mail_words_judge(a, ret->mails, there, problem) &&
           palette_read(a, json_get(doc, "light"), json_get(doc, "dark"), &ret->palette, problem);
}

str branding_sheet(struct arena *a, const struct branding *b)
{
    struct buf out;
    buf_init(&out, a, SHEET_MAX_BYTES);
    buf_add(&out, STR(":root {\n"));
    palette_write(a, &b->palette, &out);
    if (str_given(b->font))
        buf_printf(&out, "  --font: %.*s;\n", STR_ARG(b->font));
    if (b->radius >= 0)
        buf_printf(&out, "  --radius: %dpx;\n", b->radius);
    buf_add(&out, STR("}\n"));
    return buf_str(&out);
}
