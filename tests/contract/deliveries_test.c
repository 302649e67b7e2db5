/*
 * Deliveries beside what others do: nobody waits for who deletes an endpoint when outcomes are written down for many,
 * and two servers never hand out the events of one object at a time.
 */
#include <stdatomic.h>

#include "paysrv/flow/message/event_life.h"
#include "paysrv/store/batch_webhook.sql.h"
#include "paysrv/store/webhook.sql.h"
#include "tests/contract/beside.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

#define DUE_US 1000000
#define DELIVERY_ROWS                                                                                                  \
    USER_ROWS                                                                                                          \
    "insert into webhook_endpoint (partner_id, webhook_endpoint_id, url, events, secret, paused_until, busy_until, "   \
    "created_at) select 'p', 'we_' || n, 'u', '{}', '', now(), now(), now() from generate_series(1, 2) n;"             \
    "insert into event (event_id, partner_id, type, object_id, data, created_at, is_pending, sequence) values "        \
    "('evt_1', 'p', 't', 'o', '{}', now(), false, 1);"                                                                 \
    "insert into webhook_delivery (webhook_endpoint_id, event_id, status, due_at, created_at) select 'we_' || n, "     \
    "'evt_1', 'pending', timestamptz 'epoch' + interval '1 second', now() from generate_series(1, 2) n;"

static atomic_bool is_written;

static err endpoint_deleted(struct task *t)
{
    int64_t n;
    return webhook_endpoint_delete(t, P, (webhook_endpoint_id){ STR("we_1") }, &n);
}

#define LONG_AGO ((instant){ 0 })

/* So many of its deliveries. -1: none is looked at now. */
static err leavings_purged(struct task *t, int64_t most, instant before, int64_t *ret)
{
    const struct webhook_leavings_purge_row *row;
    TRY(webhook_leavings_purge(t, most, before, instant_add(task_wall(t), SECONDS(-1)), &row));
    *ret = row ? row->n : -1;
    return OK;
}

static err endpoint_deleted_with_deliveries(struct task *t)
{
    int64_t n;
    TRY(endpoint_deleted(t));
    TRY(leavings_purged(t, 9, LONG_AGO, &n));
    return n == 1 ? OK : FAIL(t, INTERNAL, "not what was delivered to it");
}

static struct webhook_deliveries_record_item delivered(str endpoint)
{
    return (struct webhook_deliveries_record_item){ .endpoint = endpoint,
                                                    .event = STR("evt_1"),
                                                    .was_due_us = DUE_US,
                                                    .status = STR("delivered"),
                                                    .due_us = DUE_US,
                                                    .answered = 204,
                                                    .why = STR("") };
}

static err outcomes_written(struct task *t)
{
    const struct webhook_deliveries_record_item items[] = { delivered(STR("we_1")), delivered(STR("we_2")) };
    const struct webhook_deliveries_record_row *rows;
    size_t n;
    TRY(webhook_deliveries_record(t, items, 2, &rows, &n));
    atomic_store(&is_written, n == 1 && rows[0].n == 2);
    return OK;
}

static err it_is_written(struct task *t)
{
    return atomic_load(&is_written) ? OK : FAIL(t, INTERNAL, "it waits for the one that is deleted");
}

TEST(outcomes_of_others_do_not_wait_for_an_endpoint_that_is_deleted)
{
    atomic_store(&is_written, false);
    waiting_while(arena, DELIVERY_ROWS, endpoint_deleted_with_deliveries, outcomes_written, it_is_written);
    CHECK_STR(test_postgres_sql(arena, "select string_agg(webhook_endpoint_id || ' ' || status, ', ') from "
                                       "pay.webhook_delivery"),
              STR("we_2 delivered"));
}

/* An event that is fresh. */
#define FRESH_ROW                                                                                                      \
    DELIVERY_ROWS                                                                                                      \
    "insert into event (event_id, partner_id, type, object_id, data, created_at, is_pending, sequence) values "        \
    "('evt_2', 'p', 't', 'o', '{}', now(), true, 2);"

static _Atomic int64_t handed_out; /* by the other */

static err other_hands_out(struct task *t)
{
    const struct webhook_fan_out_row *row;
    TRY(webhook_fan_out(t, &row));
    handed_out = row->n;
    return OK;
}

static err it_is_handed_out(struct task *t)
{
    return handed_out == 1 ? OK : FAIL(t, INTERNAL, "it waits for the one that is deleted");
}

TEST(events_are_handed_out_while_an_endpoint_is_deleted)
{
    handed_out = -1;
    waiting_while(arena, FRESH_ROW, endpoint_deleted, other_hands_out, it_is_handed_out);
    CHECK_STR(test_postgres_sql(arena, "select string_agg(webhook_endpoint_id, ' ') from pay.webhook_delivery where "
                                       "event_id = 'evt_2' and webhook_endpoint_id = 'we_2'"),
              STR("we_2"));
}

