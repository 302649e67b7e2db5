/* See judge.h. */
#include "tests/sim/judge.h"

#include "paysrv/domain/bank/bank_file.h"
#include "paysrv/domain/payout/payout.h"
#include "paysrv/flow/ledger/ledger_seal.h"
#include "paysrv/flow/payment/payment_search.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/ledger_seal.sql.h"
#include "paysrv/store/operator.sql.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/store/payout.sql.h"
#include "tests/sim/client.h"
#include "tests/sim/database.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"
#include "tests/sim/registries.h"
#include "tests/sim/reversals.h"

#define ROUNDS_MAX 30
#define BANK_DAYS 5             /* until what is returned has come back */
#define EVERYTHING_ENDS DAYS(8) /* payments and authorisations */

/* But for what is to be asked for another day; each kind in two digits of its own, so that the number says what it is.
 */
static int64_t open_operations(void)
{
    QUESTION_ABOUT(
        sim_open_operations,
        "select (select count(*) from acquirer_call where state not in ('ok', 'declined', 'action')"
        " and not (state = 'intent' and op like 'late%'"
        "              and created_at > timestamptz 'epoch' + $1::text::bigint * interval '1 microsecond'))"
        "     + 100 * (select count(*) from bank_file where state in ('open', 'waiting'))"
        "     + 10000 * (select count(*) from invoice i join subscription s using (subscription_id)"
        "         where i.status = 'open' and not i.waits_for_buyer and i.failed_at is null and s.held_from is null"
        "           and s.status <> 'canceled')" /* looked at when that was, in the end */
        "     + 1000000 * (select count(*) from payout_screening where state = 'open')"
        "     + 100000000 * (select count(*) from test_clock where stands_at is not null)");
    str now = arena_printf(sim_memory(), "%lld", (long long)sim_now().us);
    return question_about(sim_outside(), &sim_open_operations, now);
}

/* See judge_leaves. */
static str left;

void judge_leaves(str call)
{
    left = call;
}

static int64_t left_open(void)
{
    QUESTION_ABOUT(sim_left_open, "select count(*) from acquirer_call where call_id = $1 and state = 'unknown'");
    return str_given(left) ? question_about(sim_outside(), &sim_left_open, left) : 0;
}

