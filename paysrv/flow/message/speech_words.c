/* Tables from code to text. See speech_words.h. */
#include "paysrv/flow/message/speech_words.h"

#include "paysrv/domain/payout/payout_schedule.h"
#include "paysrv/flow/message/word_table.h"
#include "shared/text/html.h"

static str word_in(enum language l, const struct word *words, str code)
{
    enum text_key found;
    return word_find(words, code, &found) ? text_in(l, found) : code;
}

str word_of_decline(enum language l, enum payment_method method, str decline_code)
{
    const struct word *of_card =
        WORDS({ "insufficient_funds", TEXT_DECLINE_CARD_FUNDS }, { "expired_card", TEXT_DECLINE_CARD_EXPIRED },
              { "incorrect_cvc", TEXT_DECLINE_CARD_CSC }, { "authentication_failed", TEXT_DECLINE_CARD_FAILED },
              { "authentication_required", TEXT_DECLINE_CARD_REQUIRED },
              { "authentication_rejected", TEXT_DECLINE_CARD_REJECTED });
    const struct word *of_others =
        WORDS({ "insufficient_funds", TEXT_DECLINE_WALLET_FUNDS }, { "canceled_by_buyer", TEXT_DECLINE_CANCELED },
              { "expired", TEXT_DECLINE_LATE });
    bool is_card = method == METHOD_CARD;
    enum text_key text = is_card ? TEXT_DECLINE_CARD : TEXT_DECLINE_OTHER;
    (void)word_find(is_card ? of_card : of_others, decline_code, &text);
    return text_in(l, text);
}

str word_of_subscription(enum language l, str status)
{
    return word_in(l,
                   WORDS({ "trialing", TEXT_BILLING_STATUS_TRIALING }, { "active", TEXT_BILLING_STATUS_ACTIVE },
                         { "past_due", TEXT_BILLING_STATUS_PAST_DUE }, { "paused", TEXT_BILLING_STATUS_PAUSED },
                         { "unpaid", TEXT_BILLING_STATUS_UNPAID }, { "canceled", TEXT_BILLING_STATUS_CANCELED }),
                   status);
}

str word_of_invoice(enum language l, str status)
{
    return word_in(l,
                   WORDS({ "open", TEXT_BILLING_INVOICE_OPEN }, { "paid", TEXT_BILLING_INVOICE_PAID },
                         { "void", TEXT_BILLING_INVOICE_VOID },
                         { "uncollectible", TEXT_BILLING_INVOICE_UNCOLLECTIBLE }),
                   status);
}

str word_of_invoice_line(enum language l, str type)
{
    return word_in(l,
                   WORDS({ "period", TEXT_BILLING_LINE_PERIOD }, { "unused", TEXT_BILLING_LINE_UNUSED },
                         { "rest", TEXT_BILLING_LINE_REST }),
                   type);
}

str word_of_dispute_reason(enum language l, str reason)
{
    return word_in(l,
                   WORDS({ "fraudulent", TEXT_DISPUTE_FRAUDULENT }, { "unrecognized", TEXT_DISPUTE_UNRECOGNIZED },
                         { "product_not_received", TEXT_DISPUTE_NOT_RECEIVED },
                         { "product_unacceptable", TEXT_DISPUTE_UNACCEPTABLE },
                         { "credit_not_processed", TEXT_DISPUTE_CREDIT }, { "duplicate", TEXT_DISPUTE_DUPLICATE },
                         { "subscription_canceled", TEXT_DISPUTE_SUBSCRIPTION }),
                   reason);
}

/* Banks have codes that they can be asked about (ISO 20022); cards, wallets and we ourselves have words for programs.
 */
static bool is_of_bank(str code)
{
    for (size_t i = 0; i < code.n; i++)
        if (code.p[i] >= 'a' && code.p[i] <= 'z')
            return false;
    return true;
}

