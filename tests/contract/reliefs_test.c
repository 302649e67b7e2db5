/*
 * What others bore for a seller while a dispute held his money comes back to them when it is won
 * (docs/decisions/0086): all of it, and what counts is the order of entries. Their times are those of the tasks that
 * booked them, and a task that began before may book after.
 */
#include "paysrv/flow/ledger/negative.h"
#include "paysrv/store/dispute.sql.h"
#include "paysrv/store/negative.sql.h"
#include "tests/contract/beside.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

#define DISPUTE ((dispute_id){ { "dp_1", 4 } })
/* A payment of 100 that was taken back; usr_1 owes as much. */
#define HELD_ROWS                                                                                                      \
    USER_ROWS                                                                                                          \
    "insert into store (partner_id, store_id, user_id, name, currency, created_at) values ('p', 'st_1', 'usr_1', "     \
    "'S', 'EUR', now());"                                                                                              \
    "insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, "              \
    "partner_amount, seller_amount, platform_bp, partner_bp, status, description, origins, created_at, expires_at, "   \
    "succeeded_at, disputed) values ('pay_1', 'p', 'st_1', 'usr_1', 'EUR', 100, 0, 0, 100, 0, 0, 'succeeded', 'x', "   \
    "'{}', now(), now(), now(), 100);"                                                                                 \
    "insert into dispute (dispute_id, partner_id, payment_id, acquirer_ref, sequence, phase, status, reason, "         \
    "currency, amount, fee, fee_bearer, booked, created_at, closed_at) values ('dp_1', 'p', 'pay_1', 'dis_1', 1, "     \
    "'chargeback', 'won', 'general', 'EUR', 100, 0, 'seller', 'held', now(), now());"                                  \
    "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value values "      \
    "(1, 'p', 'seller', 'usr_1', 'EUR', -1), (2, 'p', 'partner', '', 'EUR', -1), (3, 'p', 'disputed', '', 'EUR', -1);" \
    "insert into balance (account_id, is_spent, posted, negative_since) values (1, true, -100, now()), (2, false, 0, " \
    "null), (3, false, 0, null);"                                                                                      \
    "insert into dispute_step (dispute_id, step, amount, fee, platform_amount, partner_amount, seller_amount, "        \
    "share_users, share_amounts, entry_id, created_at) values ('dp_1', 'hold', 100, 0, 0, 0, 100, '{usr_1}', "         \
    "'{100}', -20, now());"
/* Its entry has the place -10. */
#define GIVEN_ROWS                                                                                                     \
    HELD_ROWS                                                                                                          \
    "update dispute set booked = 'returned';"                                                                          \
    "insert into dispute_step (dispute_id, step, amount, fee, platform_amount, partner_amount, seller_amount, "        \
    "share_users, share_amounts, entry_id, created_at) values ('dp_1', 'return', 100, 0, 0, 0, 100, '{usr_1}', "       \
    "'{-100}', -10, now());"
#define RELIEF                                                                                                         \
    "insert into balance_relief (relief_id, kind, partner_id, user_id, currency, amount, borne_by, reason, made_by, "  \
    "entry_id, created_at) "

static str recoverable(struct arena *arena, struct task *t)
{
    const struct relief_recoverable_row *rows;
    size_t n;
    str ret = STR("");
    CHECK_OK(relief_recoverable(t, DISPUTE, 9, &rows, &n));
    for (size_t i = 0; i < n; i++)
        ret = arena_printf(arena, "%.*s%s%.*s", STR_ARG(ret), i > 0 ? " " : "", STR_ARG(rows[i].relief_id));
    return ret;
}

TEST(what_was_borne_while_a_dispute_held_the_money_is_told_by_the_order_of_entries)
{
    struct task t;
    beside_begin(arena, &t,
                 GIVEN_ROWS RELIEF
                 "select id, 'cover', 'p', 'usr_1', 'EUR', 10, 'partner', 'x', 'policy', entry, now() + late from "
                 "(values ('brl_before', -25, interval '0'), ('brl_early', -19, interval '-10 s'), ('brl_between', "
                 "-15, interval '0'), ('brl_late', -11, interval '10 s'), ('brl_after', -5, interval '0')) r (id, "
                 "entry, late)");
    CHECK_STR(recoverable(arena, &t), STR("brl_between brl_early brl_late"));
    db_close(t.db);
}

/* ---- however many ---- */

