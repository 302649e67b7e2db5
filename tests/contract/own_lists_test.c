/*
 * Lists that have a way of their own for a partner's, a user's and a store's (docs/decisions/0089-lists-of-users.md):
 * whichever way is taken, each row that is wanted is found once, newest first, page by page. Rows are written without
 * foreign keys and triggers.
 */
#include <string.h>

#include "paysrv/faults.h"
#include "paysrv/flow/dispute/dispute_search.h"
#include "paysrv/store/confirmation.sql.h"
#include "paysrv/store/dispute.sql.h"
#include "paysrv/store/invoice.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/price.sql.h"
#include "paysrv/store/requisite.sql.h"
#include "paysrv/store/saved_card.sql.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/store/subscription.sql.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/test.h"

#define EACH "from generate_series(1, 60) n"
#define OWNER "case when n % 3 = 0 then 'few' else 'many' end"
#define STORE "'st_' || n % 6"

/* Sixty of each in six stores, of which two are of the user 'few': every third row. The status changes with every
 * sixth. */
#define ROWS                                                                                                           \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'p', 0, 0, now());"      \
    "insert into pay_user (partner_id, user_id, subject, name, email_verified, created_at) select 'p', u, u, u, "      \
    "true, "                                                                                                           \
    "now() from unnest('{few,many}'::text[]) u;"                                                                       \
    "insert into store (partner_id, store_id, user_id, name, currency, external_id, created_at) select 'p', 'st_' || " \
    "n, case when n % 3 = 0 then 'few' else 'many' end, 'x', 'EUR', 'e' || n, now() from generate_series(0, 5) n;"     \
    "insert into store_tariff (partner_id, tariff_id, store_id, platform_bp, partner_bp, valid_from, created_at, "     \
    "created_by) select 'p', 't' || n, 'st_' || n, 0, 0, timestamptz 'epoch', now(), 'x' from generate_series(0, 5) "  \
    "n;"                                                                                                               \
    "insert into price (price_id, partner_id, store_id, name, currency, amount, unit, unit_count, created_at) select " \
    "'x' || 100 + n, 'p', " STORE ", 'x', 'EUR', 1, 'week', 1, now() " EACH ";"                                        \
    "insert into saved_card (saved_card_id, partner_id, store_id, payment_id, buyer, email, mandate_id, "              \
    "consent_version, consented_at, state, token, activated_at, network_reference, last4) select 'x' || 100 + n, "     \
    "'p', " STORE                                                                                                      \
    ", 'pay_' || n, 'buyer' || n % 2, 'a@b', 'm' || n, '1', now(), 'active', '', now(), 'r', '4242' " EACH ";"         \
    "insert into subscription (subscription_id, partner_id, store_id, price_id, quantity, saved_card_id, status, "     \
    "zone, anchor_local, period_n, period_start, period_end, keep_unpaid, created_at, canceled_at, agreed_amount) "    \
    "select 'x' || 100 + n, 'p', " STORE ", 'x' || 100 + n, 1, 'x' || 100 + n, case n / 6 % 2 when 0 then 'active' "   \
    "else 'canceled' end, 'UTC', 0, 0, now(), now(), false, now(), case n / 6 % 2 when 1 then now() end, 1 " EACH ";"  \
    "insert into invoice (invoice_id, partner_id, subscription_id, store_id, kind, period_n, period_start, "           \
    "period_end, currency, total, applied, due, lines, status, created_at, finished_at) select 'x' || 100 + n, 'p', "  \
    "'x' || 100 + n, " STORE ", 'period', 0, now(), now(), 'EUR', 0, 0, 0, '[]', case n / 6 % 2 when 0 then 'paid' "   \
    "else 'void' end, now(), now() " EACH ";"                                                                          \
    "insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, "              \
    "partner_amount, seller_amount, platform_bp, partner_bp, status, description, origins, created_at, expires_at) "   \
    "select 'pay_' || n, 'p', " STORE ", " OWNER                                                                       \
    ", 'EUR', 1, 0, 0, 1, 0, 0, 'succeeded', 'x', '{}', now(), now() " EACH ";"                                        \
    "insert into dispute (dispute_id, partner_id, payment_id, user_id, acquirer_ref, sequence, phase, status, "        \
    "reason, currency, amount, fee, fee_bearer, created_at, closed_at) select 'x' || 100 + n, 'p', 'pay_' || "         \
    "n, " OWNER ", 'r' || n, 1, 'chargeback', case n / 6 % 2 when 0 then 'won' else 'lost' end, 'x', 'EUR', 1, 0, "    \
    "'seller', now(), now() " EACH ";"                                                                                 \
    "insert into confirmation (confirmation_id, partner_id, user_id, operation, object_id, recipient, label, "         \
    "summary, hash, requested_by, status, created_at, expires_at, confirmed_at, closed_at, clock) select 'x' || 100 "  \
    "+ n, 'p', " OWNER ", 'store', " STORE ", 'a@b', 'x', '{}', sha256(''), 'x', case n / 6 % 2 when 0 then "          \
    "'confirmed' else 'canceled' end, now(), now(), case n / 6 % 2 when 0 then now() end, case n / 6 % 2 when 1 then " \
    "now() end, '' " EACH ";"                                                                                          \
    "insert into requisite (partner_id, requisite_id, user_id, version, kind, iban, holder_name, country, "            \
    "town, masked, "                                                                                                   \
    "destination, created_at) select 'p', 'x' || 100 + n, " OWNER                                                      \
    ", n, 'bank_account', 'DE89370400440532013000', 'x', 'DE', 'x', "                                                  \
    "'x', sha256(''), now() " EACH ";"                                                                                 \
    "insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, " \
    "created_at, expires_at) select 'x' || 100 + n, 'p', " OWNER ", 'x' || 100 + n, 1, 'EUR', sha256(''), 'K' || n, "  \
    "case n / 6 % 2 when 0 then 'canceled' else 'expired' end, now(), now() " EACH ";"

