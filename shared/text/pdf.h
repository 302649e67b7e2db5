/*
 * PDF documents of text in one embedded font, written by libharu: A4 pages, texts and lines at places, nothing else.
 * The same calls with the same font give the same bytes: nothing in it is the time, the machine or a random number.
 * Lengths are in thousandths of a point, from the lower left corner.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/base/str.h"

#define PDF_PAGE_WIDTH 595276
#define PDF_PAGE_HEIGHT 841890

struct pdf;

/* font_file: a TrueType font that may be embedded. false: it is not there, or is none. */
bool pdf_create(struct arena *a, str font_file, struct pdf **ret);
/* What the font takes for a character, in thousandths of its size; -1: it has none for it. */
int32_t pdf_advance(void *pdf, uint32_t character);
void pdf_page(struct pdf *pdf);
/* On the last page; text is UTF-8 of characters that the font has. */
void pdf_text(struct pdf *pdf, int32_t x, int32_t y, int32_t size, str text);
void pdf_line(struct pdf *pdf, int32_t x, int32_t y, int32_t to_x);
/* title: shown by readers; language: a tag of BCP 47. The bytes are in the arena. */
bool pdf_write(struct pdf *pdf, str title, str language, str *ret);
