/* See store.h. */
#include "paysrv/domain/stores/store.h"

#include <stddef.h>

#define STATUS_NAME_ROW(name, text) [STORE_##name] = text,
static const char *const status_names[STORE_STATUS_COUNT] = { STORE_STATUSES(STATUS_NAME_ROW) };

static const char *const status_texts[STORE_STATUS_COUNT] = {
    [STORE_PENDING_CONFIRMATION] = "waits for its owner's confirmation",
    [STORE_DRAFT] = "is a draft",
    [STORE_REVIEW] = "is under review",
    [STORE_ACTIVE] = "is active",
    [STORE_SUSPENDED] = "is suspended",
    [STORE_CLOSED] = "is closed",
};

static const char *const actors[STORE_ACTOR_COUNT] = {
    [STORE_OWNER] = "owner",
    [STORE_PARTNER] = "partner",
    [STORE_OPERATOR] = "operator",
};

bool store_status_parse(str name, enum store_status *ret)
{
    for (int i = STORE_PENDING_CONFIRMATION; i < STORE_STATUS_COUNT; i++)
        if (str_eq(name, str_of(status_names[i]))) {
            *ret = (enum store_status)i;
            return true;
        }
    return false;
}

str store_status_name(enum store_status status)
{
    return str_of(status_names[status]);
}

str store_status_text(enum store_status status)
{
    return str_of(status_texts[status]);
}

bool store_actor_parse(str name, enum store_actor *ret)
{
    for (int i = STORE_OWNER; i < STORE_ACTOR_COUNT; i++)
        if (str_eq(name, str_of(actors[i]))) {
            *ret = (enum store_actor)i;
            return true;
        }
    return false;
}

str store_actor_name(enum store_actor actor)
{
    return str_of(actors[actor]);
}

/* Every way that there is, and the lowest who may go it. Out of suspended he may be no lower than who put it there. */
static const struct way {
    enum store_status from, to;
    enum store_actor least;
} ways[] = {
    { STORE_PENDING_CONFIRMATION, STORE_ACTIVE, STORE_OPERATOR }, /* the owner's code counts as the operator's word */
    { STORE_PENDING_CONFIRMATION, STORE_REVIEW, STORE_OPERATOR },
    { STORE_PENDING_CONFIRMATION, STORE_DRAFT, STORE_OPERATOR },
    { STORE_PENDING_CONFIRMATION, STORE_CLOSED, STORE_OWNER },
    { STORE_DRAFT, STORE_REVIEW, STORE_OWNER },
    { STORE_DRAFT, STORE_ACTIVE, STORE_OWNER },
    { STORE_DRAFT, STORE_CLOSED, STORE_OWNER },
    { STORE_REVIEW, STORE_DRAFT, STORE_OPERATOR },
    { STORE_REVIEW, STORE_ACTIVE, STORE_OPERATOR },
    { STORE_REVIEW, STORE_CLOSED, STORE_OWNER },
    { STORE_ACTIVE, STORE_REVIEW, STORE_OPERATOR },
    { STORE_ACTIVE, STORE_SUSPENDED, STORE_OWNER },
    { STORE_ACTIVE, STORE_CLOSED, STORE_OWNER },
    { STORE_SUSPENDED, STORE_ACTIVE, STORE_OWNER },
    { STORE_SUSPENDED, STORE_REVIEW, STORE_OPERATOR },
    { STORE_SUSPENDED, STORE_CLOSED, STORE_OWNER },
};

static const struct way *way_of(enum store_status from, enum store_status to)
{
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        if (ways[i].from == from && ways[i].to == to)
            return &ways[i];
    return NULL;
}

/* A draft has not been looked at; what was active or suspended has. */
static bool skips_review(const struct store_move *m)
{
    return m->is_reviewed && m->from == STORE_DRAFT && m->to == STORE_ACTIVE && m->by < STORE_OPERATOR;
}

enum store_verdict store_move_judge(const struct store_move *m)
{
    const struct way *way = way_of(m->from, m->to);
    if (m->from == m->to)
        return STORE_IS_THERE;
    if (!way)
        return STORE_NO_WAY;
    if (m->from == STORE_SUSPENDED && m->to == STORE_ACTIVE && m->by < m->put_by)
        return STORE_OF_ANOTHER;
    if (m->by < way->least)
        return m->to == STORE_ACTIVE ? STORE_TO_OPERATOR : STORE_OF_ANOTHER;
    return skips_review(m) ? STORE_TO_OPERATOR : STORE_MOVES;
}

enum tariff_state tariff_state_at(instant valid_from, bool is_canceled, instant now, bool *in_force)
{
    if (is_canceled)
        return TARIFF_CANCELED;
    if (instant_before(now, valid_from))
        return TARIFF_PLANNED;
    if (*in_force)
        return TARIFF_PAST;
    *in_force = true;
    return TARIFF_IN_FORCE;
}

str tariff_state_name(enum tariff_state state)
{
    switch (state) {
    case TARIFF_CANCELED:
        return STR("canceled");
    case TARIFF_PLANNED:
        return STR("planned");
    case TARIFF_IN_FORCE:
        return STR("in_force");
    case TARIFF_PAST:
        return STR("past");
    }
    return STR_NONE;
}
