/*
 * payment-control DATABASE_URL STORES SECONDS: the steps of complete payments (create, T1, sent, T2; SECURITY 5.1)
 * straight on PostgreSQL, one transaction each, as they are before anything is put together (paysrv writes T1 and sent
 * at once, decision 0113), every balance updated in the payment's own transaction; without HTTP and without an
 * acquirer. Tries 1, 8 and 32 connections and prints "control CONNECTIONS RATE P50_US P99_US" for each. The schema is
 * paysrv's, migrated, with the stores (a list with commas) in it; what it books is not folded, so the run is thrown
 * away.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "payctl/store/steps.sql.h"
#include "payctl/store/story.sql.h"
#include "payctl/store/succeed.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"

enum { STORES_MAX = 256, THREADS_MAX = 32, SAMPLES_MAX = 200000 };

static struct db_config config;
struct shop {
    str partner, store, seller;
};
static struct shop shops[STORES_MAX];
static size_t shops_n;
static atomic_size_t turn;
static atomic_bool stop;
static atomic_int failed;
static const char body[] =
    "{\"id\":\"pay_01m855tfqpf5vx28tczsswec26\",\"object\":\"payment\",\"status\":\"succeeded\",\"amount\":1000,"
    "\"currency\":\"EUR\",\"amount_refunded\":0,\"store\":\"st_01m855tfqpf5vx28tczsswec26\",\"user\":"
    "\"usr_01m855tfqpf5vx28tczsswec26\",\"description\":\"An article\",\"external_id\":null,\"checkout\":{\"session\":"
    "\"cs_01m855tfqpf5vx28tczsswec26fcb217592ed372c5\",\"url\":\"http://127.0.0.1:7001/pay/"
    "cs_01m855tfqpf5vx28tczsswec26fcb217592ed372c5\",\"embed_url\":\"http://127.0.0.1:7001/embed/"
    "checkout?s=cs_01m855tfqpf5vx28tczsswec26fcb217592ed372c5\"},\"split\":[{\"party\":\"platform\",\"amount\":50},{"
    "\"party\":\"partner\",\"amount\":250},{\"party\":\"seller\",\"amount\":700}],\"created_at\":\"2026-11-23T21:43:32."
    "845Z\",\"expires_at\":\"2026-11-24T21:43:32.845Z\"}";

struct runner {
    pthread_t thread;
    size_t n;
    int32_t samples_us[SAMPLES_MAX];
};

static err pay(struct task *t)
{
    const str document = { body, sizeof body - 1 };
    const struct shop *shop = &shops[atomic_fetch_add(&turn, 1) % shops_n];
    str id = random_id(t->arena, "pay_"), charge = random_id(t->arena, "cha_");
    digest fingerprint = sha256_str(id);
    int64_t affected;
    const struct control_create_args create = {
        .partner = shop->partner,
        .route = STR("/v1/payments"),
        .key = id,
        .fingerprint = fingerprint,
        .payment = id,
        .body = document,
        .store = shop->store,
        .user = shop->seller,
        .currency = STR("EUR"),
        .amount = 1000,
        .platform_amount = 50,
        .partner_amount = 250,
        .seller_amount = 700,
        .platform_bp = 500,
        .partner_bp = 2500,
        .description = STR("An article"),
        .expires_at = instant_add(t->now, HOURS(24)),
    };
    const struct control_create_row *created;
    TRY(control_create(t, &create, &created));
    const struct control_begin_args begin = {
        .payment = id,
        .partner = shop->partner,
        .route = STR("/v1/payments/{payment}/confirm"),
        .key = id,
        .fingerprint = fingerprint,
        .charge = charge,
        .token = STR("tok_test_visa"),
        .due = instant_add(t->now, SECONDS(30)),
    };
    const struct control_begin_row *begun;
    TRY(control_begin(t, &begin, &begun));
    TRY(control_sent(t, instant_add(t->now, SECONDS(30)), charge, STR("intent"), &affected));
    static const int64_t amounts[] = { 1000, -50, -250, -700 };
    const str kinds[] = { STR("acquirer_receivable"), STR("platform"), STR("partner"), STR("seller") };
    const struct control_succeed_row *succeeded;
    TRY(control_succeed(t, random_id(t->arena, "ch_"), charge, (str_array){ kinds, 4 }, (i64_array){ amounts, 4 },
                        random_id(t->arena, "evt_"), document, &succeeded));
    return created->created && begun->begun && succeeded->applied ? OK : FAIL(t, INTERNAL, "a step did not apply");
}

static void *run(void *arg)
{
    struct runner *r = arg;
    struct task t = { .arena = arena_create(65536, 16 << 20), .db = db_open(&config) };
    /* Many connections at once are slow to make, and not what is measured. */
    for (int tries = 0; tries < 20; tries++) {
        t.now = wall_clock_now();
        bool connected = !pay(&t);
        arena_reset(t.arena);
        if (connected)
            break;
        nanosleep(&(struct timespec){ .tv_nsec = 250000000 }, NULL);
    }
    while (!atomic_load(&stop) && r->n < SAMPLES_MAX) {
        int64_t begun_us = monotonic_us();
        t.now = wall_clock_now();
        err e = pay(&t);
        if (e && atomic_fetch_add(&failed, 1) == 0)
            fprintf(stderr, "payment-control: %s (%.*s)\n", e->fault->say, STR_ARG(e->detail));
        if (!e)
            r->samples_us[r->n++] = (int32_t)(monotonic_us() - begun_us);
        arena_reset(t.arena);
    }
    db_close(t.db);
    arena_destroy(t.arena);
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static void measure(struct runner *runners, unsigned connections, unsigned seconds)
{
    static int32_t all[SAMPLES_MAX];
    size_t n = 0;
    int64_t begun_us = monotonic_us();
    atomic_store(&stop, false);
    for (unsigned i = 0; i < connections; i++) {
        runners[i].n = 0;
        pthread_create(&runners[i].thread, NULL, run, &runners[i]);
    }
    sleep(seconds);
    atomic_store(&stop, true);
    for (unsigned i = 0; i < connections; i++)
        pthread_join(runners[i].thread, NULL);
    double taken = (double)(monotonic_us() - begun_us) / 1e6;
    for (unsigned i = 0; i < connections; i++)
        for (size_t k = 0; k < runners[i].n && n < SAMPLES_MAX; k++)
            all[n++] = runners[i].samples_us[k];
    qsort(all, n, sizeof all[0], by_size);
    printf("control %u %.1f %d %d\n", connections, (double)n / taken, n ? all[n / 2] : 0, n ? all[n * 99 / 100] : 0);
    fflush(stdout);
}

