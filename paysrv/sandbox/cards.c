/* The cards of the sandbox. Their last four digits differ, so nothing else of a number has to be remembered. */
#include "paysrv/sandbox/cards.h"

#include "shared/base/civil.h"

static const struct card cards[] = {
    { STR("4242424242424242"), STR("4242"), CARD_SUCCEEDS, { NULL, 0 }, TAKES_PUSHES, 0 },
    { STR("4000000000003220"), STR("3220"), CARD_SUCCEEDS, { NULL, 0 }, TAKES_PUSHES, 'C' },
    { STR("4000000000003105"), STR("3105"), CARD_SUCCEEDS, { NULL, 0 }, TAKES_PUSHES, 'Y' },
    { STR("4000000000003113"), STR("3113"), CARD_SUCCEEDS, { NULL, 0 }, TAKES_PUSHES, 'A' },
    { STR("4000000000003121"), STR("3121"), CARD_SUCCEEDS, { NULL, 0 }, TAKES_PUSHES, 'U' },
    { STR("4000000000003139"), STR("3139"), CARD_SUCCEEDS, { NULL, 0 }, TAKES_PUSHES, 'N' },
    { STR("4000000000003147"), STR("3147"), CARD_SUCCEEDS, { NULL, 0 }, TAKES_PUSHES, 'R' },
    { STR("4000000000003303"), STR("3303"), CARD_GIVES_BACK_LATE, { NULL, 0 }, TAKES_PUSHES, 'C' },
    { STR("4000000000003378"), STR("3378"), CARD_REFUNDS_FAIL, { NULL, 0 }, TAKES_PUSHES, 'C' },
    { STR("4000000000000002"), STR("0002"), CARD_DECLINES, STR("generic_decline"), TAKES_PUSHES, 0 },
    { STR("4000000000009995"), STR("9995"), CARD_DECLINES, STR("insufficient_funds"), TAKES_PUSHES, 0 },
    { STR("4000000000000069"), STR("0069"), CARD_DECLINES, STR("expired_card"), TAKES_PUSHES, 0 },
    { STR("4000000000000127"), STR("0127"), CARD_DECLINES, STR("incorrect_cvc"), TAKES_PUSHES, 0 },
    { STR("4000000000009987"), STR("9987"), CARD_DECLINES, STR("lost_card"), TAKES_PUSHES, 0 },
    { STR("4000000000009979"), STR("9979"), CARD_DECLINES, STR("stolen_card"), TAKES_PUSHES, 0 },
    { STR("4000000000000259"), STR("0259"), CARD_TIMES_OUT, { NULL, 0 }, TAKES_PUSHES, 0 },
    { STR("4000000000000341"), STR("0341"), CARD_ERROR_BEFORE, { NULL, 0 }, TAKES_PUSHES, 0 },
    { STR("4000000000000507"), STR("0507"), CARD_ERROR_AFTER, { NULL, 0 }, TAKES_PUSHES, 0 },
    { STR("4000000000000614"), STR("0614"), CARD_NOTIFIES_TWICE, { NULL, 0 }, TAKES_PUSHES, 0 },
    { STR("4000000000000721"), STR("0721"), CARD_NOTIFIES_LATE, { NULL, 0 }, TAKES_PUSHES, 0 },
    { STR("4000000000000838"), STR("0838"), CARD_REFUNDS_FAIL, { NULL, 0 }, TAKES_PUSHES, 0 },
    { STR("4000000000000945"), STR("0945"), CARD_CAPTURES_FAIL, { NULL, 0 }, TAKES_PUSHES, 0 },
    { STR("4000000000001059"), STR("1059"), CARD_AUTHORIZES_BRIEFLY, { NULL, 0 }, TAKES_PUSHES, 0 },
    { STR("4000000000001117"), STR("1117"), CARD_DECLINES_LATER, STR("insufficient_funds"), TAKES_PUSHES, 0 },
    { STR("4000000000001224"), STR("1224"), CARD_DECLINES_LATER, STR("lost_card"), TAKES_PUSHES, 0 },
    { STR("4000000000001331"), STR("1331"), CARD_DECLINES_LATER, STR("authentication_required"), TAKES_PUSHES, 0 },
    { STR("4000000000001166"), STR("1166"), CARD_DISPUTES, { NULL, 0 }, TAKES_PUSHES, 0 },
    { STR("4000000000001273"), STR("1273"), CARD_INQUIRES, { NULL, 0 }, TAKES_PUSHES, 0 },
    { STR("4000000000001406"), STR("1406"), CARD_SUCCEEDS, { NULL, 0 }, TAKES_NOT_NOW, 0 },
    { STR("4000000000001471"), STR("1471"), CARD_SUCCEEDS, { NULL, 0 }, TAKES_NEVER, 0 },
    { STR("4000000000001547"), STR("1547"), CARD_SUCCEEDS, { NULL, 0 }, TAKES_NO_PUSHES, 0 },
    { STR("4000000000001612"), STR("1612"), CARD_SUCCEEDS, { NULL, 0 }, TAKES_SILENTLY, 0 },
    { STR("4000000000001687"), STR("1687"), CARD_SUCCEEDS, { NULL, 0 }, TAKES_SOMETIME, 0 },
    { STR("4000000000001752"), STR("1752"), CARD_SUCCEEDS, { NULL, 0 }, TAKES_AND_RETURNS, 0 },
};

