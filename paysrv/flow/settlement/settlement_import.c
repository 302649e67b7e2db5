/* See settlement_import.h; docs/protocol/acquirer.md, Settlements; MONEY 6.A14. */
#include "paysrv/flow/settlement/settlement_import.h"

#include "paysrv/app.h"
#include "paysrv/domain/settlement/settlement_file.h"
#include "paysrv/faults.h"
#include "paysrv/flow/acquirer/connector.h"
#include "paysrv/flow/settlement/settlement_lines.h"
#include "paysrv/flow/settlement/settlement_missing.h"
#include "paysrv/jobs.h"
#include "paysrv/store/bank.sql.h"
#include "paysrv/store/settlement.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/net/fetch.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/text/encode.h"
#include "shared/text/json_in.h"

#define CHUNK_LINES 5000
#define CHUNK_MAX_BYTES ((size_t)16 << 20)
#define IMPORT_MAX_BYTES ((size_t)128 << 20) /* a file of the greatest size, read into its smallest lines */
#define FILES_PER_ROUND 20

/* ---- storing ---- */

struct import {
    const struct connector *acquirer;
    str document, by;
    digest hash;
    bool is_new;
    struct settlement_file file;
    int64_t settlement;
    size_t from; /* the first line of the next chunk */
};

static err lines_insert(struct task *t, void *context)
{
    struct import *im = context;
    size_t left = im->file.n - im->from, n = left < CHUNK_LINES ? left : CHUNK_LINES;
    struct settlement_lines_insert_item *items = arena_array(t->arena, struct settlement_lines_insert_item, n);
    int64_t affected;
    for (size_t i = 0; i < n; i++) {
        const struct settlement_line *line = &im->file.lines[im->from + i];
        items[i] = (struct settlement_lines_insert_item){ .kind = settlement_kind_name(line->kind),
                                                          .acquirer_id = line->id,
                                                          .op_key = line->key,
                                                          .gross = line->gross_minor,
                                                          .fee = line->fee_minor };
    }
    im->from += n;
    return settlement_lines_insert(t, items, n, im->settlement, str_of(im->acquirer->clearing), &affected);
}

static err store_in_tx(struct task *t, void *context)
{
    struct import *im = context;
    const struct settlement_file *f = &im->file;
    const struct settlement_insert_args args = {
        .acquirer_ref = f->id,
        .hash = im->hash,
        .currency = f->currency,
        .transfer_ref = f->transfer,
        .gross = f->gross_minor,
        .fee = f->fee_minor,
        .net = f->net_minor,
        .lines = (int32_t)f->n,
        .imported_by = im->by,
        .acquirer = str_of(im->acquirer->name),
        .clearing = str_of(im->acquirer->clearing),
    };
    const struct settlement_insert_row *row;
    TRY(settlement_insert(t, &args, &row));
    im->settlement = row->settlement_id;
    for (im->from = 0; im->from < f->n;)
        TRY(task_aside(t, CHUNK_MAX_BYTES, lines_insert, im));
    CRASH_POINT("settlement.before_commit");
    return OK;
}

/* One that cannot be taken is a break as well: whoever brought it may be a job. */
static err refuse(struct task *t, const struct import *im, const char *kind, str why)
{
    const struct bank_break_open_args args = { .kind = str_of(kind),
                                               .ref = hex_encode(t->arena, digest_bytes(&im->hash)),
                                               .detail = why };
    int64_t affected;
    log_warn(t, "settlement.refused", L_STR("why", why));
    TRY(bank_break_open(t, &args, &affected));
    return FAIL_PARAM(t, SETTLEMENT_REFUSED, STR("file"), why);
}

/* Of this name is one already; when it is this one, it was taken a moment ago by another who brought it. */
static err refuse_changed(struct task *t, const struct import *im)
{
    const struct settlement_find_row *same;
    TRY(settlement_find(t, NULL, STR_NONE, STR_NONE, digest_bytes(&im->hash), &same));
    return same ? OK : refuse(t, im, "changed", STR("a registry of this name was imported with another content"));
}

static err file_take(struct task *t, void *context)
{
    struct import *im = context;
    const struct settlement_find_row *same;
    str why = STR_NONE;
    if (!settlement_file_read(t->arena, im->document, &im->file, &why))
        return refuse(t, im, "refused", why);
    TRY(settlement_find(t, NULL, im->file.id, str_of(im->acquirer->clearing), (bytes){ NULL, 0 }, &same));
    if (same)
        return refuse_changed(t, im);
    TRY(reconcile_begin(t));
    err e = db_tx(t, store_in_tx, im);
    if (e)
        return err_is(e, &FAULT_SETTLEMENT_REFUSED) ? refuse_changed(t, im) : e;
    im->is_new = true;
    CRASH_POINT("settlement.after_commit");
    return OK;
}

