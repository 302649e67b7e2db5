/* See bank_export.h; MONEY 4, SECURITY P 390. */
#include "paysrv/flow/bank/bank_export.h"

#include "paysrv/app.h"
#include "paysrv/domain/bank/bank_file.h"
#include "paysrv/domain/bank/client_bank.h"
#include "paysrv/domain/bank/test_bank.h"
#include "paysrv/domain/party/iban.h"
#include "paysrv/domain/payout/payout.h"
#include "paysrv/faults.h"
#include "paysrv/flow/ledger/manual_entry.h"
#include "paysrv/flow/payout/payout_object.h"
#include "paysrv/flow/payout/payout_step.h"
#include "paysrv/flow/transfer/repayment.h"
#include "paysrv/store/manual_entry.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/repayment.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/ops/process.h"

#define CHANNEL_TEST "test"
#define COUNTED_FOR DAYS(1) /* what went without a second person's word */

/* The documents of the events that tell of a batch's payouts, in parallel arrays. */
struct told {
    str *payouts, *events, *data;
    size_t n;
};

static struct told told_make(struct task *t, size_t n)
{
    return (struct told){ .payouts = arena_array(t->arena, str, n + 1),
                          .events = arena_array(t->arena, str, n + 1),
                          .data = arena_array(t->arena, str, n + 1) };
}

static err told_add(struct task *t, struct told *told, partner_id partner, payout_id payout)
{
    const struct payout_find_row *row;
    TRY(payout_find(t, partner, payout, STR_NONE, &row));
    if (!row)
        return FAIL(t, INTERNAL, "a payout of the batch vanished");
    struct payout_find_row after = *row;
    after.status = payout_state_name(PAYOUT_SENT);
    after.sent_at = t->now;
    after.sent_at_given = true;
    told->payouts[told->n] = payout.v;
    told->events[told->n] = random_id(t->arena, "evt_");
    told->data[told->n] = payout_document(t, &after);
    told->n++;
    return OK;
}

/* ---- collect ---- */

struct collect {
    str msg_id;
    str by;
    str currency;
    str debtor_name, debtor_iban, debtor_bic;
    struct ru_account debtor_ru;
    enum bank_format format;
    enum batch_channel channel;
    struct batch_made made;
};

static str channel_name(enum batch_channel channel)
{
    switch (channel) {
    case BATCH_FOR_FILE:
        return STR("file");
    case BATCH_FOR_CHANNEL:
        return STR("bank");
    case BATCH_FOR_TEST:
        break;
    }
    return STR(CHANNEL_TEST);
}

/* Each transfer is its owner's word; that the whole is as it should be, a second person's. */
static err release_ask(struct task *t, const struct collect *c, str reason, str *waits)
{
    const struct manual_entry entry = { .kind = "order",
                                        .object = c->msg_id,
                                        .currency = c->currency,
                                        .amount_minor = c->made.total_minor,
                                        .borne_by = STR("released"),
                                        .reason = reason,
                                        .by = c->by,
                                        .by_name = c->by,
                                        .is_always_for_two = true };
    return manual_entry_ask(t, &entry, waits);
}

static int64_t held_from(struct task *t, const struct collect *c)
{
    const struct app *app = t->app;
    bool is_any_held = app->config.order_release_from > 0 && c->channel != BATCH_FOR_TEST;
    return is_any_held ? app->config.order_release_from : INT64_MAX;
}

/* Many small ones are as good as a large one: whoever could have it made in parts needs nobody's word otherwise. */
static str why_held(struct task *t, const struct batch_make_row *made, int64_t held_from)
{
    return made->total >= held_from
               ? STR("a large order")
               : arena_printf(t->arena, "with %lld of smaller orders within a day that nobody else has seen",
                              (long long)made->before);
}

