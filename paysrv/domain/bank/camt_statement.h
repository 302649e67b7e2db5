/*
 * A statement of an account as camt.053.001.08, for the books of whoever keeps it: head, entries, end. Text reaches the
 * file only through the bank's character set, which has no markup characters.
 */
#pragma once

#include <stdint.h>

#include "shared/base/buf.h"
#include "shared/base/instant.h"

struct camt_statement {
    str id; /* of the statement: 35 characters at most */
    str account, owner, currency;
    instant from, to, made;
    /* In the zone of the books, as those of entries: programs book by the day and not the moment. */
    str first_day, last_day;
    bool is_closed; /* false: more may come until `to`, and the last balance is an interim one */
    int64_t opening_minor, closing_minor;
    int64_t came_minor, went_minor, entries;
};

struct camt_entry {
    int64_t entry;
    str kind, reference, text; /* text may be absent */
    int64_t amount_minor;
    str day;
    instant at;
};

void camt_statement_head(struct arena *a, const struct camt_statement *s, struct buf *out);
void camt_statement_entry(struct arena *a, const struct camt_statement *s, const struct camt_entry *e, struct buf *out);
void camt_statement_end(struct buf *out);
