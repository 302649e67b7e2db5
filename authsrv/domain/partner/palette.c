/* See palette.h. */
#include "authsrv/domain/partner/palette.h"

#define N(a) (sizeof(a) / sizeof(a)[0])
#define HOVER_PER_256 46
#define LIGHTEST COLOUR(0xffffff)
#define DARKEST COLOUR(0x11142a)

static const struct {
    const char *name, *property;
    colour ours[2];
} table[PALETTE_N] = {
#define X(name, property, light, dark) { #name, property, { COLOUR(light), COLOUR(dark) } },
    PALETTE_COLOURS(X)
#undef X
        { "brand", "--brand-hover", { { 0 }, { 0 } } },
    { "background", "--sunken", { { 0 }, { 0 } } },
};

/* What stands on what, and how well it has to be seen there. */
static const struct {
    enum palette_colour above, below;
    double least;
} pairs[] = {
    { PALETTE_text, PALETTE_background, CONTRAST_TEXT },
    { PALETTE_text, PALETTE_surface, CONTRAST_TEXT },
    { PALETTE_text, PALETTE_sunken, CONTRAST_TEXT },
    { PALETTE_muted, PALETTE_background, CONTRAST_TEXT },
    { PALETTE_muted, PALETTE_surface, CONTRAST_TEXT },
    { PALETTE_brand, PALETTE_background, CONTRAST_TEXT },
    { PALETTE_brand, PALETTE_surface, CONTRAST_TEXT },
    { PALETTE_brand_hover, PALETTE_background, CONTRAST_TEXT },
    { PALETTE_brand_hover, PALETTE_surface, CONTRAST_TEXT },
    { PALETTE_on_brand, PALETTE_brand, CONTRAST_TEXT },
    { PALETTE_on_brand, PALETTE_brand_hover, CONTRAST_TEXT },
    { PALETTE_control, PALETTE_surface, CONTRAST_CONTROL },
    { PALETTE_focus, PALETTE_background, CONTRAST_CONTROL },
    { PALETTE_focus, PALETTE_surface, CONTRAST_CONTROL },
    { PALETTE_danger, PALETTE_surface, CONTRAST_CONTROL },
};

/* One of the two appearances while it is read. */
struct side {
    struct arena *a;
    const char *name;
    colour *c;
    bool said[PALETTE_N];
};

static bool is_wrong(struct branding_problem *problem, str param, str explain)
{
    *problem = (struct branding_problem){ param, explain };
    return false;
}

static str path(const struct side *s, str member)
{
    return arena_printf(s->a, "%s.%.*s", s->name, STR_ARG(member));
}

/* As a message says it. */
static const char *word(enum palette_colour i)
{
    return i < PALETTE_brand_hover ? table[i].name : table[i].property + 2;
}

/* Colours that warn are ours. */
static bool is_theirs(size_t i)
{
    return i < PALETTE_danger;
}

static bool member_take(struct side *s, str key, const struct json_value *value, struct branding_problem *problem)
{
    str text;
    for (size_t i = 0; i < PALETTE_N; i++) {
        if (!is_theirs(i) || !str_eq(key, str_of(table[i].name)))
            continue;
        s->said[i] = true;
        return (json_is_str(value, &text) && colour_parse(text, &s->c[i])) ||
               is_wrong(problem, path(s, key), STR("a colour like #1b1c22"));
    }
    return is_wrong(problem, path(s, key), STR("is no colour that can be chosen"));
}

static bool side_read(struct side *s, const struct json_value *doc, struct branding_problem *problem)
{
    str key;
    const struct json_value *value;
    if (doc && json_kind(doc) != JSON_OBJECT)
        return is_wrong(problem, str_of(s->name), STR("an object of colours"));
    for (size_t i = 0; json_member(doc, i, &key, &value); i++)
        if (!member_take(s, key, value, problem))
            return false;
    return true;
}

