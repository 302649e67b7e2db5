/* See fault.h. */
#include "tests/sim/fault.h"

#include <stdarg.h>
#include <string.h>

#define CHANGES_MAX 64 /* which is more than a request makes */

#define FAULT_TEXT(name, kind) #name,
#define FAULT_CALL(name, kind) CALL_##kind,
static const char *const names[] = { "NONE", FAULTS(FAULT_TEXT) };
static const enum call_kind kinds[] = { CALL_STATEMENT, FAULTS(FAULT_CALL) };

static struct fault_plan plan;
static int64_t calls[CALL_KIND_COUNT];
static int64_t changes[CHANGES_MAX]; /* the numbers of these statements */
static size_t n_changes;
static bool is_armed, is_paused;

const char *fault_name(enum fault_kind fault)
{
    return names[fault];
}

enum call_kind fault_call(enum fault_kind fault)
{
    return kinds[fault];
}

void fault_begin(struct fault_plan p)
{
    plan = p;
    for (size_t i = 0; i < CALL_KIND_COUNT; i++)
        calls[i] = 0;
    n_changes = 0;
    is_armed = true;
}

int64_t fault_calls(enum call_kind kind)
{
    return calls[kind];
}

enum fault_kind fault_meets(enum call_kind kind)
{
    if (!sim_is_actor())
        return FAULT_OF_NONE;
    int64_t n = ++calls[kind];
    bool is_meant = plan.fault && fault_call(plan.fault) == kind && (n == plan.at || (plan.and_later && n > plan.at));
    return is_meant ? plan.fault : FAULT_OF_NONE;
}

/* What is paid, held, returned, ordered, owed or booked is on these. */
static const char *const money[] = {
    "acquirer_call",   "balance",      "capture", "deal",         "dispute",         "entry",
    "holdback",        "invoice",      "payment", "payout",       "payout_decision", "payout_list",
    "payout_schedule", "posting",      "refund",  "refund_queue", "repayment",       "reversal_decision",
    "settlement",      "subscription", "transfer"
};

static bool changes_money(const char *sql)
{
    char inserts[64], updates[64];
    for (size_t i = 0; i < sizeof money / sizeof money[0]; i++) {
        snprintf(inserts, sizeof inserts, "insert into %s ", money[i]);
        snprintf(updates, sizeof updates, "update %s ", money[i]);
        if (strstr(sql, inserts) || strstr(sql, updates))
            return true;
    }
    return false;
}

void fault_changed(const struct db_statement *s)
{
    if (sim_is_actor() && n_changes < CHANGES_MAX && changes_money(s->sql))
        changes[n_changes++] = calls[CALL_STATEMENT];
}

int64_t fault_middle(void)
{
    return n_changes ? changes[n_changes / 2] : 0;
}

void fault_effect(void)
{
    is_armed = true;
}

void fault_pause(bool pause)
{
    is_paused = pause;
}

/* ---- statements ---- */

err __real_db_run(struct task *t, const struct db_statement *s, const struct db_value *params, struct db_rows *ret);

#define RAISE(state) "do $$ begin raise exception using errcode = '" state "', message = 'torture'; end $$"

err fault_statement(struct task *t, enum fault_kind fault)
{
#define SAYS(name_, text)                                                                                              \
    {                                                                                                                  \
        .name = name_, .sql = text, .file = __FILE__, .cardinality = DB_EXEC                                           \
    }
    static const struct db_statement says[] = {
        [FAULT_OF_LOST] = SAYS("torture_lost", "select pg_terminate_backend(pg_backend_pid())"),
        [FAULT_OF_ANSWER_LOST] = SAYS("torture_answer_lost", "select pg_terminate_backend(pg_backend_pid())"),
        [FAULT_OF_CONFLICT] = SAYS("torture_conflict", RAISE("40001")),
        [FAULT_OF_TIMED_OUT] = SAYS("torture_timed_out", RAISE("57014")),
        [FAULT_OF_BUG] = SAYS("torture_bug", RAISE("XX000")),
    };
#undef SAYS
    struct db_rows rows;
    return __real_db_run(t, &says[fault], NULL, &rows);
}

/* ---- memory ---- */

static void ask(void)
{
    if (!is_armed || is_paused || !sim_is_actor())
        return;
    is_armed = false;
    if (fault_meets(CALL_MEMORY))
        sim_die();
}

void *__real_arena_alloc(struct arena *a, size_t size);
void *__wrap_arena_alloc(struct arena *a, size_t size);
void *__real_arena_calloc(struct arena *a, size_t n, size_t size);
void *__wrap_arena_calloc(struct arena *a, size_t n, size_t size);
str __real_arena_str(struct arena *a, str s);
str __wrap_arena_str(struct arena *a, str s);
str __wrap_arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

void *__wrap_arena_alloc(struct arena *a, size_t size)
{
    ask();
    return __real_arena_alloc(a, size);
}

void *__wrap_arena_calloc(struct arena *a, size_t n, size_t size)
{
    ask();
    return __real_arena_calloc(a, n, size);
}

str __wrap_arena_str(struct arena *a, str s)
{
    ask();
    return __real_arena_str(a, s);
}

str __wrap_arena_printf(struct arena *a, const char *format, ...)
{
    va_list ap;
    ask();
    va_start(ap, format);
    str text = arena_vprintf(a, format, ap);
    va_end(ap);
    return text;
}
