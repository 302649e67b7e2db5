/* See store_terms.h. */
#include "paysrv/flow/stores/store_terms.h"

#include "paysrv/domain/stores/store.h"
#include "paysrv/faults.h"
#include "paysrv/flow/party/party_object.h"
#include "paysrv/flow/stores/split.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/store.sql.h"
#include "shared/db/db.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES 4096

err store_profile_take(struct task *t, partner_id partner, str id, const struct store_find_row *store)
{
    struct split_draft draft = { .param = "split_profile", .currency = store->currency, .first = SPLIT_RULES_MAX };
    const struct split_profile_find_row *found;
    TRY(split_usable(t, partner, id, store->currency, draft.param, &found));
    TRY(split_of_text(t, found->rules, &draft.profile));
    TRY(split_terms_check(t, partner, &draft));
    TRY(split_seller_check(t, &draft.profile, store->user_id.v, draft.param));
    return split_accounts_open(t, partner, &draft.profile, store->currency);
}

err store_points_take(struct task *t, partner_id partner, const char *param, const struct store_find_row *store)
{
    const struct split_draft draft = { .param = param,
                                       .currency = store->currency,
                                       .profile = split_of_bp(store->platform_bp, store->partner_bp),
                                       .first = SPLIT_RULES_MAX };
    return split_terms_check(t, partner, &draft);
}

SHAPE(store_tariff, "StoreTariff",
      "id: string, object: 'store_tariff', store: string, status: 'planned' | 'in_force' | 'past' | 'canceled', "
      "split_profile?: string, split?: { platform_bp: integer, partner_bp: integer }, valid_from: time, "
      "canceled_at?: time, created_at: time")

void tariff_write(struct json *j, const struct tariff_list_row *row, str state)
{
    json_str(j, "id", row->tariff_id);
    json_str(j, "object", STR("store_tariff"));
    json_str(j, "store", row->store_id.v);
    json_str(j, "status", state);
    split_terms_write(j, row->split_profile_id, row->platform_bp, row->partner_bp);
    json_time(j, "valid_from", row->valid_from);
    if (row->canceled_at_given)
        json_time(j, "canceled_at", row->canceled_at);
    json_time(j, "created_at", row->created_at);
}

str tariff_document(struct task *t, const struct tariff_list_row *row, str state)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    tariff_write(&j, row, state);
    json_end(&j);
    return buf_str(&out);
}

/* A store whose profile was put away between the look and this is refused as if it had been put away before. */
static err insert(struct task *t, const struct tariff_plan *p)
{
    const struct tariff_insert_args args = {
        .partner = p->partner,
        .split_profile_id = p->made.split_profile_id,
        .tariff = p->made.tariff_id,
        .store = p->row.store_id,
        .platform_bp = p->made.platform_bp,
        .partner_bp = p->made.partner_bp,
        .valid_from = p->made.valid_from,
        .by = p->made.created_by,
    };
    int64_t n;
    TRY(tariff_insert(t, &args, &n));
    return n == 1 ? OK : FAIL_PARAM(t, INVALID_PARAMETER, STR("split_profile"), STR("there is no such split profile"));
}

err tariff_effect(struct task *t, void *context, struct answer *ret)
{
    const struct tariff_plan *p = context;
    struct store_find_row after = p->row;
    bool is_now = !instant_before(t->now, p->made.valid_from);
    int64_t n;
    TRY(insert(t, p));
    after.tariff_id = p->made.tariff_id;
    after.split_profile_id = p->made.split_profile_id;
    after.platform_bp = p->made.platform_bp;
    after.partner_bp = p->made.partner_bp;
    str store = store_document(t, &after);
    str tariff = tariff_document(t, &p->made, tariff_state_name(is_now ? TARIFF_IN_FORCE : TARIFF_PLANNED));
    *ret = p->answers_store ? (struct answer){ .status = 200, .body = store }
                            : (struct answer){ .status = 201, .body = tariff };
    return event_insert(t, p->event, p->partner, is_now ? STR("store.updated") : STR("store.tariff_planned"),
                        after.store_id.v, is_now ? store : tariff, &n);
}

static err make_in_tx(struct task *t, void *context)
{
    struct answer unused;
    return tariff_effect(t, context, &unused);
}

err tariff_make(struct task *t, struct tariff_plan *plan)
{
    return db_tx(t, make_in_tx, plan);
}
