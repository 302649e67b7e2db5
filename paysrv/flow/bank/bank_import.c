/* See bank_import.h; SECURITY P 374 to 385. */
#include "paysrv/flow/bank/bank_import.h"

#include "paysrv/app.h"
#include "paysrv/domain/bank/bank_file.h"
#include "paysrv/domain/bank/bank_match.h"
#include "paysrv/domain/bank/client_bank.h"
#include "paysrv/domain/party/iban.h"
#include "paysrv/faults.h"
#include "paysrv/flow/bank/bank_lines.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payout/payout_step.h"
#include "paysrv/flow/transfer/transfer.h"
#include "paysrv/store/bank.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/repayment.sql.h"
#include "paysrv/store/transfer.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/text/encode.h"

#define BREAKS_PER_STEP 50
#define BREAKS_LIMIT SECONDS(5)
#define IMPORT_MAX_BYTES ((size_t)256 << 20) /* a file of the greatest size, read into its smallest lines */

/* ---- what is not taken ---- */

static err break_note(struct task *t, const char *kind, str ref, const int64_t *file, str detail)
{
    const struct bank_break_open_args args = { .kind = str_of(kind), .ref = ref, .file = file, .detail = detail };
    int64_t affected;
    log_warn(t, "bank.break", L_STR("kind", args.kind), L_STR("ref", ref), L_STR("why", detail));
    return bank_break_open(t, &args, &affected);
}

static err refuse(struct task *t, const digest *hash, const char *kind, str why)
{
    TRY(break_note(t, kind, hex_encode(t->arena, digest_bytes(hash)), NULL, why));
    return FAIL_PARAM(t, BANK_FILE_REFUSED, STR("file"), why);
}

static bool account_is_ours(struct task *t, str account)
{
    const struct app *app = t->app;
    str ours;
    if (app->config.debtor_account.n && str_eq(account, app->config.debtor_account))
        return true;
    return iban_judge(t->arena, app->config.debtor_iban, &ours) == IBAN_GOOD && str_eq(account, ours);
}

/* ---- storing ---- */

struct import {
    str document;
    digest hash;
    str by;
    struct bank_answer answer;
    enum statement_verdict verdict;
    int64_t file;
};

/* Of a row that has these columns. */
#define PLACE_OF(row)                                                                                                  \
    ((struct statement_place){ .sequence = (row)->sequence_given ? (row)->sequence : 0,                                \
                               .opening_minor = (row)->opening,                                                        \
                               .closing_minor = (row)->closing })

static struct statement_place place_of_last(const struct statement_last_row *row)
{
    struct statement_place place = PLACE_OF(row);
    place.first_day = row->first_day;
    place.last_day = row->last_day;
    place.closing_day = row->closing_day;
    return place;
}

static err last_find(struct task *t, str account, bool by_days, struct statement_place *place,
                     const struct statement_place **ret)
{
    const struct statement_last_row *last;
    TRY(by_days ? statement_last_by_days(t, account, &last) : statement_last(t, account, &last));
    *ret = last ? place : NULL;
    if (!last)
        return OK;
    *place = place_of_last(last);
    return OK;
}

static err statement_place_find(struct task *t, const struct bank_answer *a, enum statement_verdict *ret)
{
    const struct statement_place *last;
    const struct statement_same_row *same = NULL;
    struct statement_place before, alike = { 0 };
    TRY(last_find(t, a->account, a->kind == BANK_TEXT_STATEMENT, &before, &last));
    if (a->kind == BANK_STATEMENT)
        TRY(statement_same(t, a->account, a->statement_id, &same));
    else
        TRY(statement_same_day(t, a->account, a->first_day, &same));
    const struct statement_place fresh = { .sequence = a->sequence,
                                           .first_day = a->first_day,
                                           .last_day = a->last_day,
                                           .opening_minor = a->opening_minor,
                                           .closing_minor = a->closing_minor };
    if (same)
        alike = PLACE_OF(same);
    *ret = statement_judge(last, same ? &alike : NULL, &fresh);
    return OK;
}

