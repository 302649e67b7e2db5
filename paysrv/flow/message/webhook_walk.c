/*
 * See webhook_walk.h. A walk is one endpoint under one lease: what is due a page at a time, and senders that take from
 * it what no other has. The lock is never held across waiting.
 */
#include "paysrv/flow/message/webhook_walk.h"

#include <pthread.h>
#include <stdatomic.h>

#include "paysrv/app.h"
#include "paysrv/domain/pace.h"
#include "paysrv/flow/message/webhook_delivery.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/store/receipt.sql.h"
#include "paysrv/store/webhook.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"
#include "shared/ops/worker.h"

#define FAN_OUT_ROUNDS 20
#define RECEIPT_ROUNDS 20 /* one was a ceiling of as many payments a second */
#define RECEIPTS_A_STATEMENT 200
#define LEASE SECONDS(60)
#define WALK_LIMIT SECONDS(20) /* nothing begins later: an attempt and what is written of it end before the lease */
#define WALKS_MAX 512
#define FAILING_PART 4 /* of the senders those that do not answer have one part of so many */
#define TURN_DELIVERIES 16
#define TURN_LIMIT SECONDS(1) /* then whoever else waits for a sender has him first */
#define PAGE_LEAST 16
#define PAGE_TIMES 4 /* of what may be under way */
#define PAUSE_AFTER_OURS SECONDS(5)
#define WALK_BYTES 4096
#define PAGE_MAX_BYTES ((size_t)256 << 20)
#define DELIVERY_MAX_BYTES ((size_t)64 << 20)

struct flight {
    bool is_used;
    str event, object; /* in the arena of who sends it */
};

struct walk {
    struct arena *arena, *page;
    struct webhook_endpoints_claim_row endpoint;
    struct webhook_secrets secrets;
    instant lease;
    int64_t until_us; /* monotonic */
    queue_party whose;
    pthread_mutex_t lock;
    struct pace pace;
    duration rest;
    struct flight flights[WEBHOOK_AT_ONCE_MAX];
    int n_flights, n_senders;
    const struct webhook_delivery_due_row *due; /* of this page */
    bool *is_begun;
    size_t n_due, n_begun;
    bool is_reading, is_drained, is_over, is_ours; /* drained: nothing more is due; ours: what failed is not theirs */
};

/* Of this process. */
static atomic_int walks_n, failing_n;

static const struct app *app_of(struct task *t)
{
    return t->app;
}

/* One failure may be of what was sent; with the second it has one sender only, so their walks are as many as these. */
static bool has_failed(const struct walk *w)
{
    return w->endpoint.failures > 1;
}

static int failing_most(struct task *t)
{
    int most = (int)app_of(t)->service.settings.crews[CREW_WEBHOOKS] / FAILING_PART;
    return most > 1 ? most : 1;
}

/* ---- what is next, with the lock held ---- */

static bool is_in_flight(const struct walk *w, str event, str object)
{
    for (int i = 0; i < w->pace.most; i++)
        if (w->flights[i].is_used && (str_eq(w->flights[i].event, event) || str_eq(w->flights[i].object, object)))
            return true;
    return false;
}

/* n_due: none that may begin. */
static size_t walk_next(const struct walk *w)
{
    size_t i = 0;
    while (i < w->n_due && (w->is_begun[i] || is_in_flight(w, w->due[i].event_id.v, w->due[i].object_id)))
        i++;
    return i;
}

static void row_keep(struct arena *a, const struct webhook_delivery_due_row *row, struct webhook_delivery_due_row *ret)
{
    *ret = *row;
    ret->event_id.v = arena_str(a, row->event_id.v);
    ret->type = arena_str(a, row->type);
    ret->object_id = arena_str(a, row->object_id);
    ret->data = arena_str(a, row->data);
    ret->account = arena_str(a, row->account);
    ret->store = arena_str(a, row->store);
}

static struct flight *flight_begin(struct walk *w, const struct webhook_delivery_due_row *row)
{
    struct flight *f = w->flights;
    while (f->is_used)
        f++;
    *f = (struct flight){ true, row->event_id.v, row->object_id };
    w->n_flights++;
    pay_metrics_webhooks_in_flight(1);
    return f;
}

