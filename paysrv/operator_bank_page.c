/* See operator_bank_page.h. */
#include "paysrv/operator_bank_page.h"

#include "paysrv/faults.h"
#include "paysrv/flow/transfer/transfer_lines.h"
#include "paysrv/store/bank.sql.h"
#include "paysrv/store/manual_entry.sql.h"
#include "paysrv/store/settlement.sql.h"
#include "paysrv/words.h"
#include "shared/base/num.h"
#include "shared/text/money_text.h"
#include "web/operator/pages.h"
#include "web/text.h"

#define ROWS 50

/* Who looks at the page, and what breaks are shown with. */
struct looking {
    const struct operator_session *who;
    struct bank_refused *refused; /* NULL: none */
};

/* ---- what is to be looked at ---- */

static str registry_url(struct task *t, int64_t id)
{
    return arena_printf(t->arena, "/operator/settlements/%lld", (long long)id);
}

static str payer_of(struct task *t, const struct bank_break_list_row *b)
{
    if (!str_given(b->payer_iban))
        return b->payer_name;
    return arena_printf(t->arena, "%.*s%s%.*s", STR_ARG(b->payer_name), str_given(b->payer_name) ? ", " : "",
                        STR_ARG(b->payer_iban));
}

/* Rows of one break stand together. */
static void like_add(struct task *t, const struct transfers_like_row *rows, size_t n, int64_t id,
                     struct operator_break_row *item)
{
    struct operator_like_row *items = arena_array(t->arena, struct operator_like_row, n + 1);
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        if (rows[i].break_id == id)
            items[found++] = (struct operator_like_row){ .payment = rows[i].payment_id.v,
                                                         .url = operator_link(t, "payments", rows[i].payment_id.v),
                                                         .partner = rows[i].partner_id.v,
                                                         .description = rows[i].description,
                                                         .reference = rows[i].reference,
                                                         .time = instant_text(t->arena, rows[i].created_at),
                                                         .time_iso = instant_iso(t->arena, rows[i].created_at),
                                                         .is_waiting = rows[i].is_waiting };
    item->like.items = items;
    item->like.n = found;
}

static void typed_add(struct bank_refused *refused, struct operator_break_row *item)
{
    item->problem = refused->said.why;
    item->note = refused->note;
    item->wanted = refused->payment;
    item->iban = refused->iban;
    item->holder_name = refused->holder_name;
    item->bearer = refused->partner;
    refused->is_shown = true;
}

static struct operator_break_row break_row(struct task *t, const struct operator_session *who,
                                           const struct bank_break_list_row *b)
{
    bool has_amount = b->amount_given && b->amount && str_given(b->currency);
    bool is_open = !b->closed_at_given;
    str id = arena_printf(t->arena, "%lld", (long long)b->break_id);
    return (struct operator_break_row){
        .id = id,
        .kind = b->kind,
        .kind_text = word_of_break(b->kind, b->ref),
        .time = instant_text(t->arena, b->created_at),
        .time_iso = instant_iso(t->arena, b->created_at),
        .payout = b->payout_id,
        .payout_url = operator_link(t, "payouts", b->payout_id),
        .payment = b->payment_id,
        .payment_url = operator_link(t, "payments", b->payment_id),
        .registry = b->settlement_ref,
        .registry_url = b->settlement_id_given ? registry_url(t, b->settlement_id) : STR_NONE,
        .partner = b->partner_id,
        .assignee = b->assignee,
        .is_bookable = b->is_bookable,
        .is_moved = b->moved_given,
        .amount = has_amount ? money_text(t->arena, b->amount, b->currency) : STR_NONE,
        .detail = b->detail,
        .payer = payer_of(t, b),
        .remittance = b->remittance,
        .is_credit = b->is_credit,
        .is_return = b->is_return,
        .is_held = str_given(b->held_credit),
        .closed = is_open ? STR_NONE : instant_text(t->arena, b->closed_at),
        .closed_iso = is_open ? STR_NONE : instant_iso(t->arena, b->closed_at),
        .closed_by = b->closed_by,
        .resolution = str_given(b->resolution) ? word_of_resolution(b->resolution) : STR_NONE,
        .closed_note = b->note,
        .action =
            who->only_looks || !is_open ? STR_NONE : arena_printf(t->arena, "/operator/bank/breaks/%.*s", STR_ARG(id)),
    };
}

