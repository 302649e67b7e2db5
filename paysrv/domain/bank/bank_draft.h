/* Between bank_answer.c, which knows the messages, and those that read one kind each. */
#pragma once

#include "paysrv/domain/bank/bank_answer.h"
#include "shared/text/xml.h"

/* An answer on the way: texts as they came, lines as they end. */
struct bank_draft {
    struct arena *arena;
    struct bank_answer answer;
    struct bank_line *lines;
    size_t n, capacity;
    str why;     /* absent: nothing is wrong so far */
    size_t root; /* length of the path in front of what the message is about */
    void *state; /* of the reader of this message */
};

/* One path below the message's body and the field that its text goes to. */
struct bank_field {
    const char *path;
    size_t offset; /* of a str */
};

/* Notes why and returns false. */
bool bank_draft_refuse(struct bank_draft *d, const char *why);
struct bank_line *bank_draft_line(struct bank_draft *d);
/* Puts the element's text into the field of that path, unless one is there already; in is what offset counts from. */
void bank_draft_take(const struct bank_draft *d, const struct xml_element *e, str path, const struct bank_field *fields,
                     size_t n, void *in);

/* pain.002: below CstmrPmtStsRpt */
void bank_status_begin(struct bank_draft *d);
bool bank_status_open(struct bank_draft *d, str path, const struct xml_element *e);
bool bank_status_close(struct bank_draft *d, str path, const struct xml_element *e);
bool bank_status_finish(struct bank_draft *d);
/* camt.053 and camt.054: below BkToCstmrStmt and BkToCstmrDbtCdtNtfctn */
void bank_camt_begin(struct bank_draft *d);
bool bank_camt_open(struct bank_draft *d, str path, const struct xml_element *e);
bool bank_camt_close(struct bank_draft *d, str path, const struct xml_element *e);
bool bank_camt_finish(struct bank_draft *d);
