/*
 * A statement of an account as it stands on paper: whose, for which days, opening, every entry with the balance after
 * it, closing. A period that is not over says so on each page. Pure, as sheet.h.
 */
#pragma once

#include "paysrv/domain/sheet.h"

struct statement_paper {
    str owner, account, account_id, currency, from, to; /* the last day is not in it */
    bool is_closed;
    str as_of; /* when it is not */
    int64_t opening_minor, came_minor, went_minor, closing_minor, entries;
};

struct statement_paper_line {
    str day, kind, reference, text;
    int64_t amount_minor, balance_minor;
};

str statement_paper_title(struct arena *a, const struct statement_paper *paper);
void statement_paper_begin(struct sheet *s, const struct statement_paper *paper);
void statement_paper_line(struct sheet *s, const struct statement_paper *paper,
                          const struct statement_paper_line *line);
void statement_paper_end(struct sheet *s, const struct statement_paper *paper);