/* What is wanted; absent: anything. A user's token comes with his id or, where lists go by stores, with his subject. */
struct wanted {
    str user, store, status, other; /* other: an object, a buyer, a payment, a name */
};

#define MOST 7

typedef err page_fn(struct task *t, const struct wanted *w, str before, str *ids, size_t *n);

#define IDS(member)                                                                                                    \
    for (size_t i = 0; i < *n; i++)                                                                                    \
    ids[i] = rows[i].member.v

static const partner_id OF = { { "p", 1 } };

static err stores_page(struct task *t, const struct wanted *w, str before, str *ids, size_t *n)
{
    const struct store_find_row *rows;
    TRY(store_list(t, OF, before, w->user, w->other, w->status, MOST, &rows, n));
    IDS(store_id);
    return OK;
}

static err confirmations_page(struct task *t, const struct wanted *w, str before, str *ids, size_t *n)
{
    const struct confirmation_find_row *rows;
    TRY(confirmation_list(t, OF, before, w->user, w->store, w->status, MOST, &rows, n));
    for (size_t i = 0; i < *n; i++)
        ids[i] = rows[i].confirmation_id;
    return OK;
}

static err disputes_page(struct task *t, const struct wanted *w, str before, str *ids, size_t *n)
{
    const struct dispute_find_row *rows;
    TRY(dispute_list(t, OF, before, w->user, w->other, w->status, MOST, &rows, n));
    IDS(dispute_id);
    return OK;
}

static err prices_page(struct task *t, const struct wanted *w, str before, str *ids, size_t *n)
{
    const struct price_find_row *rows;
    TRY(price_list(t, OF, before, w->store, w->user, MOST, &rows, n));
    IDS(price_id);
    return OK;
}

static err cards_page(struct task *t, const struct wanted *w, str before, str *ids, size_t *n)
{
    const struct saved_card_find_row *rows;
    bool is_payment = str_starts(w->other, STR("pay_"));
    const struct saved_card_list_args args = { .partner = OF,
                                               .before = before,
                                               .store = w->store,
                                               .subject = w->user,
                                               .buyer = is_payment ? STR_NONE : w->other,
                                               .payment = is_payment ? w->other : STR_NONE,
                                               .most = MOST };
    TRY(saved_card_list(t, &args, &rows, n));
    IDS(saved_card_id);
    return OK;
}

static err subscriptions_page(struct task *t, const struct wanted *w, str before, str *ids, size_t *n)
{
    const struct subscription_find_row *rows;
    const struct subscription_list_args args = { .partner = OF,
                                                 .before = before,
                                                 .status = w->status,
                                                 .buyer = w->other,
                                                 .store = w->store,
                                                 .subject = w->user,
                                                 .most = MOST };
    TRY(subscription_list(t, &args, &rows, n));
    IDS(subscription_id);
    return OK;
}

