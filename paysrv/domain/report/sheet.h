/*
 * Text on pages of paper: what fits a width, where lines and pages end, and what stands for characters that a font
 * cannot show. Pure: it makes a list of marks, which a writer of documents draws. Lengths are in thousandths of a
 * point, from the lower left corner of an A4 page.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/base/str.h"

#define SHEET_LEFT 56000
#define SHEET_RIGHT 539000
#define SHEET_TOP 770000
#define SHEET_BOTTOM 70000
#define SHEET_LINES_MAX 8

/* What a character takes, in thousandths of the size; negative: the font has none for it. */
typedef int32_t sheet_advance(void *font, uint32_t character);

/* A text, or, when that is absent, a line from x to to_x. */
struct sheet_mark {
    int page; /* from 1 */
    int32_t x, y, size, to_x;
    str text;
};

struct sheet {
    struct arena *arena;
    sheet_advance *advance;
    void *font;
    struct sheet_mark *marks;
    size_t n, cap;
    int pages;
    int32_t y;            /* the baseline of what was put last */
    bool has_substitutes; /* a character stands for one that cannot be shown */
};

void sheet_begin(struct sheet *s, struct arena *a, sheet_advance *advance, void *font);
void sheet_page(struct sheet *s);
/* Goes down, to the next page when there is no room on this one; true: a new page. */
bool sheet_down(struct sheet *s, int32_t height);
/* Whether a script goes from left to right, one glyph after the other, as papers need it. */
bool sheet_script_is_simple(str text);
/* As it can be shown: scripts that need more than one glyph after the other (right to left, joined) are not. */
str sheet_shown(struct sheet *s, str text);
int32_t sheet_width(const struct sheet *s, str shown, int32_t size);
/* Cut at a character, with an ellipsis, when it is too wide. */
str sheet_fit(const struct sheet *s, str shown, int32_t size, int32_t width);
/* At most max lines, broken at spaces where there are any; the last one ends with an ellipsis when that is not all. */
size_t sheet_wrap(const struct sheet *s, str shown, int32_t size, int32_t width, str *lines, size_t max);

void sheet_put(struct sheet *s, int32_t x, int32_t size, str shown);
/* Flush right. What is too wide is made smaller and never cut: it is a sum. */
void sheet_put_sum(struct sheet *s, int32_t right, int32_t width, int32_t size, str shown);
void sheet_mark_at(struct sheet *s, struct sheet_mark mark);
void sheet_line(struct sheet *s, int32_t x, int32_t to_x);
