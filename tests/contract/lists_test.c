/*
 * What is looked for among more payments than one look goes through (docs/decisions/0087-lists-of-payments.md): all
 * that is wanted is found once, newest first, and a look that finds nothing says where to go on.
 */
#include <string.h>

#include "paysrv/faults.h"
#include "paysrv/flow/payment/payment_search.h"
#include "paysrv/flow/request_log.h"
#include "paysrv/store/operator.sql.h"
#include "shared/db/db.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/test.h"

#define LETTERS "'0123456789abcdefghjkmnpqrstvwxyz'"

/* Of each of two partners one a second, with ids that have the time in them as real ones do; few are not paid. */
#define ROWS                                                                                                           \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) select p, p, 0, 0, now()"             \
    "  from unnest('{a,b}'::text[]) p;"                                                                                \
    "insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, "              \
    "partner_amount,"                                                                                                  \
    "    seller_amount, platform_bp, partner_bp, status, description, origins, external_id, created_at, expires_at)"   \
    " select 'pay_' || i.text || lpad(n || p, 16, '0'), p, 'st_' || p, 'usr_' || n % 2, 'EUR', n, 0, 0, n, 0, 0,"      \
    "    case when n % 6000 = 1 then 'processing' else 'succeeded' end, 'x', '{}', 'order-' || n, "                    \
    "to_timestamp(1700000000 + n), now()"                                                                              \
    "   from generate_series(1, 25000) n"                                                                              \
    "  cross join lateral (select string_agg(substr(" LETTERS                                                          \
    ", (((1700000000 + n)::bigint * 1000 >> (45 - 5 * k)) & 31)::int + 1, 1),"                                         \
    "                                        '' order by k) as text from generate_series(0, 9) k) i"                   \
    "  cross join unnest('{a,b}'::text[]) p;"                                                                          \
    "update payment set charge_id = 'cha_' || partner_id where amount = 77;"                                           \
    "insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, is_open, created_at, "   \
    "due_at, card)"                                                                                                    \
    " select charge_id, 'charge', partner_id, payment_id, amount, currency, 'ok', false, now(), now(), 'visa 0077'"    \
    "   from payment where amount = 77"

static size_t walk(struct task *t, const struct payment_wish *wish, size_t most, size_t *looks)
{
    struct payment_found found = { .has_more = true };
    str last = STR("pay`");
    size_t n = 0;
    for (*looks = 0; found.has_more && *looks < 100; ++*looks) {
        CHECK_OK(payment_look(t, wish, found.next, most, &found));
        for (size_t i = 0; i < found.payments.n; i++) {
            CHECK(memcmp(found.payments.items[i].p, last.p, last.n) < 0);
            last = found.payments.items[i];
        }
        n += found.payments.n;
        CHECK(found.has_more == str_given(found.next));
    }
    return n;
}

#define FOUND(most, ...) walk(&t, &(struct payment_wish){ __VA_ARGS__ }, most, &looks)

TEST(a_search_finds_each_payment_once_however_many_looks_it_takes)
{
    struct db_config config;
    struct task t;
    size_t looks;
    paysrv_rows_begin(arena, &t, &config, ROWS);
    CHECK_I64(FOUND(100, .status = STR("processing")), 10);
    CHECK_I64(looks, 2); /* 50,000 are more than one goes through */
    CHECK_I64(FOUND(2, .partner = STR("a"), .status = STR("processing")), 5);
    CHECK_I64(looks, 3); /* each full but the last, however far they are apart */
    CHECK_I64(FOUND(1, .partner = STR("a"), .status = STR("processing")), 5);
    CHECK_I64(FOUND(1000, .partner = STR("b")), 25000);
    CHECK_I64(looks, 25);
    CHECK_I64(FOUND(10, .partner = STR("a"), .seller = STR("usr_1"), .amount_min = 100, .amount_max = 199), 50);
    CHECK_I64(FOUND(10, .partner = STR("a"), .store = STR("st_b")), 0);
    CHECK_I64(FOUND(10, .currency = STR("USD")), 0);
    CHECK_I64(looks, 2);
    CHECK_I64(FOUND(10, .partner = STR("nobody")), 0);
    CHECK_I64(looks, 1);

    /* Times are places among ids: from the hundredth second on, and the next fifty-nine. */
    CHECK_I64(FOUND(1000, .from = STR("2023-11-14T22:15:00Z"), .to = STR("2023-11-14T22:16:00Z")), 120);
    CHECK_I64(looks, 1);
    CHECK_I64(FOUND(7, .partner = STR("a"), .from = STR("2023-11-14T22:15:00Z"), .to = STR("2023-11-14T22:16:00Z")),
              60);

    /* Names are found alone, however old. */
    CHECK_I64(FOUND(10, .partner = STR("a"), .label = STR("order-77")), 1);
    CHECK_I64(FOUND(10, .name = STR("order-77")), 2);
    CHECK_I64(FOUND(10, .name = STR("order-77"), .partner = STR("b")), 1);
    CHECK_I64(FOUND(10, .name = STR("order-77"), .status = STR("processing")), 0);

    /* A card is that of the charge, and is looked for in what is all else that is wanted. */
    CHECK_I64(FOUND(10, .last4 = STR("0077")), 2);
    CHECK_I64(looks, 2);
    CHECK_I64(FOUND(10, .partner = STR("b"), .last4 = STR("0077"), .amount_min = 77, .amount_max = 77), 1);
    CHECK_I64(FOUND(10, .last4 = STR("0077"), .amount_min = 78), 0);
    CHECK_I64(FOUND(10, .last4 = STR("0078")), 0);
    db_close(t.db);
}

