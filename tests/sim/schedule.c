/* Actors: threads of which one at a time has the baton. See sim.h. */
#include "tests/sim/sim.h"

#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "paysrv/flow/access/partner_standing.h"
#include "paysrv/flow/acquirer/connector.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/stores/store_cache.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"
#include "tests/sim/database.h"
#include "tests/sim/network.h"

#define ACTORS 5
#define ACTOR_MEMORY ((size_t)32 << 20)
#define WORLD_MEMORY ((size_t)64 << 20)
#define STACK_BYTES ((size_t)4 << 20)
#define BEGINNING (INT64_C(1767603600) * 1000000) /* 2026-01-05T09:00:00Z, a Monday */

struct actor {
    sem_t go;
    bool works, has_begun, is_killed, in_transaction;
    jmp_buf top;
    struct arena *arena;
    struct db *db;
    struct task task;
    const char *name;
    sim_work work;
    void *context;
    bool *ended;
};

/* What an actor had in hand when it was ended is gone with it, as with a process. Aborts, so that test_try() has a
 * word. */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

const char *__asan_default_options(void)
{
    return "detect_leaks=0:abort_on_error=1";
}

const char *__ubsan_default_options(void)
{
    return "abort_on_error=1";
}

static struct actor actors[ACTORS];
static struct db_config database;
static sem_t back; /* the baton comes back to who called sim_step */
static _Thread_local struct actor *self;

static struct {
    uint64_t state, trace;
    int64_t now_us, points, crash_at;
    int number, oldest; /* oldest: the first one in this database */
    unsigned trouble;
    bool has_crashed, is_shown;
    struct arena *memory, *process;
    struct app app;
    struct pay_env env;
    struct task outside;
    struct arena *outside_memory;
} world;

/* ---- randomness, clock, trace ---- */

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t sim_draw(uint64_t below)
{
    sim_lock();
    uint64_t drawn = splitmix(&world.state);
    sim_unlock();
    return drawn % below;
}

bool sim_chance(unsigned per_mille)
{
    return per_mille > 0 && sim_draw(1000) < per_mille;
}

instant sim_now(void)
{
    return (instant){ world.now_us };
}

void sim_pass(duration d)
{
    sim_lock();
    world.now_us += d.us;
    sim_unlock();
}

static void trace_add(const void *p, size_t n)
{
    const unsigned char *byte = p;
    for (size_t i = 0; i < n; i++)
        world.trace = (world.trace ^ byte[i]) * UINT64_C(0x100000001b3); /* FNV-1a */
}

void sim_note(const char *what, int64_t number)
{
    const char *who = self ? self->name : "outside";
    sim_lock();
    trace_add(who, strlen(who));
    trace_add(what, strlen(what));
    trace_add(&number, sizeof number);
    if (world.is_shown)
        printf("# %8.3f %-12s %s %lld\n", (double)(world.now_us - BEGINNING) / 1e6, who, what, (long long)number);
    sim_unlock();
}

uint64_t sim_trace(void)
{
    return world.trace;
}

/* ---- the process ---- */

static void pause_simulated(duration d)
{
    sim_pass(d);
    sim_yield();
}