static struct bank_file_insert_item line_item(const struct bank_line *line)
{
    return (struct bank_file_insert_item){ .line_key = line->key,
                                           .line_kind = bank_line_name(line->kind),
                                           .end_to_end = line->end_to_end,
                                           .order_id = line->order,
                                           .amount = line->amount_minor,
                                           .line_currency = line->currency,
                                           .reference = line->reference,
                                           .own_reference = line->own,
                                           .booked_on = line->date,
                                           .reason = line->reason,
                                           .note = line->text,
                                           .remittance = line->remittance,
                                           .payer_name = line->payer_name,
                                           .payer_iban = line->payer_iban };
}

static err file_insert(struct task *t, struct import *im)
{
    const struct bank_answer *a = &im->answer;
    struct bank_file_insert_item *lines = arena_array(t->arena, struct bank_file_insert_item, a->n + 1);
    for (size_t i = 0; i < a->n; i++)
        lines[i] = line_item(&a->lines[i]);
    const struct bank_file_insert_args args = {
        .hash = im->hash,
        .kind = bank_message_name(a->kind),
        .message = a->message_id,
        .account = a->account,
        .statement = a->statement_id,
        .sequence = a->sequence,
        .opening = a->opening_minor,
        .closing = a->closing_minor,
        .first_day = a->first_day,
        .last_day = a->last_day,
        .closing_day = a->closing_day,
        .currency = a->currency,
        .state = im->verdict == STATEMENT_GAP ? STR("waiting") : STR("open"),
        .imported_by = im->by,
    };
    const struct bank_file_insert_row *row;
    TRY(bank_file_insert(t, lines, a->n, &args, &row));
    im->file = row->file_id;
    if (im->verdict != STATEMENT_GAP)
        return OK;
    return break_note(t, "gap", arena_printf(t->arena, "file %lld", (long long)im->file), &im->file,
                      arena_printf(t->arena, "a statement before %.*s is missing", STR_ARG(a->statement_id)));
}

/* The file, or the statement that it holds, was taken before: by another import at the same moment, too. */
static err same_find(struct task *t, struct import *im)
{
    const struct bank_file_of_hash_row *row;
    TRY(bank_file_of_hash(t, im->hash, &row));
    if (!row && im->verdict == STATEMENT_SEEN)
        TRY(bank_file_of_statement(t, im->answer.account, im->answer.statement_id, &row));
    if (row) {
        im->verdict = STATEMENT_SEEN;
        im->file = row->file_id;
    }
    return OK;
}

static err store_in_tx(struct task *t, void *context)
{
    struct import *im = context;
    im->verdict = STATEMENT_NEXT;
    if (im->answer.kind == BANK_STATEMENT || im->answer.kind == BANK_TEXT_STATEMENT)
        TRY(statement_place_find(t, &im->answer, &im->verdict));
    TRY(same_find(t, im));
    if (im->verdict == STATEMENT_SEEN || im->verdict == STATEMENT_CHANGED)
        return OK;
    TRY(file_insert(t, im));
    CRASH_POINT("bank.before_file_commit");
    return OK;
}

/* A debit whose words name nothing is the order that has its number and date, amount and payee. */
static err numbers_resolve(struct task *t, struct bank_answer *a)
{
    struct bank_line *lines = arena_array(t->arena, struct bank_line, a->n + 1);
    if (a->kind != BANK_TEXT_STATEMENT)
        return OK;
    for (size_t i = 0; i < a->n; i++) {
        const struct transfer_of_number_row *found = NULL;
        lines[i] = a->lines[i];
        int64_t place = client_bank_place(lines[i].number);
        if (place >= 0)
            TRY(transfer_of_number(t, place, a->account, lines[i].written_day, lines[i].amount_minor, lines[i].other,
                                   &found));
        if (found)
            lines[i].end_to_end = bank_file_end_to_end_id(t->arena, found->id);
    }
    a->lines = lines;
    return OK;
}

