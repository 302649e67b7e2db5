/*
 * In which language a paper is drawn, and its words (domain/paper.h). A language whose script cannot be drawn glyph by
 * glyph (0056) has English papers.
 */
#pragma once

#include "paysrv/domain/report/paper.h"
#include "web/text.h"

/* locale absent, or none of ours: English. */
enum language paper_language_find(str locale);
const struct paper_language *paper_language_of(struct arena *a, enum language l);
/* What a kind of entry, or of account, that papers show is called; without a word, its code. */
str paper_entry_word(enum language l, str kind);
str paper_account_word(enum language l, str kind);