static void flight_end(struct walk *w, struct flight *f)
{
    f->is_used = false;
    w->n_flights--;
    pay_metrics_webhooks_in_flight(-1);
}

/* ---- one sender ---- */

static void sender_run(struct task *t, void *item);

/* May another begin something now, or read what may? What waits for an event of its object is no work: who has that one
 * under way goes on with it. */
static bool has_more(const struct walk *w)
{
    bool is_page_used = w->n_begun == w->n_due && !w->is_reading && !w->is_drained;
    return !w->is_over && w->n_senders < w->pace.at_once && (is_page_used || walk_next(w) < w->n_due);
}

/* Who has begun something calls one more, and that one the next: only deliveries call, and never what found nothing to
 * do. With the lock held. */
static void sender_call(struct task *t, struct walk *w)
{
    struct worker_pool *crew = app_of(t)->service.crews[CREW_WEBHOOKS];
    if (crew && has_more(w) && workers_push(crew, QUEUE_COMMON, w->whose, (struct work_item){ sender_run, w }))
        w->n_senders++;
}

/* What is under way now is due as well, and what ends meanwhile may still be so in what is read: neither is sent again.
 */
static void page_take(struct walk *w, const struct flight *before, const struct webhook_delivery_due_row *rows,
                      size_t n)
{
    w->due = rows;
    w->n_due = n;
    w->n_begun = 0;
    w->is_begun = arena_array(w->page, bool, n + 1);
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < w->pace.most && !w->is_begun[i]; k++)
            w->is_begun[i] = before[k].is_used && str_eq(before[k].event, rows[i].event_id.v);
    for (size_t i = 0; i < n; i++)
        w->n_begun += w->is_begun[i];
    w->is_drained = w->n_begun == n;
}

/* The next page; called with the lock held, and has it when it returns. */
static err page_read(struct task *t, struct walk *w)
{
    struct flight before[WEBHOOK_AT_ONCE_MAX];
    const struct webhook_delivery_due_row *rows;
    size_t n = 0;
    int64_t most = PAGE_LEAST + PAGE_TIMES * w->pace.at_once;
    w->is_reading = true;
    w->n_due = w->n_begun = 0;
    arena_reset(w->page);
    for (int k = 0; k < WEBHOOK_AT_ONCE_MAX; k++) {
        before[k] = w->flights[k];
        if (before[k].is_used)
            before[k].event = arena_str(w->page, before[k].event);
    }
    pthread_mutex_unlock(&w->lock);
    struct task reader = *t;
    reader.arena = w->page;
    const struct webhook_delivery_due_args as_claimed = {
        .endpoint = w->endpoint.webhook_endpoint_id,
        .most = most,
        .url = w->endpoint.url,
        .secret = w->endpoint.secret,
        .max_in_flight = w->endpoint.max_in_flight,
        .is_thin = w->endpoint.is_thin,
        .api_version = w->endpoint.api_version,
    };
    err e = webhook_delivery_due(&reader, &as_claimed, &rows, &n);
    pthread_mutex_lock(&w->lock);
    w->is_reading = false;
    if (e)
        return e;
    page_take(w, before, rows, n);
    return OK;
}

static void result_judge(struct walk *w, const struct pace_start *start, const struct webhook_result *result)
{
    int32_t before = w->pace.at_once;
    if (result->outcome == WEBHOOK_DELIVERED) {
        pace_answered(&w->pace, start, result->took);
    } else {
        pace_failed(&w->pace, start);
        duration rest = webhook_endpoint_rest(w->pace.failures, result->retry_after_s);
        w->rest = rest.us > w->rest.us ? rest : w->rest;
        w->is_over = w->is_over || w->rest.us > 0 || result->outcome != WEBHOOK_TRY_AGAIN;
    }
    if (before != w->pace.at_once)
        pay_metrics_webhook_paced(w->pace.at_once > before);
}

struct sending {
    struct walk *walk;
    bool has_sent; /* out */
};

