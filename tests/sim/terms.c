/* See terms.h. */
#include "tests/sim/terms.h"

#include <stddef.h>
#include <string.h>

#include "paysrv/domain/money.h"
#include "paysrv/domain/payout/payout.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/ledger/negative.h"
#include "paysrv/flow/ledger/reserve.h"
#include "paysrv/flow/payment/payment_search.h"
#include "paysrv/flow/payout/approval.h"
#include "paysrv/flow/stores/split.h"
#include "paysrv/store/dispute.sql.h"
#include "paysrv/store/holdback.sql.h"
#include "paysrv/store/negative.sql.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/payout_fee.sql.h"
#include "paysrv/store/refund_policy.sql.h"
#include "paysrv/store/user.sql.h"
#include "tests/sim/client.h"
#include "tests/sim/database.h"
#include "tests/sim/judge.h"
#include "tests/sim/life.h"
#include "tests/sim/limits.h"
#include "tests/sim/parties.h"
#include "tests/sim/registries.h"
#include "tests/sim/reversals.h"
#include "tests/sim/tariffs.h"

#define BY STR("test")
#define LIST_MOST 50
#define ROUNDS 3 /* what comes of one may be for the next */

static str author; /* who shares with the seller; absent: nobody in this world */
static str authors_requisites[SELLER_REQUISITES];

#define ONE_OF(words) words[sim_draw(sizeof(words) / sizeof(words)[0])]

/* Of what costs 1001 where things cost what they usually do. */
#define USUAL_MINOR 1001
static int64_t costs; /* of it in this world */

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

static int64_t partners_number(const struct db_statement *question)
{
    return question_about(sim_outside(), question, client_seller()->partner);
}

/* ---- how much things cost ---- */

str terms_currency(void)
{
    static const str currencies[] = { { "EUR", 3 }, { "EUR", 3 }, { "EUR", 3 }, { "JPY", 3 }, { "KWD", 3 } };
    const size_t size = sim_draw(8);
    costs = size == 0 ? 7 : size == 1 ? MONEY_MAX_MINOR : USUAL_MINOR;
    return ONE_OF(currencies);
}

/* At least one, and no more than there may be of one payment. */
int64_t terms_sized(int64_t usual)
{
    int64_t minor = usual * (costs / USUAL_MINOR) + usual * (costs % USUAL_MINOR) / USUAL_MINOR;
    return minor < 1 ? 1 : minor > MONEY_MAX_MINOR ? MONEY_MAX_MINOR : minor;
}

int64_t terms_price(void)
{
    return sim_draw(8) ? terms_sized(USUAL_MINOR) : sim_draw(2) ? 1 : terms_sized(1 + (int64_t)sim_draw(3000));
}

int64_t terms_part(int64_t most)
{
    return terms_sized(1 + (int64_t)sim_draw((uint64_t)most));
}

/* ---- what was agreed ---- */

static void policies_draw(void)
{
    static const char *const bearers[] = { "seller", "partner", "platform" };
    static const char *const shortfalls[] = { "refuse", "allow", "partner", "platform", "queue" };
    static const int64_t accept_below[] = { 0, 0, 300 };
    const int64_t accept = ONE_OF(accept_below), window = (int64_t)sim_draw(2) * 3, queue = 1 + (int64_t)sim_draw(3);
    int64_t affected;
    CHECK_OK(dispute_policy_set(outside(), partner(), client_currency(), str_of(ONE_OF(bearers)), &accept,
                                str_of(ONE_OF(shortfalls)), BY, &affected));
    CHECK_OK(refund_policy_set(outside(), partner(), client_currency(), &window, &queue,
                               sim_draw(2) ? STR("keep") : STR("return"), BY, &affected));
}