static err answer_take(struct task *t, void *context)
{
    struct import *im = context;
    str why = STR_NONE;
    const struct app *app = t->app;
    if (!bank_answer_read(t->arena, im->document, &im->answer, &why))
        return refuse(t, &im->hash, "refused", why);
    if (str_given(im->answer.account) && !account_is_ours(t, im->answer.account))
        return app->config.debtor_iban.n == 0 && app->config.debtor_account.n == 0
                   ? FAIL(t, DEBTOR_MISSING, "debtor_iban")
                   : refuse(t, &im->hash, "refused", STR("the account is not one that payouts are made from"));
    TRY(numbers_resolve(t, &im->answer));
    TRY(db_tx(t, store_in_tx, im));
    CRASH_POINT("bank.after_file_commit");
    if (im->verdict == STATEMENT_CHANGED)
        return refuse(t, &im->hash, "changed", STR("a statement of this name was imported with other balances"));
    return OK;
}

err bank_import(struct task *t, str document, str by, const struct bank_file_of_hash_row **ret, bool *is_new)
{
    while (document.n && (document.p[document.n - 1] == '\n' || document.p[document.n - 1] == '\r'))
        document.n--; /* the same file, whichever way it came */
    struct import im = { .document = document, .hash = sha256_str(document), .by = by };
    TRY(bank_file_of_hash(t, im.hash, ret));
    *is_new = *ret == NULL;
    if (*ret)
        im.file = (*ret)->file_id;
    else
        TRY(task_aside(t, IMPORT_MAX_BYTES, answer_take, &im));
    *is_new = *is_new && im.verdict != STATEMENT_SEEN;
    err e = bank_upkeep(t);
    if (e)
        log_failure(t, e); /* the file is kept, and the job takes up what is open of it */
    return bank_file_find(t, im.file, ret);
}

/* ---- upkeep ---- */

static err waiting_open(struct task *t, bool *opened)
{
    const struct statement_waiting_row *rows;
    size_t n;
    *opened = false;
    TRY(statement_waiting(t, &rows, &n));
    for (size_t i = 0; i < n && !*opened; i++) {
        const struct statement_place *last;
        struct statement_place before, fresh = PLACE_OF(&rows[i]);
        fresh.first_day = rows[i].first_day;
        fresh.last_day = rows[i].last_day;
        TRY(last_find(t, rows[i].account, fresh.first_day != 0, &before, &last));
        int64_t affected;
        if (statement_judge(last, NULL, &fresh) == STATEMENT_NEXT) {
            TRY(bank_file_open(t, false, rows[i].file_id, STR("paysrv"), STR("the missing statement has come"),
                               &affected));
            *opened = true;
        }
    }
    return OK;
}

static err unanswered_note(struct task *t, str msg_id)
{
    return break_note(t, "unanswered", msg_id, NULL,
                      STR("the bank has not said what became of all transfers of this order"));
}

