/* /v1/stores: what sells. The owner is the token's user, or named by a partner's token; the split is the partner's. */
#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/party.h"
#include "paysrv/flow/party_object.h"
#include "paysrv/flow/split.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/store.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/text/currency.h"
#include "shared/text/url.h"

struct split_in {
    int64_t platform_bp, partner_bp;
};

static const struct param split_params[] = {
    P_I64(struct split_in, platform_bp, .need = REQUIRED, .low = 0, .high = 10000),
    P_I64(struct split_in, partner_bp, .need = REQUIRED, .low = 0, .high = 10000),
};

struct store_in {
    str name, user, currency, url, external_id, split_profile;
    const struct split_in *split;
    str owner;
};

static const struct param store_params[] = {
    P_STR(struct store_in, name, .need = REQUIRED, .set = LINE, .min = 1, .max = 200),
    P_STR(struct store_in, user, .need = OPTIONAL, .set = ID, .min = 1, .max = 64),
    P_STR(struct store_in, currency, .need = REQUIRED, .set = CURRENCY, .min = 3, .max = 3),
    P_STR(struct store_in, url, .need = OPTIONAL, .set = URI, .min = 1, .max = 500),
    P_STR(struct store_in, external_id, .need = OPTIONAL, .set = LINE, .min = 1, .max = 200),
    P_OBJECT(struct store_in, split, struct split_in, split_params, .need = OPTIONAL),
    P_STR(struct store_in, owner, .need = OPTIONAL, .set = ID, .min = 1, .max = 10),
    P_STR(struct store_in, split_profile, .need = OPTIONAL, .set = ID, .min = 1, .max = 40),
};

struct opening {
    partner_id partner;
    struct store_find_row row;
};

static err open_effect(struct task *t, void *context, struct answer *ret)
{
    const struct opening *opening = context;
    const struct store_find_row *row = &opening->row;
    const struct store_insert_args args = {
        .partner = opening->partner,
        .store = row->store_id,
        .user = row->user_id,
        .name = row->name,
        .currency = row->currency,
        .url = row->url,
        .external_id = row->external_id,
        .platform_bp = row->platform_bp,
        .partner_bp = row->partner_bp,
        .split_profile_id = row->split_profile_id,
    };
    int64_t n;
    TRY(store_insert(t, &args, &n));
    *ret = (struct answer){ .status = 201, .body = store_document(t, row) };
    event_id event = { random_id(t->arena, "evt_") };
    return event_insert(t, event, opening->partner, STR("store.created"), row->store_id.v, ret->body, &n);
}

/* A store's payments may be split by this profile: what they will need is there afterwards. */
static err profile_take(struct task *t, partner_id partner, str id, const struct store_find_row *store)
{
    struct split_draft draft = { .param = "split_profile", .currency = store->currency, .first = SPLIT_RULES_MAX };
    const struct split_profile_find_row *found;
    TRY(split_usable(t, partner, id, store->currency, draft.param, &found));
    TRY(split_of_text(t, found->rules, &draft.profile));
    TRY(split_terms_check(t, partner, &draft));
    TRY(split_seller_check(t, &draft.profile, store->user_id.v, draft.param));
    return split_accounts_open(t, partner, &draft.profile, store->currency);
}

static err basis_points_take(struct task *t, partner_id partner, const char *param, const struct store_find_row *store)
{
    const struct split_draft draft = { .param = param,
                                       .currency = store->currency,
                                       .profile = split_of_bp(store->platform_bp, store->partner_bp),
                                       .first = SPLIT_RULES_MAX };
    return split_terms_check(t, partner, &draft);
}

/* What a partner sells itself is shared by the platform's terms alone: it takes no commission of its own sales. */
static err own_profile(struct task *t, partner_id partner, struct store_find_row *row)
{
    struct split_draft draft = { .param = "owner", .currency = row->currency };
    TRY(split_complete(t, partner, &draft));
    TRY(split_check(t, partner, &draft));
    return split_keep(t, partner, &draft, &row->split_profile_id);
}

