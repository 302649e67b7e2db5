/*
 * What papers that we draw have in common: headings, details with a label, and what stands on each page around them.
 * Pure, as sheet.h; used by the act of a month and by statements.
 */
#pragma once

#include "paysrv/domain/report/sheet.h"

/* What is said on papers, in each language of ours; who calls brings the words (web/text/paysrv.txt, paper_...). */
#define PAPER_WORDS(X)                                                                                                 \
    X(PAGE)                                                                                                            \
    X(SUBSTITUTES)                                                                                                     \
    X(TRANSLATION)                                                                                                     \
    X(PLATFORM)                                                                                                        \
    X(PARTNER)                                                                                                         \
    X(PERIOD)                                                                                                          \
    X(DAYS)                                                                                                            \
    X(MOMENTS)                                                                                                         \
    X(CURRENCY)                                                                                                        \
    X(AS_OF)                                                                                                           \
    X(KIND)                                                                                                            \
    X(ACT_TITLE)                                                                                                       \
    X(ACT_OPEN_TITLE)                                                                                                  \
    X(ACT_UNDER)                                                                                                       \
    X(ACT_NO_AGREEMENT)                                                                                                \
    X(ACT_PARTIES)                                                                                                     \
    X(ACT_PARTNER_ID)                                                                                                  \
    X(ACT_DATE)                                                                                                        \
    X(ACT_FIGURES)                                                                                                     \
    X(ACT_SALES)                                                                                                       \
    X(ACT_REFUNDS)                                                                                                     \
    X(ACT_DISPUTES)                                                                                                    \
    X(ACT_SELLERS_SHARE)                                                                                               \
    X(ACT_PARTNER_SHARE)                                                                                               \
    X(ACT_PLATFORM_SHARE)                                                                                              \
    X(ACT_PAID_OUT)                                                                                                    \
    X(ACT_RETURNED)                                                                                                    \
    X(ACT_BALANCES)                                                                                                    \
    X(ACT_AT_BEGIN)                                                                                                    \
    X(ACT_AT_END)                                                                                                      \
    X(ACT_SELLERS_TOGETHER)                                                                                            \
    X(ACT_PAYOUTS_ON_THE_WAY)                                                                                          \
    X(ACT_OWES_PARTNER)                                                                                                \
    X(ACT_PARTNER_OWES)                                                                                                \
    X(ACT_OWES_SELLERS)                                                                                                \
    X(ACT_SELLERS_OWE)                                                                                                 \
    X(ACT_ENTRIES)                                                                                                     \
    X(ACT_COUNT)                                                                                                       \
    X(ACT_GROSS)                                                                                                       \
    X(ACT_SELLERS)                                                                                                     \
    X(ACT_ON_THE_WAY)                                                                                                  \
    X(ACT_PROVISIONAL)                                                                                                 \
    X(STATEMENT_TITLE)                                                                                                 \
    X(STATEMENT_OF)                                                                                                    \
    X(STATEMENT_OWNER)                                                                                                 \
    X(STATEMENT_ACCOUNT)                                                                                               \
    X(STATEMENT_ENTRIES)                                                                                               \
    X(STATEMENT_OPENING)                                                                                               \
    X(STATEMENT_CLOSING)                                                                                               \
    X(STATEMENT_CAME)                                                                                                  \
    X(STATEMENT_WENT)                                                                                                  \
    X(STATEMENT_DATE)                                                                                                  \
    X(STATEMENT_TEXT)                                                                                                  \
    X(STATEMENT_AMOUNT)                                                                                                \
    X(STATEMENT_BALANCE)                                                                                               \
    X(STATEMENT_PROVISIONAL)
#define PAPER_WORD_ROW(name) PAPER_##name,
enum paper_word { PAPER_WORDS(PAPER_WORD_ROW) PAPER_WORD_COUNT };
#undef PAPER_WORD_ROW

struct paper_language {
    str tag;          /* how amounts and days are written */
    const str *words; /* PAPER_WORD_COUNT; holes as text_step has them (shared/text/html.h) */
    bool is_english;
};
/* The word with its values, in the order of the English text; of any length, as they are names. */
str paper_filled(struct arena *a, const struct paper_language *l, enum paper_word word, const str *values, size_t n);

#define PAPER_TITLE 16000
#define PAPER_HEADING 11500
#define PAPER_TEXT 9500
#define PAPER_SMALL 8000
#define PAPER_ROW 14000
#define PAPER_GAP 10000

void paper_text(struct sheet *s, int32_t x, int32_t size, str text);
/* With what follows it, or on the next page. */
void paper_heading(struct sheet *s, str text);
void paper_paragraph(struct sheet *s, int32_t x, str text, size_t max);
/* The label stands beside the first line of what it names; nothing without a text. */
void paper_detail(struct sheet *s, str label, str text, size_t max);

struct paper_frame {
    const struct paper_language *language;
    str head;
    str note; /* below it; absent: none */
};
/* When all pages are there. */
void paper_frames(struct sheet *s, const struct paper_frame *frame);