err settlement_import(struct task *t, str acquirer, str document, str by, const struct settlement_find_row **ret,
                      bool *is_new)
{
    const struct connector *from =
        str_given(acquirer) ? connector_named(acquirer) : ((const struct app *)t->app)->acquirers[METHOD_CARD];
    if (!from || from->method == METHOD_BANK_TRANSFER)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("acquirer"), STR("is no acquirer of cards or wallets"));
    while (document.n && (document.p[document.n - 1] == '\n' || document.p[document.n - 1] == '\r'))
        document.n--; /* the same file, whichever way it came */
    struct import im = { .acquirer = from, .document = document, .hash = sha256_str(document), .by = by };
    TRY(settlement_find(t, NULL, STR_NONE, STR_NONE, digest_bytes(&im.hash), ret));
    if (!*ret)
        TRY(task_aside(t, IMPORT_MAX_BYTES, file_take, &im));
    *is_new = im.is_new;
    err e = settlements_work(t);
    if (e)
        log_failure(t, e); /* the file is kept, and the job takes up what is open of it */
    return settlement_find(t, NULL, STR_NONE, STR_NONE, digest_bytes(&im.hash), ret);
}

/* ---- fetching ---- */

/* Who gives registries, and how far they were fetched. */
struct source {
    enum payment_method method;
    str channel;
    int64_t number;
};

static const struct connector *connector_of(const struct task *t, const struct source *s)
{
    return ((const struct app *)t->app)->acquirers[s->method];
}

static err file_fetch(struct task *t, void *context)
{
    const struct source *s = context;
    int64_t affected;
    struct fetch_answer answer;
    const struct settlement_find_row *row;
    bool is_new;
    connector_of(t, s)->settlement(t, s->number, SETTLEMENT_MAX_BYTES, &answer);
    if (answer.outcome != FETCH_ANSWERED || answer.status != 200)
        return FAIL(t, UNAVAILABLE, "settlement %lld of %s: HTTP %d %.*s", (long long)s->number,
                    connector_of(t, s)->name, answer.status, STR_ARG(answer.why));
    err e = settlement_import(t, str_of(connector_of(t, s)->name), answer.body, s->channel, &row, &is_new);
    if (e && !err_is(e, &FAULT_SETTLEMENT_REFUSED)) /* which is a break, and the next ones are fetched */
        return e;
    CRASH_POINT("settlement.before_cursor");
    return bank_channel_move(t, s->number, s->channel, &affected);
}

static err source_fetch(struct task *t, struct source *s)
{
    const struct app *app = t->app;
    const struct connector *acquirer = connector_of(t, s);
    const struct bank_channel_read_row *channel;
    struct fetch_answer answer;
    const struct json_value *document;
    if (!acquirer || !acquirer->settlements)
        return OK;
    TRY(bank_channel_read(t, s->channel, &channel));
    acquirer->settlements(t, channel->last_file, &answer);
    if (answer.outcome != FETCH_ANSWERED || answer.status != 200 || !json_parse(t->arena, answer.body, &document))
        return FAIL(t, UNAVAILABLE, "the list of settlements of %s: HTTP %d %.*s", acquirer->name, answer.status,
                    STR_ARG(answer.why));
    const struct json_value *data = json_get(document, "data");
    for (size_t i = 0; data && i < json_size(data) && i < FILES_PER_ROUND && !app->service.is_stopping; i++)
        if (json_get_i64(json_item(data, i), "settlement", &s->number))
            TRY(task_aside(t, IMPORT_MAX_BYTES, file_fetch, s));
    return OK;
}

err settlements_run(struct task *t)
{
    const struct config *config = &((const struct app *)t->app)->config;
    struct source cards = { METHOD_CARD, STR("acquirer"), 0 }, wallet = { METHOD_WALLET, STR("wallet"), 0 };
    err fetched = config->acquirer_settlements ? source_fetch(t, &cards) : OK;
    if (fetched)
        log_failure(t, fetched); /* what has come is taken up all the same */
    fetched = config->wallet_settlements ? source_fetch(t, &wallet) : OK;
    if (fetched)
        log_failure(t, fetched);
    err worked = settlements_work(t);
    return failure_first(t, worked, reconcile_missing(t, config->settled_within));
}
