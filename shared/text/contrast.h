/* Colours and how well one is seen on another: relative luminance and contrast ratio of WCAG 2.2. */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/base/str.h"

typedef struct {
    uint8_t r, g, b;
} colour;

#define COLOUR(hex)                                                                                                    \
    {                                                                                                                  \
        (uint8_t)((hex) >> 16), (uint8_t)((hex) >> 8 & 255), (uint8_t)((hex)&255)                                      \
    }

#define CONTRAST_TEXT 4.5    /* WCAG 1.4.3 */
#define CONTRAST_CONTROL 3.0 /* WCAG 1.4.11: what must be seen to be used, and where the focus is */

/* "#1b1c22", in either case; nothing shorter, no alpha, no names. */
bool colour_parse(str s, colour *ret);
str colour_text(struct arena *a, colour c);
/* 1 to 21, of either order. */
double contrast_ratio(colour a, colour b);
/* per_256 parts of b in a. */
colour colour_mix(colour a, colour b, int per_256);
/* The colour nearest to c, on its way to black or to white, that has this contrast on all n grounds; false: none. */
bool contrast_nearest(colour c, const colour *grounds, size_t n, double least, colour *ret);
/* "3.12:1", rounded down: what fails never reads as if it passed. */
str contrast_text(struct arena *a, double ratio);