static err collect_in_tx(struct task *t, void *context)
{
    struct collect *c = context;
    c->made = (struct batch_made){ .msg_id = STR_NONE };
    const struct payout_due_row *due;
    const struct repayments_due_row *back;
    size_t n, n_back;
    TRY(payout_due(t, c->currency, &due, &n));
    TRY(repayments_due(t, c->currency, &back, &n_back));
    if (n + n_back == 0)
        return OK;
    str *repayments = arena_array(t->arena, str, n_back + 1);
    for (size_t i = 0; i < n_back; i++)
        repayments[i] = back[i].repayment_id;
    struct told told = told_make(t, n);
    const instant answers_at = instant_add(t->now, TEST_BANK_ANSWERS_AFTER);
    for (size_t i = 0; i < n; i++)
        TRY(told_add(t, &told, due[i].partner_id, due[i].payout_id));
    const struct batch_make_args args = {
        .payouts = { told.payouts, n },
        .events = { told.events, n },
        .data = { told.data, n },
        .repayments = { repayments, n_back },
        .msg_id = c->msg_id,
        .debtor_name = c->debtor_name,
        .debtor_iban = c->debtor_iban,
        .channel = channel_name(c->channel),
        .debtor_bic = c->debtor_bic,
        .currency = c->currency,
        .debtor_bik = c->debtor_ru.bik,
        .debtor_account = c->debtor_ru.account,
        .debtor_correspondent = c->debtor_ru.correspondent,
        .debtor_inn = c->debtor_ru.inn,
        .format = bank_format_name(c->format),
        .places = CLIENT_BANK_PLACES,
        .held_from = held_from(t, c),
        .since = { t->now.us - COUNTED_FOR.us },
        .answers_at = c->channel == BATCH_FOR_TEST ? &answers_at : NULL,
    };
    const struct batch_make_row *row;
    TRY(batch_make(t, &args, &row));
    c->made = (struct batch_made){ .msg_id = c->msg_id, .transfers = row->transfers, .total_minor = row->total };
    if (row->held)
        TRY(release_ask(t, c, why_held(t, row, args.held_from), &c->made.waits));
    CRASH_POINT("payout.export_before_commit");
    return OK;
}

/* What nothing can reach any more goes back to its seller before a batch is made. */
static err unpayable_fail(struct task *t)
{
    const struct payout_unpayable_row *rows;
    size_t n;
    TRY(payout_unpayable(t, &rows, &n));
    const struct payout_closing closing = { .to = PAYOUT_FAILED, .reason = STR("requisite_disabled") };
    for (size_t i = 0; i < n; i++) {
        bool done;
        TRY(payout_step_close(t, rows[i].partner_id, rows[i].payout_id, &closing, &done, NULL));
    }
    return OK;
}

static str given(str text)
{
    return text.n ? text : STR_NONE;
}

static bool roubles_find(const struct config *config, struct collect *c)
{
    if (!bank_format_parse(config->rouble_orders, &c->format))
        return false;
    c->debtor_iban = c->debtor_bic = STR_NONE;
    c->debtor_ru = (struct ru_account){ .bik = given(config->debtor_bik),
                                        .account = given(config->debtor_account),
                                        .correspondent = given(config->debtor_correspondent),
                                        .inn = given(config->debtor_inn) };
    return ru_account_judge(&c->debtor_ru) == RU_GOOD;
}

/* The test bank asks for no account of ours. */
static err debtor_find(struct task *t, struct collect *c)
{
    const struct app *app = t->app;
    c->debtor_name = app->config.debtor_name;
    if (c->channel == BATCH_FOR_TEST) {
        c->debtor_name = c->debtor_iban = STR(CHANNEL_TEST);
        return OK;
    }
    if (str_eq(c->currency, ROUBLES))
        return c->debtor_name.n && roubles_find(&app->config, c)
                   ? OK
                   : FAIL(t, DEBTOR_MISSING, "debtor_name, debtor_account, debtor_bik or debtor_inn");
    c->debtor_bic = given(app->config.debtor_bic);
    if (c->debtor_name.n == 0 || iban_judge(t->arena, app->config.debtor_iban, &c->debtor_iban) != IBAN_GOOD ||
        (str_given(c->debtor_bic) && !bic_is_valid(c->debtor_bic)))
        return FAIL(t, DEBTOR_MISSING, "debtor_name, debtor_iban or debtor_bic");
    return OK;
}

err batch_collect(struct task *t, enum batch_channel channel, str by, str currency, struct batch_made *ret)
{
    struct collect c = { .msg_id = random_id(t->arena, "STOA-"), .by = by, .channel = channel, .currency = currency };
    int64_t waiting;
    TRY(debtor_find(t, &c));
    TRY(payouts_put_off(t, instant_add(task_wall(t), PAYOUTS_PUT_OFF), &waiting));
    TRY(unpayable_fail(t));
    TRY(db_tx(t, collect_in_tx, &c));
    CRASH_POINT("payout.export_after_commit");
    *ret = c.made;
    return OK;
}

err batches_collect(struct task *t, enum batch_channel channel)
{
    const struct app *app = t->app;
    struct batch_made made;
    if (channel == BATCH_FOR_TEST || app->config.debtor_account.n)
        TRY(batch_collect(t, channel, STR("paysrv"), ROUBLES, &made));
    if (channel != BATCH_FOR_TEST && app->config.debtor_account.n && app->config.debtor_iban.n == 0)
        return OK; /* that account is the only one */
    return batch_collect(t, channel, STR("paysrv"), STR("EUR"), &made);
}

