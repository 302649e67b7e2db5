/*
 * CSV in (RFC 4180), line by line: cells between commas, those in quotes with doubled quotes and line breaks inside.
 * Strict: a quote within a cell that does not begin with one, or text after a closing quote, is no CSV.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/str.h"

/*
 * Takes the next line off *rest; cells point into it or, where quotes were doubled, into the arena. false: *rest is
 * empty, or *malformed: it is no CSV or has more cells than max.
 */
bool csv_line(struct arena *a, str *rest, str *cells, size_t max, size_t *n, bool *malformed);