/* The profile that the partner names for this store, or else his own; none: basis points. */
static err profile_of(struct task *t, const struct store_in *in, const struct partner_find_row *partner,
                      struct store_find_row *row)
{
    if (in->split)
        return basis_points_take(t, partner->partner_id, "split", row);
    if (row->user_id.v.n == 0 && !str_given(in->split_profile))
        return str_given(partner->split_profile_id) ? own_profile(t, partner->partner_id, row) : OK;
    row->split_profile_id = str_given(in->split_profile) ? in->split_profile : partner->split_profile_id;
    return str_given(row->split_profile_id) ? profile_take(t, partner->partner_id, row->split_profile_id, row) : OK;
}

static err split_of(struct task *t, const struct caller *c, const struct store_in *all, struct store_find_row *row)
{
    const struct split_in *in = all->split;
    if (in && str_given(c->subject))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("split"), STR("only with the partner's own token"));
    if (str_given(all->split_profile) && (in || str_given(c->subject)))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("split_profile"),
                          STR("only without split, and with the partner's own token"));
    if (in && in->platform_bp + in->partner_bp > 10000)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("split"), STR("together at most 10000 basis points"));
    const struct partner_find_row *partner;
    TRY(partner_find(t, c->partner, &partner));
    if (!partner)
        return FAIL(t, NO_PARTNER, "the token's partner is not set up here");
    if (in && in->platform_bp < partner->platform_bp)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("split.platform_bp"),
                          arena_printf(t->arena, "at least the platform's share of %d", partner->platform_bp));
    row->platform_bp = in ? (int32_t)in->platform_bp : partner->platform_bp;
    row->partner_bp = in ? (int32_t)in->partner_bp : row->user_id.v.n ? partner->partner_bp : 0;
    return profile_of(t, all, partner, row);
}

static err url_judge(struct task *t, str text)
{
    struct url url;
    if (!str_given(text))
        return OK;
    bool web = url_parse(text, &url) && (str_eq(url.scheme, STR("https")) || str_eq(url.scheme, STR("http")));
    return web ? OK : FAIL_PARAM(t, INVALID_PARAMETER, STR("url"), STR("an http or https URL"));
}

/* The user whose store it is; "": the partner itself. */
static err owner_of(struct task *t, const struct caller *c, const struct store_in *in, user_id *ret)
{
    const struct user_find_row *user;
    bool is_own = str_eq(in->owner, STR("partner"));
    if (str_given(in->owner) && !is_own && !str_eq(in->owner, STR("user")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("owner"), STR("must be user or partner"));
    if (is_own && str_given(c->subject))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("owner"), STR("partner: only with the partner's own token"));
    if (is_own && str_given(in->user))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("user"), STR("not together with owner: \"partner\""));
    *ret = (user_id){ STR("") };
    if (is_own)
        return OK;
    TRY(party_user(t, c, in->user, &user));
    *ret = user->user_id;
    return OK;
}

static err store_create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct store_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    if (!currency_is_taken(in->currency))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("currency"), CURRENCY_ALLOWED);
    TRY(url_judge(t, in->url));
    user_id owner;
    TRY(owner_of(t, c, in, &owner));
    struct opening opening = {
        .partner = c->partner,
        .row = { .store_id = { random_id(t->arena, "st_") },
                 .user_id = owner,
                 .name = in->name,
                 .currency = in->currency,
                 .url = in->url,
                 .external_id = in->external_id,
                 .created_at = t->now },
    };
    TRY(split_of(t, c, in, &opening.row));
    struct once once;
    struct answer answer;
    TRY(once_of(t, rq, false, &once));
    TRY(once_run(t, c->partner, &once, opening.row.store_id.v, open_effect, &opening, &answer));
    int64_t opened;
    TRY(accounts_open(t, owner, c->partner, in->currency, &opened));
    answer_send(rs, &answer);
    return OK;
}

