/* /operator/bank: what the bank said that a person has to look at, and the files that came from it. A form that was
 * refused is shown again with what was typed. */
#include "paysrv/faults.h"
#include "paysrv/flow/settlement_book.h"
#include "paysrv/flow/transfer.h"
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

struct close_in {
    str csrf, note, as, partner, payment, suggested, iban, holder_name;
};

/* A form that was refused: what was typed, about which break, and why. */
struct refused {
    int64_t break_id;
    const struct close_in *in;
    str why;
    int status;
    bool is_shown; /* out: beside its break; else above all */
};

/* Who looks at the page, and what breaks are shown with. */
struct looking {
    const struct operator_session *who;
    const struct manual_entry_list_row *waiting; /* entries by hand */
    size_t n_waiting;
    struct refused *refused; /* NULL: none */
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

static void typed_add(const struct close_in *in, str why, struct operator_break_row *item)
{
    item->problem = why;
    item->note = in->note;
    item->wanted = in->payment;
    item->iban = in->iban;
    item->holder_name = in->holder_name;
    item->bearer = in->partner;
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
        .kind_text = word_of_break(b->kind),
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
        .amount = has_amount ? money_text(t->arena, b->amount, b->currency) : STR_NONE,
        .detail = b->detail,
        .payer = payer_of(t, b),
        .remittance = b->remittance,
        .is_credit = b->is_credit,
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

/* Whether something about it waits for a second operator. */
static bool waits(const struct looking *l, str break_id)
{
    for (size_t i = 0; i < l->n_waiting; i++)
        if (is_of_break(&l->waiting[i]) && str_eq(break_of(&l->waiting[i]), break_id))
            return true;
    return false;
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
        items[i].waits = waits(l, items[i].id);
        like_add(t, like, n_like, rows[i].break_id, &items[i]);
        if (!l->refused || l->refused->break_id != rows[i].break_id || !str_given(items[i].action))
            continue;
        typed_add(l->refused->in, l->refused->why, &items[i]);
        l->refused->is_shown = true;
    }
    page->breaks.items = items;
    page->breaks.n = n;
    return OK;
}

/* ---- files and registries ---- */

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
                  { "order", TEXT_OP_ENTRY_ORDER },   { "reversal", TEXT_OP_ENTRY_REVERSAL } };
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
static str decision_of(struct task *t, const struct manual_entry_list_row *e)
{
    str word = str_eq(e->status, STR("booked"))     ? text_of(TEXT_OP_ENTRY_BOOKED)
               : str_eq(e->status, STR("rejected")) ? text_of(TEXT_OP_ENTRY_REJECTED)
                                                    : text_of(TEXT_OP_ENTRY_ALONE);
    if (str_eq(e->status, STR("waiting")))
        return STR_NONE;
    return arena_printf(t->arena, "%.*s: %.*s%s%.*s", STR_ARG(word), STR_ARG(e->decided_name),
                        str_given(e->note) ? ", " : "", STR_ARG(e->note));
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
            .decided = decision_of(t, e),
            .payees_url = has_payees(e) ? operator_link(t, "entries", e->manual_entry_id) : STR_NONE,
            .action = who->only_looks || !str_eq(e->status, STR("waiting"))
                          ? STR_NONE
                          : arena_printf(t->arena, "/operator/entries/%.*s/decision", STR_ARG(e->manual_entry_id)),
        };
    }
    return items;
}

struct bank_in {
    str before;
    bool closed;
    bool decided; /* entries by hand that somebody has decided, too */
    str no;       /* one break, open or not */
};

