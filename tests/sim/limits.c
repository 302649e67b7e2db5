/* See limits.h. */
#include "tests/sim/limits.h"

#include <stddef.h>

#include "paysrv/domain/payout/payout.h"
#include "paysrv/flow/clock.h"
#include "paysrv/store/approval.sql.h"
#include "paysrv/store/payout.sql.h"
#include "tests/sim/client.h"
#include "tests/sim/database.h"
#include "tests/sim/judge.h"
#include "tests/sim/terms.h"

#define CHANGES_MAX 20
#define PAYOUTS_MOST 1000
#define NO_END INT64_MAX

/* What held from then on. */
struct agreement {
    instant from;
    struct agreed each, all;
};

static struct {
    struct agreement made[CHANGES_MAX];
    size_t n;
} limits;

static partner_id partner(void)
{
    return (partner_id){ client_seller()->partner };
}

static struct task *outside(void)
{
    struct task *t = sim_outside();
    CHECK_OK(clock_enter(t, partner()));
    return t;
}

void limits_begin(void)
{
    limits.n = 0;
}

bool limits_are_agreed(void)
{
    return limits.n > 0;
}

/* ---- what is agreed ---- */

static int64_t drawn(unsigned of, int64_t least, int64_t more)
{
    return sim_draw(of) ? 0 : terms_sized(least + (int64_t)sim_draw((uint64_t)more));
}

static void agree(const char *scope, const struct agreed *x)
{
    int64_t affected;
    const struct payout_limit_set_args args = { .partner = partner(),
                                                .scope = str_of(scope),
                                                .user = STR(""),
                                                .currency = client_currency(),
                                                .least = x->least,
                                                .most = x->most,
                                                .per_day = x->per_day,
                                                .per_month = x->per_month,
                                                .count_per_day = x->count,
                                                .approve_from = x->approve_from,
                                                .by = STR("test") };
    CHECK_OK(payout_limit_set(outside(), &args, &affected));
}

void limits_agree(const struct agreed *each, const struct agreed *all)
{
    CHECK(limits.n < CHANGES_MAX);
    sim_run();
    limits.made[limits.n++] = (struct agreement){ .from = outside()->now, .each = *each, .all = *all };
    agree("each", each);
    agree("all", all);
    sim_note("limits", each->per_day);
    sim_pass(SECONDS(1)); /* so that nobody asks at the same moment */
}

void limits_draw(void)
{
    const struct agreed each = { .most = drawn(3, 300, 600),
                                 .per_day = drawn(2, 500, 1500),
                                 .per_month = drawn(3, 900, 3000),
                                 .count = sim_draw(3) ? 0 : 2 + (int64_t)sim_draw(5),
                                 .approve_from = drawn(2, 200, 500) };
    const struct agreed all = { .least = drawn(6, 2, 50),
                                .per_day = drawn(3, 600, 1500),
                                .per_month = drawn(3, 1200, 3000),
                                .count = sim_draw(4) ? 0 : 3 + (int64_t)sim_draw(6),
                                .approve_from = drawn(4, 200, 900) };
    if (limits.n < CHANGES_MAX)
        limits_agree(&each, &all);
}

void limits_wait_for_the_end(duration before)
{
    judge_settle();
    const int64_t day = DAYS(1).us, now = sim_now().us;
    int64_t midnight = now - now % day + day;
    while (sim_draw(3) == 0 && !str_ends(instant_date(sim_memory(), (instant){ midnight }), STR("-01")))
        midnight += day;
    sim_pass((duration){ midnight - now - before.us });
}

/* ---- what went out ---- */

struct going {
    payout_id id;
    user_id user;
    str status;
    int64_t amount, day; /* since 1970 */
    str month;
    instant confirmed;
};

struct all_going {
    struct going *items;
    size_t n;
};

static int64_t day_of(instant at)
{
    return at.us / DAYS(1).us;
}

static str month_of(instant at)
{
    const str day = instant_date(sim_memory(), at);
    return (str){ day.p, day.n - 3 };
}

/* Copies: what the store gives is gone with the next question. */
static struct all_going confirmed_ones(void)
{
    const struct payout_find_row *rows;
    size_t n;
    CHECK_OK(payout_list(outside(), partner(), STR_NONE, STR_NONE, STR_NONE, PAYOUTS_MOST, &rows, &n));
    struct arena *a = sim_memory();
    struct all_going ret = { arena_array(a, struct going, n + 1), 0 };
    for (size_t i = 0; i < n; i++)
        if (rows[i].confirmed_at_given)
            ret.items[ret.n++] = (struct going){ { arena_str(a, rows[i].payout_id.v) },
                                                 { arena_str(a, rows[i].user_id.v) },
                                                 arena_str(a, rows[i].status),
                                                 rows[i].amount,
                                                 day_of(rows[i].confirmed_at),
                                                 month_of(rows[i].confirmed_at),
                                                 rows[i].confirmed_at };
    return ret;
}

struct used {
    int64_t day, month, count, unapproved;
};

static bool is_out(const struct going *p)
{
    static const enum payout_state states[] = { PAYOUT_CONFIRMED, PAYOUT_SENT, PAYOUT_UNKNOWN, PAYOUT_PAID,
                                                PAYOUT_RETURNED };
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (str_eq(p->status, payout_state_name(states[i])))
            return true;
    return false;
}