static err invoices_page(struct task *t, const struct wanted *w, str before, str *ids, size_t *n)
{
    const struct invoice_list_row *rows;
    TRY(invoices_of_partner(t, OF, before, w->status, w->store, w->user, MOST, &rows, n));
    IDS(invoice_id);
    return OK;
}

static err requisites_page(struct task *t, const struct wanted *w, str before, str *ids, size_t *n)
{
    const struct requisite_find_row *rows;
    TRY(requisite_list(t, OF, (user_id){ w->user }, before, MOST, &rows, n));
    IDS(requisite_id);
    return OK;
}

static err payouts_page(struct task *t, const struct wanted *w, str before, str *ids, size_t *n)
{
    const struct payout_find_row *rows;
    TRY(payout_list(t, OF, w->user, w->status, before, MOST, &rows, n));
    IDS(payout_id);
    return OK;
}

/* How many there are on all pages together. */
static size_t walk(struct task *t, page_fn *page, const struct wanted *w)
{
    str ids[MOST], last = STR_NONE;
    size_t all = 0, n = MOST;
    while (n == MOST) {
        CHECK_OK(page(t, w, last, ids, &n));
        for (size_t i = 0; i < n; i++) {
            CHECK(!str_given(last) || memcmp(ids[i].p, last.p, last.n) < 0);
            last = ids[i];
        }
        all += n;
    }
    return all;
}

static const struct {
    const char *name;
    page_fn *page;
    struct wanted wanted;
    size_t n;
} cases[] = {
#define ANY STR_NONE
#define OF_USER .user = { "few", 3 }
#define OF_STORE(id) .store = { "st_" id, 4 }
#define OF_STATUS(text) .status = { text, sizeof text - 1 }
#define OTHER(text) .other = { text, sizeof text - 1 }
    { "stores", stores_page, { ANY }, 6 },
    { "stores", stores_page, { OF_USER }, 2 },
    { "stores", stores_page, { OTHER("e3") }, 1 },
    { "stores", stores_page, { OF_USER, OTHER("e3") }, 1 },
    { "stores", stores_page, { OF_USER, OTHER("e4") }, 0 },
    { "stores", stores_page, { OF_USER, OF_STATUS("closed") }, 0 },
    { "confirmations", confirmations_page, { ANY }, 60 },
    { "confirmations", confirmations_page, { OF_STATUS("confirmed") }, 30 },
    { "confirmations", confirmations_page, { OF_USER }, 20 },
    { "confirmations", confirmations_page, { OF_USER, OF_STATUS("canceled") }, 10 },
    { "confirmations", confirmations_page, { OF_STORE("1") }, 10 },
    { "confirmations", confirmations_page, { OF_USER, OF_STORE("0") }, 10 },
    { "confirmations", confirmations_page, { OF_USER, OF_STORE("1") }, 0 },
    { "disputes", disputes_page, { ANY }, 60 },
    { "disputes", disputes_page, { OF_STATUS("won") }, 30 },
    { "disputes", disputes_page, { OF_USER }, 20 },
    { "disputes", disputes_page, { OF_USER, OF_STATUS("lost") }, 10 },
    { "disputes", disputes_page, { OTHER("pay_4") }, 1 },
    { "disputes", disputes_page, { OF_USER, OTHER("pay_3") }, 1 },
    { "disputes", disputes_page, { OF_USER, OTHER("pay_4") }, 0 },
    { "prices", prices_page, { ANY }, 60 },
    { "prices", prices_page, { OF_USER }, 20 },
    { "prices", prices_page, { OF_STORE("1") }, 10 },
    { "prices", prices_page, { OF_USER, OF_STORE("0") }, 10 },
    { "prices", prices_page, { OF_USER, OF_STORE("1") }, 0 },
    { "cards", cards_page, { ANY }, 60 },
    { "cards", cards_page, { OF_USER }, 20 },
    { "cards", cards_page, { OF_STORE("1") }, 10 },
    { "cards", cards_page, { OF_USER, OF_STORE("1") }, 0 },
    { "cards", cards_page, { OTHER("buyer0") }, 30 },
    { "cards", cards_page, { OF_USER, OTHER("buyer0") }, 10 },
    { "cards", cards_page, { OF_STORE("2"), OTHER("buyer0") }, 10 },
    { "cards", cards_page, { OTHER("pay_6") }, 1 },
    { "cards", cards_page, { OF_USER, OTHER("pay_5") }, 0 },
    { "subscriptions", subscriptions_page, { ANY }, 60 },
    { "subscriptions", subscriptions_page, { OF_STATUS("active") }, 30 },
    { "subscriptions", subscriptions_page, { OF_USER }, 20 },
    { "subscriptions", subscriptions_page, { OF_USER, OF_STATUS("canceled") }, 10 },
    { "subscriptions", subscriptions_page, { OF_STORE("1") }, 10 },
    { "subscriptions", subscriptions_page, { OF_STORE("1"), OF_STATUS("active") }, 5 },
    { "subscriptions", subscriptions_page, { OF_USER, OF_STORE("1") }, 0 },
    { "subscriptions", subscriptions_page, { OF_USER, OTHER("buyer0") }, 10 },
    { "invoices", invoices_page, { ANY }, 60 },
    { "invoices", invoices_page, { OF_STATUS("paid") }, 30 },
    { "invoices", invoices_page, { OF_USER }, 20 },
    { "invoices", invoices_page, { OF_USER, OF_STATUS("void") }, 10 },
    { "invoices", invoices_page, { OF_STORE("1") }, 10 },
    { "invoices", invoices_page, { OF_STORE("1"), OF_STATUS("paid") }, 5 },
    { "invoices", invoices_page, { OF_USER, OF_STORE("1") }, 0 },
    { "requisites", requisites_page, { OF_USER }, 20 },
    { "payouts", payouts_page, { ANY }, 60 },
    { "payouts", payouts_page, { OF_USER }, 20 },
    { "payouts", payouts_page, { OF_USER, OF_STATUS("expired") }, 10 },
};

