/*
 * What a store's payments are shared by: whether a profile or basis points may be its tariff, and tariffs as they are
 * planned, listed and put away (docs/decisions/0062-stores.md).
 */
#pragma once

#include "paysrv/flow/answer.h"
#include "paysrv/store/store.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

/* A store's payments may be split by this profile: what they will need is there afterwards. */
MUST_USE err store_profile_take(struct task *t, partner_id partner, str id, const struct store_find_row *store);
/* By its basis points. */
MUST_USE err store_points_take(struct task *t, partner_id partner, const char *param,
                               const struct store_find_row *store);

struct tariff_plan {
    partner_id partner;
    struct store_find_row row;   /* the store; its split members are those of the tariff */
    struct tariff_list_row made; /* valid_from before now: from now on */
    event_id event;
    bool answers_store; /* with the store's document, as POST .../split_profile does */
};
/* A once_effect. A tariff that begins at once is told as store.updated, a later one as store.tariff_planned. */
MUST_USE err tariff_effect(struct task *t, void *context, struct answer *ret);

/* The same by itself, for a command. */
MUST_USE err tariff_make(struct task *t, struct tariff_plan *plan);

/* state: what it is at this moment (tariff_state_name). */
void tariff_write(struct json *j, const struct tariff_list_row *row, str state);
str tariff_document(struct task *t, const struct tariff_list_row *row, str state);
