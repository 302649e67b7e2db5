/* See operator_seller_page.h. */
#include "paysrv/operator_seller_page.h"

#include "paysrv/domain/party/verification.h"
#include "paysrv/domain/payout/payout_schedule.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/flow/report/fee_invoice.h"
#include "paysrv/store/agreement.sql.h"
#include "paysrv/store/fee_invoice.sql.h"
#include "paysrv/store/holdback.sql.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/negative.sql.h"
#include "paysrv/store/operator_search.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/payout_schedule.sql.h"
#include "paysrv/store/requisite.sql.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/store/user.sql.h"
#include "paysrv/words.h"
#include "shared/base/civil.h"
#include "shared/text/money_text.h"
#include "web/operator/pages.h"
#include "web/text.h"

#define SHOWN 20             /* of each list: the newest */
#define FOREVER 253370764800 /* seconds: 9999-01-01, which a part without a day lies beyond */

err operator_seller_load(struct task *t, user_id id, partner_id *partner, const struct user_find_row **ret)
{
    const struct user_any_row *any;
    TRY(user_any(t, id, &any));
    if (!any)
        return FAIL(t, NOT_FOUND, "no such user");
    *partner = any->partner_id;
    TRY(clock_enter(t, *partner));
    TRY(user_find(t, *partner, id, ret));
    return *ret ? OK : FAIL(t, NOT_FOUND, "no such user");
}

/* Who looks at whose page. */
struct looking {
    const struct operator_session *who;
    user_id user;
    struct seller_refused *refused; /* NULL: no form was */
};

/* ---- balances ---- */

static struct operator_balance_row *balance_in(struct operator_balance_row *items, size_t *n, str currency)
{
    for (size_t i = 0; i < *n; i++)
        if (str_eq(items[i].currency, currency))
            return &items[i];
    items[*n].currency = currency;
    return &items[(*n)++];
}

static void balance_add(struct task *t, struct operator_balance_row *row, const struct balance_list_row *b)
{
    if (str_eq(b->kind, STR("payout_transit"))) {
        row->transit = money_text(t->arena, b->posted, b->currency);
        return;
    }
    row->booked = money_text(t->arena, b->posted, b->currency);
    row->reserved = money_text(t->arena, b->pending_out, b->currency);
    row->held = money_text(t->arena, b->held, b->currency);
    row->available = money_text(t->arena, b->posted - b->pending_out - b->held, b->currency);
    if (b->negative_since_given) {
        row->negative = instant_text(t->arena, b->negative_since);
        row->negative_iso = instant_iso(t->arena, b->negative_since);
    }
}

static struct operator_owed_row owed_row(struct task *t, const struct looking *l, const struct balance_list_row *b)
{
    struct seller_refused *typed = l->refused && str_eq(l->refused->currency, b->currency) ? l->refused : NULL;
    if (typed)
        typed->is_shown = true;
    return (struct operator_owed_row){
        .currency = b->currency,
        .owed = money_text(t->arena, -b->posted, b->currency),
        .owed_minor = -b->posted,
        .action = l->who->only_looks ? STR_NONE
                                     : arena_printf(t->arena, "/operator/sellers/%.*s/write_offs", STR_ARG(l->user.v)),
        .problem = typed ? typed->said.why : STR_NONE,
        .amount = typed ? typed->amount : STR_NONE,
        .reason = typed ? typed->reason : STR_NONE,
    };
}

static err balances_read(struct task *t, partner_id partner, const struct looking *l, struct page_operator_seller *page)
{
    static const str kinds[] = { { "seller", 6 }, { "payout_transit", 14 } };
    const struct balance_list_row *rows;
    size_t n, shown = 0, debts = 0;
    TRY(balance_list(t, partner, l->user, (str_array){ kinds, 2 }, &rows, &n));
    struct operator_balance_row *items = arena_array(t->arena, struct operator_balance_row, n + 1);
    struct operator_owed_row *owed = arena_array(t->arena, struct operator_owed_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        balance_add(t, balance_in(items, &shown, rows[i].currency), &rows[i]);
        if (rows[i].posted < 0 && str_eq(rows[i].kind, STR("seller")))
            owed[debts++] = owed_row(t, l, &rows[i]);
    }
    page->owed.items = owed;
    page->owed.n = debts;
    page->balances.items = items;
    page->balances.n = shown;
    return OK;
}

static err holds_read(struct task *t, partner_id partner, user_id user, struct page_operator_seller *page)
{
    const struct holdback_list_row *rows;
    size_t n;
    TRY(holdback_list(t, partner, user, 0, 0, SHOWN, &rows, &n));
    struct operator_hold_row *items = arena_array(t->arena, struct operator_hold_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        bool has_day = instant_seconds(rows[i].available_on) < FOREVER;
        items[i] = (struct operator_hold_row){
            .date = has_day ? instant_text(t->arena, rows[i].available_on) : STR_NONE,
            .date_iso = has_day ? instant_iso(t->arena, rows[i].available_on) : STR_NONE,
            .part = rows[i].part,
            .amount = money_text(t->arena, rows[i].held, rows[i].currency),
            .payment_url = operator_link(t, "payments", rows[i].payment_id.v),
        };
    }
    page->holds.items = items;
    page->holds.n = n;
    return OK;
}