TEST(each_way_to_a_list_finds_what_is_wanted_once)
{
    struct db_config config;
    struct task t;
    paysrv_rows_begin(arena, &t, &config, ROWS);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t n = walk(&t, cases[i].page, &cases[i].wanted);
        if (n != cases[i].n)
            test_fail(__FILE__, __LINE__, "number %zu, %s: %zu, not %zu", i, cases[i].name, n, cases[i].n);
    }
    db_close(t.db);
}

/* Of ten that are open four wait for an answer, two of them until the same moment, and one has no time for it. */
#define OPEN_DISPUTES                                                                                                  \
    ROWS "update dispute set closed_at = null, status = case when dispute_id <= 'x105' then 'needs_response' else "    \
         "'under_review' end, evidence_due_at = case when dispute_id < 'x105' then timestamptz '2026-12-01' + "        \
         "interval "                                                                                                   \
         "'1 day' * (5 - least(substr(dispute_id, 4)::int, 3)) end where dispute_id <= 'x110'"

TEST(disputes_come_in_the_order_in_which_they_have_to_be_answered)
{
    static const char *const order[] = {
        "x104", "x103", "x102", "x101", "x110", "x109", "x108", "x107", "x106", "x105"
    };
    struct db_config config;
    struct task t;
    paysrv_rows_begin(arena, &t, &config, OPEN_DISPUTES);
    for (size_t most = 1; most <= 10; most++) {
        struct disputes_found found = { .n = 0 };
        size_t n = 0;
        do {
            CHECK_OK(disputes_find(&t, STR_NONE, found.next, most, &found));
            CHECK(found.n <= most);
            for (size_t i = 0; i < found.n && n < 10; i++)
                CHECK_STR(found.rows[i].dispute_id.v, str_of(order[n++]));
        } while (str_given(found.next));
        CHECK_I64(n, 10);
    }
    db_close(t.db);
}

static size_t disputes_of(struct task *t, str status)
{
    struct disputes_found found = { .n = 0 };
    size_t n = 0;
    do {
        CHECK_OK(disputes_find(t, status, found.next, MOST, &found));
        n += found.n;
    } while (str_given(found.next));
    return n;
}

TEST(disputes_of_a_status_are_found_page_by_page)
{
    struct db_config config;
    struct task t;
    struct disputes_found found;
    paysrv_rows_begin(arena, &t, &config, ROWS);
    CHECK_I64(disputes_of(&t, DISPUTES_ALL), 60);
    CHECK_I64(disputes_of(&t, STR("won")), 30);
    CHECK_I64(disputes_of(&t, STR("closed")), 0);
    CHECK_I64(disputes_of(&t, STR_NONE), 0);
    err e = disputes_find(&t, STR("open"), STR_NONE, MOST, &found);
    CHECK(e && err_is(e, &FAULT_INVALID_PARAMETER));
    CHECK_STR(e->param, STR("status"));
    db_close(t.db);
}
