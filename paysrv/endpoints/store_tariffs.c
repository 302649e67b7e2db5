/* /v1/stores/{store}/tariffs: who gets what of a store's payments, from a moment on. Never edited; a planned one can be
 * canceled. */
#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/party/party_object.h"
#include "paysrv/flow/stores/store_state.h"
#include "paysrv/flow/stores/store_terms.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/store_request.h"
#include "shared/crypto/crypto.h"

#define PLANNED_MAX 20

struct tariff_in {
    const struct points_in *split;
    str split_profile;
    str valid_from;
};

static const struct param tariff_params[] = {
    P_OBJECT(struct tariff_in, split, struct points_in, points_params, .need = OPTIONAL),
    P_STR(struct tariff_in, split_profile, .need = OPTIONAL, .set = ID, .min = 1, .max = 40),
    P_STR(struct tariff_in, valid_from, .need = OPTIONAL, .set = TOKEN, .max = 40),
};

/* From now on when nothing is said; else far enough ahead that every server knows of it before it begins. */
static err valid_from_read(struct task *t, str text, instant *ret)
{
    *ret = t->now;
    if (!str_given(text))
        return OK;
    if (!instant_parse(text, ret) || instant_before(*ret, instant_add(t->now, TARIFF_AHEAD_MIN)) ||
        instant_before(instant_add(t->now, TARIFF_AHEAD_MAX), *ret))
        return FAIL_PARAM(
            t, INVALID_PARAMETER, STR("valid_from"),
            STR("must be a time such as 2026-12-01T00:00:00Z, at least ten seconds and at most five years ahead; "
                "without it the tariff is valid at once"));
    return OK;
}

/* What is being planned, on a store that it fits: a profile, or basis points. */
static err terms_take(struct task *t, const struct points_in *points, str profile, struct tariff_plan *p)
{
    const struct partner_find_row *partner;
    struct store_find_row priced = p->row;
    if (str_given(profile)) {
        p->made.split_profile_id = profile;
        return store_profile_take(t, p->partner, profile, &p->row);
    }
    TRY(partner_find(t, p->partner, &partner));
    if (!partner)
        return FAIL(t, NO_PARTNER, "the token's partner is not set up here");
    if (points) {
        TRY(points_check(t, points, partner));
        priced.platform_bp = p->made.platform_bp = (int32_t)points->platform_bp;
        priced.partner_bp = p->made.partner_bp = (int32_t)points->partner_bp;
    }
    return store_points_take(t, p->partner, points ? "split" : "split_profile", &priced);
}

static err plan_begin(struct task *t, const struct request *rq, struct tariff_plan *ret)
{
    const struct store_find_row *row;
    TRY(store_load_of_partner(t, rq, &row));
    if (str_eq(row->status, store_status_name(STORE_CLOSED)))
        return FAIL_PARAM(t, STORE_STATE, STR("store"), STR("it is closed, and nothing new begins in it"));
    *ret = (struct tariff_plan){
        .partner = caller_of(rq)->partner,
        .row = *row,
        .made = { .tariff_id = random_id(t->arena, "trf_"),
                  .store_id = row->store_id,
                  .platform_bp = row->platform_bp,
                  .partner_bp = row->partner_bp,
                  .valid_from = t->now,
                  .created_at = t->now,
                  .created_by = caller_actor(caller_of(rq)) },
        .event = { random_id(t->arena, "evt_") },
    };
    return OK;
}

/* Counted where it is added: of two at one moment one counts the other. */
static err plan_effect(struct task *t, void *context, struct answer *ret)
{
    const struct tariff_plan *p = context;
    const struct tariffs_planned_row *planned;
    TRY(tariffs_planned(t, p->row.store_id, &planned));
    if (planned->n >= PLANNED_MAX && instant_before(t->now, p->made.valid_from))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("valid_from"), STR("at most 20 tariffs are planned at a time"));
    return tariff_effect(t, context, ret);
}

static err plan_run(struct task *t, struct response *rs, struct tariff_plan *p, const struct once *once)
{
    struct answer answer;
    TRY(once_run(t, p->partner, once, p->event.v, plan_effect, p, &answer));
    store_changed(t, p->partner, p->row.store_id);
    answer_send(rs, &answer);
    return OK;
}

static err tariff_create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct tariff_in *in = rq->in;
    struct tariff_plan p;
    struct once once;
    bool is_answered;
    TRY(once_answered(t, rq, rs, &once, &is_answered)); /* the moment that is far enough ahead has come nearer */
    if (is_answered)
        return OK;
    TRY(plan_begin(t, rq, &p));
    if (!in->split == !str_given(in->split_profile))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("split"), STR("either split or split_profile"));
    TRY(valid_from_read(t, in->valid_from, &p.made.valid_from));
    TRY(terms_take(t, in->split, in->split_profile, &p));
    return plan_run(t, rs, &p, &once);
}

