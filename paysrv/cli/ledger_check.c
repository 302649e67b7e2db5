/*
 * paysrv ledger check: every invariant of the books, rule by rule, several at a time, each by a connection of its own.
 * A rule is one statement, and by itself has the time that a command may take (command_timeout), so the check goes on
 * as long as rules are done; which it is at is told each ten seconds.
 */
#include <pthread.h>
#include <stdio.h>
#include <time.h>

#include "paysrv/app.h"
#include "paysrv/flow/ledger/ledger_check.h"
#include "paysrv/store/operator.sql.h"
#include "paysrv/verbs.h"
#include "shared/base/num.h"
#include "shared/db/db.h"
#include "shared/ops/cli.h"
#include "shared/ops/worker.h"

#define FINDINGS_MOST 1000
#define CONNECTIONS 4
#define CONNECTIONS_MOST 32
#define TELL_S 10

struct rule {
    struct check *check;
    str view, name; /* absent: what is of no rule that is known by its name */
    str shown;
    int64_t began_us;
    bool is_done, has_failed;
    const struct invariants_broken_row *broken; /* in the arena of the command */
    size_t n_broken;
};

struct check {
    struct arena *arena;
    const struct app *app;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    struct rule *rules;
    str_array names;
    size_t n, n_done;
};

static void connection_open(struct task *t)
{
    const struct check *c = t->app;
    const struct db_config db = ledger_check_database(c->app);
    t->db = db_open(&db);
}

static void connection_close(struct task *t)
{
    db_close(t->db);
}

/* What a worker has read is gone with its task. With the lock held. */
static void findings_keep(struct rule *r, const struct invariants_broken_row *rows, size_t n)
{
    struct arena *a = r->check->arena;
    struct invariants_broken_row *kept = arena_array(a, struct invariants_broken_row, n + 1);
    for (size_t i = 0; i < n; i++)
        kept[i] = (struct invariants_broken_row){ arena_str(a, rows[i].rule), arena_str(a, rows[i].subject) };
    r->broken = kept;
    r->n_broken = n;
}

static void rule_run(struct task *t, void *item)
{
    struct rule *r = item;
    struct check *c = r->check;
    const struct invariants_broken_row *rows;
    size_t n = 0;
    t->what = "ledger";
    pthread_mutex_lock(&c->lock);
    r->began_us = monotonic_us();
    pthread_mutex_unlock(&c->lock);
    err e = str_given(r->name) ? invariants_of_rule(t, r->view, r->name, FINDINGS_MOST, &rows, &n)
                               : invariants_beside(t, c->names, FINDINGS_MOST, &rows, &n);
    if (e)
        cli_failed(e);
    pthread_mutex_lock(&c->lock);
    r->is_done = true;
    r->has_failed = e != NULL;
    if (!e)
        findings_keep(r, rows, n);
    c->n_done++;
    pthread_cond_signal(&c->ended);
    pthread_mutex_unlock(&c->lock);
}

/* With the lock held. */
static void progress_tell(const struct check *c)
{
    fprintf(stderr, "%zu of %zu rules checked; at", c->n_done, c->n);
    for (size_t i = 0; i < c->n; i++)
        if (c->rules[i].began_us && !c->rules[i].is_done)
            fprintf(stderr, " %.*s (%lld s)", STR_ARG(c->rules[i].shown),
                    (long long)((monotonic_us() - c->rules[i].began_us) / 1000000));
    fputc('\n', stderr);
}

static void all_await(struct check *c)
{
    pthread_mutex_lock(&c->lock);
    while (c->n_done < c->n) {
        struct timespec until;
        int rc = 0;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += TELL_S;
        while (c->n_done < c->n && rc == 0)
            rc = pthread_cond_timedwait(&c->ended, &c->lock, &until);
        if (c->n_done < c->n)
            progress_tell(c);
    }
    pthread_mutex_unlock(&c->lock);
}