/* Two persons have, neither of whom asked for it; all accounts of the system are one person. */
static bool is_approved(const struct going *p)
{
    QUESTION_ABOUT(sim_approvers,
                   "select count(distinct case when d.subject like 'uid:%' then 'uid' else d.subject end)"
                   "  from payout_decision d join payout p on p.payout_id = d.payout_id"
                   " where d.payout_id = $1 and d.decision = 'approved' and d.subject is distinct from p.requested_by");
    return question_about(sim_outside(), &sim_approvers, p->id.v) >= 2;
}

/* Of this user (absent: of all) in the day and the month of that moment, by what was confirmed before the end. */
static struct used used_at(const struct all_going *all, str user, instant at, int64_t end_us)
{
    struct used u = { 0 };
    const str month = month_of(at);
    for (size_t i = 0; i < all->n; i++) {
        const struct going *p = &all->items[i];
        if (p->confirmed.us >= end_us || !str_eq(p->month, month) || (str_given(user) && !str_eq(user, p->user.v)))
            continue;
        u.month += p->amount;
        if (p->day != day_of(at))
            continue;
        u.day += p->amount;
        u.count++;
        if (is_out(p) && !is_approved(p))
            u.unapproved += p->amount;
    }
    return u;
}

static void within(const struct going *p, const char *what, int64_t limit, int64_t is)
{
    if (limit && is > limit)
        test_fail(__FILE__, __LINE__, "%.*s: %s, %lld with it, and may be %lld", STR_ARG(p->id.v), what, (long long)is,
                  (long long)limit);
}

static void kept(const struct going *p, const struct agreed *agreed, const struct used *used)
{
    if (p->amount < agreed->least)
        test_fail(__FILE__, __LINE__, "%.*s is less than may be", STR_ARG(p->id.v));
    within(p, "one payout", agreed->most, p->amount);
    within(p, "a day", agreed->per_day, used->day);
    within(p, "payouts a day", agreed->count, used->count);
    within(p, "a month", agreed->per_month, used->month);
}

/* Of whom: what of his day nobody has approved is less than what two have to look at. */
static void looked_at(const struct going *p, const struct agreed *agreed, int64_t unapproved)
{
    if (agreed->approve_from && is_out(p) && !is_approved(p))
        within(p, "a day without an approval", agreed->approve_from - 1, unapproved);
}

static void agreement_kept(const struct all_going *all, const struct agreement *a, int64_t end_us)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct going *p = &all->items[i];
        if (instant_before(p->confirmed, a->from) || p->confirmed.us >= end_us)
            continue;
        const struct used his = used_at(all, p->user.v, p->confirmed, end_us),
                          everybodys = used_at(all, STR_NONE, p->confirmed, end_us);
        kept(p, &a->each, &his);
        kept(p, &a->all, &everybodys);
        looked_at(p, &a->each, his.unapproved);
        looked_at(p, &a->all, his.unapproved);
    }
}

static void nobody_was_overruled(void)
{
    QUESTION_ABOUT(sim_overruled, "select count(*) from payout p join payout_decision d on d.payout_id = p.payout_id"
                                  " where p.partner_id = $1 and (d.decision = 'rejected' and p.status <> 'rejected'"
                                  "                              or d.subject = p.requested_by)");
    CHECK_I64(question_about(sim_outside(), &sim_overruled, client_seller()->partner), 0);
}

void limits_judge(void)
{
    const struct all_going all = confirmed_ones();
    for (size_t i = 0; i < limits.n; i++)
        agreement_kept(&all, &limits.made[i], i + 1 < limits.n ? limits.made[i + 1].from.us : NO_END);
    nobody_was_overruled();
}

/* ---- what is left ---- */

static void left_of(int64_t limit, int64_t used, int64_t *left)
{
    if (limit && limit - used < *left)
        *left = limit - used;
}

/* How much one payout of the seller's may be now; 0: none. */
static int64_t room(void)
{
    const struct agreement *a = &limits.made[limits.n - 1];
    const struct all_going all = confirmed_ones();
    const instant now = outside()->now;
    int64_t left = INT64_MAX;
    const struct agreed *each[] = { &a->each, &a->all };
    for (int i = 0; i < 2; i++) {
        const struct used used = used_at(&all, i ? STR_NONE : client_seller()->user, now, NO_END);
        if (each[i]->count && used.count >= each[i]->count)
            return 0;
        left_of(each[i]->most, 0, &left);
        left_of(each[i]->per_day, used.day, &left);
        left_of(each[i]->per_month, used.month, &left);
    }
    return left < 0 || left < a->all.least ? 0 : left;
}

static bool is_over_limit(const struct call *c)
{
    return c->status == 409 && str_eq(call_member(c, "code"), STR("payout_limit"));
}

static void asked_for(int64_t minor)
{
    struct call *c = payout_ask(sim_draw(SELLER_ACCOUNTS), minor);
    const int64_t before = room();
    call_finish(c);
    const int64_t after = room(); /* a schedule may have taken of it, or a day have ended */
    int64_t goes_out = minor;
    if (c->status == 201)
        goes_out = call_number(c, "amount");
    if (c->status == 201 && goes_out > (before > after ? before : after))
        test_fail(__FILE__, __LINE__, "%lld is asked for, and %lld is left", (long long)goes_out, (long long)after);
    if (is_over_limit(c) && minor <= (before < after ? before : after) && minor >= limits.made[limits.n - 1].all.least)
        test_fail(__FILE__, __LINE__, "%lld is too much, and %lld is left", (long long)minor, (long long)after);
    sim_note("left of the limits", after);
}

void limits_are_asked_for(void)
{
    sim_run();
    if (limits.n == 0)
        return;
    const int64_t left = room();
    if (left == INT64_MAX)
        return;
    asked_for(left + 1);
    if (left > 0)
        asked_for(left);
}