static const struct param bank_params[] = {
    P_STR(struct bank_in, before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
    P_BOOL(struct bank_in, closed, .need = OPTIONAL),
    P_BOOL(struct bank_in, decided, .need = OPTIONAL),
    P_STR(struct bank_in, no, .need = OPTIONAL, .set = ID, .max = 19),
};

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

/* The newest, or those before the last of the page before. */
static err breaks_find(struct task *t, const struct looking *l, const struct bank_in *in,
                       struct page_operator_bank *page)
{
    const struct operator_query queries[] = { { "closed", in->closed ? STR("true") : STR_NONE } };
    const struct operator_query other[] = { { "closed", in->closed ? STR_NONE : STR("true") } };
    const struct operator_list list = {
        .name = "operator breaks", .path = STR("/operator/bank"), .queries = queries, .n_queries = 1
    };
    const struct bank_break_list_row *rows;
    str position;
    size_t found;
    int64_t number;
    TRY(operator_position(t, &list, in->before, &position));
    const int64_t *before = str_given(position) && num_parse(position, &number) ? &number : NULL;
    TRY(bank_break_list(t, before, !in->closed, STR_NONE, ROWS + 1, &rows, &found));
    size_t n = found < ROWS ? found : ROWS;
    page->is_all = in->closed;
    page->toggle_url = operator_url(t, STR("/operator/bank"), other, 1);
    page->older_url = operator_older(t, &list, found > n,
                                     n ? arena_printf(t->arena, "%lld", (long long)rows[n - 1].break_id) : STR_NONE);
    return breaks_read(t, l, rows, n, page);
}

static err bank_show(struct task *t, const struct operator_session *who, const struct bank_in *in,
                     struct refused *refused, struct response *rs)
{
    const struct bank_file_of_hash_row *files;
    const struct settlement_find_row *settlements;
    const struct manual_entry_list_row *entries;
    size_t n_files, n_settlements, n_entries;
    struct looking looking = { .who = who, .refused = refused };
    TRY(manual_entry_list(t, false, &looking.waiting, &looking.n_waiting));
    entries = looking.waiting, n_entries = looking.n_waiting;
    if (in->decided)
        TRY(manual_entry_list(t, true, &entries, &n_entries));
    TRY(bank_file_list(t, NULL, ROWS, &files, &n_files));
    TRY(settlement_list(t, NULL, ROWS, &settlements, &n_settlements));
    struct page_operator_bank page = {
        OPERATOR_FRAME(who),
        .is_decided = in->decided,
        .waiting = { entries_of(t, who, entries, n_entries), n_entries },
        .files = { files_of(t, files, n_files), n_files },
        .settlements = { settlements_of(t, settlements, n_settlements), n_settlements },
    };
    TRY(in->no.n ? break_find(t, &looking, in->no, &page) : breaks_find(t, &looking, in, &page));
    if (refused && !refused->is_shown)
        page.problem = refused->why;
    page_operator_bank(reply_html(rs, refused ? refused->status : 200), &page);
    return OK;
}

static err bank_page(struct task *t, const struct request *rq, struct response *rs)
{
    return bank_show(t, rq->caller, rq->in, NULL, rs);
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
    INPUT(struct bank_in, bank_params),
    .handle = bank_page,
    .summary = "What the bank said that a person has to look at",
};

/* ---- what a person says about it ---- */

static const struct param close_params[] = {
    P_STR(struct close_in, csrf, .need = REQUIRED, .set = BASE64URL, .min = 43, .max = 43),
    P_STR(struct close_in, note, .need = OPTIONAL, .set = LINE, .max = 500),
    P_STR(struct close_in, as, .need = OPTIONAL, .set = ID, .max = 20),
    P_STR(struct close_in, partner, .need = OPTIONAL, .set = LINE, .max = 63),
    P_STR(struct close_in, payment, .need = OPTIONAL, .set = LINE, .max = 100),
    P_STR(struct close_in, suggested, .need = OPTIONAL, .set = ID, .max = 40),
    P_STR(struct close_in, iban, .need = OPTIONAL, .set = LINE, .max = 60),
    P_STR(struct close_in, holder_name, .need = OPTIONAL, .set = LINE, .max = 70),
};

/* What it came in for: its payment has it then. */
static err give(struct task *t, const struct close_in *in, const struct operator_session *who, int64_t id)
{
    struct transfer_assigning a = { .break_id = id,
                                    .payment = { in->suggested.n ? in->suggested : in->payment },
                                    .note = in->note,
                                    .by = who->subject,
                                    .by_name = who->name };
    return a.payment.v.n
               ? transfer_assign(t, &a)
               : FAIL_PARAM(t, INVALID_PARAMETER, STR("payment"), STR("is needed: the payment that it came in for"));
}

/* Back to who paid, at the account that he names. */
static err send_back(struct task *t, const struct close_in *in, const struct operator_session *who, int64_t id)
{
    struct transfer_sending sending = {
        .iban = in->iban, .holder_name = in->holder_name, .note = in->note, .by = who->subject, .by_name = who->name
    };
    return in->holder_name.n
               ? break_send(t, id, &sending)
               : FAIL_PARAM(t, INVALID_PARAMETER, STR("holder_name"), STR("is needed: whose account it is"));
}

/* Who looks at it, or how it ends: by an entry, as the credit of a payment, on its way back, or with a note only. */
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
    if (in->suggested.n || str_eq(in->as, STR("credit")))
        return give(t, in, who, id);
    if (str_eq(in->as, STR("send")))
        return send_back(t, in, who, id);
    return in->as.n ? break_resolve(t, &r) : break_end(t, id, who->subject, in->note);
}

/* What was typed is not typed again: the page with the form as it was sent, and what is wrong about it. */
static err refused_show(struct task *t, const struct request *rq, int64_t id, err why, struct response *rs)
{
    const struct bank_in newest = { .closed = false };
    str said = str_given(why->explain) ? why->explain : str_of(why->fault->say);
    struct refused refused = { .break_id = id,
                               .in = rq->in,
                               .why = str_given(why->param)
                                          ? arena_printf(t->arena, "%.*s: %.*s", STR_ARG(why->param), STR_ARG(said))
                                          : said,
                               .status = why->fault->status };
    return bank_show(t, rq->caller, &newest, &refused, rs);
}

static err break_close(struct task *t, const struct request *rq, struct response *rs)
{
    const struct close_in *in = rq->in;
    const struct operator_session *who = rq->caller;
    int64_t id;
    TRY(operator_form(t, who, in->csrf));
    if (!num_parse(request_path_param(rq, "break"), &id))
        return FAIL(t, NOT_FOUND, "no number");
    err e = decide(t, in, who, id);
    if (e && e->fault->status < 500)
        return refused_show(t, rq, id, e, rs);
    TRY(e);
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
