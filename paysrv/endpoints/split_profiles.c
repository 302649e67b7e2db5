/*
 * /v1/split_profiles: who gets what of payments, as stored rules (docs/protocol/pay/splits.md). A profile is
 * never edited, because payments were made under it; it is put away, and another one is made.
 */
#include "paysrv/domain/stores/split_json.h"
#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/split_request.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/split.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"
#include "shared/text/currency.h"

#define DOCUMENT_MAX_BYTES 16384

static str document(struct task *t, const struct split_profile_find_row *row, const struct split_profile *profile)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    split_profile_write(&j, row, profile);
    json_end(&j);
    return buf_str(&out);
}

static err found(struct task *t, const struct request *rq, const struct split_profile_find_row **row,
                 struct split_profile *profile)
{
    const struct caller *c = caller_of(rq);
    TRY(partner_itself(t, rq));
    TRY(split_profile_find(t, c->partner, request_path_param(rq, "split_profile"), row));
    if (!*row)
        return FAIL(t, NOT_FOUND, "no such split profile of this partner");
    return split_of_text(t, (*row)->rules, profile);
}

/* ---- POST /v1/split_profiles ---- */

struct profile_in {
    str name, currency;
    struct list rules;
};

static const struct param profile_params[] = {
    P_STR(struct profile_in, name, .need = REQUIRED, .set = LINE, .min = 1, .max = 200, .in_characters = true),
    P_STR(struct profile_in, currency, .need = OPTIONAL, .set = CURRENCY, .min = 3, .max = 3),
    P_OBJECTS(struct profile_in, rules, struct rule_in, rule_params, .need = REQUIRED, .min = 1,
              .max = SPLIT_RULES_MAX),
};

struct creation {
    struct split_profile_find_row row;
    const struct split_profile *profile;
};

static err create_effect(struct task *t, void *context, struct answer *ret)
{
    const struct creation *creation = context;
    const struct split_profile_find_row *row = &creation->row;
    const event_id event = { random_id(t->arena, "evt_") };
    int64_t n;
    TRY(split_profile_insert(t, row->partner_id, row->split_profile_id, row->name, row->currency, row->rules, &n));
    *ret = (struct answer){ .status = 201, .body = document(t, row, creation->profile) };
    return event_insert(t, event, row->partner_id, STR("split_profile.created"), row->split_profile_id, ret->body, &n);
}

static err create_judged(struct task *t, const struct request *rq, const struct once *once, struct answer *answer)
{
    const struct profile_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    struct split_draft draft;
    TRY(partner_itself(t, rq));
    if (str_given(in->currency) && !currency_is_taken(in->currency))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("currency"), currency_allowed(in->currency));
    TRY(split_request_read(t, c->partner, "rules", &in->rules, in->currency, &draft));
    struct creation creation = {
        .row = { .partner_id = c->partner,
                 .split_profile_id = random_id(t->arena, "spl_"),
                 .name = in->name,
                 .currency = in->currency,
                 .rules = split_rules_text(t->arena, &draft.profile),
                 .created_at = t->now },
        .profile = &draft.profile,
    };
    TRY(once_run(t, c->partner, once, creation.row.split_profile_id, create_effect, &creation, answer));
    return OK;
}

static err create(struct task *t, const struct request *rq, struct response *rs)
{
    return once_handle(t, rq, rs, create_judged);
}

const struct route split_profile_create_route = {
    .method = POST,
    .path = "/v1/split_profiles",
    .guard = &GUARD_STORES,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct profile_in, profile_params),
    .handle = create,
    .answer = "SplitProfile",
    .done = "201",
    .summary = "Store rules that payments are split by",
};

/* ---- GET ---- */

static err read_one(struct task *t, const struct request *rq, struct response *rs)
{
    const struct split_profile_find_row *row;
    struct split_profile profile;
    TRY(found(t, rq, &row, &profile));
    split_profile_write(reply_json(rs, 200), row, &profile);
    return OK;
}

const struct route split_profile_read_route = {
    .method = GET,
    .path = "/v1/split_profiles/{split_profile}",
    .guard = &GUARD_STORES,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = read_one,
    .answer = "SplitProfile",
    .summary = "Read a split profile",
};

struct list_in {
    PAGE_FIELDS
};

static const struct param list_params[] = { PAGE_PARAMS(struct list_in) };

static err list(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    const struct split_profile_find_row *rows;
    size_t limit = page_limit(in->limit), n;
    str before;
    TRY(partner_itself(t, rq));
    TRY(cursor_read(t, "split_profiles", c->partner, in->cursor, &before));
    TRY(split_profile_list(t, c->partner, before, (int64_t)limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct split_profile *profiles = arena_array(t->arena, struct split_profile, shown + 1);
    for (size_t i = 0; i < shown; i++)
        TRY(split_of_text(t, rows[i].rules, &profiles[i]));
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        split_profile_write(j, &rows[i], &profiles[i]);
        json_close(j);
    }
    page_end(t, j, "split_profiles", c->partner, n > limit, shown ? rows[shown - 1].split_profile_id : STR_NONE);
    return OK;
}

const struct route split_profile_page_route = {
    .method = GET,
    .path = "/v1/split_profiles",
    .guard = &GUARD_STORES,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct list_in, list_params),
    .handle = list,
    .answer = "Page<SplitProfile>",
    .summary = "List split profiles, newest first",
};

/* ---- POST /v1/split_profiles/{split_profile}/archive ---- */

static err archive(struct task *t, const struct request *rq, struct response *rs)
{
    const struct caller *c = caller_of(rq);
    const struct split_profile_find_row *row;
    struct split_profile profile;
    bool is_changed;
    TRY(found(t, rq, &row, &profile));
    TRY(split_archive(t, c->partner, row->split_profile_id, &is_changed));
    if (is_changed)
        log_info(t, "split_profile.archived", L_STR("partner", c->partner.v), L_STR("profile", row->split_profile_id));
    TRY(found(t, rq, &row, &profile));
    if (!row->archived_at_given)
        return FAIL(t, SPLIT_PROFILE_IN_USE, "a store or the partner still uses it");
    split_profile_write(reply_json(rs, 200), row, &profile);
    return OK;
}

const struct route split_profile_archive_route = {
    .method = POST,
    .path = "/v1/split_profiles/{split_profile}/archive",
    .guard = &GUARD_STORES,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .repeatable = true,
    .handle = archive,
    .answer = "SplitProfile",
    .summary = "Put a split profile away: no new payment uses it",
};