static bool is_of_break(const struct manual_entry_list_row *e)
{
    return str_eq(e->kind, STR("resolve")) || str_eq(e->kind, STR("assign"));
}

/* Of an entry about a break: the break's number, which its object begins with. */
static str break_of(const struct manual_entry_list_row *e)
{
    str rest = e->object, no;
    return str_cut(&rest, ' ', &no) ? no : e->object;
}

static err breaks_read(struct task *t, const struct looking *l, const struct bank_break_list_row *rows, size_t n,
                       struct page_operator_bank *page)
{
    struct operator_break_row *items = arena_array(t->arena, struct operator_break_row, n + 1);
    const struct transfers_like_row *like;
    size_t n_like;
    TRY(transfer_suggestions(t, rows, n, &like, &n_like));
    for (size_t i = 0; i < n; i++) {
        items[i] = break_row(t, l->who, &rows[i]);
        items[i].waits = rows[i].waits;
        like_add(t, like, n_like, rows[i].break_id, &items[i]);
        if (l->refused && str_eq(l->refused->break_no, items[i].id))
            typed_add(l->refused, &items[i]);
    }
    page->breaks.items = items;
    page->breaks.n = n;
    return operator_names_put(t, &items->closed_by, n, sizeof *items);
}

/* ---- files and registries ---- */

static struct operator_bank_file_row *files_of(struct task *t, const struct bank_file_of_hash_row *rows, size_t n)
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
                                                     .url = registry_url(t, s->settlement_id),
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
                  { "order", TEXT_OP_ENTRY_ORDER },   { "reversal", TEXT_OP_ENTRY_REVERSAL },
                  { "call", TEXT_OP_ENTRY_CALL } };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (str_eq(kind, str_of(texts[i].kind)))
            return texts[i].text;
    return TEXT_OP_ENTRY_WRITE_OFF;
}

static bool has_payees(const struct manual_entry_list_row *e)
{
    return str_eq(e->kind, STR("payout")) || str_eq(e->kind, STR("batch")) || str_eq(e->kind, STR("order"));
}

static str entry_object(struct task *t, const struct manual_entry_list_row *e)
{
    return is_of_break(e) ? arena_printf(t->arena, "/operator/bank?no=%.*s", STR_ARG(break_of(e)))
                          : operator_object(t, e->object);
}

/* "Rejected: Olga, it was another seller"; absent: it waits. */
static str decision_of(struct task *t, const struct manual_entry_list_row *e, str by)
{
    str word = str_eq(e->status, STR("booked"))     ? text_of(TEXT_OP_ENTRY_BOOKED)
               : str_eq(e->status, STR("rejected")) ? text_of(TEXT_OP_ENTRY_REJECTED)
                                                    : text_of(TEXT_OP_ENTRY_ALONE);
    if (str_eq(e->status, STR("waiting")))
        return STR_NONE;
    return arena_printf(t->arena, "%.*s: %.*s%s%.*s", STR_ARG(word), STR_ARG(by), str_given(e->note) ? ", " : "",
                        STR_ARG(e->note));
}

/* Absent: it has a bearer. */
static str outcome_of(struct task *t, const struct manual_entry_list_row *e)
{
    if (!has_payees(e) && !str_eq(e->kind, STR("call")))
        return STR_NONE;
    return str_given(e->acquirer_ref)
               ? arena_printf(t->arena, "%.*s, %.*s", STR_ARG(e->borne_by), STR_ARG(e->acquirer_ref))
               : e->borne_by;
}