/* Silent ones stay as they are until they are given up. */
static bool payouts_are_quiet(struct task *t)
{
    const struct payout_find_row *rows;
    size_t n;
    CHECK_OK(payout_list(t, (partner_id){ client_seller()->partner }, STR_NONE, STR_NONE, STR_NONE, 1000, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        str end_to_end = bank_file_end_to_end_id(t->arena, rows[i].payout_id.v);
        bool is_sent = str_eq(rows[i].status, payout_state_name(PAYOUT_SENT));
        bool is_banks = str_eq(rows[i].rail, STR("bank"));
        if (str_eq(rows[i].status, payout_state_name(PAYOUT_CONFIRMED)) || (is_sent && !is_banks) ||
            (is_sent && !client_is_sandbox() && bank_transfer(end_to_end) != TRANSFER_SILENT))
            return false;
    }
    return true;
}

static bool all_is_quiet(void)
{
    return acquirer_is_quiet() && wallet_is_quiet() && bank_is_quiet() && open_operations() == left_open() &&
           payouts_are_quiet(sim_outside());
}

void judge_settle(void)
{
    sim_trouble(0);
    network_rates(0);
    network_declines(0);
    sim_run();
    for (int i = 0; i < ROUNDS_MAX; i++) {
        life_goes_on();
        if (i > ROUNDS_MAX / 2)
            sim_pass(MINUTES(20)); /* what was asked for in vain is asked for less often */
        if (all_is_quiet())
            return;
    }
    test_fail(__FILE__, __LINE__, "something is still open: %lld (of clocks, screenings, invoices, files, calls)",
              (long long)open_operations());
}

/* See steps_are_watched() in database.c. */
static void payments_keep_to_their_steps(void)
{
    QUESTION(sim_wrong_steps,
             "select count(*) from step where (was, became) not in (select was, became from good_step)");
    CHECK_I64(question_ask(sim_outside(), &sim_wrong_steps), 0);
}

/* The events about an object are numbered from one, and a payment's version is its last number. */
static void events_are_counted(void)
{
    QUESTION(sim_miscounted,
             "select (select count(*) from (select 1 from event group by partner_id, object_id"
             "                               having count(*) <> max(sequence) or count(distinct sequence) <> count(*)"
             "                                   or min(sequence) <> 1) q)"
             "     + (select count(*) from payment p where p.version <> (select count(*) from event e"
             "                                                            where e.object_id = p.payment_id"
             "                                                              and e.type like 'payment%'))");
    CHECK_I64(question_ask(sim_outside(), &sim_miscounted), 0);
}

/* What came of 3-D Secure was kept before the attempt had its outcome, and told with it; a person does not say it. */
static void authentications_are_kept(void)
{
    QUESTION(sim_unkept,
             "select (select count(*) from acquirer_call where op in ('charge', 'authorize') and state = 'ok'"
             "           and coalesce(acquirer, 'sandbox') = 'sandbox' and amount % 2 = 1 and three_d_secure is null"
             "           and not exists (select from manual_entry m where m.kind = 'call' and m.object = call_id))"
             "     + (select count(*) from event e join payment p on p.payment_id = e.object_id"
             "           join acquirer_call c on c.call_id = p.charge_id where e.type = 'payment.succeeded'"
             "           and c.three_d_secure is not null and e.data not like '%three_d_secure%')");
    CHECK_I64(question_ask(sim_outside(), &sim_unkept), 0);
}

/* ---- the books ---- */

static void receivable_is_the_acquirers(struct task *t)
{
    static const str kinds[] = { { "acquirer_receivable", 19 } };
    const struct balance_list_row *rows;
    size_t n;
    CHECK_OK(balance_list(t, (partner_id){ client_seller()->partner }, (user_id){ STR("") }, (str_array){ kinds, 1 },
                          &rows, &n));
    CHECK_I64(n, 1);
    CHECK_I64(rows[0].posted, acquirer_balance());
    CHECK_OK(balance_list(t, (partner_id){ client_seller()->partner }, (user_id){ STR("sandbox_wallet") },
                          (str_array){ kinds, 1 }, &rows, &n));
    CHECK_I64(n ? rows[0].posted : 0, wallet_balance());
}

static void payment_is_what_happened(const struct payment_find_row *p)
{
    struct acquirer_books b = acquirer_books_of(p->payment_id.v);
    if (str_eq(p->method, STR("bank_transfer")))
        return; /* the acquirer has heard of nothing; the invariants compare it with the bank's credits */
    wallet_books_add(p->payment_id.v, &b);
    const struct reversals_kept kept = reversals_kept_of(p->payment_id.v);
    b.captured -= kept.amount;
    b.paid_attempts -= kept.attempts;
    if (b.paid_attempts > 1)
        test_fail(__FILE__, __LINE__, "%.*s is paid %d times", STR_ARG(p->payment_id.v), b.paid_attempts);
    int64_t taken = p->captured_given ? p->captured : str_eq(p->status, STR("succeeded")) ? p->amount : 0;
    if (taken - p->refunded - p->disputed != b.captured - b.refunded)
        test_fail(__FILE__, __LINE__, "%.*s %.*s has %lld, the acquirer %lld", STR_ARG(p->payment_id.v),
                  STR_ARG(p->status), (long long)(taken - p->refunded - p->disputed),
                  (long long)(b.captured - b.refunded));
    bool is_held = str_eq(p->status, STR("requires_capture"));
    if (b.is_held && !is_held)
        test_fail(__FILE__, __LINE__, "%.*s is %.*s, and the buyer's money still held", STR_ARG(p->payment_id.v),
                  STR_ARG(p->status));
}

/* The test bank answers by the partner's clock, and the bank has heard of nothing. */
static bool test_bank_explains(enum transfer_state at_bank, enum payout_state here)
{
    return at_bank == TRANSFER_NONE && here != PAYOUT_CONFIRMED && here != PAYOUT_SENT && here != PAYOUT_AWAITING_CODE;
}

static bool transfer_explains(enum transfer_state at_bank, enum payout_state here)
{
    switch (at_bank) {
    case TRANSFER_NONE:
        return here == PAYOUT_EXPIRED || here == PAYOUT_CANCELED || here == PAYOUT_FAILED ||
               here == PAYOUT_AWAITING_APPROVAL || here == PAYOUT_REJECTED; /* by operators */
    case TRANSFER_ORDERED:
        return false;
    case TRANSFER_SILENT: /* a person's now */
        return here == PAYOUT_UNKNOWN;
    case TRANSFER_REJECTED:
        return here == PAYOUT_REJECTED;
    case TRANSFER_DEBITED:
        return here == PAYOUT_PAID;
    case TRANSFER_RETURNED:
        return here == PAYOUT_RETURNED;
    }
    return false;
}

static void payouts_are_what_happened(struct task *t)
{
    const struct payout_find_row *rows;
    size_t n;
    CHECK_OK(payout_list(t, (partner_id){ client_seller()->partner }, STR_NONE, STR_NONE, STR_NONE, 1000, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        enum payout_state here = PAYOUT_STATE_COUNT;
        enum transfer_state at_bank = bank_transfer(bank_file_end_to_end_id(t->arena, rows[i].payout_id.v));
        payout_state_parse(rows[i].status, &here);
        if (!str_eq(rows[i].rail, STR("bank"))) {
            if (!transfer_explains(acquirer_push(rows[i].payout_id.v), here))
                test_fail(__FILE__, __LINE__, "%.*s is %.*s, and otherwise at the acquirer",
                          STR_ARG(rows[i].payout_id.v), STR_ARG(rows[i].status));
            continue;
        }
        if (!(client_is_sandbox() ? test_bank_explains(at_bank, here) : transfer_explains(at_bank, here)))
            test_fail(__FILE__, __LINE__, "%.*s is %.*s, and at the bank %d", STR_ARG(rows[i].payout_id.v),
                      STR_ARG(rows[i].status), (int)at_bank);
    }
}

static void payments_are_what_happened(struct task *t)
{
    const struct payment_find_row *rows;
    size_t n;
    struct payment_found found;
    const struct payment_wish all = { .partner = client_seller()->partner };
    CHECK_OK(payment_look(t, &all, STR_NONE, 1000, &found));
    CHECK_OK(payment_list(t, found.payments, &rows, &n));
    for (size_t i = 0; i < n; i++)
        payment_is_what_happened(&rows[i]);
}

/* Each payment of this world that nobody paid in time, once, and no other. */
static void ends_are_told(void)
{
    QUESTION_ABOUT(
        sim_ends_untold,
        "select count(*) from payment p left join test_clock c on c.partner_id = p.partner_id"
        " where p.payment_id like split_part($1::text, ' ', 1) || '%'"
        "   and ((select count(*) from event e where e.object_id = p.payment_id and e.type = 'payment.expired')"
        "           <> (p.status = 'expired')::int"
        "        or p.status not in ('succeeded', 'canceled', 'expired') and p.expires_at <= timestamptz 'epoch'"
        "           + (split_part($1, ' ', 2)::bigint + coalesce(c.ahead_us, 0)) * interval '1 microsecond')");
    str now = arena_printf(sim_memory(), "pay_%010lld %lld", (long long)sim_number(), (long long)sim_now().us);
    CHECK_I64(question_about(sim_outside(), &sim_ends_untold, now), 0);
}

void judge_end(void)
{
    judge_leaves(STR_NONE);
    judge_settle();
    while (buyer_answers(false) || wallet_answers(false)) /* who was asked and never said anything */
        continue;
    while (bank_decides(sim_draw(2)))
        continue;
    sim_pass(EVERYTHING_ENDS);
    judge_settle();
    reversals_end();
    life_ends();
    QUESTION(sim_open_invoices, "select count(*) from invoice where status = 'open'");
    CHECK_I64(question_ask(sim_outside(), &sim_open_invoices), 0);
    if (!registries_are_used()) /* which settle it: see there */
        receivable_is_the_acquirers(sim_outside());
    payments_are_what_happened(sim_outside());
    payouts_are_what_happened(sim_outside());
    ends_are_told();
    if (network_complaint())
        test_fail(__FILE__, __LINE__, "%s", network_complaint());
}

/* Some of them each time: the worlds of a run have one ledger. */
#define SEALS_EACH 10
static void seals_are_whole(void)
{
    const struct ledger_scrub_take_row *scrub;
    for (int i = 0; i < SEALS_EACH; i++)
        CHECK_OK(ledger_scrub(sim_outside()));
    CHECK_OK(ledger_scrub_take(sim_outside(), &scrub));
    CHECK(scrub && !scrub->broken_seal_given);
}

void judge_invariants(void)
{
    const struct invariants_broken_row *rows;
    size_t n;
    CHECK_OK(invariants_broken(sim_outside(), 10, &rows, &n));
    for (size_t i = 0; i < n; i++)
        printf("# VIOLATED %.*s %.*s\n", STR_ARG(rows[i].rule), STR_ARG(rows[i].subject));
    CHECK_I64(n, 0);
    payments_keep_to_their_steps();
    events_are_counted();
    authentications_are_kept();
    seals_are_whole();
}
