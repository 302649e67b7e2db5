/* See store_look.h. */
#include "paysrv/domain/stores/store_look.h"

#include "shared/text/contrast.h"

#define N(a) (sizeof(a) / sizeof(a)[0])
#define HOVER_PER_256 46
#define LETTERS_MIN 5

/* --surface and --bg of web/assets/tokens.css, by day and by night, and what stands on the colour. */
static const colour day[] = { COLOUR(0xffffff), COLOUR(0xf4f3ef) };
static const colour night[] = { COLOUR(0x1d1f27), COLOUR(0x14151a) };
static const colour white = COLOUR(0xffffff), black = COLOUR(0x000000), ink = COLOUR(0x11142a);

static double least_contrast(colour c, const colour *grounds, size_t n)
{
    double least = 21;
    for (size_t i = 0; i < n; i++) {
        double ratio = contrast_ratio(c, grounds[i]);
        least = ratio < least ? ratio : least;
    }
    return least;
}

static str pair(struct arena *a, colour by_day, colour by_night)
{
    return arena_printf(a, "light-dark(%.*s, %.*s)", STR_ARG(colour_text(a, by_day)),
                        STR_ARG(colour_text(a, by_night)));
}

static str sheet_of(struct arena *a, colour c, colour dark)
{
    colour on_dark = contrast_ratio(dark, ink) > contrast_ratio(dark, white) ? ink : white;
    return arena_printf(a, ":root { --brand: %.*s; --brand-hover: %.*s; --on-brand: %.*s; --focus: %.*s; }\n",
                        STR_ARG(pair(a, c, dark)),
                        STR_ARG(pair(a, colour_mix(c, black, HOVER_PER_256), colour_mix(dark, white, HOVER_PER_256))),
                        STR_ARG(pair(a, white, on_dark)), STR_ARG(pair(a, c, dark)));
}

bool store_accent_judge(struct arena *a, str text, str *sheet, str *explain)
{
    colour c, near;
    *explain = STR("a colour such as #2b4acb");
    if (!colour_parse(text, &c))
        return false;
    double ratio = least_contrast(c, day, N(day));
    if (ratio < CONTRAST_TEXT) {
        bool found = contrast_nearest(c, day, N(day), CONTRAST_TEXT, &near);
        *explain = arena_printf(a, "has a contrast of %.*s on the page, at least %.*s is needed%s%.*s",
                                STR_ARG(contrast_text(a, ratio)), STR_ARG(contrast_text(a, CONTRAST_TEXT)),
                                found ? "; what would do: " : "", STR_ARG(found ? colour_text(a, near) : STR("")));
        return false;
    }
    if (!contrast_nearest(c, night, N(night), CONTRAST_TEXT, &near))
        return false;
    *sheet = sheet_of(a, c, near);
    return true;
}

bool statement_descriptor_is_valid(str s)
{
    size_t letters = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool is_sign = c != '\0' && strchr("0123456789-.,/&+ ", c) != NULL;
        bool is_odd_space = c == ' ' && (i == 0 || i + 1 == s.n || s.p[i - 1] == ' ');
        if ((!is_letter && !is_sign) || is_odd_space)
            return false;
        letters += is_letter;
    }
    return s.n >= 5 && s.n <= 22 && letters >= LETTERS_MIN;
}