TEST(what_is_wrong_with_a_wish_is_named)
{
    struct task t = { .arena = arena, .now = wall_clock_now(), .what = "test" };
    struct payment_found found;
    const struct {
        struct payment_wish wish;
        const char *param;
    } wrong[] = {
        { { .status = STR("open") }, "status" },
        { { .currency = STR("EUX") }, "currency" },
        { { .from = STR("yesterday") }, "from" },
        { { .to = STR("2026-11-27") }, "to" },
        { { .from = STR("2026-11-27T10:00:00Z"), .to = STR("2026-11-27T10:00:00Z") }, "from" },
        { { .amount_min = 2, .amount_max = 1 }, "amount_max" },
        { { .last4 = STR("424a") }, "last4" },
        { { .last4 = STR("4242"), .name = STR("order-1") }, "last4" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        err e = payment_look(&t, &wrong[i].wish, STR_NONE, 10, &found);
        CHECK(e && err_is(e, &FAULT_INVALID_PARAMETER));
        CHECK_STR(e->param, str_of(wrong[i].param));
    }
}

/* What became of a payment much later, and more events of others between than a page of theirs has. */
#define EVENTS                                                                                                         \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('a', 'a', 0, 0, now());"      \
    "insert into event (event_id, partner_id, type, object_id, data, created_at)"                                      \
    " select 'evt_' || lpad(n::text, 26, '0'), 'a', 'payment.succeeded', 'pay_' || n, '{}', now()"                     \
    "   from generate_series(1, 60000) n;"                                                                             \
    "insert into event (event_id, partner_id, type, object_id, data, created_at) values ('evt_1', 'a', "               \
    "'refund.succeeded', 're_1', '{}', now()), ('evt_2', 'a', 'dispute.opened', 'dp_1', '{}', now())"

TEST(what_became_of_a_payment_is_found_however_much_happened_between)
{
    struct db_config config;
    struct task t;
    const struct operator_payment_events_row *rows;
    size_t n;
    str objects[] = { STR("pay_1"), STR("re_1"), STR("dp_1") };
    paysrv_rows_begin(arena, &t, &config, EVENTS);
    CHECK_OK(operator_payment_events(&t, (str_array){ objects, 3 }, &rows, &n));
    CHECK_I64((int64_t)n, 3);
    CHECK_STR(rows[0].type, STR("payment.succeeded"));
    CHECK_STR(rows[1].type, STR("refund.succeeded"));
    CHECK_STR(rows[2].type, STR("dispute.opened"));
    db_close(t.db);
}

/* One a second, of which the oldest is the only one of its method, and one of the refused the only one of its status.
 */
#define REQUESTS                                                                                                       \
    "insert into request_log (partner_id, created_at, request_id, client_id, method, route, path, status, elapsed_us)" \
    " select 'a', now() - n * interval '1 second', 'r' || n, 'c', case n when 25000 then 'PUT' else 'GET' end, '/v1'," \
    " '/v1', case when n = 24000 then 409 when n % 2 = 0 then 404 else 200 end, 1 from generate_series(1, 25000) n"

static size_t requests_walk(struct task *t, const struct request_wish *wish, size_t most, size_t *looks)
{
    struct request_found found = { .has_more = true };
    struct request_place place;
    size_t n = 0;
    for (*looks = 0; found.has_more; (*looks)++) {
        place = found.next;
        CHECK_OK(request_log_search(t, (partner_id){ STR("a") }, wish, *looks ? &place : NULL, most, &found));
        CHECK(found.n <= most && (!found.is_cut || (found.has_more && found.n < most + 1)));
        n += found.n;
    }
    return n;
}

TEST(of_the_log_of_requests_so_many_are_looked_at_and_the_page_says_where_to_go_on)
{
    static const struct {
        struct request_wish wish;
        size_t most, n, looks;
    } cases[] = {
        { { .method = STR("PUT") }, 10, 1, 3 },      { { .status = STR("3xx") }, 10, 0, 3 },
        { { .path = STR("/never") }, 10, 0, 3 },     { { .status = STR("409") }, 10, 1, 2 },
        { { .code = STR("never") }, 10, 0, 2 },      { { .status = STR("4xx") }, 7000, 12500, 2 },
        { { .method = STR_NONE }, 10000, 25000, 3 }, { { .method = STR("GET") }, 9999, 24999, 3 },
    };
    struct db_config config;
    struct task t;
    size_t looks;
    paysrv_rows_begin(arena, &t, &config, REQUESTS);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK_I64((int64_t)requests_walk(&t, &cases[i].wish, cases[i].most, &looks), (int64_t)cases[i].n);
        CHECK_I64((int64_t)looks, (int64_t)cases[i].looks);
    }
    db_close(t.db);
}