/* What may begin now, under way; NULL: nothing. With the lock held, as it is afterwards. */
static err sending_begin(struct task *t, struct walk *w, struct webhook_delivery_due_row *row, struct flight **ret)
{
    *ret = NULL;
    if (app_of(t)->service.is_stopping || monotonic_us() >= w->until_us)
        w->is_over = true;
    if (!w->is_over && w->n_begun == w->n_due && !w->is_reading && !w->is_drained)
        TRY(page_read(t, w));
    size_t next = w->is_reading ? w->n_due : walk_next(w);
    if (w->is_over || w->n_flights >= w->pace.at_once || next == w->n_due)
        return OK;
    w->is_begun[next] = true;
    w->n_begun++;
    row_keep(t->arena, &w->due[next], row);
    *ret = flight_begin(w, row);
    sender_call(t, w);
    return OK;
}

static err send_one(struct task *t, void *context)
{
    struct sending *s = context;
    struct walk *w = s->walk;
    struct webhook_delivery_due_row row;
    struct webhook_result result = { 0 };
    struct flight *flight;
    pthread_mutex_lock(&w->lock);
    err e = sending_begin(t, w, &row, &flight);
    const struct pace_start start = pace_begin(&w->pace, w->n_flights);
    pthread_mutex_unlock(&w->lock);
    s->has_sent = !e && flight;
    if (s->has_sent)
        e = webhook_deliver(t, &w->endpoint, &w->secrets, &row, &result);
    pthread_mutex_lock(&w->lock);
    if (s->has_sent)
        flight_end(w, flight);
    if (e)
        w->is_over = w->is_ours = true;
    else if (s->has_sent)
        result_judge(w, &start, &result);
    pthread_mutex_unlock(&w->lock);
    return e;
}

/* True: it goes on when those have had a sender who wait for one. */
static bool turn_passed(struct task *t, struct walk *w)
{
    struct worker_pool *crew = app_of(t)->service.crews[CREW_WEBHOOKS];
    return crew && workers_push(crew, QUEUE_COMMON, w->whose, (struct work_item){ sender_run, w });
}

/* ---- the walk ---- */

static void walk_free(struct walk *w)
{
    if (has_failed(w))
        atomic_fetch_sub(&failing_n, 1);
    atomic_fetch_sub(&walks_n, 1);
    pthread_mutex_destroy(&w->lock);
    arena_destroy(w->page);
    arena_destroy(w->arena);
}

/*
 * What failed here says nothing of the endpoint: it is given back soon, or it would get nothing until the lease ends.
 * Not at once, as what keeps failing would be sent again and again.
 */
static void walk_end(struct task *t, struct walk *w)
{
    bool is_left = w->n_senders == 0 && !w->is_drained && !w->is_ours && w->rest.us == 0;
    int64_t changed;
    task_begin(t, wall_clock_now());
    bool is_ours_longer = w->is_ours && PAUSE_AFTER_OURS.us > w->rest.us;
    instant rested = instant_add(t->now, is_ours_longer ? PAUSE_AFTER_OURS : w->rest);
    err e = webhook_endpoint_release(t, w->pace.failures, rested, w->pace.at_once, w->pace.answer_us,
                                     w->endpoint.webhook_endpoint_id, w->lease, &changed);
    if (e)
        log_failure(t, e);
    walk_free(w);
    if (is_left && app_of(t)->service.jobs)
        jobs_wake(app_of(t)->service.jobs, "webhooks.deliver");
}

/* True: this was the last one, and the walk is over. */
static bool sender_leave(struct walk *w)
{
    pthread_mutex_lock(&w->lock);
    bool is_last = --w->n_senders == 0;
    pthread_mutex_unlock(&w->lock);
    return is_last;
}

