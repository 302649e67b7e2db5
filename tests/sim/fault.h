/*
 * One call of many fails, as told: what torture (tests/torture) needs of the world. Statements fail for real, on their
 * own connection; HTTP as the network's other end would; memory as the end of the process, which a lack of it is.
 */
#pragma once

#include "shared/db/db.h"
#include "shared/net/fetch.h"
#include "tests/sim/sim.h"

enum call_kind { CALL_STATEMENT, CALL_REQUEST, CALL_MEMORY, CALL_KIND_COUNT };

#define FAULTS(X)                                                                                                      \
    X(LOST, STATEMENT)        /* the connection, before the statement */                                               \
    X(ANSWER_LOST, STATEMENT) /* the connection, after it: what was not in a transaction is done */                    \
    X(CONFLICT, STATEMENT)    /* 40001 */                                                                              \
    X(TIMED_OUT, STATEMENT)   /* 57014 */                                                                              \
    X(BUG, STATEMENT)         /* XX000: nothing that a statement should ever say */                                    \
    X(REFUSED, REQUEST)       /* no connection: not sent */                                                            \
    X(SILENT, REQUEST)        /* done, and no answer */                                                                \
    X(BROKEN, REQUEST)        /* 500, not done */                                                                      \
    X(GARBAGE, REQUEST)       /* done, and the answer is none */                                                       \
    X(MEMORY, MEMORY)         /* the first that is asked for after an effect */
#define FAULT_KIND(name, kind) FAULT_OF_##name,
enum fault_kind { FAULT_OF_NONE, FAULTS(FAULT_KIND) FAULT_KIND_COUNT };
#undef FAULT_KIND

const char *fault_name(enum fault_kind fault);
enum call_kind fault_call(enum fault_kind fault);

struct fault_plan {
    enum fault_kind fault;
    int64_t at; /* 1: the next call of its kind by an actor */
    bool and_later;
};

/* From now on; {0}: none, and calls are counted anew. */
void fault_begin(struct fault_plan plan);
int64_t fault_calls(enum call_kind kind);
/* The number of that statement of them which is the middle one of those that changed what money is on; 0: none did. */
int64_t fault_middle(void);

/* ---- for the effects ---- */

enum fault_kind fault_meets(enum call_kind kind);
/* The statement that was met last has changed something. */
void fault_changed(const struct db_statement *s);
/* Something has happened, after which memory may be lacking. */
void fault_effect(void);
/* While the other end works: what it needs is not the process's. */
void fault_pause(bool is_paused);
/* What the server says to it. */
err fault_statement(struct task *t, enum fault_kind fault);
