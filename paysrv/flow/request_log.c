/* See request_log.h. Two buffers: one is filled while the other is written. */
#include "paysrv/flow/request_log.h"

#include <pthread.h>
#include <string.h>

#include "paysrv/app.h"
#include "paysrv/domain/request_filter.h"
#include "paysrv/faults.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/store/request_log.sql.h"
#include "shared/base/num.h"

#define BUFFER_BYTES ((size_t)2 << 20) /* of a second */
#define ROWS 500
#define REFUSED 400
#define LIFE DAYS(30)
#define PURGE_ROWS 5000
#define PURGE_ROUNDS 20
#define LOOKED 10000 /* requests in one look */
#define TEXTS 13
#define NUMBERS 3

struct request_log {
    pthread_mutex_t lock;
    char *filling, *written;
    size_t n; /* bytes in filling */
};

struct record {
    int64_t numbers[NUMBERS];
    uint32_t lengths[TEXTS];
};

struct request_log *request_log_create(struct arena *process)
{
    struct request_log *log = arena_new(process, struct request_log);
    *log = (struct request_log){ .filling = arena_alloc(process, BUFFER_BYTES),
                                 .written = arena_alloc(process, BUFFER_BYTES) };
    pthread_mutex_init(&log->lock, NULL);
    return log;
}

static bool put(struct request_log *log, const struct record *r, const str texts[TEXTS])
{
    size_t n = sizeof *r;
    for (size_t i = 0; i < TEXTS; i++)
        n += texts[i].n;
    if (n > BUFFER_BYTES - log->n)
        return false;
    char *p = log->filling + log->n;
    memcpy(p, r, sizeof *r);
    p += sizeof *r;
    for (size_t i = 0; i < TEXTS; i++) {
        if (texts[i].n)
            memcpy(p, texts[i].p, texts[i].n);
        p += texts[i].n;
    }
    log->n += n;
    return true;
}

void request_log_add(const struct task *t, struct request_log *log, const struct request_entry *e)
{
    const str texts[TEXTS] = { e->partner, e->request, e->client, e->method, e->route,   e->path, e->version,
                               e->key,     e->object,  e->parent, e->code,   e->problem, e->actor };
    struct record r = { .numbers = { e->at_us, e->elapsed_us, e->status } };
    for (size_t i = 0; i < TEXTS; i++)
        r.lengths[i] = (uint32_t)texts[i].n;
    pthread_mutex_lock(&log->lock);
    bool fits = put(log, &r, texts);
    pthread_mutex_unlock(&log->lock);
    pay_metrics_request_logged(t, fits);
}

/* ---- writing ---- */

struct rows {
    struct request_log_insert_item items[ROWS];
    size_t n;
};

/* In the order in which request_log_add puts them. */
static size_t row_take(struct request_log_insert_item *ret, const char *p)
{
    str *const texts[TEXTS] = { &ret->partner_id, &ret->request_id,  &ret->client_id, &ret->method,    &ret->route,
                                &ret->path,       &ret->api_version, &ret->idem_key,  &ret->object_id, &ret->parent_id,
                                &ret->code,       &ret->problem,     &ret->actor };
    int64_t *const numbers[NUMBERS] = { &ret->at_us, &ret->elapsed_us, &ret->status };
    struct record r;
    memcpy(&r, p, sizeof r);
    size_t at = sizeof r;
    for (size_t i = 0; i < NUMBERS; i++)
        *numbers[i] = r.numbers[i];
    for (size_t i = 0; i < TEXTS; i++) {
        *texts[i] = (str){ p + at, r.lengths[i] };
        at += r.lengths[i];
    }
    return at;
}

static err rows_write(struct task *t, void *context)
{
    const struct rows *rows = context;
    int64_t n;
    return request_log_insert(t, rows->items, rows->n, &n);
}

static size_t buffers_swap(struct request_log *log)
{
    pthread_mutex_lock(&log->lock);
    char *full = log->filling;
    size_t n = log->n;
    log->filling = log->written;
    log->written = full;
    log->n = 0;
    pthread_mutex_unlock(&log->lock);
    return n;
}

/* What cannot be written is lost, and counted: it is not tried again, or a database that is down would fill the memory.
 */
err request_log_write(struct task *t)
{
    struct request_log *log = ((const struct app *)t->app)->requests;
    struct rows *rows = arena_new(t->arena, struct rows);
    size_t n = buffers_swap(log);
    err first = OK;
    for (size_t at = 0; at < n;) {
        rows->n = 0;
        while (at < n && rows->n < ROWS)
            at += row_take(&rows->items[rows->n++], log->written + at);
        if (!first)
            first = task_aside(t, (size_t)8 << 20, rows_write, rows);
        if (first)
            pay_metrics_requests_lost(t, rows->n);
    }
    return first;
}

