/* See ledger_check.h. */
#include "paysrv/flow/ledger/ledger_check.h"

#include "paysrv/app.h"
#include "paysrv/flow/anomaly.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/jobs.h"
#include "paysrv/store/ledger_check.sql.h"
#include "paysrv/store/operator.sql.h"
#include "shared/base/array.h"
#include "shared/ops/fiber.h"
#include "shared/ops/log.h"

#define ROUND MINUTES(5) /* a job that comes to no end for long is told as one that stands */
#define AGAIN HOURS(1)   /* a rule that could not be checked */
#define SURE SECONDS(5)  /* what is violated at two moments was not just on its way */
#define FINDINGS_MOST 1000
#define ROUND_MAX_BYTES ((size_t)16 << 20)
#define RULES_MAX_BYTES ((size_t)2 << 20)
/* What reads whole tables sorts and hashes in memory, and ends when nobody waits for it any more. */
#define SETTINGS "-c work_mem=64MB -c max_parallel_workers_per_gather=0 -c client_connection_check_interval=10000"

struct db_config ledger_check_database(const struct app *app)
{
    struct db_config db = service_database(&app->service);
    db.statement_timeout = app->service.settings.command_timeout;
    db.settings = SETTINGS;
    db.ends = &app->service.is_stopping;
    return db;
}

/* ---- one rule ---- */

struct check {
    struct db *books; /* the connection that reads them */
    str view, rule;   /* both "": what is of no rule that is known by its name */
    size_t violations;
    str first; /* in the check's own memory */
};

static err names_read(struct task *t, str_array *ret)
{
    const struct invariant_rules_row *rows;
    size_t n;
    TRY(invariant_rules(t, &rows, &n));
    str *names = arena_array(t->arena, str, n + 1);
    for (size_t i = 0; i < n; i++)
        names[i] = rows[i].rule;
    *ret = (str_array){ names, n };
    return OK;
}

static err rule_read(struct task *t, const struct check *c, const struct invariants_broken_row **rows, size_t *n)
{
    str_array names;
    if (c->rule.n)
        return invariants_of_rule(t, c->view, c->rule, FINDINGS_MOST, rows, n);
    TRY(names_read(t, &names));
    return invariants_beside(t, names, FINDINGS_MOST, rows, n);
}

static bool is_among(const struct invariants_broken_row *row, const struct invariants_broken_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(row->rule, rows[i].rule) && str_eq(row->subject, rows[i].subject))
            return true;
    return false;
}

/* What takes two transactions is no violation between them. */
static err violations_find(struct task *t, struct check *c)
{
    const struct invariants_broken_row *rows, *again;
    size_t n, m;
    TRY(rule_read(t, c, &rows, &n));
    if (n == 0)
        return OK;
    wait_until(monotonic_us() + SURE.us);
    TRY(rule_read(t, c, &again, &m));
    for (size_t i = 0; i < n; i++) {
        if (!is_among(&rows[i], again, m))
            continue;
        c->first = c->violations++ == 0 ? rows[i].subject : c->first;
    }
    return OK;
}

str ledger_rule_name(struct arena *a, str view, str rule)
{
    return rule.n ? arena_printf(a, "%.*s/%.*s", STR_ARG(view), STR_ARG(rule)) : STR("other");
}

static err violated_tell(struct task *t, const struct check *c)
{
    str rule = ledger_rule_name(t->arena, c->view, c->rule);
    str detail = arena_printf(t->arena, "%zu violation(s), the first is %.*s", c->violations, STR_ARG(c->first));
    log_error(t, "ledger.violated", L_STR("rule", rule), L_STR("detail", detail));
    return anomaly_tell(t, ANOMALY_RULE_VIOLATED, STR_NONE, rule, detail);
}