str words_of_return(struct arena *a, enum language l, str code)
{
    const struct word *known = WORDS(
        { "AC01", TEXT_PAYOUT_BACK_ACCOUNT }, { "AC03", TEXT_PAYOUT_BACK_ACCOUNT }, { "AC04", TEXT_PAYOUT_BACK_CLOSED },
        { "AC06", TEXT_PAYOUT_BACK_BLOCKED }, { "AC07", TEXT_PAYOUT_BACK_CLOSED }, { "AC14", TEXT_PAYOUT_BACK_KIND },
        { "AG01", TEXT_PAYOUT_BACK_KIND }, { "BE01", TEXT_PAYOUT_BACK_NAME }, { "BE04", TEXT_PAYOUT_BACK_DETAILS },
        { "MS03", TEXT_PAYOUT_BACK_UNSAID }, { "RC01", TEXT_PAYOUT_BACK_BANK }, { "RC03", TEXT_PAYOUT_BACK_BANK },
        { "RC04", TEXT_PAYOUT_BACK_BANK }, { "RR03", TEXT_PAYOUT_BACK_DETAILS },
        { "bank_refused", TEXT_PAYOUT_BACK_UNSAID }, { "do_not_honor", TEXT_PAYOUT_BACK_CARD },
        { "card_closed", TEXT_PAYOUT_BACK_CARD_OVER }, { "expired_card", TEXT_PAYOUT_BACK_CARD_OVER },
        { "lost_card", TEXT_PAYOUT_BACK_CARD_OVER }, { "stolen_card", TEXT_PAYOUT_BACK_CARD_OVER },
        { "not_push_eligible", TEXT_PAYOUT_BACK_CARD_OVER }, { "token_unusable", TEXT_PAYOUT_BACK_CARD_OVER },
        { "wallet_closed", TEXT_PAYOUT_BACK_CLOSED }, { "wallet_unknown", TEXT_PAYOUT_BACK_ACCOUNT },
        { "account_blocked", TEXT_PAYOUT_BACK_BLOCKED });
    enum text_key words;
    if (!word_find(known, code, &words))
        return is_of_bank(code) ? code : STR_NONE;
    if (!is_of_bank(code))
        return text_in(l, words);
    return text_filled(a, text_in(l, TEXT_PAYOUT_BACK_CODE), (const str[]){ text_in(l, words), code });
}

str words_of_interval(struct arena *a, enum language l, str unit, int32_t count)
{
    const struct word *one = WORDS({ "day", TEXT_BILLING_EACH_DAY }, { "week", TEXT_BILLING_EACH_WEEK },
                                   { "month", TEXT_BILLING_EACH_MONTH }, { "year", TEXT_BILLING_EACH_YEAR });
    const struct word *many = WORDS({ "day", TEXT_BILLING_DAYS }, { "week", TEXT_BILLING_WEEKS },
                                    { "month", TEXT_BILLING_MONTHS }, { "year", TEXT_BILLING_YEARS });
    enum text_key text;
    if (count == 1 || !word_find(many, unit, &text))
        return word_in(l, one, unit);
    const str n = arena_printf(a, "%d", (int)count);
    return text_filled(a, text_counted(l, text, (uint64_t)count), &n);
}

static str schedule_days(struct task *t, enum language l, const struct payout_schedule_find_row *row)
{
    static const enum text_key weekdays[] = { TEXT_WEEKDAY_MONDAY,   TEXT_WEEKDAY_TUESDAY, TEXT_WEEKDAY_WEDNESDAY,
                                              TEXT_WEEKDAY_THURSDAY, TEXT_WEEKDAY_FRIDAY,  TEXT_WEEKDAY_SATURDAY,
                                              TEXT_WEEKDAY_SUNDAY };
    str time = schedule_time_text(t->arena, row->minute);
    bool is_week = str_eq(row->unit, STR("week")) && row->day >= 1 && row->day <= 7;
    if (row->day == 0)
        return text_filled(t->arena, text_in(l, TEXT_SCHEDULE_DAY), (const str[]){ time, row->zone });
    str day = is_week ? text_in(l, weekdays[row->day - 1]) : arena_printf(t->arena, "%d", (int)row->day);
    return text_filled(t->arena, text_in(l, is_week ? TEXT_SCHEDULE_WEEK : TEXT_SCHEDULE_MONTH),
                       (const str[]){ day, time, row->zone });
}

str schedule_words(struct task *t, enum language l, const struct payout_schedule_find_row *row)
{
    str days = schedule_days(t, l, row);
    return row->settles ? text_filled(t->arena, text_in(l, TEXT_SCHEDULE_BANKING), &days) : days;
}
