/*
 * Where in an HTML document we are, character by character: the part of htmlgen that decides how a hole is escaped.
 * Stricter than HTML: what browsers repair (comments, single quotes, unclosed elements) is refused, so that our idea
 * of the place and a browser's idea cannot differ.
 */
#pragma once

#include "shared/base/str.h"

enum html_state {
    HTML_TEXT = 1,
    HTML_RCDATA,  /* title, textarea */
    HTML_NOTHING, /* inside script and iframe: only the end tag may follow */
    HTML_TAG_OPEN,
    HTML_TAG_NAME,
    HTML_END_NAME,
    HTML_BEFORE_ATTR,
    HTML_ATTR_NAME,
    HTML_AFTER_ATTR_NAME,
    HTML_BEFORE_VALUE,
    HTML_VALUE,
    HTML_AFTER_VALUE,
    HTML_SLASH,
    HTML_END_TAG_OPEN,
    HTML_DOCTYPE,
};

#define HTML_NAME_MAX 24
#define HTML_DEPTH_MAX 48

struct html_name {
    char p[HTML_NAME_MAX];
    unsigned n;
};

struct html {
    enum html_state state;
    struct html_name tag, attr;
    struct html_name value;        /* the first characters of the attribute value, for meta refresh */
    bool value_fixed, value_holed; /* the value so far holds fixed text, a hole */
    unsigned depth;
    struct html_name open[HTML_DEPTH_MAX];
};

void html_start(struct html *h);

/* NULL: fine. Otherwise what is wrong with the character at *at. */
const char *html_feed(struct html *h, str text, size_t *at);

enum html_hole { HTML_HOLE_TEXT = 1, HTML_HOLE_ATTR, HTML_HOLE_URL };
enum html_value { HTML_VALUE_TEXT = 1, HTML_VALUE_URL, HTML_VALUE_ASSET, HTML_VALUE_SHEET };

/* How a value of that kind is written here; NULL and *ret, or what is wrong. */
const char *html_hole(struct html *h, enum html_value kind, enum html_hole *ret);

/* Two branches must leave the document at the same place; marks of both are kept in a. */
bool html_join(struct html *a, const struct html *b);
