/*
 * A subscription's life (MONEY 6.C 21, 23, 24): when a period follows, what a declined charge leads to. Pure: the job
 * loads rows, asks here, writes one statement.
 */
#pragma once

#include "paysrv/domain/acquirer/decline.h"
#include "paysrv/domain/subscription/recurrence.h"

#define SUBSCRIPTION_STATUSES(X)                                                                                       \
    X(TRIALING, "trialing")                                                                                            \
    X(ACTIVE, "active")                                                                                                \
    X(PAST_DUE, "past_due")                                                                                            \
    X(PAUSED, "paused")                                                                                                \
    X(UNPAID, "unpaid")                                                                                                \
    X(CANCELED, "canceled")

#define SUBSCRIPTION_STATUS_ROW(name, text) SUBSCRIPTION_##name,
enum subscription_status { SUBSCRIPTION_STATUSES(SUBSCRIPTION_STATUS_ROW) SUBSCRIPTION_STATUS_COUNT };
#undef SUBSCRIPTION_STATUS_ROW

bool subscription_status_parse(str name, enum subscription_status *ret);
str subscription_status_name(enum subscription_status status);

struct subscription_end {
    bool at_period_end;     /* somebody asked for it */
    const int64_t *periods; /* so many of them; NULL: no end */
    const instant *at;      /* no period begins then or later; NULL: no end */
    const instant *cut_at;  /* it ends then, within a period or between two; NULL: no end */
};
/* When it ends by itself, whatever happens: a period is over then. false: it does not. cut_at is not asked. */
bool subscription_last_end(const struct recurrence *r, const struct subscription_end *end, instant period_end,
                           instant *ret);

enum renewal {
    RENEWAL_NOT_YET = 1,
    RENEWAL_PERIOD, /* *next has begun */
    RENEWAL_END,    /* there is no further period */
};
/*
 * current: the period that was begun last; number -1 is the time before the first. The next begins where that ended: it
 * was billed until then, also when the zone's rules have changed since and would have it end at another moment.
 */
enum renewal subscription_renewal(const struct recurrence *r, const struct period *current,
                                  const struct subscription_end *end, instant now, struct period *next);

/* What a declined charge of an invoice leads to. */
enum dunning_step {
    DUNNING_RETRY = 1,      /* at *at */
    DUNNING_WAIT_FOR_BUYER, /* no charge by itself: he is asked to come, until *at */
    DUNNING_GIVE_UP,
};
#define DUNNING_GRACE DAYS(7)
#define DUNNING_ATTEMPTS_MAX 15 /* of one invoice: card schemes allow no more tries in a month */
/*
 * attempts: how many were declined, this one included; first_failed_at: when the first was. Soft declines are tried
 * again 1, 3, 5 and 7 days after the first, at ten in the morning of the zone, a day later where that is a pay day (the
 * 1st and the 15th), and never twice in one go: what was missed is one attempt. After too many, with one card after the
 * other, only the buyer may try.
 */
enum dunning_step dunning_judge(enum decline_class class_, int64_t attempts, const struct zone *zone,
                                instant first_failed_at, instant now, instant *at);

/* When the last of these is. */
instant dunning_last_retry(const struct zone *zone, instant first_failed_at);

/* Another price was announced, from a time on. */
struct price_step {
    instant from;
    bool is_agreed;    /* by the buyer; or it needs no consent, being no more than he agreed to */
    bool ends_without; /* without his consent the subscription ends; else it stays at its price */
};
enum price_turn {
    PRICE_STAYS = 1, /* the step is ahead */
    PRICE_MOVES,
    PRICE_LAPSES, /* it was not agreed to: all stays as it was */
    PRICE_ENDS,
};
/* What it means for the period that begins then. step NULL: nothing was announced. */
enum price_turn price_turn_of(const struct price_step *step, instant period_start);
/* Whether he has to be asked: it is more, for a period, than he agreed to. */
bool price_needs_consent(int64_t agreed_minor, int64_t amount_minor);
