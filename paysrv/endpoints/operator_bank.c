/* /operator/bank: what the bank said that a person has to look at, and the files that came from it. */
#include "paysrv/faults.h"
#include "paysrv/flow/settlement_book.h"
#include "paysrv/flow/transfer_lines.h"
#include "paysrv/operator_page.h"
#include "paysrv/routes.h"
#include "paysrv/store/bank.sql.h"
#include "paysrv/store/manual_entry.sql.h"
#include "paysrv/store/settlement.sql.h"
#include "paysrv/words.h"
#include "shared/base/num.h"
#include "shared/text/money_text.h"
#include "web/operator/pages.h"
#include "web/text.h"

#define ROWS 50

static str payer_of(struct task *t, const struct bank_break_list_row *b)
{
    if (!str_given(b->payer_iban))
        return b->payer_name;
    return arena_printf(t->arena, "%.*s%s%.*s", STR_ARG(b->payer_name), str_given(b->payer_name) ? ", " : "",
                        STR_ARG(b->payer_iban));
}

static const struct operator_break_row *breaks_of(struct task *t, const struct operator_session *who,
                                                  const struct bank_break_list_row *rows, size_t n)
{
    struct operator_break_row *items = arena_array(t->arena, struct operator_break_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct bank_break_list_row *b = &rows[i];
        bool has_amount = b->amount_given && b->amount && str_given(b->currency);
        items[i] = (struct operator_break_row){
            .id = arena_printf(t->arena, "%lld", (long long)b->break_id),
            .kind = b->kind,
            .kind_text = word_of_break(b->kind),
            .time = instant_text(t->arena, b->created_at),
            .time_iso = instant_iso(t->arena, b->created_at),
            .payout = b->payout_id,
            .payout_url = operator_link(t, "payouts", b->payout_id),
            .partner = b->partner_id,
            .assignee = b->assignee,
            .is_bookable = b->is_bookable,
            .amount = has_amount ? money_text(t->arena, b->amount, b->currency) : STR_NONE,
            .detail = b->detail,
            .payer = payer_of(t, b),
            .remittance = b->remittance,
            .is_credit = b->is_credit,
            .action = who->only_looks ? STR_NONE
                                      : arena_printf(t->arena, "/operator/bank/breaks/%lld", (long long)b->break_id),
        };
    }
    return items;
}

static const struct operator_bank_file_row *files_of(struct task *t, const struct bank_file_of_hash_row *rows, size_t n)
{
    struct operator_bank_file_row *items = arena_array(t->arena, struct operator_bank_file_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct bank_file_of_hash_row *f = &rows[i];
        items[i] =
            (struct operator_bank_file_row){ .kind = f->kind,
                                             .name = str_given(f->statement_id) ? f->statement_id : f->message_id,
                                             .time = instant_text(t->arena, f->created_at),
                                             .time_iso = instant_iso(t->arena, f->created_at),
                                             .status = f->state,
                                             .status_text = word_of_bank_file(f->state),
                                             .lines = f->lines,
                                             .breaks = f->breaks,
                                             .imported_by = f->imported_by };
    }
    return items;
}

static const struct operator_settlement_row *settlements_of(struct task *t, const struct settlement_find_row *rows,
                                                            size_t n)
{
    struct operator_settlement_row *items = arena_array(t->arena, struct operator_settlement_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct settlement_find_row *s = &rows[i];
        items[i] = (struct operator_settlement_row){ .name = s->acquirer_ref,
                                                     .time = instant_text(t->arena, s->created_at),
                                                     .time_iso = instant_iso(t->arena, s->created_at),
                                                     .status = s->state,
                                                     .status_text = word_of_settlement(s->state),
                                                     .gross = money_text(t->arena, s->gross, s->currency),
                                                     .fee = money_text(t->arena, s->fee, s->currency),
                                                     .net = money_text(t->arena, s->net, s->currency),
                                                     .lines = s->lines,
                                                     .breaks = s->breaks };
    }
    return items;
}

static enum text_key entry_text(str kind)
{
    static const struct {
        const char *kind;
        enum text_key text;
    } texts[] = { { "undo", TEXT_OP_ENTRY_UNDO },     { "resolve", TEXT_OP_ENTRY_RESOLVE },
                  { "send", TEXT_OP_ENTRY_SEND },     { "assign", TEXT_OP_ENTRY_ASSIGN },
                  { "payout", TEXT_OP_ENTRY_PAYOUT }, { "batch", TEXT_OP_ENTRY_BATCH },
                  { "order", TEXT_OP_ENTRY_ORDER } };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (str_eq(kind, str_of(texts[i].kind)))
            return texts[i].text;
    return TEXT_OP_ENTRY_WRITE_OFF;
}

static bool has_payees(const struct manual_entry_list_row *e)
{
    return str_eq(e->kind, STR("payout")) || str_eq(e->kind, STR("batch")) || str_eq(e->kind, STR("order"));
}

/* Absent: it has a bearer. */
static str outcome_of(struct task *t, const struct manual_entry_list_row *e)
{
    if (!has_payees(e))
        return STR_NONE;
    return str_given(e->acquirer_ref)
               ? arena_printf(t->arena, "%.*s, %.*s", STR_ARG(e->borne_by), STR_ARG(e->acquirer_ref))
               : e->borne_by;
}

