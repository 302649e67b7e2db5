/* Where the linker leads paysrv's effects: each passes the points before and after it, and leaves a line in the trace.
 */
#include <string.h>

#include "paysrv/store/event.rows.h"
#include "shared/base/faults.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "tests/sim/fault.h"
#include "tests/sim/sim.h"

#define MOMENTS_MAX 100000

#define REAL(result, name, ...) result __real_##name(__VA_ARGS__), __wrap_##name(__VA_ARGS__)

REAL(err, db_run, struct task *t, const struct db_statement *s, const struct db_value *params, struct db_rows *ret);
REAL(err, db_tx, struct task *t, err (*fn)(struct task *t, void *context), void *context);
REAL(err, db_hold, struct task *t, err (*fn)(struct task *t, void *context), void *context);
REAL(instant, wall_clock_now, void);
REAL(void, random_bytes, void *out, size_t n);
REAL(str, random_id, struct arena *a, const char *prefix);
REAL(str, random_id_least, struct arena *a, const char *prefix, instant at);
REAL(str, random_token, struct arena *a, const char *prefix);

static err trouble(struct task *t, const char *what)
{
    sim_note(what, -1);
    struct failure *f = failure_make(t, &FAULT_UNAVAILABLE, __FILE__, __LINE__, "%s: the connection is lost", what);
    f->retry_after_s = 1;
    return f;
}

/* ---- statements ---- */

/* The bank's first statement of all has none before it; and what keeps house under all clocks finds what other worlds
 * left. */
static bool is_of_all_worlds(const struct db_statement *s)
{
    static const char *const names[] = { "statement_last",      "settlements_sweep", "settlements_close",
                                         "ledger_head_publish", "events_purge",      "payments_wind" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(s->name, names[i]) == 0)
            return true;
    return false;
}

/* How much there is to purge is what all worlds left: one round is enough for each, or the second play has another. */
static void end_of_purge(const struct db_statement *s, const struct db_rows *rows)
{
    if (strcmp(s->name, "events_purge") == 0)
        ((struct events_purge_row *)rows->rows)->seen = 0;
}

err __wrap_db_run(struct task *t, const struct db_statement *s, const struct db_value *params, struct db_rows *ret)
{
    if (!sim_in_transaction())
        sim_yield();
    sim_dawdle();
    sim_point(s->name);
    if (sim_meets_trouble())
        return trouble(t, s->name);
    enum fault_kind fault = fault_meets(CALL_STATEMENT);
    if (fault && fault != FAULT_OF_ANSWER_LOST)
        return fault_statement(t, fault);
    err e = __real_db_run(t, s, params, ret);
    if (!e)
        end_of_purge(s, ret);
    if (!e && ret->affected > 0)
        fault_changed(s);
    fault_effect();
    if (!e && fault)
        e = fault_statement(t, fault);
    sim_note(s->name, e ? -e->fault->status : is_of_all_worlds(s) ? 0 : ret->affected);
    sim_point(s->name);
    return !e && sim_meets_trouble() ? trouble(t, s->name) : e;
}

err __wrap_db_tx(struct task *t, err (*fn)(struct task *t, void *context), void *context)
{
    const bool is_held = sim_in_transaction();
    if (!is_held)
        sim_yield();
    sim_point("begin");
    sim_transaction(true);
    err e = __real_db_tx(t, fn, context);
    sim_transaction(is_held);
    fault_effect();
    if (!e && fault_meets(CALL_STATEMENT)) /* whether it was done is not known, however it failed */
        return trouble(t, "commit");
    sim_note("commit", e ? -e->fault->status : 0);
    sim_point("commit");
    return !e && sim_meets_trouble() ? trouble(t, "commit") : e;
}

/* A lock of the session may be taken in there: the same as in a transaction, one step, and lost with its connection. */
err __wrap_db_hold(struct task *t, err (*fn)(struct task *t, void *context), void *context)
{
    const bool is_held = sim_in_transaction();
    if (!is_held)
        sim_yield();
    sim_transaction(true);
    err e = __real_db_hold(t, fn, context);
    sim_transaction(is_held);
    return e;
}

/* ---- clock and randomness ---- */

instant __wrap_wall_clock_now(void)
{
    return sim_now();
}

void __wrap_random_bytes(void *out, size_t n)
{
    unsigned char *p = out;
    for (size_t i = 0; i < n; i++)
        p[i] = (unsigned char)sim_draw(256);
}

static str drawn(struct arena *a, const char *prefix, const char *alphabet, size_t n)
{
    char text[64];
    for (size_t i = 0; i < n; i++)
        text[i] = alphabet[sim_draw(strlen(alphabet))];
    return arena_printf(a, "%s%.*s", prefix, (int)n, text);
}

/* How many ids were made before each moment at which any was made, in this world. */
static struct {
    int64_t made;
    int world;
    size_t n;
    struct {
        instant at;
        int64_t before;
    } moments[MOMENTS_MAX];
} ids;

static int64_t id_count(void)
{
    sim_lock();
    if (ids.world != sim_number())
        ids.n = 0;
    ids.world = sim_number();
    if (ids.n == 0 || instant_before(ids.moments[ids.n - 1].at, sim_now())) {
        CHECK(ids.n < MOMENTS_MAX);
        ids.moments[ids.n].at = sim_now();
        ids.moments[ids.n++].before = ids.made;
    }
    const int64_t n = ++ids.made;
    sim_unlock();
    return n;
}

/* Sortable by time, as the real ones, and different in each world, since worlds share a database. */
str __wrap_random_id(struct arena *a, const char *prefix)
{
    const int64_t n = id_count();
    return arena_printf(a, "%s%010lld%08lld%.*s", prefix, (long long)sim_number(), (long long)n,
                        STR_ARG(drawn(a, "", "abcdefghijklmnopqrstuvwxyz234567", 8)));
}

str __wrap_random_id_least(struct arena *a, const char *prefix, instant at)
{
    sim_lock();
    int64_t before = ids.made;
    const bool is_of_this = ids.world == sim_number();
    for (size_t i = 0; is_of_this && i < ids.n; i++)
        if (!instant_before(ids.moments[i].at, at)) {
            before = ids.moments[i].before;
            break;
        }
    sim_unlock();
    return arena_printf(a, "%s%010lld%08lld", prefix, (long long)sim_number(), (long long)before + 1);
}

str __wrap_random_token(struct arena *a, const char *prefix)
{
    return drawn(a, arena_cstr(a, arena_printf(a, "%s%08d", prefix, sim_number())), "abcdefghijklmnopqrstuvwxyz", 35);
}