static err entries_read(struct task *t, partner_id partner, user_id user, struct page_operator_seller *page)
{
    const struct seller_entries_row *rows;
    const struct seller_disputes_row *disputes;
    size_t n, n_disputes;
    TRY(seller_entries(t, SHOWN, partner, user, &rows, &n));
    struct operator_account_line *items = arena_array(t->arena, struct operator_account_line, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct operator_account_line){ .time = instant_text(t->arena, rows[i].created_at),
                                                   .time_iso = instant_iso(t->arena, rows[i].created_at),
                                                   .kind = rows[i].kind,
                                                   .kind_text = word_of_entry(rows[i].kind),
                                                   .ref = rows[i].ref,
                                                   .payment_url = str_given(rows[i].payment_id)
                                                                      ? operator_link(t, "payments", rows[i].payment_id)
                                                                      : operator_object(t, rows[i].ref),
                                                   .description = rows[i].description,
                                                   .amount = money_text(t->arena, rows[i].amount, rows[i].currency) };
    page->entries.items = items;
    page->entries.n = n;
    TRY(seller_disputes(t, partner, user, &disputes, &n_disputes));
    struct operator_own_dispute_row *open = arena_array(t->arena, struct operator_own_dispute_row, n_disputes + 1);
    for (size_t i = 0; i < n_disputes; i++)
        open[i] = (struct operator_own_dispute_row){
            .id = disputes[i].dispute_id.v,
            .url = operator_link(t, "disputes", disputes[i].dispute_id.v),
            .amount = money_text(t->arena, disputes[i].amount, disputes[i].currency),
            .status = disputes[i].status,
            .status_text = word_of_dispute(disputes[i].status),
        };
    page->disputes.items = open;
    page->disputes.n = n_disputes;
    return OK;
}

static err write_offs_read(struct task *t, partner_id partner, const struct looking *l,
                           struct page_operator_seller *page)
{
    const struct write_offs_of_user_row *rows;
    size_t n;
    TRY(write_offs_of_user(t, partner, l->user, SHOWN, &rows, &n));
    struct operator_write_off_row *items = arena_array(t->arena, struct operator_write_off_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct write_offs_of_user_row *w = &rows[i];
        bool can_undo = w->left_over > 0 && !l->who->only_looks;
        const bool is_refused = l->refused && str_eq(l->refused->write_off, w->relief_id);
        if (is_refused)
            l->refused->is_shown = true;
        items[i] = (struct operator_write_off_row){
            .id = w->relief_id,
            .time = instant_text(t->arena, w->created_at),
            .time_iso = instant_iso(t->arena, w->created_at),
            .amount = money_text(t->arena, w->amount, w->currency),
            .left = money_text(t->arena, w->left_over, w->currency),
            .borne_by = w->borne_by,
            .reason = w->reason,
            .action =
                can_undo ? arena_printf(t->arena, "/operator/write_offs/%.*s/undo", STR_ARG(w->relief_id)) : STR_NONE,
            .problem = is_refused ? l->refused->said.why : STR_NONE,
            .typed = is_refused ? l->refused->reason : STR_NONE,
        };
    }
    page->write_offs.items = items;
    page->write_offs.n = n;
    return OK;
}

/* ---- payouts ---- */

static err payouts_read(struct task *t, partner_id partner, user_id user, struct page_operator_seller *page)
{
    const struct payout_find_row *rows;
    size_t n;
    TRY(payout_list(t, partner, user.v, STR_NONE, STR_NONE, SHOWN, &rows, &n));
    struct operator_own_payout_row *items = arena_array(t->arena, struct operator_own_payout_row, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct operator_own_payout_row){ .url = operator_link(t, "payouts", rows[i].payout_id.v),
                                                     .label = rows[i].label,
                                                     .time = instant_text(t->arena, rows[i].created_at),
                                                     .time_iso = instant_iso(t->arena, rows[i].created_at),
                                                     .amount = money_text(t->arena, rows[i].amount, rows[i].currency),
                                                     .status = rows[i].status,
                                                     .status_text = word_of_payout(rows[i].status) };
    page->payouts.items = items;
    page->payouts.n = n;
    return OK;
}

/* The bank has not said yet whose it is, or knows another name that nobody has agreed to. */
static bool is_held(const struct requisite_find_row *r)
{
    return str_given(r->verification) && !r->accepted_at_given &&
           (str_eq(r->verification, verification_name(VERIFICATION_UNKNOWN)) || verification_differs(r->verification));
}

