/* What a partner may choose of how its pages look, and that all of it can be read (WCAG 2.2, 1.4.3 and 1.4.11). */
#include "authsrv/domain/partner/branding.h"

#include "shared/text/encode.h"
#include "tests/support/test.h"

static const str tags[] = { { "en", 2 }, { "pt-BR", 5 } };
static const struct languages there = { tags, sizeof tags / sizeof tags[0] };

static bool read(struct arena *a, str text, struct branding *ret, struct branding_problem *problem)
{
    const struct json_value *doc;
    *problem = (struct branding_problem){ STR_NONE, STR_NONE };
    CHECK(json_parse(a, text, &doc));
    return branding_read(a, doc, &there, ret, problem);
}

static bool is_good(struct arena *a, const char *text)
{
    struct branding b;
    struct branding_problem problem;
    return read(a, str_of(text), &b, &problem);
}

/* "light.muted: muted on surface ...", or "good". */
static str said(struct arena *a, const char *text)
{
    struct branding b;
    struct branding_problem problem;
    return read(a, str_of(text), &b, &problem)
               ? STR("good")
               : arena_printf(a, "%.*s: %.*s", STR_ARG(problem.param), STR_ARG(problem.explain));
}

static double ratio(const char *a, const char *b)
{
    colour one, other;
    CHECK(colour_parse(str_of(a), &one) && colour_parse(str_of(b), &other));
    return contrast_ratio(one, other);
}

TEST(contrast_is_that_of_wcag)
{
    CHECK(ratio("#000000", "#ffffff") == 21.0);
    CHECK(ratio("#ffffff", "#ffffff") == 1.0);
    CHECK_STR(contrast_text(arena, ratio("#777777", "#ffffff")), STR("4.47:1"));
    CHECK_STR(contrast_text(arena, ratio("#ffffff", "#767676")), STR("4.54:1"));
    CHECK_STR(contrast_text(arena, ratio("#ff0000", "#ffffff")), STR("3.99:1"));
    CHECK_STR(contrast_text(arena, 4.4999), STR("4.49:1"));
}

TEST(colours_are_six_digits)
{
    colour c;
    CHECK(colour_parse(STR("#A1b2c3"), &c));
    CHECK_STR(colour_text(arena, c), STR("#a1b2c3"));
    const char *const bad[] = { "", "#fff", "#12345", "#1234567", "123456#", "#12345g", "red", "#12 456", "#12345;" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!colour_parse(str_of(bad[i]), &c));
}

TEST(the_nearest_colour_that_can_be_read_is_found)
{
    colour found, yellow, white;
    CHECK(colour_parse(STR("#ffcc00"), &yellow) && colour_parse(STR("#ffffff"), &white));
    CHECK(contrast_nearest(yellow, &white, 1, CONTRAST_TEXT, &found));
    CHECK(contrast_ratio(found, white) >= CONTRAST_TEXT && contrast_ratio(found, white) < 4.6);
    const colour both[] = { white, { 0, 0, 0 } };
    CHECK(!contrast_nearest(yellow, both, 2, 5.0, &found));
}

/* The colours that palette.h has as ours are those of our own style sheet. */
TEST(our_colours_are_those_of_our_pages)
{
    struct branding b;
    struct branding_problem problem;
    str sheet = test_file(arena, "../web/assets/tokens.css"), theirs, line;
    CHECK(read(arena, STR("{}"), &b, &problem));
    theirs = branding_sheet(arena, &b);
    size_t found = 0;
    while (str_cut(&theirs, '\n', &line))
        found += memmem(sheet.p, sheet.n, line.p, line.n) != NULL && str_starts(line, STR("  --"));
    CHECK_I64(found, PALETTE_danger + 1);
}

TEST(nothing_chosen_is_ours)
{
    CHECK(is_good(arena, "{}"));
    CHECK(is_good(arena, "{\"light\":{},\"dark\":{}}"));
}

TEST(what_cannot_be_read_is_refused_with_the_pair_and_the_ratio)
{
    CHECK_STR(said(arena, "{\"light\":{\"muted\":\"#999999\"}}"),
              STR("light.muted: muted on background has a contrast of 2.56:1, at least 4.50:1 is needed; #6f6f6f would "
                  "do"));
    CHECK_STR(
        said(arena, "{\"dark\":{\"text\":\"#333333\"}}"),
        STR("dark.text: text on background has a contrast of 1.44:1, at least 4.50:1 is needed; #7f7f7f would do"));
    CHECK(str_starts(said(arena, "{\"light\":{\"surface\":\"#202020\"}}"), STR("light.surface: text on surface ")));
    CHECK(str_starts(said(arena, "{\"light\":{\"control\":\"#eeeeee\"}}"), STR("light.control: control on surface ")));
    CHECK(str_starts(said(arena, "{\"light\":{\"focus\":\"#eeeeff\"}}"), STR("light.focus: focus on background ")));
    CHECK(str_starts(said(arena, "{\"light\":{\"brand\":\"#ffcc00\"}}"), STR("light.brand: brand on background ")));
    CHECK(str_starts(said(arena, "{\"light\":{\"brand\":\"#7a1fa2\",\"on_brand\":\"#000000\"}}"),
                     STR("light.on_brand: on_brand on brand ")));
    /* Words that warn stay ours, so no surface may swallow them. */
    CHECK(str_starts(said(arena, "{\"light\":{\"surface\":\"#e06070\",\"background\":\"#e06070\",\"text\":\"#000000\","
                                 "\"muted\":\"#000000\",\"brand\":\"#000000\",\"control\":\"#000000\"}}"),
                     STR("light.surface: danger on surface ")));
}

