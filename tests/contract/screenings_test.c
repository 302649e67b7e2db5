/*
 * The job that asks the operator's service about payees: of one that does not answer few are asked about in a round,
 * and what was not asked about is not counted as asked, or it would be operators' who wait for nothing.
 */
#include "paysrv/flow/payout/screening.h"

#include "paysrv/app.h"
#include "paysrv/flow/env.h"
#include "shared/net/fetcher.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"
#include "tests/unit/shared/net/canned.h"

#define ROWS                                                                                                           \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'P', 0, 0, now());"      \
    "insert into requisite (partner_id, requisite_id, user_id, version, kind, iban, holder_name, country, town, "      \
    "masked, destination, created_at, usable_from) values ('p', 'req', 'usr', 1, 'bank_account', "                     \
    "'DE89370400440532013000', 'H', 'DE', 'B', 'DE', sha256(''), now(), now());"                                       \
    "insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, " \
    "created_at, expires_at) select 'po_' || n, 'p', 'usr', 'req', 1, 'EUR', sha256(''), 'K' || n, "                   \
    "'awaiting_approval', now(), now() from generate_series(1, 5) as n;"                                               \
    "insert into payout_screening (payout_id, partner_id, requisite_id, waits_too, state, due_at, created_at) select " \
    "'po_' || n, 'p', 'req', false, 'open', now() - interval '1 minute' + n * interval '1 second', now() from "        \
    "generate_series(1, 5) as n;"

TEST(a_service_that_does_not_answer_is_asked_about_few_and_the_others_are_not_counted)
{
    static struct app app = { .env = &pay_env_live };
    struct db_config config;
    struct task t;
    paysrv_rows_begin(arena, &t, &config, ROWS);
    struct canned *service = canned_start(CANNED_SLAM, "127.0.0.1", 0, "");
    const struct fetch_policy policy = { .allow_http = true,
                                         .allow_networks = { "127.0.0.0/8", 11 },
                                         .any_port = true };
    t.app = &app;
    t.fetcher = fetcher_open(&policy);
    app.config.screening_url = arena_printf(arena, "http://127.0.0.1:%d/", canned_port(service));
    app.config.screening_secret_file.hidden = STR("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3");
    CHECK_OK(screenings_run(&t));
    CHECK_STR(test_postgres_sql(arena, "select string_agg(tries::text, ' ' order by payout_id), count(*) filter (where "
                                       "due_at > now()) from pay.payout_screening"),
              STR("1 1 1 0 0|3"));
    CHECK_OK(screenings_run(&t));
    CHECK_STR(test_postgres_sql(arena, "select string_agg(tries::text, ' ' order by payout_id) from "
                                       "pay.payout_screening where state = 'open'"),
              STR("1 1 1 1 1"));
    fetcher_close(t.fetcher);
    canned_stop(service);
    db_close(t.db);
}
