/* Buyers' banks: what they take back and decide. See network.h; docs/protocol/acquirer.md, Disputes. */
#include <string.h>

#include "tests/sim/network.h"

#define DISPUTES_MAX 60
#define CHARGES_SEEN 20
#define FEE_MINOR 1500
#define ANSWER_WITHIN DAYS(7)

static const char *const phase_names[] = { "inquiry", "chargeback" };
static const char *const status_names[] = { "needs_response", "under_review", "won", "lost", "closed" };
enum status { NEEDS_RESPONSE, UNDER_REVIEW, WON, LOST, CLOSED };

struct dispute {
    struct paid_charge charge;
    str id;
    bool is_chargeback;
    enum status status;
    int64_t sequence, amount;
    instant due;
    enum settled settled, settled_back; /* back: that it was won */
};

static struct dispute disputes[DISPUTES_MAX];
static size_t n_disputes;
static const char *because;

void disputes_begin(void)
{
    n_disputes = 0;
    because = "fraudulent";
}

void bank_disputes_because(const char *reason)
{
    because = reason;
}

static str dispute_text(const struct dispute *d)
{
    return arena_printf(sim_memory(),
                        "{\"id\":\"%.*s\",\"object\":\"dispute\",\"phase\":\"%s\",\"status\":\"%s\",\"sequence\":%lld,"
                        "\"charge\":\"%.*s\",\"key\":\"%.*s\",\"amount\":%lld,\"currency\":\"%.*s\",\"fee\":%d,"
                        "\"reason\":\"%s\",\"evidence_due\":%lld}",
                        STR_ARG(d->id), phase_names[d->is_chargeback], status_names[d->status], (long long)d->sequence,
                        STR_ARG(d->charge.id), STR_ARG(d->charge.key), (long long)d->amount,
                        STR_ARG(d->charge.currency), d->is_chargeback ? FEE_MINOR : 0, because,
                        (long long)instant_seconds(d->due));
}

static void tell(struct dispute *d)
{
    d->sequence++;
    sim_note(status_names[d->status], d->amount);
    acquirer_say(arena_printf(sim_memory(), "dispute.%s", d->sequence == 1 ? "created" : "updated"), dispute_text(d));
}

/* ---- what banks do ---- */

static size_t paid_charges(struct paid_charge *ret)
{
    size_t n = 0;
    while (n < CHARGES_SEEN && acquirer_paid_charge(n, &ret[n]))
        n++;
    return n_disputes == DISPUTES_MAX ? 0 : n;
}

static struct dispute *take_back(const struct paid_charge *charge, bool is_chargeback)
{
    struct dispute *d = &disputes[n_disputes++];
    *d = (struct dispute){ .charge = *charge,
                           .id = arena_printf(sim_memory(), "dis_%d_%zu", sim_number(), n_disputes),
                           .is_chargeback = is_chargeback,
                           .amount = charge->left,
                           .due = instant_add(sim_now(), ANSWER_WITHIN) };
    return d;
}

bool bank_disputes(bool inquires)
{
    struct paid_charge charges[CHARGES_SEEN];
    size_t n = paid_charges(charges);
    if (n == 0)
        return false;
    struct dispute *d = take_back(&charges[sim_draw(n)], !inquires);
    if (!sim_draw(2))
        d->amount = 1 + (int64_t)sim_draw((uint64_t)d->charge.left);
    tell(d);
    return true;
}

bool bank_disputes_last(void)
{
    struct paid_charge charges[CHARGES_SEEN];
    size_t n = paid_charges(charges);
    if (n > 0)
        tell(take_back(&charges[n - 1], true));
    return n > 0;
}

static bool is_over(const struct dispute *d)
{
    return d->status == WON || d->status == LOST || d->status == CLOSED;
}

bool bank_decides(bool for_buyer)
{
    for (size_t i = 0; i < n_disputes; i++) {
        struct dispute *d = &disputes[i];
        if (is_over(d))
            continue;
        d->status = !d->is_chargeback ? CLOSED : for_buyer ? LOST : WON;
        tell(d);
        return true;
    }
    return false;
}

int64_t bank_has_taken(str charge)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n_disputes; i++)
        if (disputes[i].is_chargeback && disputes[i].status != WON && str_eq(disputes[i].charge.id, charge))
            sum += disputes[i].amount;
    return sum;
}

int64_t bank_fees(void)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n_disputes; i++)
        sum += disputes[i].is_chargeback ? FEE_MINOR : 0;
    return sum;
}

void disputes_effects(settled_visit visit, void *context)
{
    for (size_t i = 0; i < n_disputes; i++) {
        struct dispute *d = &disputes[i];
        if (!d->is_chargeback)
            continue;
        visit(context, &(struct settled_effect){ "chargeback", d->id, d->charge.key, -d->amount, FEE_MINOR, FEE_MINOR,
                                                 &d->settled });
        if (d->status == WON)
            visit(context, &(struct settled_effect){ "chargeback_reversal", d->id, d->charge.key, d->amount, 0, 0,
                                                     &d->settled_back });
    }
}

/* ---- the wire ---- */

bool dispute_answer(str id, bool accepts, str *text)
{
    for (size_t i = 0; i < n_disputes; i++) {
        struct dispute *d = &disputes[i];
        if (!str_eq(d->id, id))
            continue;
        bool waits = d->status == NEEDS_RESPONSE && instant_before(sim_now(), d->due);
        if (waits && (d->is_chargeback || !accepts)) {
            d->status = accepts ? LOST : UNDER_REVIEW;
            tell(d);
        }
        *text = dispute_text(d);
        return true;
    }
    return false;
}
