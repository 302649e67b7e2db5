/* See logout.h. */
#include "authsrv/flow/session/logout.h"

#include "authsrv/app.h"
#include "authsrv/counters.h"
#include "authsrv/domain/session/logout.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/flow/session/session.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/flow/token/subject.h"
#include "authsrv/store/client.sql.h"
#include "authsrv/store/logout.sql.h"
#include "authsrv/store/session.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/net/fetch.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/ops/worker.h"
#include "shared/text/json_out.h"

#define ROUNDS 100
#define LEASE SECONDS(60)
#define ATTEMPT_LIMIT SECONDS(5)
#define SLOW SECONDS(1) /* who answers later is served with those that fail */
#define CLIENT_ID_BYTES 2048
#define TOKEN_LIFE_S 120
#define SESSIONS_A_STATEMENT 500
#define SESSIONS_PASSED 100 /* in one round: that many fail only with all others */
#define TOKEN_MAX_BYTES 8192
#define EVENT "http://schemas.openid.net/event/backchannel-logout"

static struct logout_schedule schedule_of(const struct task *t)
{
    const struct config *c = &app_of(t)->config;
    return (struct logout_schedule){ c->logout_retry_first, c->logout_retry_longest, c->logout_breaker_failures,
                                     c->logout_breaker_rest };
}

/* Section 2.4. */
static str logout_token_sign(struct task *t, const struct snapshot *s, const struct client *client,
                             const struct logout_claim_row *l)
{
    struct buf out;
    struct json j;
    int64_t now_s = instant_seconds(t->now);
    buf_init(&out, t->arena, TOKEN_MAX_BYTES);
    json_begin(&j, &out);
    json_str(&j, "iss", app_of(t)->issuer);
    json_str(&j, "aud", client->id.v);
    json_i64(&j, "iat", now_s);
    json_i64(&j, "exp", now_s + TOKEN_LIFE_S);
    json_str(&j, "jti", random_id(t->arena, "lo_"));
    json_str(&j, "sub", subject_at(t, client, l->user_id));
    json_str(&j, "sid", l->sid);
    json_object(&j, "events");
    json_object(&j, EVENT);
    json_close(&j);
    json_close(&j);
    json_end(&j);
    return jws_sign(t->arena, snapshot_signer(s, client->id_token_alg == ALG_ANY ? ALG_RS256 : client->id_token_alg),
                    "logout+jwt", buf_str(&out));
}

static err attempt(struct task *t, const struct client *client, const struct logout_claim_row *l,
                   struct fetch_answer *ret)
{
    const struct snapshot *s;
    TRY(snapshot_of(t, &s));
    const struct fetch_header headers[] = { { "Content-Type", STR("application/x-www-form-urlencoded") } };
    const struct fetch_request rq = {
        .method = "POST",
        .url = client->meta.backchannel_logout_uri,
        .headers = headers,
        .n_headers = sizeof headers / sizeof headers[0],
        .body = arena_printf(t->arena, "logout_token=%.*s", STR_ARG(logout_token_sign(t, s, client, l))),
        .limit = ATTEMPT_LIMIT,
    };
    fetch(t, &rq, ret);
    CRASH_POINT("logout.after_post");
    return OK;
}

static err answered_record(struct task *t, const struct logout_claim_row *l, enum logout_outcome outcome, int status,
                           bool is_slow)
{
    int64_t n;
    bool good = outcome == LOGOUT_DELIVERED;
    TRY(logout_answered(t, l->client_id, l->id, is_slow, good ? STR("delivered") : STR("refused"), status,
                        good ? STR_NONE : STR("the client answered 400"), &n));
    return good ? OK : audit_write(t, STR("authsrv"), STR("logout.refused"), l->client_id.v, l->sid);
}

static err failure_record(struct task *t, const struct logout_claim_row *l, const struct fetch_answer *answer)
{
    const struct logout_schedule schedule = schedule_of(t);
    int status = answer->outcome == FETCH_ANSWERED ? answer->status : 0;
    const int32_t answered = status;
    unsigned char luck;
    int64_t n;
    random_bytes(&luck, 1);
    str why = status ? arena_printf(t->arena, "the client answered %d", status) : answer->why;
    return logout_failed(
        t,
        &(struct logout_failed_args){ .client = l->client_id,
                                      .failures = l->failures + 1,
                                      .paused_until = instant_add(t->now, logout_rest(&schedule, l->failures + 1)),
                                      .answered = status ? &answered : NULL,
                                      .why = str_given(why) ? why : STR("no answer"),
                                      .due = instant_add(t->now, logout_pause(&schedule, l->attempts + 1, luck)),
                                      .id = l->id },
        &n);
}

static err deliver(struct task *t, const struct logout_claim_row *l)
{
    const struct client *client;
    struct fetch_answer answer = { 0 };
    int64_t n;
    TRY(client_load(t, l->client_id, &client));
    if (!client || !str_given(client->meta.backchannel_logout_uri))
        return logout_drop(t, STR("the client is disabled, or has no backchannel_logout_uri any more"), l->id, &n);
    int64_t began_us = monotonic_us();
    TRY(attempt(t, client, l, &answer));
    bool is_slow = monotonic_us() - began_us > SLOW.us;
    int status = answer.outcome == FETCH_ANSWERED ? answer.status : 0;
    enum logout_outcome outcome = logout_judge(status);
    count_logout(t, outcome == LOGOUT_DELIVERED ? LOGOUTS_DELIVERED
                    : outcome == LOGOUT_REFUSED ? LOGOUTS_REFUSED
                                                : LOGOUTS_FAILED);
    log_info(t, "logout.attempted", L_STR("client", l->client_id.v), L_I64("attempt", l->attempts + 1),
             L_I64("status", status), L_STR("why", answer.why));
    t->now = wall_clock_now();
    return outcome == LOGOUT_FAILED ? failure_record(t, l, &answer) : answered_record(t, l, outcome, status, is_slow);
}

