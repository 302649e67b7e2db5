/* See life.h. */
#include "tests/sim/life.h"

#include <string.h>

#include "paysrv/flow/acquirer/notification.h"
#include "paysrv/jobs.h"
#include "tests/sim/client.h"
#include "tests/sim/network.h"
#include "tests/sim/registries.h"

#define MESSAGES_MOST 50
#define PAUSE SECONDS(40) /* longer than the reconciler waits, and than anything is on its way */

struct work {
    err (*job)(struct task *t);
    str message;
    bool ended;
};

/* Each has a door of its own. */
static bool is_of_wallet(str message)
{
    return str_given(message) && memmem(message.p, message.n, "\"wp_", 4);
}

static void work_do(struct task *t, void *context)
{
    const struct work *w = context;
    const struct acquirer_sender from = { is_of_wallet(w->message) ? METHOD_WALLET : METHOD_CARD, FROM_EITHER };
    err e = w->job ? w->job(t) : notification_apply(t, w->message, from);
    sim_note("done", e ? e->fault->status : 0);
    if (!e && !w->job)
        acquirer_message_taken(w->message);
}

const bool *message_deliver(str body)
{
    struct work *w = arena_new(sim_memory(), struct work);
    w->message = body;
    sim_spawn("message", work_do, w, &w->ended);
    return &w->ended;
}

static void job_begin(const char *name, err (*job)(struct task *t))
{
    struct work *w = arena_new(sim_memory(), struct work);
    w->job = job;
    sim_spawn(name, work_do, w, &w->ended);
}

/* Without the invoices of live partners' months, whose ends are places in the order of time: the worlds of a run have
 * one ledger, and each begins at the same time. Those of sandboxes are issued by their clocks. */
static const struct {
    const char *name;
    err (*run)(struct task *t);
} jobs[] = {
    { "reconcile", reconcile_run },
    { "wind", payment_timers_wind },
    { "timers", payment_timers_run },
    { "cards", saved_cards_settle },
    { "fold", ledger_fold },
    { "seal", ledger_seal },
    { "publish", ledger_publish },
    { "events", events_sweep },
    { "disputes", disputes_run },
    { "holdbacks", holdbacks_run },
    { "deals", deals_run },
    { "queue", refund_queue_run },
    { "sweep", holdbacks_sweep },
    { "forget", users_forget },
    { "look", users_look },
    { "subscriptions", subscriptions_run },
    { "unused", unused_refunds_run },
    { "exchange", bank_exchange },
    { "bank", bank_upkeep },
    { "expire", payouts_expire },
    { "confirmations", confirmations_expire },
    { "settlements", settlements_run },
    { "clocks", clocks_run },
    { "screenings", screenings_run },
    { "verifications", verifications_run },
    { "send", payouts_send },
    { "schedules", schedules_run },
};

static bool world_is_wide;

void life_is_wide(bool is_wide)
{
    world_is_wide = is_wide;
}

#define JOBS (sizeof jobs / sizeof jobs[0])

/* Folding and sealing change nothing that anybody waits for. */
static bool is_books(err (*run)(struct task *t))
{
    return run == ledger_fold || run == ledger_seal || run == ledger_publish || run == events_sweep;
}

static bool is_idle(err (*run)(struct task *t))
{
    if (run == settlements_run)
        return !registries_are_used();
    bool is_banks = run == bank_exchange || run == bank_upkeep || run == payouts_expire || run == screenings_run ||
                    run == schedules_run;
    bool is_sellers = run == disputes_run || run == holdbacks_run || run == deals_run || run == refund_queue_run ||
                      run == holdbacks_sweep || run == subscriptions_run || run == unused_refunds_run;
    bool is_clocks = run == clocks_run;
    if (run == payouts_send)
        return !client_uses_cards();
    return is_books(run) || (is_clocks && !client_is_sandbox()) || (is_banks && !bank_is_used()) ||
           (is_sellers && !world_is_wide);
}

void life_goes_on(void)
{
    str body;
    sim_run();
    sim_pass(PAUSE);
    acquirer_tick();
    wallet_tick();
    for (int i = 0; i < MESSAGES_MOST && acquirer_message(&body); i++) {
        message_deliver(body);
        sim_run();
    }
    for (size_t i = 0; i < JOBS; i++) {
        if (is_idle(jobs[i].run))
            continue;
        job_begin(jobs[i].name, jobs[i].run);
        sim_run();
    }
    if (!bank_is_quiet())
        bank_day_ends();
}

void life_stirs(void)
{
    size_t i = sim_draw(JOBS + 2);
    str body;
    acquirer_tick();
    wallet_tick();
    if (i < JOBS && !(is_idle(jobs[i].run) && !is_books(jobs[i].run)))
        job_begin(jobs[i].name, jobs[i].run);
    else if (acquirer_message(&body))
        message_deliver(body);
}

void life_ends(void)
{
    job_begin("fold", ledger_fold);
    sim_run();
    job_begin("seal", ledger_seal);
    sim_run();
}