static const struct operator_entry_row *entries_of(struct task *t, const struct operator_session *who,
                                                   const struct manual_entry_list_row *rows, size_t n)
{
    struct operator_entry_row *items = arena_array(t->arena, struct operator_entry_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct manual_entry_list_row *e = &rows[i];
        items[i] = (struct operator_entry_row){
            .id = e->manual_entry_id,
            .kind_text = text_of(entry_text(e->kind)),
            .of = str_given(e->iban) ? arena_printf(t->arena, "%.*s, %.*s %.*s", STR_ARG(e->object),
                                                    STR_ARG(e->holder_name), STR_ARG(e->iban))
                                     : e->object,
            .of_url = operator_object(t, e->object),
            .amount = money_text(t->arena, e->amount, e->currency),
            .borne_by = e->borne_by,
            .outcome = outcome_of(t, e),
            .partner = e->partner_id.v,
            .reason = e->reason,
            .asked_by = e->asked_name,
            .time = instant_text(t->arena, e->created_at),
            .time_iso = instant_iso(t->arena, e->created_at),
            .payees_url = has_payees(e) ? operator_link(t, "entries", e->manual_entry_id) : STR_NONE,
            .action = who->only_looks
                          ? STR_NONE
                          : arena_printf(t->arena, "/operator/entries/%.*s/decision", STR_ARG(e->manual_entry_id)),
        };
    }
    return items;
}

static err bank_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct operator_session *who = rq->caller;
    const struct bank_break_list_row *breaks;
    const struct bank_file_of_hash_row *files;
    const struct settlement_find_row *settlements;
    const struct manual_entry_list_row *waiting;
    size_t n_breaks, n_files, n_settlements, n_waiting;
    TRY(manual_entry_list(t, false, &waiting, &n_waiting));
    TRY(bank_break_list(t, NULL, true, STR_NONE, ROWS, &breaks, &n_breaks));
    TRY(bank_file_list(t, NULL, ROWS, &files, &n_files));
    TRY(settlement_list(t, NULL, ROWS, &settlements, &n_settlements));
    const struct page_operator_bank page = {
        OPERATOR_FRAME(who),
        .waiting = { entries_of(t, who, waiting, n_waiting), n_waiting },
        .breaks = { breaks_of(t, who, breaks, n_breaks), n_breaks },
        .files = { files_of(t, files, n_files), n_files },
        .settlements = { settlements_of(t, settlements, n_settlements), n_settlements },
    };
    page_operator_bank(reply_html(rs, 200), &page);
    return OK;
}

const struct route operator_bank_route = {
    .method = GET,
    .path = "/operator/bank",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .ignore_unknown = true,
    .handle = bank_page,
    .summary = "What the bank said that a person has to look at",
};

struct close_in {
    str csrf, note, as, partner, payment;
};

static const struct param close_params[] = {
    P_STR(struct close_in, csrf, .need = REQUIRED, .set = BASE64URL, .min = 43, .max = 43),
    P_STR(struct close_in, note, .need = OPTIONAL, .set = LINE, .max = 500),
    P_STR(struct close_in, as, .need = OPTIONAL, .set = ID, .max = 20),
    P_STR(struct close_in, partner, .need = OPTIONAL, .set = LINE, .max = 63),
    P_STR(struct close_in, payment, .need = OPTIONAL, .set = ID, .max = 40),
};

/* What it came in for: its payment has it then. */
static err give(struct task *t, const struct close_in *in, const struct operator_session *who, int64_t id)
{
    struct transfer_assigning a = {
        .break_id = id, .payment = { in->payment }, .note = in->note, .by = who->subject, .by_name = who->name
    };
    return in->payment.n
               ? transfer_assign(t, &a)
               : FAIL_PARAM(t, INVALID_PARAMETER, STR("payment"), STR("is needed: the payment that it came in for"));
}

/* Who looks at it, or how it ends: by an entry, as the credit of a payment, or with a note only. */
static err decide(struct task *t, const struct close_in *in, const struct operator_session *who, int64_t id)
{
    struct break_resolution r = { .break_id = id,
                                  .as = in->as,
                                  .reason = in->note,
                                  .by = who->subject,
                                  .by_name = who->name,
                                  .partner = in->partner.n ? in->partner : STR_NONE };
    int64_t affected;
    if (str_eq(in->as, STR("mine")))
        return break_assign(t, who->name, id, &affected);
    if (in->note.n < 3)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("note"), STR("says what happened"));
    if (str_eq(in->as, STR("credit")))
        return give(t, in, who, id);
    return in->as.n ? break_resolve(t, &r) : break_end(t, id, who->subject, in->note);
}

static err break_close(struct task *t, const struct request *rq, struct response *rs)
{
    const struct close_in *in = rq->in;
    const struct operator_session *who = rq->caller;
    int64_t id;
    TRY(operator_form(t, who, in->csrf));
    if (!num_parse(request_path_param(rq, "break"), &id))
        return FAIL(t, NOT_FOUND, "no number");
    TRY(decide(t, in, who, id));
    reply_see_other(rs, STR("/operator/bank"));
    return OK;
}

const struct route operator_break_close_route = {
    .method = POST,
    .path = "/operator/bank/breaks/{break}",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct close_in, close_params),
    .handle = break_close,
    .summary = "Close what was looked at, with a note or by an entry",
};
