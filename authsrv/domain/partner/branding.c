/* See branding.h. */
#include "authsrv/domain/partner/branding.h"

#include "authsrv/domain/client/client.h"
#include "shared/text/encode.h"

#define N(a) (sizeof(a) / sizeof(a)[0])
#define SHEET_MAX_BYTES 4096

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
    static const char *const members[] = { "light", "dark", "name", "logo", "logo_dark", "language", "mails",
#define X(name, ...) #name,
                                           LOOKS(X)
#undef X
    };
    static const struct {
        str members;
        const char *why;
    } refusals[] = {
        { STR("host domain origin"),
          "is no matter of looks: the operator gives a partner a name of its own (partners change --host)" },
        { STR("danger warning success"), "what warns, refuses or confirms looks the same on all pages" },
        { STR("accent gap input_background overlay illustration"),
          "cannot be chosen: see docs/protocol/white-label.md for what can" },
    };
    str key;
    if (!json_stranger(r->doc, members, N(members), &key))
        return true;
    for (size_t i = 0; i < N(refusals); i++)
        if (str_has_word(refusals[i].members, key))
            return wrong(r, key, refusals[i].why);
    return wrong(r, key, "is nothing that can be chosen");
}

static bool name_read(struct reading *r)
{
    const struct json_value *v = json_get(r->doc, "name");
    return !v || (json_is_str(v, &r->ret->name) && client_name_valid(r->ret->name)) ||
           wrong(r, STR("name"), "1 to 64 visible characters");
}

static bool picture_read(struct reading *r, const char *member, bytes *picture, struct raster *raster)
{
    const struct json_value *v = json_get(r->doc, member);
    const char *explain = "a picture, base64";
    str text;
    return !v ||
           (json_is_str(v, &text) && base64_decode(r->a, text, picture) && raster_read(*picture, raster, &explain)) ||
           wrong(r, str_of(member), explain);
}

static bool logos_read(struct reading *r)
{
    struct branding *b = r->ret;
    return picture_read(r, "logo", &b->logo, &b->raster) &&
           picture_read(r, "logo_dark", &b->logo_dark, &b->raster_dark) &&
           (!b->logo_dark.p || b->logo.p || wrong(r, STR("logo_dark"), "goes together with logo"));
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
    *ret = (struct branding){ .mails = json_get(doc, "mails") };
    if (json_kind(doc) != JSON_OBJECT)
        return wrong(&r, STR_NONE, "an object of what is chosen");
    return members_known(&r) && name_read(&r) && logos_read(&r) && looks_read(doc, &ret->looks, problem) &&
           language_read(&r) && mail_words_judge(a, ret->mails, there, problem) &&
           palette_read(a, json_get(doc, "light"), json_get(doc, "dark"), &ret->palette, problem);
}

str branding_sheet(struct arena *a, const struct branding *b)
{
    struct buf out;
    buf_init(&out, a, SHEET_MAX_BYTES);
    buf_add(&out, STR(":root {\n"));
    palette_write(a, &b->palette, &out);
    looks_write(&b->looks, &out);
    buf_add(&out, STR("}\n"));
    return buf_str(&out);
}
