/* See operator_payouts_page.h. */
#include "paysrv/operator_payouts_page.h"

#include "paysrv/app.h"
#include "paysrv/domain/party/requisite.h"
#include "paysrv/domain/payout/payout_limit.h"
#include "paysrv/flow/payout/approval.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/verification.sql.h"
#include "paysrv/words.h"
#include "shared/text/money_text.h"

const struct operator_payout_row *operator_payout_rows(struct task *t, const struct payout_of_any_partner_row *rows,
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

/* Its form is shown again. */
static bool is_about(struct payouts_refused *refused, str id, str action)
{
    if (!refused || !str_eq(refused->id, id) || !str_given(action))
        return false;
    refused->is_shown = true;
    return true;
}

/* "Olga, Pjotr" */
static err approvers_name(struct task *t, const struct payout_awaiting_row *row, str *ret)
{
    size_t n = row->approvers.n;
    str *names = arena_array(t->arena, str, n + 1);
    *ret = STR_NONE;
    for (size_t i = 0; i < n; i++)
        names[i] = row->approvers.items[i];
    TRY(operator_names_put(t, names, n, sizeof *names));
    for (size_t i = 0; i < n; i++)
        *ret = i ? arena_printf(t->arena, "%.*s, %.*s", STR_ARG(*ret), STR_ARG(names[i])) : names[i];
    return OK;
}

/* As it stands: who approved it, and whether he who looks may. */
static struct operator_waiting_row waiting_row(struct task *t, const struct operator_session *who,
                                               const struct payout_awaiting_row *row)
{
    const struct app *app = t->app;
    const struct approver me = approver_of(who->subject, row);
    const bool is_asked = str_eq(row->screening, STR("open")) && app->config.screening_url.n > 0;
    return (struct operator_waiting_row){
        .id = row->payout_id.v,
        .url = operator_link(t, "payouts", row->payout_id.v),
        .seller_url = operator_link(t, "sellers", row->user_id.v),
        .amount = money_text(t->arena, row->amount, row->currency),
        .partner_name = row->partner_name,
        .seller_name = row->user_name,
        .destination = requisite_label(t->arena, row->masked, row->holder_name),
        .requested_by = operator_or_seller(row->requested_by, row->owner_subject, row->user_id.v, row->user_name),
        .shared_with = row->shared_with,
        .since = row->confirmed_at_given ? instant_text(t->arena, row->confirmed_at) : STR_NONE,
        .account_since = instant_text(t->arena, row->account_since),
        .screening = str_given(row->screening) ? word_of_screening(row->screening) : STR_NONE,
        .screening_ref = row->screening_ref,
        .reasons = words_of_approval_reasons(t->arena, row->reasons),
        .is_mine = me.has_approved,
        .is_own = me.is_own,
        .waits_for_answer = !me.has_approved && row->approvers.n + 1 >= PAYOUT_APPROVALS && is_asked,
        .action = me.may_decide && !who->only_looks
                      ? arena_printf(t->arena, "/operator/payouts/%.*s/decision", STR_ARG(row->payout_id.v))
                      : STR_NONE,
    };
}

err operator_waiting_rows(struct task *t, const struct operator_session *who, const struct payout_awaiting_row *rows,
                          size_t n, struct payouts_refused *refused, const struct operator_waiting_row **ret)
{
    struct operator_waiting_row *items = arena_array(t->arena, struct operator_waiting_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        items[i] = waiting_row(t, who, &rows[i]);
        TRY(approvers_name(t, &rows[i], &items[i].approved_by));
        if (is_about(refused, items[i].id, items[i].action)) {
            items[i].problem = refused->said.why;
            items[i].note = refused->note;
        }
    }
    *ret = items;
    return operator_names_put(t, &items->requested_by, n, sizeof *items);
}

static err waiting_read(struct task *t, const struct operator_session *who, str cursor, struct payouts_refused *refused,
                        struct page_operator_payouts *page)
{
    const struct operator_list list = { .name = "operator waiting",
                                        .path = STR("/operator/payouts"),
                                        .from = "waiting" };
    const struct payout_awaiting_row *rows;
    size_t found;
    str position;
    TRY(operator_position(t, &list, cursor, &position));
    TRY(payouts_awaiting_read(t, position, OPERATOR_ROWS + 1, &rows, &found));
    const size_t n = found < OPERATOR_ROWS ? found : OPERATOR_ROWS;
    page->more_url =
        operator_older(t, &list, found > n, n ? payout_awaiting_position(t->arena, &rows[n - 1]) : STR_NONE);
    page->waiting.n = n;
    return operator_waiting_rows(t, who, rows, n, refused, &page->waiting.items);
}

static const struct operator_held_row *held_of(struct task *t, const struct operator_session *who,
                                               struct payouts_refused *refused,
                                               const struct verification_held_row *rows, size_t n)
{
    struct operator_held_row *items = arena_array(t->arena, struct operator_held_row, n + 1);
    for (size_t i = 0; i < n; i++) {
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
        if (is_about(refused, items[i].id, items[i].action)) {
            items[i].problem = refused->said.why;
            items[i].note = refused->note;
        }
    }
    return items;
}

err operator_payouts_show(struct task *t, const struct operator_session *who, const struct payouts_wish *wish,
                          struct payouts_refused *refused, struct response *rs)
{
    const struct operator_list list = { .name = "operator payouts", .path = STR("/operator/payouts") };
    const struct payout_of_any_partner_row *rows;
    const struct verification_held_row *held;
    size_t found, n_held;
    str position;
    TRY(operator_position(t, &list, wish ? wish->before : STR_NONE, &position));
    TRY(payout_of_any_partner(t, STR_NONE, position, OPERATOR_ROWS + 1, &rows, &found));
    const size_t n = found < OPERATOR_ROWS ? found : OPERATOR_ROWS;
    TRY(verification_held(t, &held, &n_held));
    struct page_operator_payouts page = {
        OPERATOR_FRAME(who),
        .held = { held_of(t, who, refused, held, n_held), n_held },
        .payouts = { operator_payout_rows(t, rows, n), n },
        .older_url = operator_older(t, &list, found > n, n ? rows[n - 1].payout_id.v : STR_NONE),
    };
    TRY(waiting_read(t, who, wish ? wish->waiting : STR_NONE, refused, &page));
    if (refused && !refused->is_shown) {
        page.problem = refused->said.why;
        page.problem_of = refused->id;
        page.problem_url = operator_object(t, refused->id);
    }
    page_operator_payouts(reply_html(rs, refused ? refused->said.status : 200), &page);
    return OK;
}
