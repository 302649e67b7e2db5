/* See bank_match.h. */
#include "paysrv/domain/bank/bank_match.h"

static enum bank_effect judge_debit(const struct bank_case *c)
{
    if (payout_may_become(c->state, PAYOUT_PAID))
        return BANK_PAY;
    if (c->state != PAYOUT_PAID && c->state != PAYOUT_RETURNED)
        return BANK_BREAK_STATE;
    return c->is_booked_otherwise ? BANK_BREAK_DUPLICATE : BANK_KNOWN;
}

static enum bank_effect judge_return(const struct bank_case *c)
{
    if (payout_may_become(c->state, PAYOUT_PAID))
        return BANK_PAY_AND_RETURN;
    if (c->state == PAYOUT_PAID)
        return BANK_RETURN;
    if (c->state != PAYOUT_RETURNED)
        return BANK_BREAK_STATE;
    return c->is_booked_otherwise ? BANK_BREAK_DUPLICATE : BANK_KNOWN;
}

static enum bank_effect judge_rejection(const struct bank_case *c)
{
    if (c->state == PAYOUT_REJECTED)
        return BANK_KNOWN;
    bool is_at_bank = c->state == PAYOUT_SENT || c->state == PAYOUT_UNKNOWN;
    return is_at_bank ? BANK_REJECT : BANK_BREAK_STATE;
}

enum bank_effect bank_judge(const struct bank_case *c)
{
    if (c->is_held)
        return BANK_BREAK_STATE;
    if (!c->amount_fits)
        return BANK_BREAK_AMOUNT;
    if (c->kind == BANK_LINE_DEBIT)
        return judge_debit(c);
    return c->kind == BANK_LINE_RETURN ? judge_return(c) : judge_rejection(c);
}

int64_t bank_return_kept(int64_t paid_minor, int64_t returned_minor, int64_t kept_max_minor)
{
    int64_t kept = paid_minor - returned_minor;
    return returned_minor > 0 && kept >= 0 && kept <= kept_max_minor ? kept : -1;
}

str bank_payout_of(struct arena *a, str end_to_end)
{
    if (!str_starts(end_to_end, STR("po-")) || end_to_end.n > 35)
        return STR_NONE;
    char *copy = arena_cstr(a, end_to_end);
    copy[2] = '_';
    return (str){ copy, end_to_end.n };
}

bool bank_reason_is_duplicate(str code)
{
    return str_given(code) && str_has_word(STR("AM05 DU01 DU02 DU03 DU04 DU05"), code);
}

bool bank_reason_ends_requisite(str code)
{
    return str_given(code) && str_has_word(STR("AC01 AC03 AC04 AC06 AC07 AC14 BE01 MD07 RC01 RC04 RR02"), code);
}

static enum statement_verdict days_judge(const struct statement_place *last, const struct statement_place *same,
                                         const struct statement_place *fresh)
{
    if (same && same->opening_minor != fresh->opening_minor)
        return STATEMENT_CHANGED;
    if (!last)
        return STATEMENT_NEXT;
    if (fresh->first_day <= last->last_day)
        return STATEMENT_NEXT;
    return fresh->first_day == last->last_day + 1 && fresh->opening_minor == last->closing_minor ? STATEMENT_NEXT
                                                                                                 : STATEMENT_GAP;
}

enum statement_verdict statement_judge(const struct statement_place *last, const struct statement_place *same,
                                       const struct statement_place *fresh)
{
    if (fresh->first_day)
        return days_judge(last, same, fresh);
    if (same)
        return same->opening_minor == fresh->opening_minor && same->closing_minor == fresh->closing_minor
                   ? STATEMENT_SEEN
                   : STATEMENT_CHANGED;
    if (!last)
        return STATEMENT_NEXT;
    bool sequence_follows =
        !last->sequence || !fresh->sequence || fresh->sequence == last->sequence + 1 || fresh->sequence == 1;
    return sequence_follows && fresh->opening_minor == last->closing_minor ? STATEMENT_NEXT : STATEMENT_GAP;
}

bool statement_is_before(const struct statement_place *last, const struct statement_place *released)
{
    if (last->closing_day && released->closing_day && last->closing_day != released->closing_day)
        return released->closing_day < last->closing_day;
    return last->sequence && released->sequence > 1 && released->sequence < last->sequence;
}
