/* What buyers and sellers read for codes, in more than one language. */
#include "paysrv/flow/message/speech_words.h"

#include "shared/text/locale_text.h"
#include "tests/support/test.h"

TEST(decline_does_not_help_a_thief)
{
    for (enum language l = 0; l < LANGUAGES; l++) {
        str common = word_of_decline(l, METHOD_CARD, STR("generic_decline"));
        CHECK_STR(word_of_decline(l, METHOD_CARD, STR("lost_card")), common);
        CHECK_STR(word_of_decline(l, METHOD_CARD, STR("stolen_card")), common);
        CHECK(!str_eq(word_of_decline(l, METHOD_CARD, STR("expired_card")), common));
        CHECK(!str_eq(word_of_decline(l, METHOD_WALLET, STR("expired")), common));
    }
}

TEST(why_money_went_back_is_said_in_words)
{
    CHECK_STR(words_of_return(arena, LANGUAGE_DE, STR("AC04")), STR("Das Konto ist aufgelöst (AC04)"));
    CHECK_STR(words_of_return(arena, LANGUAGE_JA, STR("AC06")), STR("口座は利用を停止されています（AC06）"));
    CHECK_STR(words_of_return(arena, LANGUAGE_UK, STR("RC01")), STR("Код банку неправильний (RC01)"));
    CHECK_STR(words_of_return(arena, LANGUAGE_EN, STR("AM09")), STR("AM09"));
    CHECK_STR(words_of_return(arena, LANGUAGE_EN, STR("do_not_honor")), STR("The bank of the card declined it"));
    CHECK_STR(words_of_return(arena, LANGUAGE_RU, STR("wallet_closed")), STR("Счёт закрыт"));
    CHECK(!str_given(words_of_return(arena, LANGUAGE_EN, STR("screening"))));
    CHECK(!str_given(words_of_return(arena, LANGUAGE_EN, STR("operator"))));
    CHECK_STR(word_of_dispute_reason(LANGUAGE_RU, STR("duplicate")), STR("Оплачено дважды"));
    CHECK_STR(word_of_dispute_reason(LANGUAGE_RU, STR("general")), STR("general"));
}

TEST(intervals_have_the_form_of_their_number)
{
    CHECK_STR(words_of_interval(arena, LANGUAGE_EN, STR("month"), 1), STR("each month"));
    CHECK_STR(words_of_interval(arena, LANGUAGE_EN, STR("month"), 3), STR("every 3 months"));
    CHECK_STR(words_of_interval(arena, LANGUAGE_RU, STR("month"), 1), STR("каждый месяц"));
    CHECK_STR(words_of_interval(arena, LANGUAGE_RU, STR("month"), 3), STR("раз в 3 месяца"));
    CHECK_STR(words_of_interval(arena, LANGUAGE_RU, STR("month"), 6), STR("раз в 6 месяцев"));
    CHECK_STR(words_of_interval(arena, LANGUAGE_RU, STR("day"), 21), STR("раз в 21 день"));
    CHECK_STR(words_of_interval(arena, LANGUAGE_PL, STR("week"), 2), STR("co 2 tygodnie"));
    CHECK_STR(words_of_interval(arena, LANGUAGE_JA, STR("year"), 2), STR("2年ごと"));
    CHECK_STR(words_of_interval(arena, LANGUAGE_EN, STR("eon"), 2), STR("eon"));
}

TEST(a_schedule_is_said_in_words)
{
    struct task t = { .arena = arena };
    struct payout_schedule_find_row row = {
        .unit = STR("week"), .day = 5, .minute = 17 * 60, .zone = STR("Europe/Berlin"), .settles = true
    };
    CHECK_STR(schedule_words(&t, LANGUAGE_EN, &row),
              STR("every week on Friday at 17:00, Europe/Berlin, on banking days"));
    row = (struct payout_schedule_find_row){ .unit = STR("month"), .day = 3, .minute = 90, .zone = STR("UTC") };
    CHECK_STR(schedule_words(&t, LANGUAGE_EN, &row), STR("every month on day 3 at 01:30, UTC"));
    row = (struct payout_schedule_find_row){ .unit = STR("day"), .minute = 0, .zone = STR("UTC") };
    CHECK_STR(schedule_words(&t, LANGUAGE_EN, &row), STR("every day at 00:00, UTC"));
}

TEST(amounts_and_days_are_known_in_every_language)
{
    for (enum language l = 0; l < LANGUAGES; l++)
        CHECK(locale_is_known(language_tags[l]));
}
