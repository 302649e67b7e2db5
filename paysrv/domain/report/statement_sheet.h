/*
 * A statement of an account as it stands on paper: whose, for which days, opening, every entry with the balance after
 * it, closing. A period that is not over says so on each page. Pure, as sheet.h.
 */
#pragma once

#include "paysrv/domain/report/paper.h"
#include "shared/base/instant.h"

struct statement_paper {
    const struct paper_language *language;
    str owner, account, account_id, currency;
    str from_day, to_day, zone; /* the last day is in it; zone absent: UTC */
    instant from, to;
    bool is_closed;
    instant as_of; /* when it is not */
    int64_t opening_minor, came_minor, went_minor, closing_minor, entries;
};

struct statement_paper_line {
    str day, kind, reference, text; /* day: as ISO 8601 has it; kind: in words */
    int64_t amount_minor, balance_minor;
};

str statement_paper_title(struct arena *a, const struct statement_paper *paper);
void statement_paper_begin(struct sheet *s, const struct statement_paper *paper);
void statement_paper_line(struct sheet *s, const struct statement_paper *paper,
                          const struct statement_paper_line *line);
void statement_paper_end(struct sheet *s, const struct statement_paper *paper);