/* With memory of its own. */
static err rule_check(struct task *t, void *context)
{
    struct check *c = context;
    struct db *own = t->db;
    int64_t began_us = monotonic_us(), affected;
    t->now = wall_clock_now(); /* the round began minutes ago */
    t->db = c->books;
    err e = violations_find(t, c);
    t->db = own;
    if (e)
        return e;
    if (c->violations > 0)
        TRY(violated_tell(t, c));
    return ledger_rule_checked(t, (monotonic_us() - began_us) / 1000, (int64_t)c->violations, c->view, c->rule,
                               &affected);
}

/* ---- a round ---- */

static err rules_know(struct task *t, void *context)
{
    const struct invariant_rules_row *rows;
    size_t n;
    int64_t *affected = context;
    TRY(invariant_rules(t, &rows, &n));
    str *views = arena_array(t->arena, str, n + 1), *rules = arena_array(t->arena, str, n + 1);
    for (size_t i = 0; i < n; i++) {
        views[i] = rows[i].view;
        rules[i] = rows[i].rule;
    }
    views[n] = rules[n] = STR("");
    return ledger_rules_know(t, (str_array){ views, n + 1 }, (str_array){ rules, n + 1 }, affected);
}

static bool is_stopping(const struct task *t)
{
    return ((const struct app *)t->app)->service.is_stopping;
}

static int64_t every_s(const struct task *t)
{
    return ((const struct app *)t->app)->config.ledger_check_every.us / SECONDS(1).us;
}

/* A rule that fails does not keep the others from being checked. *is_done: there is none to check now. */
static err next_check(struct task *t, struct db *books, bool *is_done)
{
    const struct ledger_rule_due_row *due;
    int64_t affected;
    TRY(ledger_rule_due(t, every_s(t), AGAIN.us / SECONDS(1).us, &due));
    *is_done = !due;
    if (!due)
        return OK;
    struct check c = { .books = books, .view = due->view, .rule = due->rule };
    err e = task_aside(t, ROUND_MAX_BYTES, rule_check, &c);
    if (!e)
        return OK;
    *is_done = is_stopping(t);
    if (*is_done)
        return OK; /* it was broken off, and is the first after the restart */
    TRY(ledger_rule_failed(t, c.view, c.rule, &affected));
    return e;
}

err ledger_check_lock(struct task *t, bool *is_ours)
{
    const struct ledger_check_take_row *row;
    TRY(ledger_check_take(t, &row));
    *is_ours = row->is_ours;
    return OK;
}

static err rules_check(struct task *t, struct db *books)
{
    int64_t until_us = monotonic_us() + ROUND.us, affected;
    bool is_done = false;
    err first = OK;
    struct task reader = *t; /* what reads holds the lock as well: whoever dies, or is cut off, leaves both */
    reader.db = books;
    TRY(task_aside(t, RULES_MAX_BYTES, rules_know, &affected));
    while (!is_done && !is_stopping(t) && monotonic_us() < until_us) {
        bool is_ours;
        TRY(ledger_check_lock(&reader, &is_ours));
        if (!is_ours)
            return first;
        first = failure_first(t, first, next_check(t, books, &is_done));
    }
    return first;
}

static err state_show(struct task *t, bool *is_due)
{
    const struct ledger_check_state_row *state;
    const struct ledger_rule_due_row *due;
    *is_due = false;
    TRY(ledger_check_state(t, &state));
    int64_t age_s = state->waits_since_given ? (task_wall(t).us - state->waits_since.us) / SECONDS(1).us : 0;
    pay_metrics_rules(state->violations, every_s(t) ? age_s : 0);
    if (!every_s(t))
        return OK;
    TRY(ledger_rule_due(t, every_s(t), AGAIN.us / SECONDS(1).us, &due));
    *is_due = state->rules == 0 || due;
    return OK;
}

err ledger_rules_check(struct task *t)
{
    bool is_due;
    TRY(state_show(t, &is_due));
    if (!is_due)
        return OK;
    const struct db_config config = ledger_check_database(t->app);
    struct db *books = db_open(&config);
    err e = rules_check(t, books);
    db_close(books);
    t->now = wall_clock_now();
    return e ? e : state_show(t, &is_due);
}