static void sender_run(struct task *t, void *item)
{
    struct walk *w = item;
    struct sending s = { .walk = w, .has_sent = true };
    int64_t turn_ends_us = monotonic_us() + TURN_LIMIT.us;
    t->what = "webhooks.deliver";
    t->request_id = str_of(t->what);
    for (int i = 0; s.has_sent; i++) {
        if ((i >= TURN_DELIVERIES || monotonic_us() >= turn_ends_us) && turn_passed(t, w))
            return;
        task_begin(t, wall_clock_now()); /* each is a task of its own: signatures need the time of now */
        err e = task_aside(t, DELIVERY_MAX_BYTES, send_one, &s);
        if (e)
            log_failure(t, e);
    }
    if (sender_leave(w))
        walk_end(t, w);
}

static struct walk *walk_make(struct task *t, const struct webhook_endpoints_claim_row *row, instant lease)
{
    struct arena *arena = arena_create(WALK_BYTES, PAGE_MAX_BYTES);
    struct walk *w = arena_new(arena, struct walk);
    struct task keeper = *t;
    digest partner = sha256_str(row->partner_id.v);
    keeper.arena = arena;
    *w = (struct walk){ .arena = arena, .endpoint = *row, .lease = lease, .n_senders = 1 };
    w->page = arena_create(WALK_BYTES, PAGE_MAX_BYTES);
    w->until_us = monotonic_us() + WALK_LIMIT.us;
    memcpy(&w->whose, partner.b, sizeof w->whose);
    w->endpoint.webhook_endpoint_id.v = arena_str(arena, row->webhook_endpoint_id.v);
    w->endpoint.url = arena_str(arena, row->url);
    w->endpoint.secret = bytes_of(arena_str(arena, (str){ (const char *)row->secret.p, row->secret.n }));
    w->endpoint.api_version = arena_str(arena, row->api_version);
    webhook_secrets_open(&keeper, row, &w->secrets);
    int32_t most = row->max_in_flight < WEBHOOK_AT_ONCE_MAX ? row->max_in_flight : WEBHOOK_AT_ONCE_MAX;
    w->pace = pace_of(row->at_once, most, row->failures, row->answer_us);
    pthread_mutex_init(&w->lock, NULL);
    atomic_fetch_add(&walks_n, 1);
    if (has_failed(w))
        atomic_fetch_add(&failing_n, 1);
    return w;
}

/* Its first sender calls the next. Without a crew it is served here, by one. */
static void walk_begin(struct task *t, struct walk *w)
{
    struct worker_pool *crew = app_of(t)->service.crews[CREW_WEBHOOKS];
    if (!crew)
        sender_run(t, w);
    else if (!workers_push(crew, QUEUE_COMMON, w->whose, (struct work_item){ sender_run, w }))
        walk_end(t, w);
}

static err walks_begin(struct task *t, bool failing, int most)
{
    const struct webhook_endpoints_claim_row *rows;
    size_t n = 0;
    instant lease = instant_add(task_wall(t), LEASE);
    if (most <= 0)
        return OK;
    TRY(webhook_endpoints_claim(t, lease, failing, most, &rows, &n));
    for (size_t i = 0; i < n; i++)
        walk_begin(t, walk_make(t, &rows[i], lease));
    return OK;
}

/* ---- jobs ---- */

err webhooks_fan_out(struct task *t)
{
    const struct receipts_look_row *looked;
    const struct webhook_fan_out_row *row;
    int64_t handed = 0;
    for (int round = 0; round == 0 || (round < RECEIPT_ROUNDS && looked->n == RECEIPTS_A_STATEMENT); round++)
        TRY(receipts_look(t, RECEIPTS_A_STATEMENT, &looked));
    for (int round = 0; round < FAN_OUT_ROUNDS; round++) {
        TRY(webhook_fan_out(t, &row));
        if (row->n == 0)
            break;
        handed += row->n;
    }
    if (handed > 0 && app_of(t)->service.jobs)
        jobs_wake(app_of(t)->service.jobs, "webhooks.deliver");
    return OK;
}

err webhooks_deliver(struct task *t)
{
    const struct webhook_lag_row *lag;
    TRY(webhook_lag(t, &lag));
    pay_metrics_webhook_lag(lag->lag_us);
    TRY(walks_begin(t, false, WALKS_MAX - atomic_load(&walks_n)));
    return walks_begin(t, true, failing_most(t) - atomic_load(&failing_n));
}
