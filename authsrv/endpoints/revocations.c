/*
 * POST /revocations: what resource servers have to refuse although its signature is good and its time has not come
 * (docs/protocol/tokens.md), whose consent no longer stands behind what they do by themselves, and which of the
 * operator's people lost what a session there rests on. Asked every second with the cursor of the last answer; answers
 * overlap, so that what was committed late is not missed.
 */
#include "authsrv/app.h"
#include "authsrv/faults.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/flow/token/subject.h"
#include "authsrv/flow/token/tokens.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/revocation.sql.h"
#include "shared/base/num.h"
#include "shared/text/shape.h"

#define MOST 2000
#define PAGE_MAX_BYTES 200000 /* a reader takes 256 KB */
#define ITEM_BYTES 100
#define WITHDRAWAL_BYTES 800
#define GRANT_BYTES 48
#define ASIDE_MAX_BYTES ((size_t)16 << 20) /* a client of any size for each of a page */
#define OVERLAP SECONDS(10)
#define PAST DAYS(1) /* no access token lives longer */

SHAPE(revocation, "Revocation",
      "jti?: string, client_id?: string, before?: integer, kid?: string, withdrawal?: string, sub?: string, "
      "partner?: string, grants?: string[], withdrawn_at?: integer, person?: string, before_us?: integer, exp: "
      "integer")

struct revocations_in {
    str cursor;
};

static const struct param revocations_params[] = {
    P_STR(struct revocations_in, cursor, .need = OPTIONAL, .set = TOKEN, .max = 40),
};

struct position {
    instant until; /* what is committed late may have ended before that, all else is listed */
    instant since;
    str after; /* of what ended at that moment; empty: all of it */
};

/* By the database's clock some of what ends is stamped, by a server's the rest, and a server may be ahead for hours
 * (docs/decisions/0107-one-clock.md): the earlier of both, or what ends next would be behind the cursor. */
static err position_begin(struct task *t, struct position *ret)
{
    const struct revocation_clock_row *database;
    TRY(revocation_clock(t, &database));
    ret->until = instant_before(database->at, t->now) ? database->at : t->now;
    ret->since = (instant){ ret->until.us - PAST.us };
    ret->after = STR("");
    return OK;
}

/* A moment in microseconds; behind a '-' what was told of it, within pages. A moment that has not come says nothing of
 * what was read: the clocks were set back since. */
static err position_read(struct task *t, str cursor, struct position *ret)
{
    str at = cursor, after = cursor;
    instant since;
    TRY(position_begin(t, ret));
    if (!str_given(cursor) || cursor.n == 0)
        return OK;
    bool is_page = str_cut(&after, '-', &at);
    if (!num_parse(at, &since.us))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("cursor"), STR("is none of ours"));
    if (is_page)
        ret->after = after;
    if (is_page || !instant_before(ret->until, since))
        ret->since = since;
    return OK;
}

/* last: of a page that has another behind it, which begins with the moment of that one, unless they fill a page; NULL:
 * there is none. */
static str position_next(struct task *t, const struct position *was, const struct revocation_list_row *last)
{
    if (!last)
        return arena_printf(t->arena, "%lld", (long long)(was->until.us - OVERLAP.us));
    if (instant_before(was->since, last->revoked_at))
        return arena_printf(t->arena, "%lld-", (long long)last->revoked_at.us);
    return arena_printf(t->arena, "%lld-%.*s", (long long)last->revoked_at.us, STR_ARG(last->place));
}

struct withdrawal {
    struct json *j;
    const struct revocation_list_row *row;
};

/* As the tokens of that client named the person, the partner and the grants. */
static err withdrawal_write(struct task *t, void *context)
{
    struct json *j = ((struct withdrawal *)context)->j;
    const struct revocation_list_row *row = ((struct withdrawal *)context)->row;
    const struct client *client;
    TRY(client_load_listed(t, (client_id){ row->client_id }, &client));
    json_object(j, NULL);
    json_str(j, "withdrawal", arena_printf(t->arena, "%lld", (long long)row->withdrawal));
    json_str(j, "client_id", row->client_id);
    json_str(j, "sub", client ? subject_at(t, client, (user_id){ row->user_id }) : row->user_id);
    json_str(j, "partner", row->partner);
    json_array(j, "grants");
    for (size_t i = 0; i < row->grants.n; i++)
        json_str(j, NULL, grant_name(t->arena, (grant_id){ row->grants.items[i] }));
    json_close(j);
    json_i64(j, "withdrawn_at", instant_seconds(row->revoked_at));
    json_i64(j, "exp", instant_seconds(row->expires_at));
    json_close(j);
    return OK;
}

/* To the microsecond: whoever logs in again at once has a session of later. */
static err person_write(struct task *t, struct json *j, const struct client *caller,
                        const struct revocation_list_row *row)
{
    json_object(j, NULL);
    json_str(j, "person", subject_at(t, caller, (user_id){ row->user_id }));
    json_i64(j, "before_us", row->revoked_at.us);
    json_i64(j, "exp", instant_seconds(row->expires_at));
    json_close(j);
    return OK;
}

static err item_write(struct task *t, struct json *j, const struct client *caller,
                      const struct revocation_list_row *row)
{
    if (row->withdrawal_given)
        return task_aside(t, ASIDE_MAX_BYTES, withdrawal_write, &(struct withdrawal){ j, row });
    if (str_given(row->user_id))
        return person_write(t, j, caller, row);
    json_object(j, NULL);
    json_str(j, "jti", row->jti);
    json_str(j, "kid", row->kid);
    if (str_given(row->client_id)) {
        json_str(j, "client_id", row->client_id);
        json_i64(j, "before", instant_seconds(row->revoked_at) + 1);
    }
    json_i64(j, "exp", instant_seconds(row->expires_at));
    json_close(j);
    return OK;
}

/* How many of them are a page: a withdrawal may name many grants. */
static size_t page_cut(const struct revocation_list_row *rows, size_t n)
{
    size_t size = 0;
    for (size_t i = 0; i < n; i++) {
        size += rows[i].withdrawal_given ? WITHDRAWAL_BYTES + GRANT_BYTES * rows[i].grants.n : ITEM_BYTES;
        if (i > 0 && size > PAGE_MAX_BYTES)
            return i;
    }
    return n;
}

static err revocations(struct task *t, const struct request *rq, struct response *rs)
{
    const struct revocations_in *in = rq->in;
    const struct client *caller = client_of(rq);
    const struct revocation_list_row *rows;
    struct position position;
    size_t n, found;
    if (!str_given(caller->resource_server) || caller->auth_method == AUTH_NONE)
        return FAIL(t, UNAUTHORIZED_CLIENT, "is no resource server");
    TRY(position_read(t, in->cursor, &position));
    TRY(revocation_list(t, position.since, caller->resource_server, position.after, MOST, &rows, &found));
    n = page_cut(rows, found);
    const bool more = found == MOST || n < found;
    struct json *j = reply_json(rs, 200);
    json_str(j, "cursor", position_next(t, &position, more ? &rows[n - 1] : NULL));
    json_bool(j, "more", more);
    json_array(j, "revoked");
    for (size_t i = 0; i < n; i++)
        TRY(item_write(t, j, caller, &rows[i]));
    json_close(j);
    return OK;
}

const struct route revocations_route = {
    .method = POST,
    .path = "/revocations",
    .guard = &GUARD_CLIENT,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .ignore_unknown = true,
    INPUT(struct revocations_in, revocations_params),
    .answer = "{ cursor: string, more: boolean, revoked: Revocation[] }",
    .handle = revocations,
    .summary = "Tokens that were revoked before their end, for resource servers",
};