static void delays_draw(void)
{
    static const char *const calendars[] = { "weekdays", "target" };
    const struct settlement_set_row *row;
    const int32_t reserve_bp = (int32_t)sim_draw(3) * 1500;
    const struct settlement_set_args args = { .delay_days = (int32_t)sim_draw(4),
                                              .working = sim_draw(2) == 0,
                                              .calendar = str_of(ONE_OF(calendars)),
                                              .reserve_bp = reserve_bp,
                                              .reserve_days = reserve_bp ? 1 + (int32_t)sim_draw(5) : 0,
                                              .by = BY,
                                              .store = { client_seller()->store } };
    CHECK_OK(settlement_set(outside(), &args, &row));
}

static void payout_fees_draw(void)
{
    int64_t affected;
    const struct payout_fee_policy_set_args args = { .partner = partner(),
                                                     .currency = client_currency(),
                                                     .fixed = (int64_t)sim_draw(30),
                                                     .bp = (int32_t)sim_draw(300),
                                                     .inside = sim_draw(2) == 0,
                                                     .payee = sim_draw(2) ? STR("platform") : STR("partner"),
                                                     .on_return = sim_draw(2) ? STR("keep") : STR("return"),
                                                     .by = BY };
    CHECK_OK(payout_fee_policy_set(outside(), &args, &affected));
}

/* Again in the middle of a world: another one in its place, or none. */
static void reserve_draw(void)
{
    const instant ends = instant_add(outside()->now, DAYS(1 + (int64_t)sim_draw(4)));
    const struct reserve_order order = { .partner = partner(),
                                         .user = { client_seller()->user },
                                         .currency = client_currency(),
                                         .amount_minor =
                                             sim_draw(4) ? terms_sized(150 * (1 + (int64_t)sim_draw(3))) : 0,
                                         .ends = sim_draw(3) ? &ends : NULL,
                                         .reason = STR("agreed"),
                                         .by = BY };
    bool done;
    life_is_wide(true);
    CHECK_OK(reserve_set(outside(), &order, &done));
    sim_note("reserve", order.amount_minor);
}

static void author_come(void)
{
    const struct user_insert_row *made;
    author = arena_printf(sim_memory(), "usr_author%d", sim_number());
    const struct user_insert_args user = { .partner = partner(),
                                           .user = { author },
                                           .name = STR("Author"),
                                           .email = arena_printf(sim_memory(), "%.*s@example.com", STR_ARG(author)),
                                           .email_verified = true };
    CHECK_OK(user_insert(outside(), &user, &made));
    for (size_t i = 0; i < SELLER_REQUISITES; i++)
        authors_requisites[i] = arena_printf(sim_memory(), "req_author%d_%zu", sim_number(), i);
    payees_make(outside(), partner(), user.user, authors_requisites);
}

str terms_author(void)
{
    return author;
}

struct call *terms_payout_ask(int64_t minor)
{
    const size_t n = sim_draw(SELLER_REQUISITES);
    return str_given(author) && sim_draw(3) == 0 ? payout_ask_of(author, authors_requisites, n, minor)
                                                 : payout_ask(n, minor);
}

void terms_draw(void)
{
    author = STR_NONE;
    limits_begin();
    parties_begin();
    tariffs_begin();
    remitters_begin();
    void (*const terms[])(
        void) = { policies_draw, delays_draw, payout_fees_draw, limits_draw, reserve_draw, author_come };
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++) {
        if (sim_draw(2))
            continue;
        life_is_wide(true);
        terms[i]();
    }
}

str terms_split(void)
{
    static const char *const returns[] = { "pro_rata", "full", "none" };
    if (!str_given(author) || sim_draw(3) == 0)
        return STR("");
    return arena_printf(sim_memory(),
                        ",\"split\":[{\"party\":\"partner\",\"bp\":1234,\"fixed\":%d,\"on_refund\":\"%s\"},"
                        "{\"party\":\"user\",\"user\":\"%.*s\",\"bp\":%d,\"min\":7,\"cap\":400,\"on_refund\":\"%s\"}]",
                        (int)sim_draw(40), ONE_OF(returns), STR_ARG(author), (int)sim_draw(6000), ONE_OF(returns));
}

/* ---- what operators do ---- */

