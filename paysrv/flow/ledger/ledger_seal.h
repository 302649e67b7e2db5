/*
 * The ledger's seals (decision 0070): what is committed is hashed block by block, each with the hash of the one before,
 * by a job; so whoever changes an old entry, a line of it or whose account it was, in whatever way, leaves a trace.
 */
#pragma once

#include "shared/db/audit.h"

/* The job: seals what is new. Between its rounds another one seals what already fills a block, so that there is little
 * to do at any moment. */
MUST_USE err ledger_seal(struct task *t);
MUST_USE err ledger_seal_whole(struct task *t);
/* The job: looks at some old seals again, and begins anew when it has seen all. */
MUST_USE err ledger_scrub(struct task *t);

struct ledger_verdict {
    int64_t seals, entries, unsealed;  /* unsealed: at most LEDGER_UNSEALED_MOST are counted */
    int64_t broken_seal;               /* the first that is not what was sealed; 0: none */
    int64_t broken_first, broken_last; /* its entries; 0: the seal is not there, or not the anchor's */
    struct audit_link head;
};
#define LEDGER_UNSEALED_MOST 1000000
/*
 * Computes every seal anew. anchor: a head that was kept elsewhere and must still be a seal; NULL: none. Only an anchor
 * shows that the newest seals were taken away, or all were made anew.
 */
MUST_USE err ledger_verify(struct task *t, const struct audit_link *anchor, struct ledger_verdict *ret);
