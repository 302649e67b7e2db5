/* /operator/payouts/{payout}: one payout, and what is in it: each entry of its seller's since the one before. */
#include "paysrv/decision_request.h"
#include "paysrv/domain/party/requisite.h"
#include "paysrv/domain/payout/payout.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/ledger/account_line.h"
#include "paysrv/flow/payout/approval.h"
#include "paysrv/flow/payout/payout_finding.h"
#include "paysrv/flow/payout/payout_statement.h"
#include "paysrv/operator_payouts_page.h"
#include "paysrv/routes.h"
#include "paysrv/statement_reply.h"
#include "paysrv/store/approval.sql.h"
#include "paysrv/store/operator.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/words.h"
#include "shared/text/encode.h"
#include "shared/text/locale_text.h"
#include "shared/text/money_text.h"
#include "web/operator/pages.h"

struct payout_in {
    str before;
};

static const struct param payout_params[] = {
    P_STR(struct payout_in, before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
};

struct detail {
    const struct operator_payout_owner_row *any;
    const struct payout_find_row *row;
    struct statement_page lines;
    bool is_held, is_first;
};

static err payout_load(struct task *t, payout_id id, struct detail *d)
{
    TRY(operator_payout_owner(t, id, &d->any));
    if (!d->any)
        return FAIL(t, NOT_FOUND, "no such payout");
    TRY(clock_enter(t, d->any->partner_id));
    return payout_find(t, d->any->partner_id, id, STR_NONE, &d->row);
}

static struct operator_list list_of(struct task *t, payout_id id)
{
    return (struct operator_list){ .name = arena_cstr(t->arena, arena_printf(t->arena, "payout %.*s", STR_ARG(id.v))),
                                   .path = operator_link(t, "payouts", id.v) };
}

/* Nothing was held for one that waits for its code: there is nothing to explain yet. */
static err lines_load(struct task *t, payout_id id, str before, struct detail *d)
{
    const struct operator_list list = list_of(t, id);
    struct statement_place place;
    str position;
    TRY(operator_position(t, &list, before, &position));
    d->is_first = !str_given(position);
    if (!d->is_first && !statement_place_parse(position, &place))
        return FAIL(t, INTERNAL, "a sealed cursor without a place");
    err e = payout_statement_read(t, d->any->partner_id, id, STR_NONE, d->is_first ? NULL : &place, OPERATOR_ROWS,
                                  &d->lines);
    d->is_held = !e;
    return err_is(e, &FAULT_PAYOUT_STATE) ? OK : e;
}

/* The sums above and below name the currency; eight columns of it would push amount and balance out of sight. */
static str line_sum(struct task *t, int64_t minor, str currency)
{
    return locale_decimal(t->arena, STR("en"), minor, currency);
}

static str part(struct task *t, const struct account_lines_row *line, int64_t minor, str currency)
{
    return str_given(line->payment_id) ? line_sum(t, minor, currency) : STR_NONE;
}

static const struct operator_line_row *lines_of(struct task *t, const struct detail *d)
{
    struct operator_line_row *items = arena_array(t->arena, struct operator_line_row, d->lines.n + 1);
    str currency = d->row->currency;
    int64_t balance_minor = d->lines.from.balance_minor;
    for (size_t i = 0; i < d->lines.n; i++) {
        const struct account_lines_row *line = &d->lines.lines[i];
        balance_minor += line->amount;
        items[i] = (struct operator_line_row){ .time = instant_text(t->arena, line->created_at),
                                               .time_iso = instant_iso(t->arena, line->created_at),
                                               .kind = line->kind,
                                               .kind_text = word_of_entry(line->kind),
                                               .ref = line->ref,
                                               .payment_url = operator_link(t, "payments", line->payment_id),
                                               .description = line->description,
                                               .gross = part(t, line, line->gross, currency),
                                               .fee = part(t, line, line->fee, currency),
                                               .net = part(t, line, account_line_net(line), currency),
                                               .platform = part(t, line, line->platform, currency),
                                               .partner = part(t, line, line->partner, currency),
                                               .others = part(t, line, line->others, currency),
                                               .amount = line_sum(t, line->amount, currency),
                                               .balance = line_sum(t, balance_minor, currency) };
    }
    return items;
}

static str when(struct task *t, bool given, instant at)
{
    return given ? instant_text(t->arena, at) : STR_NONE;
}

static str when_iso(struct task *t, bool given, instant at)
{
    return given ? instant_iso(t->arena, at) : STR_NONE;
}

static void explain(struct task *t, const struct detail *d, struct page_operator_payout *page)
{
    const struct operator_list list = list_of(t, d->row->payout_id);
    const struct payout_span_row *span = d->lines.span;
    int64_t closing_minor = d->lines.to.balance_minor - d->row->amount;
    page->is_held = true;
    page->is_first = d->is_first;
    page->is_last = d->lines.is_last;
    page->previous = span->previous_payout;
    page->previous_url = operator_link(t, "payouts", span->previous_payout);
    page->opening = money_text(t->arena, d->lines.from.opening_minor, span->currency);
    page->closing = money_text(t->arena, closing_minor, span->currency);
    page->lines.items = lines_of(t, d);
    page->lines.n = d->lines.n;
    page->older_url = operator_older(t, &list, !d->lines.is_last, statement_place_text(t->arena, &d->lines.to));
    page->csv_url = arena_printf(t->arena, "/operator/payouts/%.*s/statement", STR_ARG(span->payout_id.v));
}

static err decisions_read(struct task *t, payout_id id, struct page_operator_payout *page)
{
    const struct payout_decisions_row *rows;
    size_t n;
    TRY(payout_decisions(t, id, &rows, &n));
    struct operator_decision_row *items = arena_array(t->arena, struct operator_decision_row, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct operator_decision_row){ .name = rows[i].name,
                                                   .is_yes = str_eq(rows[i].decision, STR("approved")),
                                                   .note = rows[i].note,
                                                   .time = instant_text(t->arena, rows[i].created_at),
                                                   .time_iso = instant_iso(t->arena, rows[i].created_at) };
    page->decisions.items = items;
    page->decisions.n = n;
    return operator_names_put(t, &items->name, n, sizeof *items);
}

/* The form stands here too: in the list it may be pages away. */
static err waiting_read(struct task *t, const struct operator_session *who, const struct detail *d,
                        struct page_operator_payout *page)
{
    const struct payout_awaiting_row *row;
    if (!str_eq(d->row->status, STR("awaiting_approval")))
        return OK;
    TRY(payout_awaiting_find(t, d->row->payout_id, &row));
    page->waiting.n = row ? 1 : 0;
    return operator_waiting_rows(t, who, row, page->waiting.n, NULL, &page->waiting.items);
}

/* Those that nothing has been sent of wait until the seller's payouts are allowed again. */
static bool is_stopped(const struct detail *d)
{
    return d->any->is_stopped &&
           (str_eq(d->row->status, STR("confirmed")) || str_eq(d->row->status, STR("awaiting_approval")));
}

/* Of what the bank says nothing about in its files he may have its word. */
static str outcome_action(struct task *t, const struct operator_session *who, const struct payout_find_row *p)
{
    bool is_asked = str_eq(p->status, payout_state_name(PAYOUT_UNKNOWN)) && str_eq(p->rail, STR("bank")) &&
                    clock_is_live(t) && !who->only_looks;
    return is_asked ? arena_printf(t->arena, "/operator/payouts/%.*s/outcome", STR_ARG(p->payout_id.v)) : STR_NONE;
}

static struct page_operator_payout page_of(struct task *t, const struct operator_session *who, const struct detail *d)
{
    const struct payout_find_row *p = d->row;
    return (struct page_operator_payout){
        OPERATOR_FRAME(who),
        .id = p->payout_id.v,
        .status = p->status,
        .status_text = word_of_payout(p->status),
        .amount = money_text(t->arena, p->amount, p->currency),
        .fee = p->fee ? money_text(t->arena, p->fee, p->currency) : STR_NONE,
        .label = p->label,
        .partner_name = d->any->partner_name,
        .seller_name = d->any->user_name,
        .seller_url = operator_link(t, "sellers", p->user_id.v),
        .destination = requisite_label(t->arena, p->masked, p->holder_name),
        .rail = p->rail,
        .bank_file = p->msg_id,
        .reason = p->reason,
        .reason_text = word_of_failure(p->reason),
        .is_stopped = is_stopped(d),
        .outcome_action = outcome_action(t, who, p),
        .approval = words_of_approval_reasons(t->arena, d->any->approval_reasons),
        .schedule = p->schedule_id,
        .list = p->list_id,
        .created_at = instant_text(t->arena, p->created_at),
        .created_iso = instant_iso(t->arena, p->created_at),
        .confirmed_at = when(t, p->confirmed_at_given, p->confirmed_at),
        .confirmed_iso = when_iso(t, p->confirmed_at_given, p->confirmed_at),
        .sent_at = when(t, p->sent_at_given, p->sent_at),
        .sent_iso = when_iso(t, p->sent_at_given, p->sent_at),
        .paid_at = when(t, p->paid_at_given, p->paid_at),
        .paid_iso = when_iso(t, p->paid_at_given, p->paid_at),
        .returned_at = when(t, p->returned_at_given, p->returned_at),
        .returned_iso = when_iso(t, p->returned_at_given, p->returned_at),
    };
}

/* What was typed into its form, and why that was refused; status 200: nothing was. */
struct typed {
    struct operator_refusal said;
    str note;
};

static err payout_show(struct task *t, const struct request *rq, str before, const struct typed *typed,
                       struct response *rs)
{
    const payout_id id = { request_path_param(rq, "payout") };
    struct detail d = { 0 };
    TRY(payout_load(t, id, &d));
    TRY(lines_load(t, id, before, &d));
    struct page_operator_payout page = page_of(t, rq->caller, &d);
    page.problem = typed->said.why;
    page.note = typed->note;
    TRY(decisions_read(t, id, &page));
    TRY(waiting_read(t, rq->caller, &d, &page));
    if (d.is_held)
        explain(t, &d, &page);
    page_operator_payout(reply_html(rs, typed->said.status), &page);
    return OK;
}

static err payout_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct payout_in *in = rq->in;
    const struct typed nothing = { .said.status = 200 };
    return payout_show(t, rq, in->before, &nothing, rs);
}

