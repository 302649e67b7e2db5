/* See ledger_seal.h. */
#include "paysrv/flow/ledger/ledger_seal.h"

#include "paysrv/flow/pay_metrics.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/ledger_seal.sql.h"
#include "shared/ops/fiber.h"
#include "shared/ops/log.h"
#include "shared/text/encode.h"

#define BLOCK_ENTRIES 1000 /* so many may be what is wrong when a seal is broken */
#define VERIFY_SEALS 100   /* in one statement */

/* The jobs run each second, and do little at once: payments that wait for a processor meanwhile wait for one block. */
#define BLOCKS_MAX 5
#define BLOCK_PAUSE MILLISECONDS(100)
#define SCRUB_SEALS 1 /* 86 million entries a day */

/* The log is kept elsewhere than the database: a head an hour is what the chain is held against later. */
static void seal_note(const struct task *t, const struct ledger_seal_next_row *seal)
{
    if (seal->first_of_hour)
        log_info(t, "ledger.anchor", L_I64("seal", seal->seal_id), L_I64("last_entry", seal->last_entry),
                 L_STR("hash", hex_encode(t->arena, seal->hash)));
}

/* Up to the horizon nothing is still on its way, so no entry can come to lie in a block that is sealed. */
static err blocks_seal(struct task *t, int64_t least)
{
    const struct ledger_horizon_read_row *row;
    const struct ledger_seal_next_row *seal;
    TRY(ledger_horizon_read(t, &row));
    for (int i = 0; i < BLOCKS_MAX; i++) {
        if (i > 0)
            wait_until(monotonic_us() + BLOCK_PAUSE.us);
        TRY(ledger_seal_next(t, row->horizon, BLOCK_ENTRIES, least, &seal));
        if (!seal)
            return OK;
        seal_note(t, seal);
    }
    return OK;
}

err ledger_seal(struct task *t)
{
    return blocks_seal(t, 1);
}

err ledger_seal_whole(struct task *t)
{
    return blocks_seal(t, BLOCK_ENTRIES);
}

/* ---- looking again ---- */

static int64_t broken_after(const struct ledger_scrub_take_row *at, const struct ledger_seals_check_row *part)
{
    if (part->broken_seal > 0 || !at->broken_seal_given)
        return part->broken_seal;
    bool is_whole_again = at->broken_seal > at->seal_id && at->broken_seal <= part->seal_id;
    return is_whole_again ? 0 : at->broken_seal;
}

static err scrub_in_tx(struct task *t, void *context)
{
    static const digest nothing;
    const struct ledger_scrub_take_row *at;
    const struct ledger_seals_check_row *part;
    int64_t affected, *broken = context;
    TRY(ledger_scrub_take(t, &at));
    if (!at)
        return OK;
    TRY(ledger_seals_check(t, at->hash, at->seal_id, at->last_entry, SCRUB_SEALS, &part));
    if (part->broken_seal > 0)
        log_error(t, "ledger.broken", L_I64("seal", part->broken_seal), L_I64("first_entry", part->broken_first),
                  L_I64("last_entry", part->broken_last));
    bool is_end = part->n < SCRUB_SEALS;
    *broken = broken_after(at, part);
    return ledger_scrub_put(t, is_end ? 0 : part->seal_id, is_end ? digest_bytes(&nothing) : part->hash,
                            is_end ? 0 : part->last_entry, *broken, is_end, &affected);
}

/* For how long this server has seen something to seal, and no seal made. The time of the last seal says nothing: before
 * the first entry after a quiet night there was nothing to seal; nor does that of an entry, which its task gave it. */
static int64_t unsealed_seconds(const struct ledger_unsealed_row *now)
{
    static _Atomic int64_t after_seal = -1, since_us;
    int64_t now_us = monotonic_us();
    if (now->entries == 0 || now->seal_id != after_seal)
        since_us = now_us;
    after_seal = now->seal_id;
    return (now_us - since_us) / 1000000;
}

err ledger_scrub(struct task *t)
{
    const struct ledger_unsealed_row *unsealed;
    int64_t broken = -1;
    TRY(db_tx(t, scrub_in_tx, &broken));
    TRY(ledger_unsealed(t, 1, &unsealed));
    pay_metrics_ledger(broken, unsealed_seconds(unsealed));
    return OK;
}

/* ---- verifying all ---- */

static err anchor_check(struct task *t, const struct audit_link *anchor, struct ledger_verdict *ret)
{
    const struct ledger_seal_find_row *seal;
    TRY(ledger_seal_find(t, anchor->seq, &seal));
    if (ret->broken_seal == 0 && (!seal || !str_eq(hex_encode(t->arena, seal->hash), anchor->hash)))
        ret->broken_seal = anchor->seq;
    return OK;
}

static void part_add(struct ledger_verdict *v, const struct ledger_seals_check_row *part)
{
    v->seals += part->n;
    v->entries += part->entries;
    v->broken_seal = part->broken_seal;
    v->broken_first = part->broken_first;
    v->broken_last = part->broken_last;
    v->head.seq = part->seal_id;
}

err ledger_verify(struct task *t, const struct audit_link *anchor, struct ledger_verdict *ret)
{
    static const digest nothing;
    const struct ledger_seals_check_row *part;
    const struct ledger_unsealed_row *late;
    bytes head = digest_bytes(&nothing);
    int64_t last_entry = 0;
    *ret = (struct ledger_verdict){ 0 };
    do {
        TRY(ledger_seals_check(t, head, ret->head.seq, last_entry, VERIFY_SEALS, &part));
        part_add(ret, part);
        last_entry = part->last_entry;
        if (part->n > 0)
            head = part->hash;
    } while (part->n == VERIFY_SEALS && ret->broken_seal == 0);
    ret->head.hash = hex_encode(t->arena, head);
    TRY(ledger_unsealed(t, LEDGER_UNSEALED_MOST, &late));
    ret->unsealed = late->entries;
    return anchor ? anchor_check(t, anchor, ret) : OK;
}