/* What a process makes when it starts; caches of the one before are gone with it. */
static void process_start(void)
{
    if (world.process)
        arena_destroy(world.process);
    world.process = arena_create(1 << 16, WORLD_MEMORY);
    world.env = pay_env_live;
    world.env.pause = pause_simulated;
    world.app = (struct app){ .env = &world.env,
                              .acquirers = { [METHOD_CARD] = &connector_sandbox,
                                             [METHOD_WALLET] = &connector_wallet,
                                             [METHOD_BANK_TRANSFER] = &connector_bank },
                              .test_acquirers = { [METHOD_CARD] = &connector_sandbox,
                                                  [METHOD_WALLET] = &connector_wallet,
                                                  [METHOD_BANK_TRANSFER] = &connector_bank },
                              .stores = store_cache_create(world.process),
                              .live = live_partners_create(world.process),
                              .standings = partner_standings_create(world.process) };
    world.app.config = (struct config){
        .public_url = STR("http://127.0.0.1:1"),
        .acquirer_url = STR("http://acquirer"),
        .acquirer_key_file.hidden = STR("key"),
        .test_acquirer_url = STR("http://acquirer"),
        .test_acquirer_key_file.hidden = STR("key"),
        .acquirer_account = STR(""),
        .wallet_url = STR("http://wallet"),
        .wallet_key_file.hidden = STR("key"),
        .test_wallet_url = STR("http://wallet"),
        .test_wallet_key_file.hidden = STR("key"),
        .authorization_warning = HOURS(24),
        .reconcile_after = SECONDS(30),
        .debtor_name = STR("Operator"),
        .debtor_iban = STR("DE89370400440532013000"),
        .debtor_bic = STR("COBADEFFXXX"),
        .bank_transfers = true,
        .transfer_pay_within = HOURS(168),
        .transfer_grace = HOURS(96),
        .bank_url = STR("http://bank"),
        .bank_key_file.hidden = STR("key"),
        .screening_url = STR("http://screening"),
        .screening_secret_file.hidden = STR("whsec_c2NyZWVuaW5nLXNlY3JldC1vZi1zaW11bGF0aW9u"),
        .payout_code_ttl = MINUTES(10),
        .mail_life = DAYS(30),
        .event_life = DAYS(3650), /* the judge counts them all */
        .requisite_cooldown = HOURS(24),
        .bank_answer_within = HOURS(72),
        .settled_within = HOURS(96),
        .zone_directory = STR("/usr/share/zoneinfo"),
        .dispute_reminder = HOURS(72),
        .spool_directory = STR("/var/tmp"),
    };
    CHECK(money_limits_parse(STR(""), &world.app.limits));
    CHECK(settlement_rates_parse(STR("EUR 140 25, JPY 140 25, KWD 140 25"), &world.app.acquirer_rates));
    CHECK(settlement_rates_parse(STR("EUR 200 0, JPY 200 0, KWD 200 0"), &world.app.wallet_rates));
    world.app.sealing_key = sha256_str(STR("sealing"));
    world.app.code_key = sha256_str(STR("codes"));
    for (size_t i = 0; i < ACTORS; i++)
        actors[i].task.app = &world.app;
    world.outside.app = &world.app;
}

struct app *sim_app(void)
{
    return &world.app;
}

const struct db_config *sim_database(void)
{
    return &database;
}

struct arena *sim_memory(void)
{
    return world.memory;
}

struct task *sim_outside(void)
{
    task_begin(&world.outside, sim_now());
    return &world.outside;
}

int sim_number(void)
{
    return world.number;
}

/* ---- actors ---- */

static void work_do(struct actor *a)
{
    a->task.arena = a->arena; /* whoever died in something aside has left it in the memory of that */
    task_begin(&a->task, sim_now());
    a->is_killed = false;
    if (setjmp(a->top) == 0) {
        a->work(&a->task, a->context);
        *a->ended = true;
    }
    if (a->in_transaction) { /* what it had not committed is undone */
        db_close(a->db);
        a->db = a->task.db = db_open(&database);
        a->in_transaction = false;
    }
    arena_reset(a->arena);
    a->works = a->has_begun = false;
}

static _Noreturn void *actor_live(void *arg)
{
    self = arg;
    for (;;) {
        while (sem_wait(&self->go) != 0)
            continue;
        work_do(self);
        sem_post(&back);
    }
}

static void baton_give(struct actor *a)
{
    sem_post(&a->go);
    while (sem_wait(&back) != 0)
        continue;
}

void sim_yield(void)
{
    if (!self)
        return;
    sem_post(&back);
    while (sem_wait(&self->go) != 0)
        continue;
    if (self->is_killed)
        longjmp(self->top, 1);
}

bool sim_is_actor(void)
{
    return self != NULL;
}

bool sim_has_room(void)
{
    for (size_t i = 0; i < ACTORS; i++)
        if (!actors[i].works)
            return true;
    return false;
}

void sim_spawn(const char *name, sim_work work, void *context, bool *ended)
{
    struct actor *a = actors;
    while (a < actors + ACTORS && a->works)
        a++;
    if (a == actors + ACTORS)
        test_fail(__FILE__, __LINE__, "no room for %s", name);
    *ended = false;
    a->name = name;
    a->work = work;
    a->context = context;
    a->ended = ended;
    a->works = true;
    a->task.what = name;
    a->task.request_id = str_of(name);
}