const struct route operator_payout_route = {
    .method = GET,
    .path = "/operator/payouts/{payout}",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct payout_in, payout_params),
    .handle = payout_page,
    .summary = "A payout, and what is in it",
};

/* ---- what a person says of it ---- */

struct outcome_in {
    str csrf, as, note;
};

static const struct param outcome_params[] = {
    P_STR(struct outcome_in, csrf, .need = REQUIRED, .set = BASE64URL, .min = 43, .max = 43),
    P_STR(struct outcome_in, as, .need = REQUIRED, .set = ID, .min = 1, .max = 20),
    P_STR(struct outcome_in, note, .need = OPTIONAL, .set = LINE, .max = 4 * NOTE_MOST),
};

static err outcome_say(struct task *t, const struct outcome_in *in, struct payout_finding *f)
{
    f->is_paid = str_eq(in->as, STR("paid"));
    if (!f->is_paid && !str_eq(in->as, STR("rejected")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("as"), STR("must be paid or rejected"));
    if (!utf8_within(in->note, NOTE_LEAST, NOTE_MOST))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("note"), STR("says in " NOTE_WANTED " what the bank has said"));
    return payout_resolve(t, f);
}

static err outcome_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct outcome_in *in = rq->in;
    const struct operator_session *who = rq->caller;
    struct payout_finding f = { .transfer = request_path_param(rq, "payout"),
                                .acquirer_ref = STR_NONE,
                                .reason = in->note,
                                .by = who->subject,
                                .by_name = who->name };
    struct typed typed = { .note = in->note };
    TRY(operator_form(t, who, in->csrf));
    err e = outcome_say(t, in, &f);
    if (operator_refused(t, e, &typed.said))
        return payout_show(t, rq, STR_NONE, &typed, rs);
    TRY(e);
    reply_see_other(rs, str_given(f.waits) ? STR("/operator/bank") : operator_link(t, "payouts", f.transfer));
    return OK;
}

const struct route operator_payout_outcome_route = {
    .method = POST,
    .path = "/operator/payouts/{payout}/outcome",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct outcome_in, outcome_params),
    .handle = outcome_post,
    .summary = "Say what the bank has said of a payout that is unknown",
};

static err payout_file(struct task *t, const struct request *rq, struct response *rs)
{
    const payout_id id = { request_path_param(rq, "payout") };
    struct detail d = { 0 };
    TRY(payout_load(t, id, &d));
    return payout_statement_reply(t, d.any->partner_id, id, rs);
}

const struct route operator_payout_statement_route = {
    .method = GET,
    .path = "/operator/payouts/{payout}/statement",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_COSTLY,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .handle = payout_file,
    .sheet = "text/csv",
    .summary = "What is in a payout, as a sheet",
};