/* ---- write ---- */

/* What is paid, refused or given back is the bank's no more: whoever got the order once more would pay it again. */
static bool may_go(str status)
{
    return str_eq(status, payout_state_name(PAYOUT_SENT)) || str_eq(status, payout_state_name(PAYOUT_UNKNOWN));
}

static bool may_all_go(const struct batch_payouts_row *rows, size_t n, const struct batch_repayments_row *back,
                       size_t n_back)
{
    for (size_t i = 0; i < n; i++)
        if (!may_go(rows[i].status))
            return false;
    for (size_t i = 0; i < n_back; i++)
        if (!may_go(back[i].status))
            return false;
    return true;
}

/* Payouts, then what goes back to buyers, each in the order of their ids: the same bytes whenever it is written. */
static err transfers_of(struct task *t, str msg_id, struct bank_transfer **ret, size_t *n)
{
    const struct batch_payouts_row *rows;
    const struct batch_repayments_row *back;
    size_t n_payouts, n_back;
    TRY(batch_payouts(t, msg_id, &rows, &n_payouts));
    TRY(batch_repayments(t, msg_id, &back, &n_back));
    if (!may_all_go(rows, n_payouts, back, n_back))
        return FAIL(t, PAYOUT_STATE, "transfers of it were given back, refused or paid: it must not be sent again");
    *n = n_payouts + n_back;
    struct bank_transfer *transfers = *ret = arena_array(t->arena, struct bank_transfer, *n + 1);
    for (size_t i = 0; i < n_payouts; i++)
        *transfers++ = (struct bank_transfer){ .id = rows[i].payout_id.v,
                                               .purpose = "Payout",
                                               .amount_minor = rows[i].amount,
                                               .holder_name = rows[i].holder_name,
                                               .iban = rows[i].iban,
                                               .bic = rows[i].bic,
                                               .ru = { rows[i].bik, rows[i].account, rows[i].correspondent, rows[i].inn,
                                                       rows[i].kpp },
                                               .country = rows[i].country,
                                               .town = rows[i].town,
                                               .street = rows[i].street,
                                               .building = rows[i].building,
                                               .postcode = rows[i].postcode,
                                               .partner_name = rows[i].partner_name };
    for (size_t i = 0; i < n_back; i++)
        *transfers++ = (struct bank_transfer){ .id = back[i].repayment_id,
                                               .purpose = "Refund",
                                               .amount_minor = back[i].amount,
                                               .holder_name = back[i].holder_name,
                                               .iban = back[i].iban,
                                               .partner_name = back[i].partner_name };
    return OK;
}

err batch_write(struct task *t, str msg_id, struct buf *out)
{
    const struct batch_find_row *batch;
    TRY(batch_find(t, msg_id, &batch));
    if (!batch || str_eq(batch->channel, STR(CHANNEL_TEST)))
        return FAIL(t, NOT_FOUND, "no batch for a bank with this message id");
    if (batch->held)
        return FAIL(t, FOUR_EYES, "it is held: paysrv entries list");
    if (batch->is_recalled)
        return FAIL(t, PAYOUT_STATE, "it was given back: it must not be sent again");
    struct bank_transfer *transfers;
    size_t n;
    TRY(transfers_of(t, msg_id, &transfers, &n));
    struct bank_file file = { .msg_id = batch->msg_id,
                              .created = batch->let_go_at_given ? batch->let_go_at : batch->created_at,
                              .debtor_name = batch->debtor_name,
                              .debtor_iban = batch->debtor_iban,
                              .debtor_bic = batch->debtor_bic,
                              .debtor_ru = { .bik = batch->debtor_bik,
                                             .account = batch->debtor_account,
                                             .correspondent = batch->debtor_correspondent,
                                             .inn = batch->debtor_inn },
                              .currency = batch->currency,
                              .transfers = transfers,
                              .first_place = batch->first_place,
                              .n = n };
    int64_t sum;
    if (!bank_format_parse(batch->format, &file.format))
        return FAIL(t, INTERNAL, "the batch is of an unknown format");
    if (n != (size_t)batch->transfers || !bank_file_sum(&file, &sum) || sum != batch->total)
        return FAIL(t, INTERNAL, "the batch is not the sum of its transfers");
    bank_file_write(t->arena, &file, out);
    return OK;
}