/* The brand's colour of one appearance, made to be read in the other. */
static void brand_follow(struct side *s, const struct side *other)
{
    const colour grounds[] = { s->c[PALETTE_background], s->c[PALETTE_surface] };
    colour found;
    if (s->said[PALETTE_brand] || !other->said[PALETTE_brand] ||
        !contrast_nearest(other->c[PALETTE_brand], grounds, N(grounds), CONTRAST_TEXT, &found))
        return;
    s->c[PALETTE_brand] = found;
    s->said[PALETTE_brand] = true;
}

static void side_complete(struct side *s)
{
    static const colour ends[] = { LIGHTEST, DARKEST }, black = COLOUR(0x000000), white = COLOUR(0xffffff);
    const colour brand = s->c[PALETTE_brand];
    if (s->said[PALETTE_brand] && !s->said[PALETTE_on_brand])
        s->c[PALETTE_on_brand] = ends[contrast_ratio(brand, ends[1]) > contrast_ratio(brand, ends[0])];
    if (s->said[PALETTE_brand] && !s->said[PALETTE_focus])
        s->c[PALETTE_focus] = brand;
    bool is_dark_on_light = contrast_ratio(s->c[PALETTE_surface], white) < contrast_ratio(s->c[PALETTE_surface], black);
    s->c[PALETTE_brand_hover] = colour_mix(brand, is_dark_on_light ? black : white, HOVER_PER_256);
    s->c[PALETTE_sunken] = colour_mix(s->c[PALETTE_surface], s->c[PALETTE_background], 128);
}

static str remedy(const struct side *s, enum palette_colour above, enum palette_colour below, double least)
{
    colour found;
    if (!contrast_nearest(s->c[above], &s->c[below], 1, least, &found))
        return STR("");
    return arena_printf(s->a, "; %.*s would do", STR_ARG(colour_text(s->a, found)));
}

static bool side_judge(const struct side *s, struct branding_problem *problem)
{
    for (size_t i = 0; i < N(pairs); i++) {
        const enum palette_colour above = pairs[i].above, below = pairs[i].below;
        double ratio = contrast_ratio(s->c[above], s->c[below]);
        if (ratio >= pairs[i].least)
            continue;
        bool is_above = is_theirs(above) && (s->said[above] || !s->said[below]);
        str explain =
            arena_printf(s->a, "%s on %s has a contrast of %.*s, at least %.*s is needed%.*s", word(above), word(below),
                         STR_ARG(contrast_text(s->a, ratio)), STR_ARG(contrast_text(s->a, pairs[i].least)),
                         STR_ARG(is_theirs(above) ? remedy(s, above, below, pairs[i].least) : STR("")));
        return is_wrong(problem, path(s, str_of(table[is_above ? above : below].name)), explain);
    }
    return true;
}

bool palette_read(struct arena *a, const struct json_value *light, const struct json_value *dark, struct palette *ret,
                  struct branding_problem *problem)
{
    struct side day = { .a = a, .name = "light", .c = ret->light }, night = { .a = a, .name = "dark", .c = ret->dark };
    for (size_t i = 0; i < PALETTE_N; i++) {
        ret->light[i] = table[i].ours[0];
        ret->dark[i] = table[i].ours[1];
    }
    if (!side_read(&day, light, problem) || !side_read(&night, dark, problem))
        return false;
    brand_follow(&night, &day);
    brand_follow(&day, &night);
    side_complete(&day);
    side_complete(&night);
    return side_judge(&day, problem) && side_judge(&night, problem);
}

void palette_write(struct arena *a, const struct palette *p, struct buf *out)
{
    for (size_t i = 0; i < PALETTE_N; i++)
        buf_printf(out, "  %s: light-dark(%.*s, %.*s);\n", table[i].property, STR_ARG(colour_text(a, p->light[i])),
                   STR_ARG(colour_text(a, p->dark[i])));
}