struct store_split_in {
    str split_profile;
};

static const struct param store_split_params[] = {
    P_STR(struct store_split_in, split_profile, .need = OPTIONAL, .set = ID, .min = 1, .max = 40),
};

/* A tariff that is valid at once; without a profile the store is back at its basis points. */
static err split_change(struct task *t, const struct request *rq, struct response *rs)
{
    const struct store_split_in *in = rq->in;
    struct tariff_plan p;
    struct once once;
    bool is_answered;
    TRY(once_answered(t, rq, rs, &once, &is_answered));
    if (is_answered)
        return OK;
    TRY(plan_begin(t, rq, &p));
    p.answers_store = true;
    TRY(terms_take(t, NULL, in->split_profile, &p));
    return plan_run(t, rs, &p, &once);
}

/* ---- list, cancel ---- */

static err tariff_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct store_find_row *store;
    const struct tariff_list_row *rows;
    bool in_force = false;
    size_t n;
    TRY(store_load(t, rq, &store));
    TRY(tariff_list(t, caller_of(rq)->partner, store->store_id, &rows, &n));
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        tariff_write(
            j, &rows[i],
            tariff_state_name(tariff_state_at(rows[i].valid_from, rows[i].canceled_at_given, t->now, &in_force)));
        json_close(j);
    }
    page_end(t, j, "tariffs", caller_of(rq)->partner, false, STR_NONE);
    return OK;
}

struct cancel {
    partner_id partner;
    struct tariff_list_row row;
    event_id event;
};

static err cancel_effect(struct task *t, void *context, struct answer *ret)
{
    struct cancel *c = context;
    int64_t n;
    TRY(tariff_cancel(t, c->partner, c->row.store_id, c->row.tariff_id, &n));
    if (n == 0)
        return FAIL_PARAM(t, STORE_STATE, STR("tariff"), STR("it is not planned any more"));
    c->row.canceled_at = t->now;
    c->row.canceled_at_given = true;
    *ret = (struct answer){ .status = 200, .body = tariff_document(t, &c->row, tariff_state_name(TARIFF_CANCELED)) };
    return event_insert(t, c->event, c->partner, STR("store.tariff_canceled"), c->row.store_id.v, ret->body, &n);
}

static err tariff_cancel_run(struct task *t, const struct request *rq, struct response *rs)
{
    const struct store_find_row *store;
    const struct tariff_list_row *row;
    struct cancel c = { .partner = caller_of(rq)->partner, .event = { random_id(t->arena, "evt_") } };
    struct once once;
    struct answer answer;
    TRY(once_of(t, rq, false, &once));
    TRY(store_load_of_partner(t, rq, &store));
    TRY(tariff_find(t, c.partner, store->store_id, request_path_param(rq, "tariff"), &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such tariff of this store");
    c.row = *row;
    TRY(once_run(t, c.partner, &once, c.event.v, cancel_effect, &c, &answer));
    store_changed(t, c.partner, store->store_id);
    answer_send(rs, &answer);
    return OK;
}

#define TARIFF_ROUTE .guard = &GUARD_STORES, .run = RUN_WORKER, .errors = ERRORS_PROBLEM, .no_store = true

const struct route store_split_route = { TARIFF_ROUTE,
                                         .method = POST,
                                         .path = "/v1/stores/{store}/split_profile",
                                         .body = BODY_JSON,
                                         INPUT(struct store_split_in, store_split_params),
                                         .handle = split_change,
                                         .answer = "Store",
                                         .summary = "Split a store's new payments by another profile" };
const struct route store_tariff_create_route = { TARIFF_ROUTE,
                                                 .method = POST,
                                                 .path = "/v1/stores/{store}/tariffs",
                                                 .body = BODY_JSON,
                                                 INPUT(struct tariff_in, tariff_params),
                                                 .handle = tariff_create,
                                                 .answer = "StoreTariff",
                                                 .done = "201",
                                                 .summary = "Split a store's payments otherwise, from a moment on" };
const struct route store_tariff_page_route = { TARIFF_ROUTE,
                                               .method = GET,
                                               .path = "/v1/stores/{store}/tariffs",
                                               .body = BODY_NONE,
                                               .handle = tariff_page,
                                               .answer = "Page<StoreTariff>",
                                               .summary = "List a store's tariffs, the latest first" };
const struct route store_tariff_cancel_route = { TARIFF_ROUTE,
                                                 .method = POST,
                                                 .path = "/v1/stores/{store}/tariffs/{tariff}/cancel",
                                                 .body = BODY_NONE,
                                                 .handle = tariff_cancel_run,
                                                 .answer = "StoreTariff",
                                                 .summary = "Cancel a tariff that has not begun" };