TEST(all_that_was_borne_comes_back_however_often_that_was)
{
    struct task t;
    beside_begin(arena, &t,
                 GIVEN_ROWS "update dispute_step set seller_amount = 1000, share_amounts = case step when 'hold' then "
                            "'{1000}' else '{-1000}' end::bigint[];" RELIEF
                            "select 'brl_' || to_char(n, 'FM000'), 'cover', 'p', 'usr_1', 'EUR', 4, 'partner', 'x', "
                            "'policy', -15, now() from generate_series(1, 210) n");
    CHECK_OK(negatives_recover(&t, DISPUTE));
    CHECK_STR(test_postgres_sql(arena, "select count(*), sum(amount), count(distinct recovers) from pay.balance_relief "
                                       "where kind = 'recovery'"),
              STR("210|840|210"));
    CHECK_OK(negatives_recover(&t, DISPUTE));
    CHECK_STR(test_postgres_sql(arena, "select posted from pay.balance where account_id = 1"), STR("-940"));
    db_close(t.db);
}

/* The first seller has more debts than come back to him, which are no reason to pass over the second. */
TEST(who_bore_the_debt_of_a_later_seller_has_it_back_too)
{
    struct task t;
    beside_begin(
        arena, &t,
        GIVEN_ROWS
        "insert into pay_user (partner_id, user_id, name, email_verified, created_at) values ('p', 'usr_2', 'V', true, "
        "now());"
        "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value values "
        "(4, 'p', 'seller', 'usr_2', 'EUR', -1);"
        "insert into balance (account_id, is_spent, posted) values (4, true, 0);"
        "update dispute_step set share_users = '{usr_1,usr_2}', share_amounts = '{-7,-3}' where step = 'return';" RELIEF
        "select 'brl_' || to_char(n, 'FM000'), 'cover', 'p', case when n > 120 then 'usr_2' else 'usr_1' end, 'EUR', "
        "2, 'partner', 'x', 'policy', -15, now() from generate_series(1, 125) n");
    CHECK_OK(negatives_recover(&t, DISPUTE));
    CHECK_STR(test_postgres_sql(arena, "select string_agg(user_id || ' ' || amount, ', ' order by user_id, recovers) "
                                       "from pay.balance_relief where kind = 'recovery'"),
              STR("usr_1 2, usr_1 2, usr_1 2, usr_1 1, usr_2 2, usr_2 1"));
    db_close(t.db);
}

/* ---- both at one moment ---- */

static err cover(struct task *t, int64_t amount_minor)
{
    bool done;
    const struct relief relief = { .partner = P,
                                   .user = USER,
                                   .currency = STR("EUR"),
                                   .amount_minor = amount_minor,
                                   .borne_by = STR("partner"),
                                   .reason = STR("x"),
                                   .by = STR("policy") };
    return balance_relief_make(t, &relief, &done);
}

static err cover_first(struct task *t)
{
    return cover(t, 1);
}

static err cover_more(struct task *t)
{
    return cover(t, 2);
}

static err give_back(struct task *t)
{
    static const str users[] = { { "usr_1", 5 } }, kinds[] = { { "disputed", 8 }, { "seller", 6 } };
    static const int64_t shares[] = { -100 }, amounts[] = { 100, -100 };
    const struct dispute_book_row *row;
    const struct dispute_book_args args = { .dispute = DISPUTE,
                                            .payment = { STR("pay_1") },
                                            .from = STR("held"),
                                            .to = STR("returned"),
                                            .step = STR("return"),
                                            .sequence = 1,
                                            .captured = 100,
                                            .returned = 100,
                                            .amount = 100,
                                            .kinds = { kinds, 2 },
                                            .amounts = { amounts, 2 },
                                            .share_users = { users, 1 },
                                            .share_amounts = { shares, 1 },
                                            .event = { STR("evt_r") },
                                            .type = STR("dispute.funds_returned"),
                                            .data = STR("{}") };
    return dispute_book(t, &args, &row);
}

/* The return waits for the seller's balance, and has no place among the entries before it has that. */
TEST(what_is_borne_while_the_return_waits_for_it_comes_before_it)
{
    struct task t;
    waiting_then(arena, HELD_ROWS, cover_first, give_back, cover_more);
    CHECK_STR(test_postgres_sql(arena, "select string_agg(kind, ' ' order by entry_id) from pay.entry"),
              STR("cover cover dispute_return"));
    beside_task(arena, &t);
    CHECK_OK(negatives_recover(&t, DISPUTE));
    CHECK_STR(test_postgres_sql(arena, "select count(*), sum(amount) from pay.balance_relief where kind = 'recovery'"),
              STR("2|3"));
    db_close(t.db);
}