static str requisite_state(struct task *t, const struct requisite_find_row *r)
{
    if (r->disabled_at_given)
        return str_given(r->disabled_reason)
                   ? arena_printf(t->arena, "%.*s: %.*s", STR_ARG(text_of(TEXT_OP_REQUISITE_OFF)),
                                  STR_ARG(r->disabled_reason))
                   : text_of(TEXT_OP_REQUISITE_OFF);
    if (r->needs_code && !r->confirmed_at_given)
        return text_of(TEXT_STATUS_AWAITING_CODE);
    if (r->usable_from_given && instant_before(t->now, r->usable_from))
        return arena_printf(t->arena, "%.*s %.*s", STR_ARG(text_of(TEXT_OP_PAYOUTS_FROM)),
                            STR_ARG(instant_text(t->arena, r->usable_from)));
    if (is_held(r))
        return str_given(r->matched_name)
                   ? arena_printf(t->arena, "%.*s: %.*s", STR_ARG(word_of_verification(r->verification)),
                                  STR_ARG(r->matched_name))
                   : word_of_verification(r->verification);
    return text_of(TEXT_OP_REQUISITE_ON);
}

static err requisites_read(struct task *t, partner_id partner, user_id user, struct page_operator_seller *page)
{
    const struct requisite_find_row *rows;
    size_t n;
    TRY(requisite_list(t, partner, user, STR_NONE, SHOWN, &rows, &n));
    struct operator_requisite_row *items = arena_array(t->arena, struct operator_requisite_row, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct operator_requisite_row){ .masked = rows[i].masked,
                                                    .holder = rows[i].holder_name,
                                                    .rail = rows[i].rail,
                                                    .state = requisite_state(t, &rows[i]),
                                                    .is_held = !rows[i].disabled_at_given && is_held(&rows[i]),
                                                    .created = instant_text(t->arena, rows[i].created_at),
                                                    .created_iso = instant_iso(t->arena, rows[i].created_at) };
    page->requisites.items = items;
    page->requisites.n = n;
    return OK;
}

/* "week, day 1, 09:30 Europe/Berlin" */
static str schedule_text(struct task *t, const struct payout_schedule_find_row *s)
{
    str day = s->day ? arena_printf(t->arena, " %d", (int)s->day) : STR("");
    return arena_printf(t->arena, "%.*s%.*s, %.*s %.*s", STR_ARG(s->unit), STR_ARG(day),
                        STR_ARG(schedule_time_text(t->arena, s->minute)), STR_ARG(s->zone));
}

static err schedules_read(struct task *t, partner_id partner, user_id user, struct page_operator_seller *page)
{
    const struct payout_schedule_find_row *rows;
    size_t n;
    TRY(payout_schedule_list(t, partner, user, STR_NONE, SCHEDULES_MOST, &rows, &n));
    struct operator_schedule_row *items = arena_array(t->arena, struct operator_schedule_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct payout_schedule_find_row *s = &rows[i];
        items[i] = (struct operator_schedule_row){
            .id = s->schedule_id,
            .what = schedule_text(t, s),
            .currency = s->currency,
            .destination = s->masked,
            .status = s->status,
            .status_text = word_of_schedule(s->status),
            .reason = s->reason,
            .next = s->next_at_given ? instant_text(t->arena, s->next_at) : STR_NONE,
            .next_iso = s->next_at_given ? instant_iso(t->arena, s->next_at) : STR_NONE,
        };
    }
    page->schedules.items = items;
    page->schedules.n = n;
    return OK;
}

/* ---- what sells ---- */

static err stores_read(struct task *t, partner_id partner, const struct user_find_row *user,
                       struct page_operator_seller *page)
{
    const struct store_find_row *rows;
    size_t n;
    TRY(store_list(t, partner, STR_NONE, user->user_id.v, STR_NONE, STR_NONE, SHOWN, &rows, &n));
    struct operator_store_row *items = arena_array(t->arena, struct operator_store_row, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct operator_store_row){ .url = operator_link(t, "stores", rows[i].store_id.v),
                                                .id = rows[i].store_id.v,
                                                .name = rows[i].name,
                                                .currency = rows[i].currency,
                                                .external_id = rows[i].external_id,
                                                .partner_name = page->partner_name,
                                                .seller_url = operator_link(t, "sellers", user->user_id.v),
                                                .seller_name = user->name,
                                                .status = rows[i].status,
                                                .status_text = word_of_store(rows[i].status) };
    page->stores.items = items;
    page->stores.n = n;
    return OK;
}

