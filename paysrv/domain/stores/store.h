/*
 * What a store is allowed to do, and who may change it (docs/decisions/0062-stores.md, MONEY B18). Only an active store
 * sells; in every other state what was sold before goes on: refunds, disputes, captures, payouts.
 */
#pragma once

#include <stdbool.h>

#include "shared/base/instant.h"
#include "shared/base/str.h"

#define STORE_STATUSES(X)                                                                                              \
    X(PENDING_CONFIRMATION, "pending_confirmation") /* waits for the code of its owner */                              \
    X(DRAFT, "draft")                               /* is being prepared */                                            \
    X(REVIEW, "review")                             /* waits for the operator */                                       \
    X(ACTIVE, "active")                                                                                                \
    X(SUSPENDED, "suspended")                                                                                          \
    X(CLOSED, "closed") /* for good */

#define STORE_STATUS_ROW(name, text) STORE_##name,
enum store_status { STORE_STATUS_NONE, STORE_STATUSES(STORE_STATUS_ROW) STORE_STATUS_COUNT };
#undef STORE_STATUS_ROW

bool store_status_parse(str name, enum store_status *ret);
str store_status_name(enum store_status status);
/* What people read of it: "is suspended". */
str store_status_text(enum store_status status);

/* The higher one may undo what the lower one did. */
enum store_actor { STORE_OWNER = 1, STORE_PARTNER, STORE_OPERATOR, STORE_ACTOR_COUNT };

/* An absent name is nobody's doing: the owner may undo it. */
bool store_actor_parse(str name, enum store_actor *ret);
str store_actor_name(enum store_actor actor);

struct store_move {
    enum store_status from, to;
    enum store_actor by;     /* who asks */
    enum store_actor put_by; /* who brought it into the state that it is in */
    bool is_reviewed;        /* stores of this partner begin to sell when the operator has looked at them */
};

enum store_verdict {
    STORE_MOVES,
    STORE_IS_THERE,    /* it is in that state */
    STORE_NO_WAY,      /* no way leads there, whoever asks */
    STORE_OF_ANOTHER,  /* there is one, but it is not his */
    STORE_TO_OPERATOR, /* only the operator makes it sell: ask for review */
};
enum store_verdict store_move_judge(const struct store_move *move);

/* ---- tariffs ---- */

enum tariff_state { TARIFF_CANCELED = 1, TARIFF_PLANNED, TARIFF_IN_FORCE, TARIFF_PAST };
/* Of a list from the latest to the earliest: *in_force is whether one before this was in force. */
enum tariff_state tariff_state_at(instant valid_from, bool is_canceled, instant now, bool *in_force);
str tariff_state_name(enum tariff_state state);

/* Servers keep what payments need of a store for 5 s; what is planned has to be known to all before it begins. */
#define TARIFF_AHEAD_MIN SECONDS(10)
#define TARIFF_AHEAD_MAX DAYS(1830)