TEST(what_was_delivered_to_an_endpoint_goes_bit_by_bit_and_what_is_handed_to_it_too_late_as_well)
{
    struct task t;
    int64_t n = 0;
    beside_begin(arena, &t,
                 DELIVERY_ROWS
                 "insert into event (event_id, partner_id, type, object_id, data, created_at, is_pending, sequence) "
                 "select 'evt_2' || n, 'p', 't', 'o', '{}', now(), false, 2 + n from generate_series(1, 4) n;"
                 "insert into webhook_delivery (webhook_endpoint_id, event_id, status, due_at, created_at) select "
                 "'we_1', event_id, 'delivered', now(), now() from event where event_id like 'evt_2%';");
    CHECK_OK(leavings_purged(&t, 2, LONG_AGO, &n));
    CHECK_I64(n, -1);
    CHECK_OK(endpoint_deleted(&t));
    static const int64_t gone[] = { 2, 2, 1, 0, 1, 0 };
    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++) {
        if (i == 4)
            test_postgres_sql(arena, "insert into pay.webhook_delivery (webhook_endpoint_id, event_id, status, due_at, "
                                     "created_at) values ('we_1', 'evt_22', 'pending', now(), now()) returning ''");
        CHECK_OK(leavings_purged(&t, 2, LONG_AGO, &n));
        CHECK_I64(n, gone[i]);
    }
    CHECK_STR(test_postgres_sql(arena, "select count(*) from pay.webhook_endpoint_gone"), STR("1"));
    CHECK_OK(leavings_purged(&t, 2, instant_add(task_wall(&t), HOURS(1)), &n));
    CHECK_I64(n, 0);
    CHECK_STR(test_postgres_sql(arena, "select count(*) from pay.webhook_endpoint_gone"), STR("0"));
    CHECK_STR(test_postgres_sql(arena, "select string_agg(webhook_endpoint_id, ' ') from pay.webhook_delivery"),
              STR("we_2"));
    db_close(t.db);
}

TEST(what_an_endpoint_has_left_goes_also_when_old_events_cannot)
{
    struct task t;
    beside_begin(arena, &t,
                 DELIVERY_ROWS "alter table event_horizon rename to event_horizon_away;"
                               "insert into webhook_endpoint_gone (webhook_endpoint_id, gone_at, due_at) values "
                               "('we_1', now(), now());");
    bool has_failed = events_sweep(&t) != OK;
    test_postgres_sql(arena, "alter table pay.event_horizon_away rename to event_horizon");
    CHECK(has_failed);
    CHECK_STR(test_postgres_sql(arena, "select string_agg(webhook_endpoint_id, ' ') from pay.webhook_delivery"),
              STR("we_2"));
    db_close(t.db);
}

/* More than one takes at a time. */
#define FRESH_ROWS                                                                                                     \
    USER_ROWS                                                                                                          \
    "insert into event (event_id, partner_id, type, object_id, data, created_at, is_pending, sequence) select "        \
    "'evt_' || 1000 + n, 'p', 't', 'o', '{}', now(), true, n from generate_series(1, 501) n;"

static err handing_out(struct task *t)
{
    const struct webhook_fan_out_row *row;
    TRY(webhook_fan_out(t, &row));
    return row->n == 500 ? OK : FAIL(t, INTERNAL, "not all that it may");
}

TEST(later_events_of_an_object_are_not_handed_out_beside_earlier_ones)
{
    handed_out = -1;
    waiting(arena, FRESH_ROWS, handing_out, other_hands_out);
    CHECK_I64(handed_out, 0);
    CHECK_STR(test_postgres_sql(arena, "select string_agg(event_id, ' ') from pay.event where is_pending"),
              STR("evt_1501"));
}

/* An endpoint of one store: 9,000 events of another store's payment, then three of its own. */
#define REPLAYED_ROWS                                                                                                  \
    "insert into webhook_endpoint (partner_id, webhook_endpoint_id, url, events, secret, paused_until, busy_until, "   \
    "created_at, store_id) values ('p', 'we_1', 'u', '{}', '', now(), now(), now(), 'st_mine');"                       \
    "insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, "              \
    "partner_amount, seller_amount, platform_bp, partner_bp, status, description, origins, created_at, expires_at) "   \
    "select 'pay_' || s, 'p', 'st_' || s, 'usr_1', 'EUR', 100, 0, 0, 100, 0, 0, 'processing', 'x', '{}', now(), "      \
    "now() from unnest('{mine,other}'::text[]) s;"                                                                     \
    "insert into event (event_id, partner_id, type, object_id, data, created_at, is_pending, sequence) select "        \
    "'evt_' || 10000 + n, 'p', 'payment.updated', case when n > 9000 then 'pay_mine' else 'pay_other' end, '{}', "     \
    "now(), false, n from generate_series(1, 9003) n;"

static const struct webhook_replay_range_row *replayed(struct task *t, const char *from, int64_t most)
{
    const struct webhook_replay_range_row *row;
    CHECK_OK(webhook_replay_range(t, P, (webhook_endpoint_id){ STR("we_1") }, str_of(from), STR("evt_~"), STR("ping"),
                                  most, &row));
    return row;
}

TEST(a_replay_looks_at_so_many_events_and_goes_on_behind_them)
{
    struct task t;
    struct db_config config;
    const struct webhook_replay_range_row *row;
    paysrv_rows_begin(arena, &t, &config, REPLAYED_ROWS);
    row = replayed(&t, "evt_10001", 9);
    CHECK(row->n == 0 && row->has_more);
    CHECK_STR(row->last_event, STR("evt_15000"));
    row = replayed(&t, "evt_15000", 2);
    CHECK(row->n == 2 && row->has_more);
    CHECK_STR(row->last_event, STR("evt_19002"));
    row = replayed(&t, "evt_19002", 9);
    CHECK(row->n == 2 && !row->has_more);
    CHECK_STR(row->last_event, STR("evt_19003"));
    row = replayed(&t, "evt_19004", 9);
    CHECK(row->n == 0 && !row->has_more && !str_given(row->last_event));
    CHECK_STR(test_postgres_sql(arena, "select string_agg(event_id, ' ' order by event_id) from pay.webhook_delivery"),
              STR("evt_19001 evt_19002 evt_19003"));
    db_close(t.db);
}