/* One that fails does not hold up the others: it counts as tried in vain, and its client among those that fail. */
static err one_serve(struct task *t, const struct logout_claim_row *l)
{
    const struct fetch_answer none = { 0 };
    err e = deliver(t, l);
    if (!e)
        return OK;
    log_failure(t, e);
    count_logout(t, LOGOUTS_FAILED);
    t->now = wall_clock_now();
    return failure_record(t, l, &none);
}

/* Each is one job's, which runs alone in this process. */
static struct lane {
    bool any;
    char after[CLIENT_ID_BYTES]; /* the client that was served last */
} living = { false, "" }, all = { true, "" };

/* Behind the last client comes the first. */
static err turn_claim(struct task *t, struct lane *lane, const struct logout_claim_row **ret)
{
    t->now = wall_clock_now(); /* each turn is a task of its own: leases and tokens need the time of now */
    TRY(logout_claim(t, str_of(lane->after), lane->any, instant_add(t->now, LEASE), ret));
    if (!*ret && lane->after[0])
        TRY(logout_claim(t, STR(""), lane->any, instant_add(t->now, LEASE), ret));
    return OK;
}

static err queue_serve(struct task *t, struct lane *lane)
{
    for (int round = 0; round < ROUNDS && !app_of(t)->service.is_stopping; round++) {
        const struct logout_claim_row *l;
        TRY(turn_claim(t, lane, &l));
        if (!l)
            return OK;
        snprintf(lane->after, sizeof lane->after, "%.*s", STR_ARG(l->client_id.v));
        TRY(one_serve(t, l));
    }
    return OK;
}

err logouts_deliver(struct task *t)
{
    return queue_serve(t, &living);
}

err logouts_retry(struct task *t)
{
    const struct logout_give_up_row *given;
    const struct logout_pending_row *pending;
    size_t n;
    TRY(logout_give_up(t, (instant){ t->now.us - app_of(t)->config.logout_retry_for.us }, &given, &n));
    for (size_t i = 0; i < n; i++) {
        count_logout(t, LOGOUTS_GIVEN_UP);
        log_warn(t, "logout.given_up", L_STR("client", given[i].client_id.v), L_I64("attempts", given[i].attempts));
    }
    TRY(queue_serve(t, &all));
    TRY(logout_pending(t, &pending));
    logout_queue_set(pending->n);
    return OK;
}

static err expired_end(struct task *t, int64_t skip, int64_t most, int64_t *looked_at)
{
    const struct session_expire_row *row;
    TRY(session_expire(t, skip, most, &row));
    *looked_at = row->looked_at;
    return OK;
}

static err idle_end(struct task *t, int64_t skip, int64_t most, int64_t *looked_at)
{
    const struct session_idle_row *row;
    TRY(session_idle(t, session_seen_after(t), skip, most, &row));
    *looked_at = row->looked_at;
    return OK;
}

/* The oldest first, some in a statement. When that fails, fewer; what fails alone is passed until the next round, so
 * that nobody's session keeps those of others alive. */
static err sessions_end(struct task *t, err (*some)(struct task *, int64_t skip, int64_t most, int64_t *looked_at))
{
    err first = OK;
    int64_t skip = 0, most = SESSIONS_A_STATEMENT, looked_at;
    for (bool more = true; more && skip < SESSIONS_PASSED && !app_of(t)->service.is_stopping;) {
        err e = some(t, skip, most, &looked_at);
        first = failure_first(t, first, e);
        if (!e) {
            more = looked_at == most;
            most = most * 2 < SESSIONS_A_STATEMENT ? most * 2 : SESSIONS_A_STATEMENT;
        } else if (most > 1) {
            most /= 2;
        } else {
            skip++;
        }
    }
    return first;
}

err sessions_expire(struct task *t)
{
    err expired = sessions_end(t, expired_end);
    return failure_first(t, expired, sessions_end(t, idle_end));
}

void logouts_wake(struct task *t)
{
    const struct app *app = app_of(t);
    if (app->service.jobs)
        jobs_wake(app->service.jobs, "logouts.deliver");
}

struct again {
    str actor, client;
    int64_t n;
};

static err again_in_tx(struct task *t, void *context)
{
    struct again *a = context;
    const struct client_show_row *client;
    TRY(client_show(t, (client_id){ a->client }, STR_NONE, &client));
    if (!client)
        return FAIL(t, NOT_FOUND, "client %.*s", STR_ARG(a->client));
    TRY(logout_retry(t, client->id.v, &a->n));
    return a->n > 0 ? audit_write(t, a->actor, STR("logout.retried"), client->id.v, STR("")) : OK;
}

err logouts_again(struct task *t, str actor, str client, int64_t *n)
{
    struct again a = { actor, client, 0 };
    TRY(db_tx(t, again_in_tx, &a));
    logouts_wake(t);
    *n = a.n;
    return OK;
}