TEST(dark_follows_light_and_the_focus_the_brand)
{
    struct branding b;
    struct branding_problem problem;
    CHECK(read(arena, STR("{\"light\":{\"brand\":\"#7a1fa2\"}}"), &b, &problem));
    CHECK_STR(colour_text(arena, b.palette.light[PALETTE_focus]), STR("#7a1fa2"));
    CHECK_STR(colour_text(arena, b.palette.light[PALETTE_on_brand]), STR("#ffffff"));
    colour night = b.palette.dark[PALETTE_brand];
    CHECK(contrast_ratio(night, b.palette.dark[PALETTE_surface]) >= CONTRAST_TEXT);
    CHECK(night.r > 0x7a && night.b > night.g);
    CHECK_STR(colour_text(arena, b.palette.dark[PALETTE_on_brand]), STR("#11142a"));
}

TEST(every_member_is_known_and_of_its_kind)
{
    const char *const no_objects[] = { "\"x\"", "1", "[]", "true", "null" };
    for (size_t n = 0; n < sizeof no_objects / sizeof no_objects[0]; n++)
        CHECK_STR(said(arena, no_objects[n]), STR(": an object of what is chosen"));
    CHECK_STR(said(arena, "{\"css\":\"body{}\"}"), STR("css: is nothing that can be chosen"));
    CHECK(str_starts(said(arena, "{\"host\":\"login.partner.example\"}"),
                     STR("host: is no matter of looks: the operator gives")));
    CHECK_STR(said(arena, "{\"danger\":\"#ffffff\"}"),
              STR("danger: what warns, refuses or confirms looks the same on all pages"));
    CHECK(str_starts(said(arena, "{\"overlay\":\"drawer\"}"), STR("overlay: cannot be chosen: see docs/")));
    CHECK_STR(said(arena, "{\"light\":{\"danger\":\"#ffffff\"}}"),
              STR("light.danger: is no colour that can be chosen"));
    CHECK_STR(said(arena, "{\"light\":{\"text\":\"red\"}}"), STR("light.text: a colour like #1b1c22"));
    CHECK_STR(said(arena, "{\"dark\":[]}"), STR("dark: an object of colours"));
    CHECK_STR(said(arena, "{\"radius\":25}"), STR("radius: 0 to 24 pixels"));
    CHECK_STR(said(arena, "{\"radius\":\"4px\"}"), STR("radius: 0 to 24 pixels"));
    CHECK(str_starts(said(arena, "{\"font\":\"Comic Sans; } body { display: none\"}"), STR("font: system, humanist")));
    CHECK(str_starts(said(arena, "{\"name\":\"a\\u202eb\"}"), STR("name: ")));
    CHECK(str_starts(said(arena, "{\"language\":\"pt-br\"}"), STR("language: ")));
    CHECK_STR(said(arena, "{\"logo\":\"!\"}"), STR("logo: a picture, base64"));
    CHECK_STR(said(arena, "{\"logo_dark\":1}"), STR("logo_dark: a picture, base64"));
    CHECK_STR(said(arena, "{\"shadow\":\"0 0 9px red\"}"), STR("shadow: none, soft or strong"));
    CHECK_STR(said(arena, "{\"logo_height\":23}"), STR("logo_height: 24 to 64 pixels"));
    CHECK_STR(said(arena, "{\"max_width\":26}"), STR("max_width: narrow, normal or wide"));
    CHECK(is_good(arena, "{\"name\":\"Inkwell\",\"language\":\"pt-BR\",\"font\":\"serif\",\"radius\":0}"));
}

TEST(a_sheet_is_custom_properties_and_nothing_else)
{
    struct branding b;
    struct branding_problem problem;
    CHECK(read(arena, STR("{\"font\":\"serif\",\"radius\":3}"), &b, &problem));
    str sheet = branding_sheet(arena, &b), line;
    CHECK(str_cut(&sheet, '\n', &line));
    CHECK_STR(line, STR(":root {"));
    bool has_radius = false;
    while (str_cut(&sheet, '\n', &line) && !str_eq(line, STR("}"))) {
        CHECK(str_starts(line, STR("  --")) && str_ends(line, STR(";")));
        has_radius = has_radius || str_eq(line, STR("  --radius: 3px;"));
    }
    CHECK(has_radius && sheet.n == 0);
}

static str sheet_of(struct arena *a, const char *document)
{
    struct branding b;
    struct branding_problem problem;
    CHECK(read(a, str_of(document), &b, &problem));
    return branding_sheet(a, &b);
}

