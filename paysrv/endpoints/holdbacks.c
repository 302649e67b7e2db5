/* GET /v1/holdbacks: what of a user's sales is not available yet, and when it will be. */
#include "paysrv/domain/ledger/holdback.h"
#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/holdback.sql.h"
#include "shared/base/num.h"
#include "shared/text/shape.h"

struct holdbacks_in {
    PAGE_FIELDS
    str user;
};

static const struct param holdbacks_params[] = {
    PAGE_PARAMS(struct holdbacks_in),
    P_STR(struct holdbacks_in, user, .need = OPTIONAL, .set = ID, .min = 1, .max = 64),
};

SHAPE(holdback, "Holdback",
      "object: 'holdback', payment?: string, part: 'delay' | 'reserve' | 'deal' | 'fixed', amount: integer, held: "
      "integer, currency: string, available_on: time | null")

static void holdback_write(struct json *j, const struct holdback_list_row *row)
{
    json_object(j, NULL);
    json_str(j, "object", STR("holdback"));
    json_str(j, "payment", row->payment_id.v);
    json_str(j, "part", row->part);
    json_i64(j, "amount", row->amount);
    json_i64(j, "held", row->held);
    json_str(j, "currency", row->currency);
    if (instant_before(row->available_on, HOLDBACK_NO_DAY))
        json_time(j, "available_on", row->available_on);
    else
        json_null(j, "available_on");
    json_close(j);
}

/* The position is a day and a number. */
static bool position_read(str text, int64_t *after_us, int64_t *after_id)
{
    str rest = text, head;
    *after_us = *after_id = 0;
    return !str_given(text) || (str_cut(&rest, ' ', &head) && num_parse(head, after_us) && num_parse(rest, after_id));
}

static err holdbacks(struct task *t, const struct request *rq, struct response *rs)
{
    const struct holdbacks_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    const struct holdback_list_row *rows;
    const struct user_find_row *user;
    size_t limit = page_limit(in->limit), n;
    int64_t after_us, after_id;
    str after;
    TRY(party_user(t, c, in->user, &user));
    TRY(cursor_read(t, "holdbacks", c->partner, in->cursor, &after));
    if (!position_read(after, &after_us, &after_id))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("cursor"), STR("is none of this list"));
    TRY(holdback_list(t, c->partner, user->user_id, after_us, after_id, (int64_t)limit + 1, &rows, &n));
    size_t shown = n > limit ? limit : n;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++)
        holdback_write(j, &rows[i]);
    str last = shown ? arena_printf(t->arena, "%lld %lld", (long long)rows[shown - 1].available_on.us,
                                    (long long)rows[shown - 1].holdback_id)
                     : STR_NONE;
    page_end(t, j, "holdbacks", c->partner, n > shown, last);
    return OK;
}

const struct route holdback_page_route = {
    .method = GET,
    .path = "/v1/holdbacks",
    .guard = &GUARD_BALANCE,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct holdbacks_in, holdbacks_params),
    .handle = holdbacks,
    .answer = "Page<Holdback>",
    .summary = "List what is held back of a user, the next to be available first",
};
