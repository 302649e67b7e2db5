/* See paper_words.h. */
#include "paysrv/flow/report/paper_words.h"

#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/message/word_table.h"

static enum language drawn(enum language l)
{
    return sheet_script_is_simple(text_in(l, TEXT_LANGUAGE_NAME)) ? l : LANGUAGE_EN;
}

enum language paper_language_find(str locale)
{
    size_t found;
    return language_find(speech_languages(), locale, &found) ? drawn((enum language)found) : LANGUAGE_EN;
}

const struct paper_language *paper_language_of(struct arena *a, enum language l)
{
    static const enum text_key keys[] = {
#define PAPER_WORD_KEY(name) [PAPER_##name] = TEXT_PAPER_##name,
        PAPER_WORDS(PAPER_WORD_KEY)
#undef PAPER_WORD_KEY
    };
    struct paper_language *ret = arena_new(a, struct paper_language);
    str *words = arena_array(a, str, PAPER_WORD_COUNT);
    for (size_t i = 0; i < PAPER_WORD_COUNT; i++)
        words[i] = text_in(l, keys[i]);
    *ret = (struct paper_language){ .tag = language_tags[l], .words = words, .is_english = l == LANGUAGE_EN };
    return ret;
}

static str word_in(enum language l, const struct word *words, str code)
{
    enum text_key found;
    return word_find(words, code, &found) ? text_in(l, found) : code;
}

str paper_entry_word(enum language l, str kind)
{
    return word_in(l,
                   WORDS({ "charge", TEXT_ENTRY_CHARGE }, { "capture", TEXT_ENTRY_CAPTURE },
                         { "refund", TEXT_ENTRY_REFUND }, { "refund_returned", TEXT_ENTRY_REFUND_RETURNED },
                         { "dispute_hold", TEXT_ENTRY_DISPUTE_HOLD }, { "dispute_return", TEXT_ENTRY_DISPUTE_RETURN },
                         { "cover", TEXT_ENTRY_COVER }, { "write_off", TEXT_ENTRY_WRITE_OFF },
                         { "recovery", TEXT_ENTRY_RECOVERY }, { "payout_hold", TEXT_ENTRY_PAYOUT_HOLD },
                         { "payout_canceled", TEXT_ENTRY_PAYOUT_CANCELED }, { "payout_paid", TEXT_ENTRY_PAYOUT_PAID },
                         { "payout_returned", TEXT_ENTRY_PAYOUT_RETURNED }, { "fee_payout", TEXT_ENTRY_FEE_PAYOUT },
                         { "fee_payout_back", TEXT_ENTRY_FEE_PAYOUT_BACK }, { "settlement", TEXT_ENTRY_SETTLEMENT },
                         { "settlement_late", TEXT_ENTRY_SETTLEMENT_LATE },
                         { "settlement_break", TEXT_ENTRY_SETTLEMENT_BREAK },
                         { "bank_booking", TEXT_ENTRY_BANK_BOOKING }, { "late_settled", TEXT_ENTRY_LATE_SETTLED }),
                   kind);
}

str paper_account_word(enum language l, str kind)
{
    return word_in(l,
                   WORDS({ "seller", TEXT_ACCOUNT_SELLER }, { "own_sales", TEXT_ACCOUNT_OWN_SALES },
                         { "partner", TEXT_ACCOUNT_PARTNER }, { "platform", TEXT_ACCOUNT_PLATFORM }),
                   kind);
}
