/*
 * What a user has, as long as all of it may be, and more of each than one answer holds: the answer ends before the
 * limit whose excess would end the process.
 */
#include "paysrv/flow/party/user_data.h"

#include "paysrv/store/user.sql.h"
#include "shared/http/endpoint.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/test.h"

#define EACH "from generate_series(1, 1001) n"
#define WIDE(n) "repeat(U&'\\+01F600', " #n ")" /* characters of four bytes */

static const char rows[] =
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'p', 0, 0, now());"
    "insert into pay_user (partner_id, user_id, subject, name, email_verified, created_at) "
    "values ('p', 'u', 'u', 'u', true, now());"
    "insert into store (partner_id, store_id, user_id, name, currency, url, external_id, status, status_by, "
    "status_reason, status_at, created_at) select 'p', 'st_' || n, 'u', " WIDE(
        200) ", 'EUR', 'https://' || "
             "repeat('x', 490), rpad('e' || n, 200, 'x'), 'suspended', 'partner', " WIDE(
                 200) ", now(), now() " EACH ";"
                      "insert into store_tariff (partner_id, tariff_id, store_id, platform_bp, partner_bp, valid_from, "
                      "created_at, "
                      "created_by) select 'p', 't' || n, 'st_' || n, 0, 0, timestamptz 'epoch', now(), 'x' " EACH ";"
                      "insert into store_branding (store_id, partner_id, display_name, support_email, support_url, "
                      "updated_at) "
                      "select 'st_' || n, 'p', " WIDE(
                          100) ", repeat('x', 250) || '@a.b', 'https://' || repeat('x', 490), now() " EACH ";"
                               "insert into store_domain (partner_id, store_id, host, proof, created_at, verified_at, "
                               "verified_by) "
                               "select 'p', 'st_' || n, rpad('h' || m, 253, 'x'), 'x', now(), now(), 'dns' " EACH
                               " cross join "
                               "generate_series(1, 10) m;"
                               "insert into requisite (partner_id, requisite_id, user_id, version, kind, iban, "
                               "holder_name, country, town, street,"
                               " building, postcode, masked, destination, created_at) select 'p', 'rq_' || n, 'u', n, "
                               "'bank_account', "
                               "'DE89370400440532013000', " WIDE(70) ", 'DE', " WIDE(35) ", " WIDE(70) ", " WIDE(
                                   16) ", " WIDE(16) ", 'x', "
                                                     "sha256(''), now() " EACH ";"
                                                     "insert into confirmation (confirmation_id, partner_id, user_id, "
                                                     "operation, object_id, recipient, label, "
                                                     "summary, hash, requested_by, status, created_at, expires_at, "
                                                     "confirmed_at, clock) select 'cn_' || n, 'p', 'u', "
                                                     "'store', 'st_' || n, repeat('x', 250) || '@a.b', 'x', "
                                                     "json_build_object('store', " WIDE(
                                                         200) ", 'url', 'https://' "
                                                              "|| repeat('x', 490))::text, sha256(''), 'x', "
                                                              "'confirmed', now(), now(), now(), '' " EACH ";"
                                                              "insert into payout (payout_id, partner_id, user_id, "
                                                              "requisite_id, amount, currency, destination, label, "
                                                              "status, "
                                                              "created_at, expires_at) select 'po_' || n, 'p', 'u', "
                                                              "'rq_' || n, 1, 'EUR', sha256(''), 'K' || n, 'canceled', "
                                                              "now(), now() " EACH;

static const char rows_of_papers[] =
    "insert into legal_profile (partner_id, user_id, version, kind, name, tax_id, "
    "registration_number, country, town, "
    "street, building, postcode, birth_date, created_by, created_at) select 'p', 'u', n, "
    "'individual', " WIDE(200) ", repeat('1', 40), repeat('1', 40), 'DE', " WIDE(70) ", " WIDE(70) ", " WIDE(
        16) ", " WIDE(16) ", '1990-01-01', 'x', now() " EACH ";"
                          "insert into agreement_acceptance (acceptance_id, "
                          "partner_id, user_id, agreement_id, version, content_hash, "
                          "accepted_by, accepted_ip, user_agent, accepted_at) select "
                          "'acc_' || n, 'p', 'u', 'agr_' || n, "
                          "repeat('1', 40), sha256(''), 'partner', repeat('f', 45), "
                          "repeat('\\', 500), now() " EACH ";"
                          "insert into payout_schedule (schedule_id, partner_id, "
                          "user_id, requisite_id, currency, unit, day, minute, "
                          "zone, settles, minimum, label, status, hash, created_at, "
                          "expires_at, ended_at) select 'pos_' || n, 'p', "
                          "'u', 'rq_' || n, 'EUR', 'day', 0, 0, 'UTC', false, 1, "
                          "'K7', 'ended', sha256(''), now(), now(), now() " EACH;

TEST(all_that_is_kept_about_a_user_fits_into_an_answer)
{
    struct db_config config;
    struct task t;
    struct buf out;
    struct json j;
    const struct user_find_row *user;
    const struct json_value *data;
    paysrv_rows_begin(arena, &t, &config, arena_cstr(arena, arena_printf(arena, "%s;%s", rows, rows_of_papers)));
    CHECK_OK(user_find(&t, (partner_id){ STR("p") }, (user_id){ STR("u") }, &user));
    buf_init(&out, arena, RESPONSE_MAX_BYTES);
    json_begin(&j, &out);
    CHECK_OK(user_data_write(&t, &j, (partner_id){ STR("p") }, user, false));
    json_end(&j);
    CHECK(json_parse_own(arena, buf_str(&out), &data));
    static const char *const cut[] = { "legal_profiles", "agreement_acceptances", "requisites",   "stores",
                                       "payouts",        "payout_schedules",      "confirmations" };
    for (size_t i = 0; i < sizeof cut / sizeof cut[0]; i++)
        CHECK_I64((int64_t)json_size(json_get(data, cut[i])), 200);
    CHECK_I64((int64_t)json_size(json_get(data, "more")), sizeof cut / sizeof cut[0]);
    db_close(t.db);
}
