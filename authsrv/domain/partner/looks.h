/*
 * What else a partner chooses for its pages beside colours: each a custom property of ours, by a word of a table or a
 * number between limits. Nothing of the partner's own text reaches a style sheet.
 */
#pragma once

#include "authsrv/domain/partner/palette.h"
#include "shared/base/buf.h"

/* X(member, custom property) */
#define LOOKS(X)                                                                                                       \
    X(font, "--font")                                                                                                  \
    X(font_size, "--font-size")                                                                                        \
    X(radius, "--radius")                                                                                              \
    X(density, "--card-padding")                                                                                       \
    X(button_weight, "--button-weight")                                                                                \
    X(button_shape, "--button-radius")                                                                                 \
    X(shadow, "--shadow")                                                                                              \
    X(logo_height, "--logo-height")                                                                                    \
    X(align, "--heading-align")                                                                                        \
    X(max_width, "--page-width")

enum look {
#define X(name, ...) LOOK_##name,
    LOOKS(X)
#undef X
        LOOKS_N
};

struct looks {
    int chosen[LOOKS_N]; /* -1: ours; else the number, or the place of the word in the table */
};

/* false: *problem names the member and says what is allowed there. */
bool looks_read(const struct json_value *doc, struct looks *ret, struct branding_problem *problem);
void looks_write(const struct looks *looks, struct buf *out);
