/* See anomaly.h. */
#include "paysrv/flow/anomaly.h"

#include "paysrv/app.h"
#include "paysrv/domain/decision.h"
#include "paysrv/faults.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/jobs.h"
#include "paysrv/store/anomaly.sql.h"
#include "shared/base/num.h"
#include "shared/ops/log.h"
#include "shared/text/encode.h"

const instant *anomaly_rests_since(struct task *t, enum anomaly kind)
{
    instant *since = arena_new(t->arena, instant);
    return anomaly_rests(kind, task_wall(t), since) ? since : NULL;
}

err anomaly_tell_news(struct task *t, enum anomaly kind, str partner, str ref, str detail, bool *is_news)
{
    const struct app *app = t->app;
    int64_t told;
    TRY(app->env->anomaly_report(t, partner, anomaly_name(kind), ref, detail, anomaly_rests_since(t, kind), &told));
    *is_news = told > 0;
    return OK;
}

err anomaly_tell(struct task *t, enum anomaly kind, str partner, str ref, str detail)
{
    bool is_news;
    return anomaly_tell_news(t, kind, partner, ref, detail, &is_news);
}

/* A button pressed twice, an answer that was lost. */
static err closed_so(struct task *t, int64_t id, str by, str note)
{
    const struct anomalies_open_row *row;
    TRY(anomaly_find(t, id, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such anomaly");
    return str_eq(row->closed_by, by) && str_eq(row->note, note) ? OK : FAIL(t, ANOMALY_STATE, "it is closed");
}

err anomaly_end(struct task *t, int64_t id, str by, str note)
{
    int64_t closed;
    if (!utf8_within(note, NOTE_LEAST, NOTE_MOST))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("note"), STR("says in " NOTE_WANTED " what was found"));
    TRY(anomaly_close(t, by, note, id, &closed));
    if (!closed)
        return closed_so(t, id, by, note);
    log_info(t, "anomaly.closed", L_I64("anomaly", id), L_STR("by", by));
    return OK;
}

/* ---- lists ---- */

#define ANOMALY_LISTED(name, text, about, rest) " " text

static err wish_read(struct task *t, const struct anomaly_wish *wish, bool *is_closed)
{
    enum anomaly kind;
    *is_closed = str_eq(wish->status, STR("closed"));
    if (wish->status.n && !*is_closed && !str_eq(wish->status, STR("open")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("status"), STR("must be open or closed"));
    if (wish->kind.n && !anomaly_parse(wish->kind, &kind))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("kind"), STR("must be one of:" ANOMALIES(ANOMALY_LISTED)));
    return OK;
}

err anomalies_find(struct task *t, const struct anomaly_wish *wish, str position, size_t most,
                   struct anomalies_found *ret)
{
    str kind = wish->kind.n ? wish->kind : STR_NONE, partner = wish->partner.n ? wish->partner : STR_NONE;
    int64_t number, limit = (int64_t)most + 1;
    bool is_closed;
    size_t n;
    *ret = (struct anomalies_found){ .next = STR_NONE };
    TRY(wish_read(t, wish, &is_closed));
    const int64_t *last = str_given(position) && num_parse(position, &number) ? &number : NULL;
    TRY(is_closed ? anomalies_closed(t, last, kind, partner, limit, &ret->rows, &n)
                  : anomalies_open(t, last, kind, partner, limit, &ret->rows, &n));
    ret->n = n < most ? n : most;
    if (n > most)
        ret->next = arena_printf(t->arena, "%lld", (long long)ret->rows[most - 1].anomaly_id);
    return OK;
}

/* ---- how many ---- */

err anomalies_watch(struct task *t)
{
    const struct anomalies_count_row *rows;
    size_t n;
    int64_t open[ANOMALY_COUNT] = { 0 };
    enum anomaly kind;
    TRY(anomalies_count(t, &rows, &n));
    for (size_t i = 0; i < n; i++)
        if (anomaly_parse(rows[i].kind, &kind))
            open[kind] = rows[i].live;
    pay_metrics_anomalies(open);
    return OK;
}