/* ---- a second person's word ---- */

err batch_let_go_in_tx(struct task *t, str msg_id)
{
    int64_t affected;
    TRY(batch_let_go(t, msg_id, &affected));
    return affected ? OK : FAIL(t, PAYOUT_STATE, "it is not held any more");
}

struct release {
    str msg_id, by, reason;
    str waits;
};

static err release_in_tx(struct task *t, void *context)
{
    struct release *r = context;
    const struct batch_find_row *batch;
    TRY(batch_find(t, r->msg_id, &batch));
    if (!batch || !batch->held || batch->settled_at_given)
        return FAIL(t, NOT_FOUND, "no batch with this message id is held");
    const struct collect c = {
        .msg_id = r->msg_id, .by = r->by, .currency = batch->currency, .made.total_minor = batch->total
    };
    return release_ask(t, &c, r->reason, &r->waits);
}

err batch_release_ask(struct task *t, str msg_id, str by, str reason, str *waits)
{
    struct release r = { .msg_id = msg_id, .by = by, .reason = reason };
    TRY(db_tx(t, release_in_tx, &r));
    *waits = r.waits;
    return OK;
}

/* ---- on an operator's word ---- */

static err paid_book(struct task *t, struct batch_finding *f)
{
    const struct batch_payouts_row *rows;
    size_t n;
    int64_t repaid;
    TRY(batch_payouts(t, f->msg_id, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        bool done;
        TRY(payout_step_pay(t, rows[i].partner_id, rows[i].payout_id, &(struct payout_witness){ .line = NULL }, &done));
        f->booked += done;
    }
    TRY(batch_repayments_pay(t, f->msg_id, &repaid));
    f->booked += repaid;
    return OK;
}

static err refused_book(struct task *t, struct batch_finding *f)
{
    const struct payout_closing closing = { .to = PAYOUT_REJECTED, .reason = STR("bank_refused") };
    const struct batch_payouts_row *rows;
    size_t n;
    int64_t repayments;
    TRY(batch_payouts(t, f->msg_id, &rows, &n));
    CRASH_POINT("payout.after_recall");
    for (size_t i = 0; i < n; i++) {
        bool done;
        TRY(payout_step_close(t, rows[i].partner_id, rows[i].payout_id, &closing, &done, NULL));
        f->booked += done;
    }
    TRY(batch_repayments_reject(t, f->msg_id, closing.reason, &repayments));
    f->booked += repayments;
    return OK;
}

err batch_found_in_tx(struct task *t, const struct batch_finding *f)
{
    const struct batch_recall_row *recalled;
    if (f->is_paid)
        return OK;
    TRY(batch_recall(t, f->msg_id, &recalled));
    return recalled
               ? OK
               : FAIL(t, PAYOUT_STATE, "the bank has it or has answered, or may get it from a try of the last minute");
}

err batch_found_book(struct task *t, struct batch_finding *f)
{
    int64_t affected;
    f->booked = 0;
    TRY(f->is_paid ? paid_book(t, f) : refused_book(t, f));
    return batch_settled(t, f->msg_id, &affected);
}

static err batch_ask_in_tx(struct task *t, void *context)
{
    struct batch_finding *f = context;
    const struct batch_find_row *batch;
    const struct manual_entry_said_row *row;
    const str as = f->is_paid ? STR("paid") : STR("rejected");
    f->waits = STR_NONE;
    TRY(batch_find(t, f->msg_id, &batch));
    if (!batch || (f->is_paid && str_eq(batch->channel, STR(CHANNEL_TEST))))
        return FAIL(t, NOT_FOUND, "no batch for a bank with this message id");
    if (f->is_paid && batch->held)
        return FAIL(t, FOUR_EYES, "it is held: nobody has sent it");
    const struct manual_entry entry = { .kind = "batch",
                                        .object = f->msg_id,
                                        .currency = batch->currency,
                                        .amount_minor = batch->total,
                                        .borne_by = as,
                                        .reason = f->reason,
                                        .by = f->by,
                                        .by_name = f->by };
    TRY(manual_entry_said(t, STR("batch"), f->msg_id, as, &row));
    if (!batch->settled_at_given && !row->is_said)
        TRY(manual_entry_ask(t, &entry, &f->waits));
    return str_given(f->waits) ? OK : batch_found_in_tx(t, f);
}

err batch_resolve(struct task *t, struct batch_finding *f)
{
    f->booked = 0;
    TRY(db_tx(t, batch_ask_in_tx, f));
    return str_given(f->waits) ? OK : batch_found_book(t, f);
}
