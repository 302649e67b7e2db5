/* See reversals.h. */
#include "tests/sim/reversals.h"

#include "paysrv/flow/clock.h"
#include "paysrv/flow/payment/reversal.h"
#include "tests/sim/client.h"
#include "tests/sim/database.h"
#include "tests/sim/judge.h"
#include "tests/sim/network.h"
#include "tests/sim/registries.h"

#define CHARGES_MAX 100
#define LIST_MOST 100
#define ROUNDS_MAX 60
#define FOR_GOOD 1000
#define TRIES 8 /* some more than paysrv makes by itself */

/* ---- who is asked ---- */

static struct {
    struct mood {
        str charge;
        int left;
    } moods[CHARGES_MAX];
    size_t n;
    unsigned rate;
    int next; /* negative: drawn */
} refusals;

void reversals_begin(void)
{
    refusals.n = 0;
    refusals.rate = 0;
    refusals.next = -1;
}

void reversals_rate(unsigned per_mille)
{
    refusals.rate = per_mille;
}

void reversals_refuse(int times)
{
    refusals.next = times;
}

static int times_draw(void)
{
    int times = refusals.next;
    refusals.next = -1;
    if (times >= 0)
        return times;
    if (!sim_chance(refusals.rate))
        return 0;
    return sim_draw(4) ? 1 + (int)sim_draw(TRIES) : FOR_GOOD;
}

static struct mood *mood_of(str charge)
{
    for (size_t i = 0; i < refusals.n; i++)
        if (str_eq(refusals.moods[i].charge, charge))
            return &refusals.moods[i];
    CHECK(refusals.n < CHARGES_MAX);
    refusals.moods[refusals.n] = (struct mood){ charge, times_draw() };
    return &refusals.moods[refusals.n++];
}

bool reversal_is_refused(str key, str charge)
{
    if (!str_starts(key, STR("rev_")))
        return false;
    struct mood *mood = mood_of(charge);
    return mood->left > 0 && mood->left-- > 0;
}

/* ---- the operator ---- */

int64_t reversals_scheduled(void)
{
    QUESTION_ABOUT(sim_scheduled,
                   "select count(*) from acquirer_call where op in ('late_void', 'late_refund') and is_open"
                   " and partner_id = $1");
    return question_about(sim_outside(), &sim_scheduled, client_seller()->partner);
}

/* The wallet has no back office, and no registry says what was done in the acquirer's; an authorisation is no money. */
static str end_draw(const struct reversal_list_row *r)
{
    if (str_eq(r->op, STR("late_void")))
        return STR("booked");
    if (str_eq(r->acquirer, STR("sandbox_wallet")) || registries_are_used())
        return sim_draw(2) ? STR("bank") : STR("platform");
    const str ends[] = { STR("acquirer"), STR("bank"), STR("platform") };
    return ends[sim_draw(3)];
}

bool reversal_decide_one(void)
{
    struct task *t = sim_outside();
    const struct reversal_list_row *rows, *after, *found = NULL;
    size_t n;
    CHECK_OK(reversals_find(t, &(struct reversal_wish){ 0 }, NULL, LIST_MOST, &rows, &n));
    for (size_t i = 0; i < n && !found; i++)
        if (str_eq(rows[i].partner_id.v, client_seller()->partner))
            found = &rows[i];
    if (!found)
        return false;
    struct reversal_word word = { .reversal = found->call_id,
                                  .as = sim_draw(3) ? end_draw(found) : STR_NONE,
                                  .note = STR("as agreed"),
                                  .by = STR("test"),
                                  .by_name = STR("test") };
    CHECK_OK(reversal_decide(t, &word, &after));
    if (str_eq(word.as, STR("acquirer")))
        acquirer_gives_back(found->charge_ref, found->amount);
    sim_note("reversal decided", (int64_t)word.as.n);
    CHECK_OK(reversal_decide(t, &word, &after)); /* once */
    word.by = STR("another");
    CHECK(reversal_decide(t, &word, &after) != OK);
    return true;
}

void reversals_end(void)
{
    QUESTION_ABOUT(
        sim_suspense,
        "select coalesce(sum(p.amount), 0)::bigint from account a join posting p on p.account_id = a.account_id"
        " join entry e on e.entry_id = p.entry_id"
        " where a.partner_id = $1 and a.kind = 'suspense' and e.kind like 'late%'");
    for (int i = 0; i < ROUNDS_MAX; i++) {
        if (reversals_scheduled()) {
            sim_pass(DAYS(3));
            judge_settle();
        } else if (!reversal_decide_one()) {
            CHECK_I64(question_about(sim_outside(), &sim_suspense, client_seller()->partner), 0);
            return;
        }
    }
    test_fail(__FILE__, __LINE__, "a reversal is asked for again for ever");
}

struct reversals_kept reversals_kept_of(str payment)
{
#define KEPT                                                                                                           \
    " from reversal_decision d join acquirer_call c on c.call_id = d.call_id"                                          \
    " where c.payment_id = $1 and d.settled_as in ('bank', 'platform')"
    QUESTION_ABOUT(sim_kept_amount, "select coalesce(sum(c.amount), 0)::bigint" KEPT);
    QUESTION_ABOUT(sim_kept_attempts, "select count(*)" KEPT);
    return (struct reversals_kept){ .amount = question_about(sim_outside(), &sim_kept_amount, payment),
                                    .attempts = (int)question_about(sim_outside(), &sim_kept_attempts, payment) };
}