static bool has(str text, const char *part)
{
    return memmem(text.p, text.n, part, strlen(part)) != NULL;
}

TEST(what_is_chosen_by_a_word_is_a_value_of_ours)
{
    str plain = sheet_of(arena, "{}");
    CHECK(!has(plain, "--card-padding") && !has(plain, "--font:"));
    str sheet = sheet_of(arena, "{\"density\":\"roomy\",\"button_shape\":\"pill\",\"button_weight\":\"bold\",\"align\":"
                                "\"center\",\"max_width\":\"wide\",\"shadow\":\"none\",\"font_size\":\"large\","
                                "\"logo_height\":64,\"font\":\"system\"}");
    CHECK(has(sheet, "  --card-padding: 2.25rem;\n") && has(sheet, "  --button-radius: 1.5rem;\n"));
    CHECK(has(sheet, "  --button-weight: 700;\n") && has(sheet, "  --heading-align: center;\n"));
    CHECK(has(sheet, "  --page-width: 32rem;\n") && has(sheet, "  --shadow: none;\n"));
    CHECK(has(sheet, "  --font-size: 112.5%;\n") && has(sheet, "  --logo-height: 64px;\n"));
    CHECK(has(sheet, "  --font: system-ui,"));
}

static const char *picture(bytes b, struct raster *ret)
{
    const char *explain;
    return raster_read(b, ret, &explain) ? "good" : explain;
}
#define PICTURE(literal, ret) picture(bytes_of(STR(literal)), ret)
#define IHDR(w, h) "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0" w "\0\0" h "\x08\x06\0\0\0cccc"

TEST(a_picture_is_told_by_its_content)
{
    struct raster r;
    CHECK_STR(str_of(PICTURE(IHDR("\0\x40", "\0\x20") "\0\0\0\0IDATcccc", &r)), STR("good"));
    CHECK_STR(str_of(r.content_type), STR("image/png"));
    CHECK(r.width == 64 && r.height == 32);
    CHECK_STR(str_of(PICTURE("\xff\xd8\xff\xe0\0\x04zz\xff\xc2\0\x0b\x08\0\x30\0\x60\x01\x01\x11\0", &r)), STR("good"));
    CHECK_STR(str_of(r.content_type), STR("image/jpeg"));
    CHECK(r.width == 96 && r.height == 48);
    CHECK_STR(str_of(PICTURE("RIFF\x30\0\0\0WEBPVP8 \x24\0\0\0\0\0\0\x9d\x01\x2a\x40\0\x20\0", &r)), STR("good"));
    CHECK(r.width == 64 && r.height == 32);
    CHECK_STR(str_of(PICTURE("RIFF\x30\0\0\0WEBPVP8L\x24\0\0\0\x2f\x3f\xc0\x07\0\0\0\0\0\0", &r)), STR("good"));
    CHECK(r.width == 64 && r.height == 32);
    CHECK_STR(str_of(PICTURE("RIFF\x30\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x3f\0\0\x1f\0\0", &r)), STR("good"));
    CHECK(r.width == 64 && r.height == 32);
}

TEST(what_is_no_still_picture_of_that_size_is_refused)
{
    struct raster r;
    const char *svg = PICTURE("\xef\xbb\xbf\n <svg xmlns='http://www.w3.org/2000/svg'/>", &r);
    CHECK(strstr(svg, "SVG is refused") != NULL);
    CHECK(strstr(PICTURE("<!doctype html>", &r), "SVG is refused") != NULL);
    CHECK_STR(str_of(PICTURE("GIF89a\x40\0\x20\0", &r)), STR("PNG, JPEG or WebP, told by its content"));
    CHECK_STR(str_of(PICTURE("", &r)), STR("PNG, JPEG or WebP, told by its content"));
    CHECK_STR(str_of(PICTURE(IHDR("\0\x40", "\x04\x01") "\0\0\0\0IDATcccc", &r)),
              STR("16 to 1024 pixels wide and high"));
    CHECK_STR(str_of(PICTURE(IHDR("\0\x40", "\0\x20") "\0\0\0\x08"
                                                      "acTL12345678cccc\0\0\0\0IDATcccc",
                             &r)),
              STR("a picture that does not move"));
    CHECK_STR(str_of(PICTURE("RIFF\x30\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x3f\0\0\x1f\0\0", &r)),
              STR("a picture that does not move"));
    CHECK_STR(str_of(PICTURE(IHDR("\0\x40", "\0\x20") "\xff\xff\xff\xffxxxxcccc", &r)),
              STR("PNG, JPEG or WebP, told by its content"));
    CHECK_STR(str_of(PICTURE("\xff\xd8\xff\xe0\xff\xff", &r)), STR("PNG, JPEG or WebP, told by its content"));
    CHECK_STR(
        str_of(picture((bytes){ arena_array(arena, unsigned char, RASTER_MAX_BYTES + 1), RASTER_MAX_BYTES + 1 }, &r)),
        STR("at most 64 KiB"));
}
