/* /operator, /operator/payouts: what happened lately, and whether the books balance. */
#include "paysrv/app.h"
#include "paysrv/domain/payout_limit.h"
#include "paysrv/domain/requisite.h"
#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/operator_page.h"
#include "paysrv/operator_payments.h"
#include "paysrv/routes.h"
#include "paysrv/store/approval.sql.h"
#include "paysrv/store/operator.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/verification.sql.h"
#include "paysrv/words.h"
#include "shared/base/buf.h"
#include "shared/ops/log.h"
#include "shared/text/money_text.h"
#include "shared/text/url.h"
#include "web/operator/pages.h"

#define ROWS 50
#define NEWEST 10 /* of a list that has a page of its own */
#define URL_MAX_BYTES 1024

static const partner_id ALL = { { "", 0 } }; /* the operator's lists belong to no partner */

struct page_in {
    str before;
};

static const struct param page_params[] = {
    P_STR(struct page_in, before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
};

/* Absent unless there are more rows than are shown. */
static str older_url(struct task *t, const char *path, const char *list, size_t n, str last)
{
    if (n <= ROWS)
        return STR_NONE;
    struct buf url;
    buf_init(&url, t->arena, URL_MAX_BYTES);
    buf_add(&url, str_of(path));
    url_add_query(&url, "before", cursor_make(t, list, ALL, last));
    return buf_str(&url);
}

static size_t shown(size_t n)
{
    return n < ROWS ? n : ROWS;
}

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

static const struct operator_payout_row *payouts_of(struct task *t, const struct payout_of_any_partner_row *rows,
                                                    size_t n)
{
    struct operator_payout_row *items = arena_array(t->arena, struct operator_payout_row, n ? n : 1);
    for (size_t i = 0; i < n; i++) {
        const struct payout_of_any_partner_row *r = &rows[i];
        items[i] = (struct operator_payout_row){ .id = r->payout_id.v,
                                                 .url = operator_link(t, "payouts", r->payout_id.v),
                                                 .seller_url = operator_link(t, "sellers", r->user_id.v),
                                                 .time = instant_text(t->arena, r->created_at),
                                                 .time_iso = instant_iso(t->arena, r->created_at),
                                                 .partner_name = r->partner_name,
                                                 .seller_name = r->user_name,
                                                 .destination = requisite_label(t->arena, r->masked, r->holder_name),
                                                 .amount = money_text(t->arena, r->amount, r->currency),
                                                 .status = r->status,
                                                 .status_text = word_of_payout(r->status),
                                                 .rail = r->rail,
                                                 .bank_file = r->msg_id };
    }
    return items;
}

static bool is_among(str_array all, str one)
{
    for (size_t i = 0; i < all.n; i++)
        if (str_eq(all.items[i], one))
            return true;
    return false;
}

/* None for whom every decision would be refused: who looks only, has decided, asked for it, or gets it. */
static str decision_action(struct task *t, const struct operator_session *who, const struct operator_waiting_row *row)
{
    if (who->only_looks || row->is_mine || row->is_own)
        return STR_NONE;
    return arena_printf(t->arena, "/operator/payouts/%.*s/decision", STR_ARG(row->id));
}

static const struct operator_waiting_row *waiting_of(struct task *t, const struct operator_session *who,
                                                     const struct payout_awaiting_row *rows, size_t n)
{
    const struct app *app = t->app;
    struct operator_waiting_row *items = arena_array(t->arena, struct operator_waiting_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        items[i] = (struct operator_waiting_row){
            .id = rows[i].payout_id.v,
            .url = operator_link(t, "payouts", rows[i].payout_id.v),
            .seller_url = operator_link(t, "sellers", rows[i].user_id.v),
            .amount = money_text(t->arena, rows[i].amount, rows[i].currency),
            .partner_name = rows[i].partner_name,
            .seller_name = rows[i].user_name,
            .destination = requisite_label(t->arena, rows[i].masked, rows[i].holder_name),
            .requested_by = rows[i].requested_by,
            .approved_by = rows[i].approved_by,
            .shared_with = rows[i].shared_with,
            .since = rows[i].confirmed_at_given ? instant_text(t->arena, rows[i].confirmed_at) : STR_NONE,
            .account_since = instant_text(t->arena, rows[i].account_since),
            .screening = str_given(rows[i].screening) ? word_of_screening(rows[i].screening) : STR_NONE,
            .screening_ref = rows[i].screening_ref,
            .reasons = words_of_approval_reasons(t->arena, rows[i].reasons),
            .is_mine = is_among(rows[i].approvers, who->subject),
            .is_own = approval_is_own(who->subject, rows[i].requested_by, rows[i].owner_subject),
        };
        items[i].waits_for_answer = !items[i].is_mine && rows[i].approvers.n + 1 >= PAYOUT_APPROVALS &&
                                    str_eq(rows[i].screening, STR("open")) && app->config.screening_url.n > 0;
        items[i].action = decision_action(t, who, &items[i]);
    }
    return items;
}

static const struct operator_held_row *held_of(struct task *t, const struct operator_session *who,
                                               const struct verification_held_row *rows, size_t n)
{
    struct operator_held_row *items = arena_array(t->arena, struct operator_held_row, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct operator_held_row){
            .id = rows[i].requisite_id.v,
            .seller_url = operator_link(t, "sellers", rows[i].user_id.v),
            .partner_name = rows[i].partner_name,
            .seller_name = rows[i].user_name,
            .destination = requisite_label(t->arena, rows[i].masked, rows[i].holder_name),
            .says = str_given(rows[i].matched_name)
                        ? arena_printf(t->arena, "%.*s: %.*s", STR_ARG(word_of_verification(rows[i].status)),
                                       STR_ARG(rows[i].matched_name))
                        : word_of_verification(rows[i].status),
            .since = instant_text(t->arena, rows[i].created_at),
            .tries = rows[i].tries,
            .payouts = rows[i].waiting,
            .action = who->only_looks ? STR_NONE
                                      : arena_printf(t->arena, "/operator/requisites/%.*s/release",
                                                     STR_ARG(rows[i].requisite_id.v)),
        };
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

struct overview {
    const struct operator_totals_row *totals;
    const struct invariants_broken_row *broken;
    const struct operator_payment_row *payments;
    const struct payout_of_any_partner_row *payouts;
    size_t n_totals, n_broken, n_payments, n_payouts;
    bool is_checked, is_totaled;
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

static err overview_load(struct task *t, struct overview *o)
{
    struct payment_found newest;
    TRY(totals_load(t, o));
    TRY(operator_rules_check(t, &o->broken, &o->n_broken, &o->is_checked));
    TRY(payment_look(t, &(struct payment_wish){ 0 }, STR_NONE, NEWEST, &newest));
    TRY(operator_payment_rows(t, newest.payments, &o->payments, &o->n_payments));
    return payout_of_any_partner(t, STR_NONE, STR_NONE, NEWEST, &o->payouts, &o->n_payouts);
}

static err overview(struct task *t, const struct request *rq, struct response *rs)
{
    const struct operator_session *who = rq->caller;
    struct overview o = { 0 };
    TRY(overview_load(t, &o));
    const struct page_operator_overview page = {
        OPERATOR_FRAME(who),
        .totals = { totals_of(t, o.totals, o.n_totals), o.n_totals },
        .is_totaled = o.is_totaled,
        .checked_at = instant_text(t->arena, t->now),
        .checked_iso = instant_iso(t->arena, t->now),
        .is_checked = o.is_checked,
        .broken_rules = { rules_of(t, o.broken, o.n_broken), o.n_broken },
        .payments = { o.payments, o.n_payments },
        .payouts = { payouts_of(t, o.payouts, o.n_payouts), o.n_payouts },
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
    .handle = overview,
    .summary = "The operator's overview: totals, ledger check, payments, payouts",
};

/* ---- GET /operator/payouts ---- */

static err payouts(struct task *t, const struct request *rq, struct response *rs)
{
    const struct page_in *in = rq->in;
    const struct operator_session *who = rq->caller;
    str before;
    TRY(cursor_read(t, "operator payouts", ALL, in->before, &before));
    const struct payout_of_any_partner_row *rows;
    size_t found;
    TRY(payout_of_any_partner(t, STR_NONE, before, ROWS + 1, &rows, &found));
    size_t n = shown(found), n_waiting, n_held;
    const struct payout_awaiting_row *waiting;
    const struct verification_held_row *held;
    TRY(payout_awaiting(t, &waiting, &n_waiting));
    TRY(verification_held(t, &held, &n_held));
    const struct page_operator_payouts page = {
        .waiting = { waiting_of(t, who, waiting, n_waiting), n_waiting },
        OPERATOR_FRAME(who),
        .held = { held_of(t, who, held, n_held), n_held },
        .payouts = { payouts_of(t, rows, n), n },
        .older_url =
            older_url(t, "/operator/payouts", "operator payouts", found, n ? rows[n - 1].payout_id.v : STR_NONE),
    };
    page_operator_payouts(reply_html(rs, 200), &page);
    return OK;
}

const struct route operator_payouts_route = {
    .method = GET,
    .path = "/operator/payouts",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct page_in, page_params),
    .handle = payouts,
    .summary = "Payouts of all partners",
};