err request_log_sweep(struct task *t)
{
    int64_t ended = PURGE_ROWS;
    for (int i = 0; i < PURGE_ROUNDS && ended == PURGE_ROWS; i++)
        TRY(request_log_purge(t, (instant){ task_wall(t).us - LIFE.us }, PURGE_ROWS, &ended));
    return OK;
}

/* ---- reading ---- */

str request_place_text(struct task *t, const struct request_place *place)
{
    return arena_printf(t->arena, "%lld %lld", (long long)place->at.us, (long long)place->id);
}

bool request_place_parse(str text, struct request_place *ret)
{
    str head;
    return str_cut(&text, ' ', &head) && num_parse(head, &ret->at.us) && num_parse(text, &ret->id);
}

static err time_read(struct task *t, const char *name, str text, instant *ret)
{
    if (str_given(text) && !instant_parse(text, ret))
        return FAIL_PARAM(t, INVALID_PARAMETER, str_of(name), STR("a time like 2026-11-27T10:00:00Z"));
    return OK;
}

#define FILTERS(l)                                                                                                     \
    .partner = (l)->partner, .before_at = (l)->before.at, .before = (l)->before.id, .to = (l)->to, .low = (l)->low,    \
    .high = (l)->high, .method = (l)->wish->method, .path = (l)->wish->path, .code = (l)->wish->code,                  \
    .limit = (int64_t)(l)->most + 1

struct looking {
    partner_id partner;
    const struct request_wish *wish;
    struct request_place before;
    instant from, to;
    int64_t low, high;
    size_t most;
};

static err wish_read(struct task *t, const struct request_wish *wish, struct looking *l)
{
    TRY(time_read(t, "from", wish->from, &l->from));
    TRY(time_read(t, "to", wish->to, &l->to));
    if (!request_status_parse(wish->status, &l->low, &l->high))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("status"), STR("a status like 404, or a class like 4xx"));
    if (str_given(wish->code) && l->low < REFUSED) /* only what was refused has one */
        l->low = REFUSED;
    return str_given(wish->object) && str_given(wish->key)
               ? FAIL_PARAM(t, INVALID_PARAMETER, STR("object"), STR("not together with idempotency_key"))
               : OK;
}

static bool is_picky(const struct request_wish *w)
{
    return str_given(w->status) || str_given(w->method) || str_given(w->path) || str_given(w->code);
}

static err window_end(struct task *t, const struct looking *l, const struct request_place **ret)
{
    const struct request_log_window_row *row;
    const struct request_log_window_args args = { .partner = l->partner,
                                                  .low = l->low,
                                                  .before_at = l->before.at,
                                                  .before = l->before.id,
                                                  .from = l->from,
                                                  .to = l->to,
                                                  .looked = LOOKED };
    struct request_place *place = arena_new(t->arena, struct request_place);
    TRY(request_log_window(t, &args, &row));
    if (row)
        *place = (struct request_place){ row->created_at, row->log_id };
    *ret = row ? place : NULL;
    return OK;
}

/* What is written down meanwhile has the place of its time: the end stays, and there is room before it. */
static err look(struct task *t, const struct looking *l, struct request_found *ret, const struct request_place **end)
{
    struct request_log_list_args args = { FILTERS(l), .least_at = l->from, .looked = (int64_t)l->most + 1 };
    if (is_picky(l->wish)) {
        TRY(window_end(t, l, end));
        args.looked = INT64_C(2) * LOOKED;
    }
    if (*end) {
        args.least_at = (*end)->at;
        args.least = (*end)->id;
    }
    return request_log_list(t, &args, &ret->rows, &ret->n);
}

err request_log_search(struct task *t, partner_id partner, const struct request_wish *wish,
                       const struct request_place *before, size_t most, struct request_found *ret)
{
    struct looking l = { .partner = partner,
                         .wish = wish,
                         .from = { task_wall(t).us - LIFE.us },
                         .to = instant_add(task_wall(t), DAYS(1)),
                         .most = most };
    const struct request_place *end = NULL;
    *ret = (struct request_found){ 0 };
    TRY(wish_read(t, wish, &l));
    l.before = before ? *before : (struct request_place){ l.to, INT64_MAX };
    if (str_given(wish->object))
        TRY(request_log_of_object(
            t, &(struct request_log_of_object_args){ FILTERS(&l), .from = l.from, .object = wish->object }, &ret->rows,
            &ret->n));
    else if (str_given(wish->key))
        TRY(request_log_of_key(t, &(struct request_log_of_key_args){ FILTERS(&l), .from = l.from, .key = wish->key },
                               &ret->rows, &ret->n));
    else
        TRY(look(t, &l, ret, &end));
    ret->has_more = ret->n > most || end;
    ret->is_cut = ret->n <= most && end;
    if (ret->n > most)
        ret->next = (struct request_place){ ret->rows[most - 1].created_at, ret->rows[most - 1].log_id };
    else if (end)
        ret->next = *end;
    ret->n = ret->n < most ? ret->n : most;
    return OK;
}
