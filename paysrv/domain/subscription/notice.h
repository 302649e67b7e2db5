/*
 * What a buyer with a subscription is told ahead (MONEY 6.C 23): of a charge after a long period or of much money, of
 * the end of a trial, of a card that will have expired. Pure: when, and whether it is still of use.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "paysrv/domain/subscription/recurrence.h"

#define NOTICE_KINDS(X)                                                                                                \
    X(RENEWAL, "renewal")                                                                                              \
    X(TRIAL_END, "trial_end")                                                                                          \
    X(CARD_EXPIRING, "card_expiring")
#define NOTICE_ROW(name, text) NOTICE_##name,
enum notice_kind { NOTICE_KINDS(NOTICE_ROW) NOTICE_KIND_COUNT };
#undef NOTICE_ROW
str notice_kind_name(enum notice_kind kind);

#define NOTICE_DAYS 7       /* of a charge after half a year or more, or of more than the price's limit */
#define NOTICE_TRIAL_DAYS 3 /* of the first charge after a trial */
#define NOTICE_CARD_DAYS 14
#define NOTICE_DAYS_MAX 60

struct notice_facts {
    instant charge_at;
    int64_t due_minor; /* nothing: he is told of no charge */
    bool is_trial;
    enum recurrence_unit unit;
    int64_t count;
    const int32_t *days;  /* as the price says; NULL: by itself. 0: never */
    const int64_t *above; /* more than this is told of in any case; NULL: no limit */
    int exp_year, exp_month;
};

struct notice {
    enum notice_kind kind;
    instant at;
};
/* At most one of a charge and one of the card; how many. */
size_t notices_of(const struct notice_facts *f, struct notice ret[2]);
/* Late is as good as in time, until the charge; then it is of no use. */
bool notice_is_due(const struct notice *n, instant charge_at, instant now);

/* A card is good until its month is over. */
bool card_outlives(int exp_year, int exp_month, instant at);
