/*
 * The colours that a partner may choose, light and dark, and whether everything written in them can be read
 * (WCAG 2.2, 1.4.3 and 1.4.11). What warns, refuses or confirms keeps our own colours.
 */
#pragma once

#include "shared/base/buf.h"
#include "shared/text/contrast.h"
#include "shared/text/json_in.h"

/* X(member of the document, property of web/assets/tokens.css, ours in light, ours in dark) */
#define PALETTE_COLOURS(X)                                                                                             \
    X(background, "--bg", 0xf4f3ef, 0x14151a)                                                                          \
    X(surface, "--surface", 0xffffff, 0x1d1f27)                                                                        \
    X(text, "--text", 0x1b1c22, 0xeceef4)                                                                              \
    X(muted, "--muted", 0x5a5d6b, 0xa5a9ba)                                                                            \
    X(border, "--border", 0xdcdad2, 0x353844)                                                                          \
    X(control, "--control", 0x868997, 0x767b8e)                                                                        \
    X(brand, "--brand", 0x2b4acb, 0x8ea5ff)                                                                            \
    X(on_brand, "--on-brand", 0xffffff, 0x11142a)                                                                      \
    X(focus, "--focus", 0x1a3fe0, 0xb9c6ff)                                                                            \
    X(danger, "--danger", 0xa3161f, 0xff9d9a)

enum palette_colour {
#define X(name, property, light, dark) PALETTE_##name,
    PALETTE_COLOURS(X)
#undef X
        PALETTE_brand_hover, /* made of the others */
    PALETTE_sunken,
    PALETTE_N,
};

struct palette {
    colour light[PALETTE_N], dark[PALETTE_N];
};

struct branding_problem {
    str param, explain; /* "light.muted" */
};

/*
 * light and dark: objects of the document, NULL: not said. What is not said is ours, or follows what is said: dark from
 * light, what stands on the brand's colour and the focus from that. false: a colour that is none, or two that cannot be
 * told apart; *problem names them, how far they are from each other, and one that would do.
 */
bool palette_read(struct arena *a, const struct json_value *light, const struct json_value *dark, struct palette *ret,
                  struct branding_problem *problem);
/* As properties of a style sheet. */
void palette_write(struct arena *a, const struct palette *p, struct buf *out);