static err repayments_unanswered_mark(struct task *t, instant before)
{
    const struct repayments_unanswered_row *rows;
    size_t n;
    int64_t affected;
    TRY(repayments_unanswered(t, before, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        TRY(unanswered_note(t, rows[i].msg_id));
        TRY(repayment_lose_sight(t, rows[i].repayment_id, &affected));
    }
    return OK;
}

static err unanswered_mark(struct task *t)
{
    const struct app *app = t->app;
    const struct payout_unanswered_row *rows;
    size_t n;
    instant before = { t->now.us - app->config.bank_answer_within.us };
    TRY(payout_unanswered(t, before, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        bool done;
        TRY(unanswered_note(t, rows[i].msg_id));
        err e = payout_step_lose_sight(t, rows[i].partner_id, rows[i].payout_id, NULL, &done);
        if (e)
            log_failure(t, e); /* one payout must not keep the others waiting, nor the lines of the bank's files */
    }
    return repayments_unanswered_mark(t, before);
}

static err waits_show(struct task *t)
{
    const struct transfers_count_row *transfers;
    TRY(transfers_count(t, &transfers));
    pay_metrics_transfers(transfers->waiting);
    const struct bank_breaks_count_row *breaks;
    TRY(bank_breaks_count(t, &breaks));
    pay_metrics_bank_breaks(breaks->n, breaks->oldest_given ? (t->now.us - breaks->oldest.us) / SECONDS(1).us : 0);
    const struct batches_held_row *held;
    TRY(batches_held(t, &held));
    pay_metrics_orders_held(held->n);
    const struct payouts_oldest_row *payouts;
    TRY(payouts_oldest(t, &payouts));
#define WAIT_SECONDS(state) payouts->state##_given ? (t->now.us - payouts->state.us) / SECONDS(1).us : 0,
    pay_metrics_payouts_oldest((const int64_t[]){ PAYOUT_WAITS(WAIT_SECONDS) });
    return OK;
}

static err lines_work(struct task *t)
{
    bool opened;
    err first = OK;
    do {
        first = failure_first(t, first, bank_lines_work(t));
        first = failure_first(t, first, waiting_open(t, &opened));
    } while (opened);
    return first;
}

/* Of those that cannot be read together each that can be: one must not keep the others waiting. */
static err breaks_read_each(struct task *t, err why)
{
    for (int i = 0; i < BREAKS_PER_STEP; i++) {
        const struct bank_breaks_booked_row *row;
        int64_t passed;
        if (bank_breaks_booked(t, 1, &row))
            TRY(bank_break_pass(t, &passed));
    }
    return why;
}

/* As many as there is time for; the next round goes on behind them. */
static err breaks_read(struct task *t)
{
    const struct bank_breaks_booked_row *row;
    int64_t until_us = monotonic_us() + BREAKS_LIMIT.us;
    do {
        err e = bank_breaks_booked(t, BREAKS_PER_STEP, &row);
        if (e)
            return breaks_read_each(t, e);
    } while (row->looked == BREAKS_PER_STEP && monotonic_us() < until_us);
    return OK;
}

err bank_upkeep(struct task *t)
{
    err first = lines_work(t);
    first = failure_first(t, first, breaks_read(t));
    first = failure_first(t, first, transfers_run(t));
    first = failure_first(t, first, unanswered_mark(t));
    return failure_first(t, first, waits_show(t));
}

/* It is taken up already: well, if it was asked for twice. */
static err released_so(struct task *t, int64_t file, str by, str note)
{
    const struct bank_file_released_row *row;
    TRY(bank_file_released(t, file, by, note, &row));
    return row->so ? OK : FAIL(t, NOT_FOUND, "no statement that waits");
}

/* One from before the chain has no place in it. */
static err release(struct task *t, const struct bank_file_of_hash_row *row, str by, str note)
{
    const struct statement_place *last;
    const struct statement_last_row *found;
    struct statement_place place, released;
    int64_t affected;
    TRY(statement_of_file(t, row->file_id, &found));
    if (!found)
        return FAIL(t, NOT_FOUND, "no such file");
    released = place_of_last(found);
    TRY(last_find(t, row->account, released.first_day != 0, &place, &last));
    bool is_before = last && statement_is_before(last, &released);
    return bank_file_open(t, is_before, row->file_id, by, note, &affected);
}

err bank_release(struct task *t, int64_t file, str by, str note)
{
    const struct bank_file_of_hash_row *row;
    TRY(bank_file_find(t, file, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such file");
    if (!str_eq(row->state, STR("waiting")))
        return released_so(t, file, by, note);
    TRY(release(t, row, by, note));
    log_warn(t, "bank.released", L_I64("file", file), L_STR("by", by));
    return bank_upkeep(t);
}