static err entries_read(struct task *t, const struct looking *l, const struct manual_entry_list_row *rows, size_t n,
                        struct page_operator_bank *page)
{
    const struct operator_session *who = l->who;
    struct operator_entry_row *items = arena_array(t->arena, struct operator_entry_row, n + 1);
    str *deciders = arena_array(t->arena, str, n + 1);
    for (size_t i = 0; i < n; i++)
        deciders[i] = rows[i].decided_name;
    TRY(operator_names_put(t, deciders, n, sizeof *deciders));
    for (size_t i = 0; i < n; i++) {
        const struct manual_entry_list_row *e = &rows[i];
        items[i] = (struct operator_entry_row){
            .id = e->manual_entry_id,
            .kind_text = text_of(entry_text(e->kind)),
            .of = str_given(e->iban) ? arena_printf(t->arena, "%.*s, %.*s %.*s", STR_ARG(e->object),
                                                    STR_ARG(e->holder_name), STR_ARG(e->iban))
                                     : e->object,
            .of_url = entry_object(t, e),
            .amount = money_text(t->arena, e->amount, e->currency),
            .borne_by = e->borne_by,
            .outcome = outcome_of(t, e),
            .partner = e->partner_id.v,
            .reason = e->reason,
            .asked_by = e->asked_name,
            .time = instant_text(t->arena, e->created_at),
            .time_iso = instant_iso(t->arena, e->created_at),
            .is_mine = str_eq(e->asked_by, who->subject),
            .decided = decision_of(t, e, deciders[i]),
            .payees_url = has_payees(e) ? operator_link(t, "entries", e->manual_entry_id) : STR_NONE,
            .action = who->only_looks || !str_eq(e->status, STR("waiting"))
                          ? STR_NONE
                          : arena_printf(t->arena, "/operator/entries/%.*s/decision", STR_ARG(e->manual_entry_id)),
        };
        if (l->refused && str_eq(l->refused->entry, e->manual_entry_id)) {
            items[i].problem = l->refused->said.why;
            items[i].note = l->refused->note;
            l->refused->is_shown = true;
        }
    }
    page->waiting.items = items;
    page->waiting.n = n;
    return operator_names_put(t, &items->asked_by, n, sizeof *items);
}

static bool is_among(const struct manual_entry_list_row *rows, size_t n, str id)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].manual_entry_id, id))
            return true;
    return false;
}

/* Those that wait, or all. What was to be decided, and does not wait any more, is among the decided ones now, with who
 * has done it. */
static err entries_find(struct task *t, const struct looking *l, const struct bank_wish *in,
                        struct page_operator_bank *page)
{
    const struct manual_entry_list_row *rows;
    str position;
    size_t found;
    page->is_decided = in->decided;
    struct operator_query queries[] = { { "decided", in->decided ? STR("true") : STR_NONE } };
    const struct operator_list list = { .name = "operator entries",
                                        .path = STR("/operator/bank"),
                                        .queries = queries,
                                        .n_queries = 1,
                                        .from = "entries_before" };
    TRY(operator_position(t, &list, in->entries_before, &position));
    TRY(manual_entry_list(t, in->decided, position, ROWS + 1, &rows, &found));
    if (!in->decided && l->refused && str_given(l->refused->entry) && !is_among(rows, found, l->refused->entry)) {
        page->is_decided = true;
        queries[0].value = STR("true");
        TRY(manual_entry_list(t, true, STR_NONE, ROWS + 1, &rows, &found));
    }
    size_t n = found < ROWS ? found : ROWS;
    page->waiting_older_url = operator_older(t, &list, found > n, n ? rows[n - 1].manual_entry_id : STR_NONE);
    return entries_read(t, l, rows, n, page);
}

static err files_find(struct task *t, const struct bank_wish *in, struct page_operator_bank *page)
{
    const struct operator_list list = { .name = "operator bank files",
                                        .path = STR("/operator/bank"),
                                        .from = "files_before" };
    const struct bank_file_of_hash_row *rows;
    size_t found;
    int64_t number;
    const int64_t *before;
    TRY(operator_position_number(t, &list, in->files_before, &number, &before));
    TRY(bank_file_list(t, before, ROWS + 1, &rows, &found));
    size_t n = found < ROWS ? found : ROWS;
    struct operator_bank_file_row *items = files_of(t, rows, n);
    page->files.items = items;
    page->files.n = n;
    page->files_older_url = operator_older(t, &list, found > n, n ? operator_number(t, rows[n - 1].file_id) : STR_NONE);
    return operator_names_put(t, &items->imported_by, n, sizeof *items);
}