static void approval_decide(void)
{
    const struct payout_find_row *rows;
    size_t n;
    str body;
    CHECK_OK(payout_list(outside(), partner(), STR_NONE, payout_state_name(PAYOUT_AWAITING_APPROVAL), STR_NONE,
                         LIST_MOST, &rows, &n));
    if (n == 0)
        return;
    const payout_id payout = rows[sim_draw(n)].payout_id;
    /* Twice the same, one person by two accounts of the system, and who has asked for it: those are not two. */
    static const char *const operators[] = { "ann", "bob", "ann", "bob", "uid:1000", "uid:0", "client" };
    for (int i = 0; i < 2; i++) {
        const str who = str_of(ONE_OF(operators));
        const struct operator_decision said = { who, who, STR_NONE, sim_draw(6) > 0 };
        (void)!payout_decision_take(outside(), payout, &said, &body); /* the payee may be being checked */
        sim_note("an operator decides", said.is_approval);
    }
}

static void debt_write_off(void)
{
    QUESTION_ABOUT(sim_owed,
                   "select coalesce(max(-b.posted), 0)::bigint from balance b join account a using (account_id)"
                   " where a.partner_id = $1 and a.kind = 'seller' and a.user_id like 'usr\\_%' and b.posted < 0");
    const int64_t owed = partners_number(&sim_owed);
    bool done;
    str waits;
    if (owed == 0)
        return;
    const struct relief relief = { .partner = partner(),
                                   .user = { client_seller()->user },
                                   .currency = client_currency(),
                                   .amount_minor = 1 + (int64_t)sim_draw((uint64_t)owed),
                                   .is_write_off = true,
                                   .borne_by = sim_draw(2) ? STR("platform") : STR("partner"),
                                   .reason = STR("agreed"),
                                   .by = BY };
    CHECK_OK(write_off_make(outside(), &relief, &done, &waits)); /* not done: another one owes that much */
    sim_note("written off", done ? relief.amount_minor : 0);
}

static void write_off_take_back(void)
{
    const struct write_offs_of_user_row *rows;
    struct relief done;
    size_t n;
    str waits;
    CHECK_OK(write_offs_of_user(outside(), partner(), (user_id){ client_seller()->user }, LIST_MOST, &rows, &n));
    if (n == 0)
        return;
    const struct undoing mistake = {
        .write_off = rows[sim_draw(n)].relief_id, .reason = STR("a mistake"), .by = BY, .by_name = BY
    };
    err e = write_off_undo(outside(), &mistake, &done, &waits); /* or all of it is back by a dispute */
    sim_note("taken back", e ? 0 : done.amount_minor);
}

static void limits_change(void)
{
    if (limits_are_agreed())
        limits_draw();
}

static void reversal_look(void)
{
    (void)reversal_decide_one();
}

void operator_acts(void)
{
    void (*const acts[])(void) = { registries_cost_change, approval_decide, approval_decide,
                                   approval_decide,        debt_write_off,  write_off_take_back,
                                   reserve_draw,           reversal_look,   limits_change };
    acts[sim_draw(sizeof acts / sizeof acts[0])]();
}

/* ---- what must hold at the end ---- */

struct parties {
    int64_t platform, partner, sellers, author;
};

