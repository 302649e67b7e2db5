/*
 * CSV out (RFC 4180), for spreadsheets: a text that one of them would take for a formula (it begins with = + - @, also
 * of full width, a tab or the end of a line) gets an apostrophe in front. Numbers are ours, and go as they are.
 */
#pragma once

#include <stdint.h>

#include "shared/base/buf.h"

/*
 * Before the first line of a file that a person opens: without it Excel takes UTF-8 for the letters of another
 * alphabet. A program that does not know it takes it for a part of the first name, so none gets it.
 */
#define CSV_BOM STR("\xef\xbb\xbf")

struct csv {
    struct buf *out;
    bool has_cell; /* in this line */
};

void csv_text(struct csv *c, str text); /* absent: an empty cell */
void csv_number(struct csv *c, str digits);
void csv_i64(struct csv *c, int64_t v);
void csv_line_end(struct csv *c);