static err registries_find(struct task *t, const struct bank_wish *in, struct page_operator_bank *page)
{
    const struct operator_list list = { .name = "operator registries",
                                        .path = STR("/operator/bank"),
                                        .from = "registries_before" };
    const struct settlement_find_row *rows;
    size_t found;
    int64_t number;
    const int64_t *before;
    TRY(operator_position_number(t, &list, in->registries_before, &number, &before));
    TRY(settlement_list(t, before, ROWS + 1, &rows, &found));
    size_t n = found < ROWS ? found : ROWS;
    page->settlements.items = settlements_of(t, rows, n);
    page->settlements.n = n;
    page->settlements_older_url =
        operator_older(t, &list, found > n, n ? operator_number(t, rows[n - 1].settlement_id) : STR_NONE);
    return OK;
}

/* By its number, as other pages name it. */
static err break_find(struct task *t, const struct looking *l, str no, struct page_operator_bank *page)
{
    const struct bank_break_list_row *row = NULL;
    int64_t id;
    page->is_all = true;
    page->toggle_url = STR("/operator/bank");
    if (num_parse(no, &id))
        TRY(bank_break_find(t, id, &row));
    return row ? breaks_read(t, l, row, 1, page) : FAIL(t, NOT_FOUND, "no such break");
}

/* What a form was refused about stands above all, though somebody else has closed it meanwhile: then it says who and
 * how. */
static err refused_first(struct task *t, const struct looking *l, const struct bank_break_list_row **rows, size_t *n)
{
    const struct bank_break_list_row *one = NULL;
    int64_t id;
    if (!l->refused || !num_parse(l->refused->break_no, &id))
        return OK;
    for (size_t i = 0; i < *n; i++)
        if ((*rows)[i].break_id == id)
            return OK;
    TRY(bank_break_find(t, id, &one));
    if (!one)
        return OK;
    struct bank_break_list_row *all = arena_array(t->arena, struct bank_break_list_row, *n + 1);
    all[0] = *one;
    if (*n)
        memcpy(all + 1, *rows, *n * sizeof *all);
    *rows = all;
    *n += 1;
    return OK;
}

/* The newest, or those before the last of the page before. */
static err breaks_find(struct task *t, const struct looking *l, const struct bank_wish *in,
                       struct page_operator_bank *page)
{
    const struct operator_query queries[] = { { "closed", in->closed ? STR("true") : STR_NONE } };
    const struct operator_query other[] = { { "closed", in->closed ? STR_NONE : STR("true") } };
    const struct operator_list list = {
        .name = "operator breaks", .path = STR("/operator/bank"), .queries = queries, .n_queries = 1
    };
    const struct bank_break_list_row *rows;
    size_t found;
    int64_t number;
    const int64_t *before;
    TRY(operator_position_number(t, &list, in->before, &number, &before));
    TRY(bank_break_list(t, before, !in->closed, STR_NONE, ROWS + 1, &rows, &found));
    size_t n = found < ROWS ? found : ROWS;
    page->is_all = in->closed;
    page->toggle_url = operator_url(t, STR("/operator/bank"), other, 1);
    page->older_url = operator_older(t, &list, found > n, n ? operator_number(t, rows[n - 1].break_id) : STR_NONE);
    TRY(refused_first(t, l, &rows, &n));
    return breaks_read(t, l, rows, n, page);
}

err operator_bank_show(struct task *t, const struct operator_session *who, const struct bank_wish *in,
                       struct bank_refused *refused, struct response *rs)
{
    const struct looking looking = { .who = who, .refused = refused };
    struct page_operator_bank page = { OPERATOR_FRAME(who) };
    TRY(entries_find(t, &looking, in, &page));
    TRY(in->no.n ? break_find(t, &looking, in->no, &page) : breaks_find(t, &looking, in, &page));
    TRY(files_find(t, in, &page));
    TRY(registries_find(t, in, &page));
    if (refused && !refused->is_shown)
        page.problem = refused->said.why;
    page_operator_bank(reply_html(rs, refused ? refused->said.status : 200), &page);
    return OK;
}
