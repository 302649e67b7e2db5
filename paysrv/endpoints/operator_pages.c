/* /operator: what happened lately, and whether the books balance. */
#include "paysrv/faults.h"
#include "paysrv/operator_payments.h"
#include "paysrv/operator_payouts_page.h"
#include "paysrv/routes.h"
#include "paysrv/store/anomaly.sql.h"
#include "paysrv/store/ledger_check.sql.h"
#include "paysrv/store/operator.sql.h"
#include "paysrv/store/payout.sql.h"
#include "shared/base/buf.h"
#include "shared/ops/log.h"
#include "shared/text/money_text.h"
#include "web/operator/pages.h"

#define NAMES_MAX_BYTES 65536
#define NEWEST 10            /* of a list that has a page of its own */
#define ADDED_UP_MOST 100000 /* payments; to add up more takes longer than whoever only comes by will wait */

/* ---- rows ---- */

static const struct operator_total *totals_of(struct task *t, const struct operator_totals_row *rows, size_t n)
{
    struct operator_total *items = arena_array(t->arena, struct operator_total, n ? n : 1);
    for (size_t i = 0; i < n; i++) {
        const struct operator_totals_row *r = &rows[i];
        items[i] = (struct operator_total){ .currency = r->currency,
                                            .payments = r->payments,
                                            .volume = money_text(t->arena, r->volume, r->currency),
                                            .platform = money_text(t->arena, r->platform, r->currency),
                                            .partner = money_text(t->arena, r->partner, r->currency),
                                            .seller = money_text(t->arena, r->seller, r->currency),
                                            .refunded = money_text(t->arena, r->refunded, r->currency) };
    }
    return items;
}

static const struct operator_broken_rule *rules_of(struct task *t, const struct invariants_broken_row *rows, size_t n)
{
    struct operator_broken_rule *items = arena_array(t->arena, struct operator_broken_rule, n ? n : 1);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct operator_broken_rule){ .rule = rows[i].rule, .subject = rows[i].subject };
    return items;
}

/* ---- GET /operator ---- */

struct overview_in {
    str whole;
};

static const struct param overview_params[] = {
    P_STR(struct overview_in, whole, .need = OPTIONAL, .set = LINE, .max = 4),
};

struct overview {
    const struct operator_totals_row *totals;
    const struct ledger_check_state_row *rules;
    const struct invariants_broken_row *broken;
    const struct operator_payment_row *payments;
    const struct payout_of_any_partner_row *payouts;
    size_t n_totals, n_broken, n_payments, n_payouts;
    int64_t n_anomalies;
    bool is_checked, is_totaled, is_large;
};

/* They are of all payments there are: some day they take longer than a page may, and the rest of it is wanted then,
 * too. */
static err totals_load(struct task *t, struct overview *o)
{
    err e = operator_totals(t, &o->totals, &o->n_totals);
    o->is_totaled = !e;
    if (!e || !err_is(e, &FAULT_UNAVAILABLE))
        return e;
    log_failure(t, e);
    o->n_totals = 0;
    return OK;
}

static err anomalies_load(struct task *t, struct overview *o)
{
    const struct anomalies_count_row *rows;
    size_t n;
    TRY(anomalies_count(t, &rows, &n));
    for (size_t i = 0; i < n; i++)
        o->n_anomalies += rows[i].n;
    return OK;
}

/* Large books are added up and checked for those who ask for it: all who come by would have the database read all of
 * it. */
static err books_load(struct task *t, bool is_asked, struct overview *o)
{
    const struct payments_are_many_row *many;
    TRY(payments_are_many(t, ADDED_UP_MOST, &many));
    o->is_large = many->is_so && !is_asked;
    if (o->is_large)
        return OK;
    TRY(totals_load(t, o));
    return operator_rules_check(t, &o->broken, &o->n_broken, &o->is_checked);
}

static err overview_load(struct task *t, bool is_asked, struct overview *o)
{
    struct payment_found newest;
    TRY(anomalies_load(t, o));
    TRY(ledger_check_state(t, &o->rules));
    TRY(books_load(t, is_asked, o));
    TRY(payment_look(t, &(struct payment_wish){ 0 }, STR_NONE, NEWEST, &newest));
    TRY(operator_payment_rows(t, newest.payments, &o->payments, &o->n_payments));
    return payout_of_any_partner(t, STR_NONE, STR_NONE, NEWEST, &o->payouts, &o->n_payouts);
}

static str violated_of(struct task *t, str_array rules)
{
    struct buf names;
    buf_init(&names, t->arena, NAMES_MAX_BYTES);
    for (size_t i = 0; i < rules.n; i++) {
        buf_add(&names, i > 0 ? STR(", ") : STR(""));
        buf_add(&names, rules.items[i].n ? rules.items[i] : STR("other"));
    }
    return rules.n ? buf_str(&names) : STR_NONE;
}

static err overview(struct task *t, const struct request *rq, struct response *rs)
{
    const struct operator_session *who = rq->caller;
    const struct overview_in *in = rq->in;
    struct overview o = { 0 };
    TRY(overview_load(t, str_eq(in->whole, STR("true")), &o));
    const struct page_operator_overview page = {
        OPERATOR_FRAME(who),
        .anomalies = o.n_anomalies,
        .totals = { totals_of(t, o.totals, o.n_totals), o.n_totals },
        .is_totaled = o.is_totaled,
        .whole_url = o.is_large ? STR("/operator?whole=true") : STR_NONE,
        .checked_at = instant_text(t->arena, t->now),
        .checked_iso = instant_iso(t->arena, t->now),
        .is_checked = o.is_checked,
        .broken_rules = { rules_of(t, o.broken, o.n_broken), o.n_broken },
        .violated = violated_of(t, o.rules->violated),
        .rules_checked_at = o.rules->whole_since_given ? instant_text(t->arena, o.rules->whole_since) : STR_NONE,
        .rules_checked_iso = o.rules->whole_since_given ? instant_iso(t->arena, o.rules->whole_since) : STR_NONE,
        .payments = { o.payments, o.n_payments },
        .payouts = { operator_payout_rows(t, o.payouts, o.n_payouts), o.n_payouts },
    };
    page_operator_overview(reply_html(rs, 200), &page);
    return OK;
}

const struct route operator_overview_route = {
    .method = GET,
    .path = "/operator",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .ignore_unknown = true,
    INPUT(struct overview_in, overview_params),
    .handle = overview,
    .summary = "The operator's overview: totals, ledger check, payments, payouts",
};
