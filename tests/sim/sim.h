/*
 * A simulation of paysrv (SECURITY 5.2): its own code, from the route to the statement, on a real PostgreSQL, with a
 * world around it that is made of one seed. The linker leads every effect through here (CMakeLists.txt, --wrap):
 * statements, transactions, HTTP, the clock, randomness. Requests and jobs are actors, one of which runs at a time;
 * which one goes on after an effect is drawn, so that a seed is one interleaving, and the same one each time. At any
 * effect an actor may fail, or the whole process end: then nothing is left but what PostgreSQL has.
 *
 * Statements inside a transaction are not interleaved with others: who waited for a lock would stop the world.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "paysrv/app.h"
#include "shared/http/endpoint.h"
#include "tests/support/test.h"

/* ---- the world ---- */

/* A new world of this seed, with the clock at its beginning and nothing going on. Ends the one before. */
void sim_begin(uint64_t seed);
/* The number of worlds so far: makes names unique in the database they share. */
int sim_number(void);
/* Ends the world, and with it the database of all so far, which makes each that comes after slower: a new one is made.
 */
void sim_renew(void);
int sim_worlds(void);              /* in this database */
uint64_t sim_draw(uint64_t below); /* 0..below-1 */
bool sim_chance(unsigned per_mille);
instant sim_now(void);
void sim_pass(duration d);
struct arena *sim_memory(void); /* lives as long as the world */
struct app *sim_app(void);      /* as a process that has just started */
/* The task of whoever is outside of the process: sets up, and looks at what came of it. */
struct task *sim_outside(void);
/* Digest of everything that happened, for comparing runs. */
uint64_t sim_trace(void);
void sim_note(const char *what, int64_t number);

/* ---- actors ---- */

typedef void (*sim_work)(struct task *t, void *context);

/* Begins to work as soon as sim_step lets it. *ended becomes true when it is done; a crash leaves it false. */
void sim_spawn(const char *name, sim_work work, void *context, bool *ended);
/* One actor, drawn, goes on to its next effect. False: there is none. */
bool sim_step(void);
/* Until nobody works. */
void sim_run(void);
/* Called by an actor that waits for others: goes on later. By others: nothing. */
void sim_yield(void);
bool sim_is_actor(void);
bool sim_has_room(void); /* for another actor */

/* ---- for real ---- */

struct rival {
    sim_work work;
    void *context;
    bool ended;
};
/*
 * All at once, as threads of which each has a connection, with no baton between them: for what happens inside of
 * transactions and between locks. Which of them is first nobody can tell. Until all have ended.
 */
void sim_race(struct rival *rivals, size_t n);
void rivals_disconnect(void); /* until the next race */
/* Around what rivals share of the world; others need none. */
void sim_lock(void);
void sim_unlock(void);
/* A rival waits for no longer than a statement takes, so that others come between. */
void sim_dawdle(void);
const struct db_config *sim_database(void);

/* ---- what can go wrong ---- */

/* The process ends at the n-th point from now (1: the next), before or after an effect. 0: never. */
void sim_crash_at(int64_t n);
/* An actor's: the process ends here and now. */
_Noreturn void sim_die(void);
/* Points passed since sim_crash_at. */
int64_t sim_points(void);
/* Whether the process has ended since it was asked last. It is started again by then. */
bool sim_has_crashed(void);
/* Statements of actors fail before or after they were done, each so often. */
void sim_trouble(unsigned per_mille);
/* For effects.c: whether a statement fails now; whether the actor's connection has a transaction open. */
bool sim_meets_trouble(void);
void sim_transaction(bool is_open);
bool sim_in_transaction(void);
/* Effects other than statements pass through here, before and after. */
void sim_point(const char *what);
