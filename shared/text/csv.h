/*
 * CSV out (RFC 4180), for spreadsheets: a text that one of them would take for a formula (it begins with = + - @, a tab
 * or a carriage return) gets an apostrophe in front. Numbers are ours, and go as they are.
 */
#pragma once

#include <stdint.h>

#include "shared/base/buf.h"

struct csv {
    struct buf *out;
    bool has_cell; /* in this line */
};

void csv_text(struct csv *c, str text); /* absent: an empty cell */
void csv_number(struct csv *c, str digits);
void csv_i64(struct csv *c, int64_t v);
void csv_line_end(struct csv *c);