/* What everybody has of a payment by its captures, refunds and disputes, without the fees of those. */
static const struct db_column parties_columns[] = {
    { .name = "platform", .type = DB_I64, .offset = offsetof(struct parties, platform) },
    { .name = "partner", .type = DB_I64, .offset = offsetof(struct parties, partner) },
    { .name = "sellers", .type = DB_I64, .offset = offsetof(struct parties, sellers) },
    { .name = "author", .type = DB_I64, .offset = offsetof(struct parties, author) },
};
static const enum db_type two_texts[] = { DB_TEXT, DB_TEXT };
static const struct db_statement parties_of = {
    .name = "sim_parties_of",
    .sql = "with step (platform, partner, sellers, users, amounts) as ("
           "  select platform_amount, partner_amount, seller_amount, coalesce(share_users, array[user_id]),"
           "         coalesce(share_amounts, array[seller_amount]) from payment"
           "   where payment_id = $1 and captured is null and status = 'succeeded'"
           "  union all select platform_amount, partner_amount, seller_amount, share_users, share_amounts from capture"
           "   where payment_id = $1 and status = 'succeeded'"
           "  union all select -platform_amount, -partner_amount, -seller_amount, share_users,"
           "         array(select -x from unnest(share_amounts) x) from refund where payment_id = $1 and status = "
           "'succeeded'"
           "  union all select case d.fee_bearer when 'platform' then s.fee else 0 end - s.platform_amount,"
           "         case d.fee_bearer when 'partner' then s.fee else 0 end - s.partner_amount,"
           "         case d.fee_bearer when 'seller' then s.fee else 0 end - s.seller_amount,"
           "         s.share_users, array(select -x from unnest(s.share_amounts) x)"
           "    from dispute_step s join dispute d on d.dispute_id = s.dispute_id where d.payment_id = $1)"
           "select coalesce(sum(platform), 0)::bigint, coalesce(sum(partner), 0)::bigint, coalesce(sum(sellers), "
           "0)::bigint,"
           "       coalesce(sum((select sum(x.amount) from unnest(users, amounts) as x (u, amount) where x.u = $2)), "
           "0)::bigint"
           "  from step",
    .file = __FILE__,
    .cardinality = DB_ONE,
    .n_params = 2,
    .param_types = two_texts,
    .param_names = "payment author",
    .n_columns = 4,
    .columns = parties_columns,
    .row_size = sizeof(struct parties),
};

/* Whatever came in parts, and whatever went back, in any order: everybody has what he would have of that at once. */
static void shares_are_cumulative(const struct payment_find_row *p)
{
    struct split_profile split;
    struct db_rows rows;
    struct task *t = sim_outside();
    int64_t at[SPLIT_RULES_MAX], authors = 0;
    int64_t captured = p->captured_given ? p->captured : str_eq(p->status, STR("succeeded")) ? p->amount : 0;
    const struct split_state state = { captured, p->refunded + p->disputed };
    CHECK_OK(split_of_payment(t, p, &split));
    CHECK(split_position(&split, state, at));
    const struct shares expected = shares_of(&split, at);
    for (size_t i = 0; i < split.n; i++)
        if (split.rules[i].party == SPLIT_USER)
            authors += at[i];
    const struct db_value params[] = { { .type = DB_TEXT, .as.text = p->payment_id.v },
                                       { .type = DB_TEXT, .as.text = str_given(author) ? author : STR("") } };
    CHECK_OK(db_run(t, &parties_of, params, &rows));
    const struct parties *has = rows.rows;
    if (has->platform != expected.platform || has->partner != expected.partner || has->sellers != expected.seller ||
        has->author != authors)
        test_fail(__FILE__, __LINE__, "%.*s: %lld %lld %lld (%lld), and should %lld %lld %lld (%lld)",
                  STR_ARG(p->payment_id.v), (long long)has->platform, (long long)has->partner, (long long)has->sellers,
                  (long long)has->author, (long long)expected.platform, (long long)expected.partner,
                  (long long)expected.seller, (long long)authors);
}

static void payments_are_shared(void)
{
    const struct payment_find_row *rows;
    size_t n;
    struct payment_found found;
    const struct payment_wish all = { .partner = client_seller()->partner };
    CHECK_OK(payment_look(sim_outside(), &all, STR_NONE, 1000, &found));
    CHECK_OK(payment_list(sim_outside(), found.payments, &rows, &n));
    struct payment_find_row *copies = arena_array(sim_memory(), struct payment_find_row, n + 1);
    if (n > 0)
        memcpy(copies, rows, n * sizeof *rows);
    for (size_t i = 0; i < n; i++)
        shares_are_cumulative(&copies[i]);
}

/* Each question counts what is left of a partner's that should not be. */
static void nothing_is_left(const char *what, const struct db_statement *question)
{
    int64_t n = partners_number(question);
    if (n)
        test_fail(__FILE__, __LINE__, "%lld %s", (long long)n, what);
}

