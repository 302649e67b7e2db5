/*
 * The job that asks an acquirer for disputes of which its message may never have come (docs/protocol/connectors.md): a
 * walk from the newest back to where all were seen, or to the oldest that is not decided. What it finds is applied as
 * the message would be; which of the two comes first does not matter.
 */
#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/acquirer/connector.h"
#include "paysrv/flow/acquirer/notification.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/jobs.h"
#include "paysrv/store/dispute_walk.sql.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

#define EVERY MINUTES(10)
#define LEASE MINUTES(5)     /* longer than a round takes */
#define FIRST_FROM DAYS(120) /* so long a buyer may complain, as a rule */
#define OVERLAP MINUTES(10)  /* lists may lag behind */
#define PAGES_PER_ROUND 10
#define PAGE_MAX_BYTES ((size_t)64 << 20)

struct walk {
    const struct connector *acquirer;
    bool goes_on; /* out, of each page */
};

/* Under the wall clock again, whoever's the dispute was. One must not keep the others waiting. */
static bool see(struct task *t, const struct acquirer_message *m, struct acquirer_sender from)
{
    bool is_news = false;
    err e = notification_found(t, m, from, &is_news);
    clock_leave(t);
    pay_metrics_dispute_found(t, e ? DISPUTE_FOUND_FAILED : is_news ? DISPUTE_FOUND_NEWS : DISPUTE_FOUND_KNOWN);
    if (e)
        log_failure(t, e);
    return !e;
}

/* newest: what the walk began with; when something could not be taken, no further than where it goes back to. */
static err page_seen(struct task *t, const struct walk *w, const struct dispute_page *page, instant newest)
{
    const str name = str_of(w->acquirer->name);
    const instant until = { newest.us - OVERLAP.us };
    int64_t affected;
    CRASH_POINT("dispute_walk.before_cursor");
    if (page->has_more)
        return dispute_walk_on(t, page->last, newest, task_wall(t), name, &affected);
    return dispute_walk_end(t, until, instant_add(task_wall(t), EVERY), name, &affected);
}

static err page_take(struct task *t, void *context)
{
    struct walk *w = context;
    const struct acquirer_sender from = { w->acquirer->method, FROM_EITHER };
    const struct dispute_walk_claim_row *at;
    struct dispute_page page;
    bool all_taken = true;
    str why;
    TRY(dispute_walk_claim(t, instant_add(task_wall(t), LEASE), str_of(w->acquirer->name), &at));
    w->goes_on = false;
    if (!at)
        return OK;
    if (!w->acquirer->disputes(t, at->from, at->after, &page, &why))
        return FAIL(t, UNAVAILABLE, "the list of disputes of %s: %.*s", w->acquirer->name, STR_ARG(why));
    for (size_t i = 0; i < page.n; i++)
        all_taken = see(t, &page.found[i], from) && all_taken;
    w->goes_on = page.has_more;
    instant newest = at->newest_given ? at->newest : page.has_newest ? page.newest : at->from;
    return page_seen(t, w, &page, all_taken ? newest : at->from);
}

static err walk(struct task *t, const struct connector *acquirer)
{
    const struct app *app = t->app;
    const str name = str_of(acquirer->name);
    const struct dispute_walk_age_row *age;
    struct walk w = { .acquirer = acquirer, .goes_on = true };
    int64_t affected;
    TRY(dispute_walk_begin(t, name, (instant){ task_wall(t).us - FIRST_FROM.us }, &affected));
    for (int i = 0; w.goes_on && i < PAGES_PER_ROUND && !app->service.is_stopping; i++)
        TRY(task_aside(t, PAGE_MAX_BYTES, page_take, &w));
    TRY(dispute_walk_age(t, name, &age));
    if (age)
        pay_metrics_dispute_walk(instant_seconds(task_wall(t)) - instant_seconds(age->walked_at));
    return OK;
}

err dispute_walks_run(struct task *t)
{
    const struct app *app = t->app;
    for (size_t i = 0; i < PAYMENT_METHOD_COUNT; i++)
        if (app->acquirers[i] && app->acquirers[i]->disputes)
            TRY(walk(t, app->acquirers[i]));
    return OK;
}