#define N_CARDS (sizeof cards / sizeof cards[0])
#define NUMBER_MIN_DIGITS 12
#define NUMBER_MAX_DIGITS 19

const struct card *card_of_number(str digits)
{
    for (size_t i = 0; i < N_CARDS; i++)
        if (str_eq(cards[i].number, digits))
            return &cards[i];
    return NULL;
}

const struct card *card_of_last4(str last4)
{
    for (size_t i = 0; i < N_CARDS; i++)
        if (str_eq(cards[i].last4, last4))
            return &cards[i];
    return NULL;
}

const struct card *card_of_test_token(str token)
{
    if (str_eq(token, STR("tok_test_visa")))
        return card_of_last4(STR("4242"));
    if (str_eq(token, STR("tok_test_3ds")))
        return card_of_last4(STR("3220"));
    const str prefix = STR("tok_test_");
    return str_starts(token, prefix) ? card_of_last4((str){ token.p + prefix.n, token.n - prefix.n }) : NULL;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool card_digits(struct arena *a, str typed, str *ret)
{
    char *p = arena_alloc(a, NUMBER_MAX_DIGITS);
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        if (typed.p[i] == ' ' || typed.p[i] == '-')
            continue;
        if (!is_digit(typed.p[i]) || n == NUMBER_MAX_DIGITS)
            return false;
        p[n++] = typed.p[i];
    }
    *ret = (str){ p, n };
    return n > 0;
}

bool luhn_holds(str digits)
{
    int sum = 0;
    for (size_t i = 0; i < digits.n; i++) {
        int d = digits.p[digits.n - 1 - i] - '0';
        if (i % 2 == 1)
            d = d > 4 ? 2 * d - 9 : 2 * d;
        sum += d;
    }
    return digits.n >= NUMBER_MIN_DIGITS && sum % 10 == 0;
}

static int64_t two_digits(const char *p)
{
    int64_t tens = p[0] - '0';
    return tens * 10 + p[1] - '0';
}

static bool expiry_parse(str typed, struct expiry *ret)
{
    char digits[6];
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        if (typed.p[i] == ' ' || typed.p[i] == '/' || typed.p[i] == '-')
            continue;
        if (!is_digit(typed.p[i]) || n == sizeof digits)
            return false;
        digits[n++] = typed.p[i];
    }
    if (n != 4 && n != 6)
        return false;
    ret->month = two_digits(digits);
    ret->year = (n == 4 ? 20 : two_digits(digits + 2)) * 100 + two_digits(digits + n - 2);
    return ret->month >= 1 && ret->month <= 12 && ret->year >= 2000;
}

enum expiry_verdict expiry_judge(str typed, instant now, struct expiry *ret)
{
    struct expiry read;
    if (!expiry_parse(typed, &read))
        return EXPIRY_MALFORMED;
    struct civil_date today = civil_of_days(instant_seconds(now) / 86400);
    if (read.year < today.year || (read.year == today.year && read.month < today.month))
        return EXPIRY_PAST;
    *ret = read;
    return EXPIRY_GOOD;
}

bool cvc_holds(str typed)
{
    for (size_t i = 0; i < typed.n; i++)
        if (!is_digit(typed.p[i]))
            return false;
    return typed.n == 3 || typed.n == 4;
}
