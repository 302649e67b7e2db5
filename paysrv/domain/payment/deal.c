/* See deal.h. */
#include "paysrv/domain/payment/deal.h"

#include "paysrv/domain/ledger/holdback.h"
#include "paysrv/domain/test_clock.h"

#define LEAST_S INT64_C(3600)
#define MOST_MONTHS 12
#define MOST_S (INT64_C(366) * 86400)

static const char *const end_names[] = { [DEAL_RELEASES] = "release", [DEAL_RETURNS] = "return" };

str deal_end_name(enum deal_end end)
{
    return str_of(end_names[end]);
}

bool deal_end_parse(str name, enum deal_end *ret)
{
    for (enum deal_end end = DEAL_RELEASES; end <= DEAL_RETURNS; end++) {
        if (str_eq(name, deal_end_name(end))) {
            *ret = end;
            return true;
        }
    }
    return false;
}

bool deal_after_is_taken(str text)
{
    struct calendar_duration d;
    return calendar_duration_parse(text, &d) && (d.months > 0 || d.seconds >= LEAST_S) && d.months <= MOST_MONTHS &&
           d.seconds <= MOST_S;
}

str deal_verdict_text(enum deal_verdict verdict)
{
    static const char *const texts[] = {
#define DEAL_VERDICT_TEXT(name, text) text,
        DEAL_VERDICTS(DEAL_VERDICT_TEXT)
    };
    return str_of(texts[verdict]);
}

int64_t deal_open_minor(const struct deal_state *d)
{
    int64_t open = d->captured_minor - d->returned_minor - d->returning_minor - d->released_minor;
    return d->is_over || open < 0 ? 0 : open;
}

enum deal_verdict deal_release_judge(const struct deal_state *d, int64_t wanted_minor, int64_t *amount_minor,
                                     bool *ends)
{
    int64_t open = deal_open_minor(d);
    if (d->captured_minor == 0)
        return DEAL_NOT_PAID;
    if (open == 0)
        return DEAL_OVER;
    if (wanted_minor > open)
        return DEAL_TOO_LARGE;
    *amount_minor = wanted_minor == 0 ? open : wanted_minor;
    *ends = *amount_minor == open && d->is_settled && d->returning_minor == 0;
    return DEAL_GOOD;
}

int64_t deal_gone_minor(const struct deal_state *d, bool is_early)
{
    int64_t gone = d->returned_minor + (is_early ? 0 : d->released_minor);
    return (d->is_over && !is_early) || gone > d->captured_minor ? d->captured_minor : gone;
}

void deal_parts_left(const int64_t *parts, size_t n, int64_t captured_minor, int64_t gone_minor, int64_t *helds)
{
    int64_t sum = 0, left = 0;
    for (size_t i = 0; i < n; i++) {
        sum += parts[i];
        int64_t with = holdback_left(sum, captured_minor, gone_minor);
        helds[i] = with - left;
        left = with;
    }
}
