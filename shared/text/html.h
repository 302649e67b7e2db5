/* What generated pages and mails write values with. The generator decides which of these stands where; no other code
 * writes HTML. */
#pragma once

#include "shared/base/buf.h"

/* In element text. Control characters but tab and line breaks are dropped, here and below. */
void html_add_text(struct buf *out, str s);
#define HTML_ESCAPED_MAX 6 /* bytes for one: &quot; */
/* In a double-quoted attribute value. */
void html_add_attr(struct buf *out, str s);
/* As a whole address: "#" in the place of one that could run or lead where no page of ours leads. */
void html_add_url(struct buf *out, str s);
/* In plain text: one line, control characters dropped. */
void mail_add_text(struct buf *out, str s);
/* The same within a sentence; one from right to left keeps its order around it (Unicode UAX 9, isolates). */
void mail_add_name(struct buf *out, str s, bool is_rtl);

/* What is around a page and not its own. Absent members: as our pages are, or none. */
struct frame {
    str name;         /* whose page it seems to be */
    str sheet, logo;  /* addresses on this server */
    str logo_dark;    /* in the place of logo on dark pages */
    str host;         /* whose it is, said where it seems to be somebody else's */
    str language_url; /* where another language is chosen */
};
extern const struct frame frame_none;

/* A mail as it is composed. */
struct letter {
    str subject, text;
    str html; /* absent: text only */
};
#define LETTER_MAX_BYTES 16384
#define LETTER_HTML_MAX_BYTES 131072

/* Texts with holes: their values are written where a byte below this one stands, 1 for the first. */
#define TEXT_HOLES 9
/* Writes the text as far as its next hole and returns that one; 0: to the end. */
int text_step(str *rest, struct buf *out);
/* The text with these values, in the order of the English text. */
str text_filled(struct arena *a, str text, const str *values);