/* Whose stores they are. */
static bool shops_read(char *names)
{
    static struct task t; /* the shops point into its arena */
    t = (struct task){ .arena = arena_create(65536, 16 << 20), .db = db_open(&config), .now = wall_clock_now() };
    for (char *one; (one = strsep(&names, ",")) && shops_n < STORES_MAX;) {
        const struct control_story_row *row = NULL;
        if (control_story(&t, str_of(one), &row) || !row)
            return false;
        shops[shops_n++] = (struct shop){ row->partner_id, str_of(one), row->user_id };
    }
    db_close(t.db);
    return shops_n > 0;
}

int main(int argc, char **argv)
{
    static const unsigned connections[] = { 1, 8, 32 };
    if (argc != 4) {
        fputs("usage: payment-control DATABASE_URL STORES SECONDS\n", stderr);
        return 2;
    }
    crypto_init();
    config = (struct db_config){
        .conninfo = str_of(argv[1]),
        .search_path = "pay",
        .statement_timeout = SECONDS(5),
        .lock_timeout = SECONDS(5),
        .settings = DB_PLANS /* as every connection of a server: or it walks the tables, young as they are */
    };
    struct runner *runners = calloc(THREADS_MAX, sizeof *runners);
    if (!runners || !shops_read(argv[2])) {
        fputs("payment-control: no such store, or no database\n", stderr);
        return 1;
    }
    for (size_t i = 0; i < sizeof connections / sizeof connections[0]; i++)
        measure(runners, connections[i], (unsigned)strtoul(argv[3], NULL, 10));
    free(runners);
    if (atomic_load(&failed))
        fprintf(stderr, "payment-control: %d payments failed\n", atomic_load(&failed));
    return atomic_load(&failed) ? 1 : 0;
}