const struct route store_create_route = {
    .method = POST,
    .path = "/v1/stores",
    .guard = &GUARD_STORES,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct store_in, store_params),
    .handle = store_create,
    .answer = "Store",
    .summary = "Open a store",
};

/* ---- GET /v1/stores/{store} ---- */

static err store_read(struct task *t, const struct request *rq, struct response *rs)
{
    const struct caller *c = caller_of(rq);
    str owner;
    TRY(party_owner(t, c, &owner));
    const struct store_find_row *row;
    TRY(store_find(t, c->partner, (store_id){ request_path_param(rq, "store") }, owner, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such store of this caller");
    store_write(reply_json(rs, 200), row);
    return OK;
}

const struct route store_read_route = {
    .method = GET,
    .path = "/v1/stores/{store}",
    .guard = &GUARD_STORES,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = store_read,
    .answer = "Store",
    .summary = "Read a store",
};

/* ---- POST /v1/stores/{store}/split_profile ---- */

struct store_split_in {
    str split_profile;
};

static const struct param store_split_params[] = {
    P_STR(struct store_split_in, split_profile, .need = OPTIONAL, .set = ID, .min = 1, .max = 40),
};

struct changing {
    partner_id partner;
    event_id event; /* also the name of this change */
    struct store_find_row row;
};

static err change_effect(struct task *t, void *context, struct answer *ret)
{
    const struct changing *changing = context;
    int64_t n;
    TRY(store_split(t, changing->row.split_profile_id, changing->row.store_id, &n));
    *ret = (struct answer){ .status = 200, .body = store_document(t, &changing->row) };
    return event_insert(t, changing->event, changing->partner, STR("store.updated"), changing->row.store_id.v,
                        ret->body, &n);
}

/* Without a profile the store is back at its basis points. Payments that were made keep what they were made under. */
static err split_change(struct task *t, const struct request *rq, struct response *rs)
{
    const struct store_split_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    const struct store_find_row *row;
    struct once once;
    struct answer answer;
    if (str_given(c->subject))
        return FAIL(t, INSUFFICIENT_SCOPE, "only the partner's own token");
    TRY(store_find(t, c->partner, (store_id){ request_path_param(rq, "store") }, STR_NONE, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such store of this partner");
    struct changing changing = { .partner = c->partner, .event = { random_id(t->arena, "evt_") }, .row = *row };
    changing.row.split_profile_id = in->split_profile;
    if (str_given(in->split_profile))
        TRY(profile_take(t, c->partner, in->split_profile, row));
    else
        TRY(basis_points_take(t, c->partner, "split_profile", row));
    TRY(once_of(t, rq, false, &once));
    TRY(once_run(t, c->partner, &once, changing.event.v, change_effect, &changing, &answer));
    answer_send(rs, &answer);
    return OK;
}

const struct route store_split_route = {
    .method = POST,
    .path = "/v1/stores/{store}/split_profile",
    .guard = &GUARD_STORES,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct store_split_in, store_split_params),
    .handle = split_change,
    .answer = "Store",
    .summary = "Split a store's new payments by another profile",
};

/* ---- GET /v1/stores ---- */

struct stores_in {
    PAGE_FIELDS
};

static const struct param stores_params[] = { PAGE_PARAMS(struct stores_in) };

static err store_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct stores_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    str before, owner;
    TRY(cursor_read(t, "stores", c->partner, in->cursor, &before));
    TRY(party_owner(t, c, &owner));
    size_t limit = page_limit(in->limit), n;
    const struct store_find_row *rows;
    TRY(store_list(t, c->partner, owner, before, (int64_t)limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        store_write(j, &rows[i]);
        json_close(j);
    }
    page_end(t, j, "stores", c->partner, n > limit, shown ? rows[shown - 1].store_id.v : STR_NONE);
    return OK;
}

const struct route store_page_route = {
    .method = GET,
    .path = "/v1/stores",
    .guard = &GUARD_STORES,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct stores_in, stores_params),
    .handle = store_page,
    .answer = "Page<Store>",
    .summary = "List stores, newest first",
};
