/* See payout_limit.h; MONEY 6.A8, SECURITY K 289, L 316. */
#include "paysrv/domain/payout/payout_limit.h"

#include "shared/base/num.h"
#include "shared/text/money_text.h"

static bool exceeds(int64_t limit, int64_t before, int64_t more)
{
    int64_t sum;
    return limit && (!num_add(before, more, &sum) || sum > limit);
}

enum limit_verdict payout_limit_judge(const struct payout_limits *limits, const struct payout_usage *used,
                                      int64_t amount_minor)
{
    if (amount_minor < limits->least_minor)
        return LIMIT_LEAST;
    if (exceeds(limits->most_minor, 0, amount_minor))
        return LIMIT_MOST;
    if (exceeds(limits->count_per_day, used->day_count, 1))
        return LIMIT_COUNT;
    if (exceeds(limits->per_day_minor, used->day_minor, amount_minor))
        return LIMIT_PER_DAY;
    return exceeds(limits->per_month_minor, used->month_minor, amount_minor) ? LIMIT_PER_MONTH : LIMIT_KEPT;
}

bool payout_limits_fit(int64_t least_minor, int64_t most_minor)
{
    return !least_minor || !most_minor || least_minor <= most_minor;
}

bool payout_needs_approval(const struct payout_limits *limits, int64_t amount_minor)
{
    return limits->approve_from_minor && amount_minor >= limits->approve_from_minor;
}

bool payout_approval_is_kept(int64_t before_minor, int64_t after_minor)
{
    return !before_minor || (after_minor && after_minor <= before_minor);
}

static bool is_of_kind(const struct payout_limits *limits, const struct user_login *login)
{
    return str_given(login->acr) && str_has_word(limits->step_up_acr, login->acr);
}

instant payout_step_up_since(const struct payout_limits *limits, const struct user_login *login, instant now)
{
    instant day = { now.us - now.us % DAYS(1).us };
    return is_of_kind(limits, login) && instant_before(day, login->at) ? login->at : day;
}

bool payout_needs_step_up(const struct payout_limits *limits, int64_t amount_minor, const struct user_login *login,
                          instant now)
{
    if (!limits->step_up_from_minor || amount_minor < limits->step_up_from_minor)
        return false;
    if (!is_of_kind(limits, login))
        return true;
    return limits->step_up_max_age_s && instant_seconds(now) - instant_seconds(login->at) > limits->step_up_max_age_s;
}

bool acr_values_valid(str text)
{
    str word, rest = text;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < 0x20 || text.p[i] > 0x7E || text.p[i] == '"' || text.p[i] == '\\')
            return false;
    return text.n <= 200 && str_next_word(&rest, &word);
}

str payout_limit_explain(struct arena *a, enum limit_verdict verdict, const struct payout_limits *limits, str currency)
{
    const char *form = "";
    int64_t minor = 0;
    switch (verdict) {
    case LIMIT_KEPT:
        return STR_NONE;
    case LIMIT_COUNT:
        return arena_printf(a, "at most %lld payouts a day (UTC)", (long long)limits->count_per_day);
    case LIMIT_LEAST:
        form = "at least";
        minor = limits->least_minor;
        break;
    case LIMIT_MOST:
        form = "at most";
        minor = limits->most_minor;
        break;
    case LIMIT_PER_DAY:
        form = "with those before, a day (UTC) at most";
        minor = limits->per_day_minor;
        break;
    case LIMIT_PER_MONTH:
        form = "with those before, a month (UTC) at most";
        minor = limits->per_month_minor;
        break;
    }
    return arena_printf(a, "%s %.*s", form, STR_ARG(money_text(a, minor, currency)));
}

str payout_day(struct arena *a, instant at)
{
    return instant_date(a, at);
}

str payout_month(struct arena *a, instant at)
{
    str day = instant_date(a, at);
    return (str){ day.p, day.n - 3 };
}

bool approval_is_operators(const struct approval_reasons *why)
{
    return why->has[APPROVAL_AMOUNT] || why->has[APPROVAL_FREQUENT] || why->has[APPROVAL_NEW_ACCOUNT];
}

str_array approval_reasons_list(struct arena *a, const struct approval_reasons *why)
{
#define APPROVAL_REASON_ROW(name, text) text,
    static const char *const names[] = { APPROVAL_REASONS(APPROVAL_REASON_ROW) };
#undef APPROVAL_REASON_ROW
    str *items = arena_array(a, str, APPROVAL_REASON_COUNT);
    size_t n = 0;
    for (int i = 0; i < APPROVAL_REASON_COUNT; i++)
        if (why->has[i])
            items[n++] = str_of(names[i]);
    return (str_array){ items, n };
}

/* Accounts of the system are as many as one likes for whoever may become another one: they are one person. */
static bool is_same_person(str a, str b)
{
    return str_eq(a, b) || (str_starts(a, STR(COMMAND_LINE)) && str_starts(b, STR(COMMAND_LINE)));
}

bool approval_is_own(str subject, str requested_by, str owner)
{
    return (str_given(requested_by) && is_same_person(subject, requested_by)) ||
           (str_given(owner) && str_eq(subject, owner));
}

enum approval_verdict approval_judge(str subject, str requested_by, str owner, int64_t others)
{
    if (approval_is_own(subject, requested_by, owner))
        return APPROVAL_OWN;
    return others + 1 >= PAYOUT_APPROVALS ? APPROVAL_ENOUGH : APPROVAL_NOTED;
}