/* The process ends: whoever was at work will never go on, and what was not committed is undone. */
static void everybody_dies(void)
{
    for (size_t i = 0; i < ACTORS; i++) {
        struct actor *a = &actors[i];
        if (!a->works)
            continue;
        a->is_killed = true;
        if (a->has_begun) /* it is somewhere inside, and leaves from there */
            baton_give(a);
        a->works = false;
    }
}

bool sim_step(void)
{
    size_t ready[ACTORS], n = 0;
    for (size_t i = 0; i < ACTORS; i++)
        if (actors[i].works)
            ready[n++] = i;
    if (n == 0)
        return false;
    sim_pass(MILLISECONDS(1 + (int64_t)sim_draw(20)));
    struct actor *a = &actors[ready[sim_draw(n)]];
    a->has_begun = true;
    baton_give(a);
    if (world.crash_at < 0) {
        everybody_dies();
        world.crash_at = 0;
        world.has_crashed = true;
        process_start();
        sim_note("the process is started again", 0);
    }
    return true;
}

void sim_run(void)
{
    while (sim_step())
        continue;
}

/* ---- what can go wrong ---- */

void sim_crash_at(int64_t n)
{
    world.points = 0;
    world.crash_at = n;
}

int64_t sim_points(void)
{
    return world.points;
}

bool sim_has_crashed(void)
{
    bool has = world.has_crashed;
    world.has_crashed = false;
    return has;
}

void sim_trouble(unsigned per_mille)
{
    world.trouble = per_mille;
}

void sim_transaction(bool is_open)
{
    if (self)
        self->in_transaction = is_open;
}

bool sim_in_transaction(void)
{
    return self && self->in_transaction;
}

bool sim_meets_trouble(void)
{
    return self && sim_chance(world.trouble);
}

void sim_point(const char *what)
{
    if (!self)
        return;
    world.points++;
    if (world.crash_at == 0 || world.points != world.crash_at)
        return;
    sim_note(what, 0);
    sim_die();
}

void sim_die(void)
{
    sim_note("the process ends", world.points);
    world.crash_at = -1;
    longjmp(self->top, 1);
}

/* ---- worlds ---- */

static void actors_make(void)
{
    pthread_attr_t attributes;
    sem_init(&back, 0, 0);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    for (int i = 0; i < ACTORS; i++) {
        struct actor *a = &actors[i];
        pthread_t thread;
        sem_init(&a->go, 0, 0);
        a->arena = arena_create(1 << 16, ACTOR_MEMORY);
        a->task.arena = a->arena;
        CHECK_I64(pthread_create(&thread, &attributes, actor_live, a), 0);
        pthread_detach(thread);
    }
    pthread_attr_destroy(&attributes);
    world.outside_memory = arena_create(1 << 16, ACTOR_MEMORY);
    world.outside = (struct task){ .arena = world.outside_memory, .what = "outside" };
    world.outside.request_id = STR("outside");
}

static void connections_open(void)
{
    struct db_config patient = database; /* invariants of thousands of worlds, on a machine that does more than this */
    for (size_t i = 0; i < ACTORS; i++)
        actors[i].db = actors[i].task.db = db_open(&database);
    patient.statement_timeout = MINUTES(5);
    world.outside.db = db_open(&patient);
}

void sim_renew(void)
{
    everybody_dies();
    for (size_t i = 0; i < ACTORS; i++)
        db_close(actors[i].db);
    db_close(world.outside.db);
    rivals_disconnect();
    bank_renew();
    database = database_make();
    connections_open();
    world.oldest = world.number + 1;
}

int sim_worlds(void)
{
    return world.number + 1 - world.oldest;
}

void sim_begin(uint64_t seed)
{
    static bool is_made;
    if (!is_made) {
        database = database_make();
        actors_make();
        connections_open();
        world.oldest = 1;
        world.is_shown = getenv("STOA_SIM_TRACE") != NULL;
        log_set_level(world.is_shown ? LOG_INFO_LEVEL : (enum log_level)(LOG_ERROR_LEVEL + 1));
        is_made = true;
    }
    everybody_dies();
    if (world.memory)
        arena_destroy(world.memory);
    arena_reset(world.outside_memory);
    world.memory = arena_create(1 << 16, WORLD_MEMORY);
    world.state = seed;
    world.trace = UINT64_C(0xcbf29ce484222325);
    world.now_us = BEGINNING;
    world.number++;
    world.trouble = 0;
    world.has_crashed = false;
    sim_crash_at(0);
    process_start();
}
