/*
 * What papers that we draw have in common: headings, details with a label, and what stands on each page around them.
 * Pure, as sheet.h; used by the act of a month and by statements.
 */
#pragma once

#include "paysrv/domain/sheet.h"

#define PAPER_TITLE 16000
#define PAPER_HEADING 11500
#define PAPER_TEXT 9500
#define PAPER_SMALL 8000
#define PAPER_ROW 14000
#define PAPER_GAP 10000

void paper_text(struct sheet *s, int32_t x, int32_t size, str text);
/* With what follows it, or on the next page. */
void paper_heading(struct sheet *s, const char *text);
void paper_paragraph(struct sheet *s, int32_t x, str text, size_t max);
/* The label stands beside the first line of what it names; nothing without a text. */
void paper_detail(struct sheet *s, const char *label, str text, size_t max);

struct paper_frame {
    str head;
    str note;      /* below it; absent: none */
    str elsewhere; /* where characters are that cannot be shown: "the CSV has it" */
};
/* When all pages are there. */
void paper_frames(struct sheet *s, const struct paper_frame *frame);