static err fee_invoices_read(struct task *t, partner_id partner, user_id user, struct page_operator_seller *page)
{
    const struct fee_invoice_find_row *rows;
    size_t n;
    TRY(fee_invoice_list(t, user.v, STR_NONE, partner, STR_NONE, STR_NONE, SHOWN, &rows, &n));
    struct operator_fee_invoice_row *items = arena_array(t->arena, struct operator_fee_invoice_row, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct operator_fee_invoice_row){ .number = fee_invoice_number(t->arena, &rows[i]),
                                                      .url = operator_link(t, "fee_invoices", rows[i].fee_invoice_id.v),
                                                      .month = rows[i].month,
                                                      .issuer = rows[i].issuer,
                                                      .amount = money_text(t->arena, rows[i].gross, rows[i].currency) };
    page->fee_invoices.items = items;
    page->fee_invoices.n = n;
    return OK;
}

static err subscriptions_read(struct task *t, partner_id partner, user_id user, struct page_operator_seller *page)
{
    const struct seller_subscriptions_row *rows;
    size_t n;
    TRY(seller_subscriptions(t, SHOWN, partner, user, &rows, &n));
    struct operator_own_subscription_row *items = arena_array(t->arena, struct operator_own_subscription_row, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] =
            (struct operator_own_subscription_row){ .url = operator_link(t, "subscriptions", rows[i].subscription_id.v),
                                                    .store_name = rows[i].store_name,
                                                    .price_name = rows[i].price_name,
                                                    .status = rows[i].status,
                                                    .status_text = word_of_subscription_status(rows[i].status),
                                                    .until = instant_text(t->arena, rows[i].period_end),
                                                    .until_iso = instant_iso(t->arena, rows[i].period_end) };
    page->subscriptions.items = items;
    page->subscriptions.n = n;
    return OK;
}

/* ---- the page ---- */

static struct page_operator_seller page_of(struct task *t, const struct operator_session *who,
                                           const struct partner_find_row *partner, const struct user_find_row *u)
{
    str status = party_status(u), id = u->user_id.v;
    const struct operator_query account[] = { { "partner", partner->partner_id.v },
                                              { "account", STR("seller") },
                                              { "user", id } };
    return (struct page_operator_seller){
        OPERATOR_FRAME(who),
        .id = id,
        .name = u->name,
        .partner_name = partner->name,
        .status = status,
        .status_text = word_of_party_status(status),
        .closed_reason = u->closed_reason,
        .email = u->email,
        .email_verified = u->email_verified,
        .external_id = u->external_id,
        .subject = u->subject,
        .country = u->country,
        .created = instant_text(t->arena, u->created_at),
        .created_iso = instant_iso(t->arena, u->created_at),
        .frozen = u->payouts_frozen_at_given ? instant_text(t->arena, u->payouts_frozen_at) : STR_NONE,
        .frozen_iso = u->payouts_frozen_at_given ? instant_iso(t->arena, u->payouts_frozen_at) : STR_NONE,
        .payouts_from = u->payouts_from_given ? instant_text(t->arena, u->payouts_from) : STR_NONE,
        .payouts_from_iso = u->payouts_from_given ? instant_iso(t->arena, u->payouts_from) : STR_NONE,
        .action = who->only_looks ? STR_NONE : arena_printf(t->arena, "/operator/sellers/%.*s/payouts", STR_ARG(id)),
        .payments_url = arena_printf(t->arena, "/operator/payments?seller=%.*s", STR_ARG(id)),
        .statement_url = operator_url(t, STR("/operator/reports"), account, sizeof account / sizeof account[0]),
        .audit_url = arena_printf(t->arena, "/operator/audit?object=%.*s", STR_ARG(id)),
    };
}

err operator_seller_show(struct task *t, const struct operator_session *who, user_id id, struct seller_refused *refused,
                         struct response *rs)
{
    const struct looking looking = { who, id, refused };
    const struct partner_find_row *partner;
    const struct agreement_missing_row *missing;
    const struct user_find_row *u;
    partner_id of;
    TRY(operator_seller_load(t, id, &of, &u));
    TRY(partner_find(t, of, &partner));
    struct page_operator_seller page = page_of(t, who, partner, u);
    TRY(agreement_missing(t, of, id, &missing));
    page.missing = missing->version;
    TRY(balances_read(t, of, &looking, &page));
    TRY(holds_read(t, of, id, &page));
    TRY(entries_read(t, of, id, &page));
    TRY(write_offs_read(t, of, &looking, &page));
    TRY(payouts_read(t, of, id, &page));
    TRY(requisites_read(t, of, id, &page));
    TRY(schedules_read(t, of, id, &page));
    TRY(stores_read(t, of, u, &page));
    TRY(subscriptions_read(t, of, id, &page));
    TRY(fee_invoices_read(t, of, id, &page));
    if (refused && !refused->is_shown)
        page.problem = refused->said.why;
    page_operator_seller(reply_html(rs, refused ? refused->said.status : 200), &page);
    return OK;
}