static void time_has_moved_all(void)
{
    QUESTION_ABOUT(sim_left_holdbacks, "select count(*) from holdback h left join deal d on d.payment_id = h.payment_id"
                                       " where h.partner_id = $1 and h.released_at is null and h.part <> 'fixed'"
                                       "   and (d.payment_id is null or d.ended_at is not null)");
    QUESTION_ABOUT(sim_left_unsettled,
                   "select count(*) from settlement_due s join payment p on p.payment_id = s.payment_id"
                   " where p.partner_id = $1 and p.status = 'succeeded'");
    QUESTION_ABOUT(sim_left_queued, "select count(*) from refund_queue where partner_id = $1 and status = 'queued'");
    nothing_is_left("parts of payments are held for good", &sim_left_holdbacks);
    nothing_is_left("payments have no days", &sim_left_unsettled);
    nothing_is_left("refunds wait for good", &sim_left_queued);
}

static void fees_are_as_agreed(void)
{
    QUESTION_ABOUT(
        sim_left_fees,
        "select count(*) from payout_fee f join payout p on p.payout_id = f.payout_id"
        " where f.partner_id = $1 and f.entry_id is not null and (f.back_entry_id is not null)"
        "  <> (p.status in ('canceled', 'rejected', 'failed') or p.status = 'returned' and f.on_return = 'return')");
    QUESTION_ABOUT(sim_left_free, "select count(*) from payout_fee f join payout p on p.payout_id = f.payout_id"
                                  " where f.partner_id = $1 and f.entry_id is null and p.confirmed_at is not null");
    QUESTION_ABOUT(
        sim_left_reserves,
        "select count(*) from reserve r join holdback h on h.source = r.reserve_id"
        "  join account a on a.partner_id = r.partner_id and a.kind = 'seller' and a.user_id = r.user_id"
        "  join balance b on b.account_id = a.account_id"
        " where r.partner_id = $1 and r.released_at is null"
        "   and (h.held < r.amount and b.posted - b.pending_out > b.held or h.held > 0 and b.posted - b.pending_out < "
        "b.held)");
    nothing_is_left("fees of payouts are not where they were agreed to be", &sim_left_fees);
    nothing_is_left("payouts have not paid their fees", &sim_left_free);
    nothing_is_left("reserves are not filled, or hold what is not there", &sim_left_reserves);
}

/* Worlds share a database, and the ones after this would fill it. */
static void reserve_end(void)
{
    const struct reserve_order none = {
        .partner = partner(), .user = { client_seller()->user }, .currency = client_currency(), .reason = BY, .by = BY
    };
    bool done;
    CHECK_OK(reserve_set(outside(), &none, &done));
}

/* What came is in the books, once; and was applied, is on its way back or there, or is a person's. */
static void transfers_are_what_happened(void)
{
    QUESTION_ABOUT(
        sim_remitted,
        "select coalesce(sum(amount), 0)::bigint from transfer_credit where partner_id = $1 and reversed_at is null");
    QUESTION_ABOUT(sim_left_credits,
                   "select count(*) from transfer_credit where partner_id = $1 and settled_at is null");
    QUESTION_ABOUT(sim_left_repayments,
                   "select count(*) from repayment where partner_id = $1 and status in ('confirmed', 'sent')");
    CHECK_I64(partners_number(&sim_remitted), remitted());
    nothing_is_left("buyers' transfers wait for good", &sim_left_credits);
    nothing_is_left("buyers' money is on its way back for good", &sim_left_repayments);
}

void terms_judge(void)
{
    remitters_end();
    for (int i = 0; i < ROUNDS; i++)
        judge_settle();
    payments_are_shared();
    limits_judge();
    parties_judge();
    tariffs_judge();
    if (!client_is_sandbox()) { /* whose time has not moved */
        time_has_moved_all();
        fees_are_as_agreed();
        transfers_are_what_happened();
        registries_judge();
    }
    reserve_end();
    life_ends();
}