static err rules_load(struct task *t, struct check *c)
{
    const struct invariant_rules_row *rows;
    size_t n;
    TRY(invariant_rules(t, &rows, &n));
    str *names = arena_array(t->arena, str, n + 1);
    c->rules = arena_array(t->arena, struct rule, n + 1);
    c->n = n + 1;
    for (size_t i = 0; i < n; i++) {
        names[i] = rows[i].rule;
        c->rules[i] = (struct rule){ .check = c,
                                     .view = rows[i].view,
                                     .name = rows[i].rule,
                                     .shown = ledger_rule_name(t->arena, rows[i].view, rows[i].rule) };
    }
    c->rules[n] = (struct rule){ .check = c, .shown = STR("what is of no rule by name") };
    c->names = (str_array){ names, n };
    return OK;
}

/* How many could not be checked: why was told. */
static size_t rules_check(struct check *c, unsigned connections)
{
    const struct worker_config config = {
        .n = connections, .queue_limit = (unsigned)c->n, .app = c, .start = connection_open, .stop = connection_close
    };
    size_t failed = 0;
    struct worker_pool *pool = workers_start(&config);
    for (size_t i = 0; i < c->n; i++)
        (void)!workers_push(pool, QUEUE_COMMON, PARTY_NONE, (struct work_item){ rule_run, &c->rules[i] });
    all_await(c);
    workers_stop(pool);
    for (size_t i = 0; i < c->n; i++)
        failed += c->rules[i].has_failed;
    return failed;
}

/* All postings are read for them, as for a rule. */
static err totals_read(struct check *c, const struct ledger_totals_row **totals, size_t *n)
{
    struct task t = { .arena = c->arena, .app = c, .what = "ledger" };
    connection_open(&t);
    err e = ledger_totals(&t, totals, n);
    connection_close(&t);
    return e;
}

static err totals_print(struct check *c)
{
    const struct ledger_totals_row *totals;
    size_t n;
    TRY(totals_read(c, &totals, &n));
    for (size_t i = 0; i < n; i++)
        printf("%.*s%s: %lld entries, %lld postings, sum %lld\n", STR_ARG(totals[i].currency),
               totals[i].is_sandbox ? " of sandboxes" : "", (long long)totals[i].entries, (long long)totals[i].postings,
               (long long)totals[i].sum);
    return OK;
}

static size_t findings_print(const struct check *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < c->rules[i].n_broken; k++)
            if (n++ < FINDINGS_MOST)
                printf("VIOLATED %.*s %.*s\n", STR_ARG(c->rules[i].broken[k].rule),
                       STR_ARG(c->rules[i].broken[k].subject));
    return n;
}

static int unchecked_print(const struct check *c)
{
    findings_print(c);
    for (size_t i = 0; i < c->n; i++)
        if (c->rules[i].has_failed)
            fprintf(stderr, "paysrv: not checked: %.*s\n", STR_ARG(c->rules[i].shown));
    return CLI_FAILED;
}

int ledger_check(struct task *t, int argc, char **argv)
{
    const char *text = NULL;
    const struct cli_option options[] = { { "--connections", &text, NULL, NULL } };
    int64_t connections = CONNECTIONS;
    if (!cli_read(argc, argv, NULL, 0, options, 1))
        return CLI_USAGE;
    if (text && (!num_parse(str_of(text), &connections) || connections < 1 || connections > CONNECTIONS_MOST))
        return cli_misuse("--connections: 1 to 32");
    struct check c = { .arena = t->arena, .app = t->app };
    pthread_mutex_init(&c.lock, NULL);
    pthread_cond_init(&c.ended, NULL);
    err e = rules_load(t, &c);
    if (e)
        return cli_failed(e);
    if (rules_check(&c, (unsigned)connections) > 0)
        return unchecked_print(&c);
    size_t n = findings_print(&c);
    fflush(stdout); /* whatever becomes of the totals */
    e = totals_print(&c);
    printf("%zu violation(s)\n", n);
    if (e)
        return cli_failed(e);
    return n ? CLI_FAILED : CLI_DONE;
}
