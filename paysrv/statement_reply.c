/* See statement_reply.h; MONEY 6.D28. */
#include "paysrv/statement_reply.h"

#include "paysrv/app.h"
#include "paysrv/domain/party/party_text.h"
#include "paysrv/faults.h"
#include "paysrv/flow/payout/payout_statement.h"
#include "paysrv/flow/report/fee_invoice.h"
#include "paysrv/flow/report/paper_words.h"
#include "paysrv/flow/report/partner_act.h"
#include "paysrv/flow/report/partner_report.h"
#include "shared/ops/spool.h"
#include "shared/text/csv.h"

#define REPORT_MAX_BYTES ((size_t)1 << 20)

/*
 * What is sent while it is written, from a file, so that nobody who reads slowly holds up the writing. What is small is
 * sent when it is there as a whole: then its length is known, and a failure is one with a status.
 */
struct outgoing {
    struct spool spool;
    struct response *rs;
    const char *type;
    str name;
    bool is_begun, waits; /* waits: the peer gets it when it is whole */
};

static err put(struct task *t, void *context, str piece)
{
    struct outgoing *o = context;
    int64_t before = o->spool.bytes;
    TRY(spool_add(t, &o->spool, piece));
    if (o->spool.bytes == before || o->waits)
        return OK;
    if (!o->is_begun) {
        o->is_begun = reply_file_begin(t, o->rs, 200, o->type, o->name, o->spool.fd);
        o->waits = !o->is_begun;
    }
    return o->is_begun ? reply_file_written(t, o->rs, o->spool.bytes) : OK;
}

static err begin(struct task *t, struct outgoing *o, const char *type, str name, struct response *rs)
{
    const struct app *app = t->app;
    *o = (struct outgoing){ .rs = rs, .type = type, .name = name };
    return spool_open(t, arena_cstr(t->arena, app->config.spool_directory), &o->spool);
}

static err end(struct task *t, struct outgoing *o)
{
    TRY(spool_flush(t, &o->spool));
    if (o->is_begun)
        return reply_file_written(t, o->rs, o->spool.bytes);
    reply_file(o->rs, 200, o->type, o->name, o->spool.fd, o->spool.bytes);
    return OK;
}

err statement_reply(struct task *t, const struct account_wanted *wanted, bool for_people, struct response *rs)
{
    static const char *const types[] = { [STATEMENT_CSV] = "text/csv; charset=utf-8",
                                         [STATEMENT_JSONL] = "application/jsonl",
                                         [STATEMENT_CAMT053] = "application/xml",
                                         [STATEMENT_PDF] = "application/pdf" };
    static const char *const endings[] = {
        [STATEMENT_CSV] = "csv", [STATEMENT_JSONL] = "jsonl", [STATEMENT_CAMT053] = "xml", [STATEMENT_PDF] = "pdf"
    };
    struct account_statement s;
    struct outgoing o;
    const struct sink sink = { put, &o };
    TRY(account_statement_open(t, wanted, &s));
    str name = arena_printf(t->arena, "statement-%.*s.%s", STR_ARG(account_statement_day(t->arena, &s)),
                            endings[wanted->format]);
    TRY(begin(t, &o, types[wanted->format], name, rs));
    if (for_people && wanted->format == STATEMENT_CSV)
        TRY(put(t, &o, CSV_BOM));
    TRY(account_statement_write(t, &s, &sink));
    return end(t, &o);
}

err payout_statement_reply(struct task *t, partner_id partner, payout_id payout, struct response *rs)
{
    struct outgoing o;
    const struct sink sink = { put, &o };
    TRY(begin(t, &o, "text/csv; charset=utf-8", arena_printf(t->arena, "%.*s.csv", STR_ARG(payout.v)), rs));
    TRY(put(t, &o, CSV_BOM));
    TRY(payout_statement_write(t, partner, payout, &sink));
    return end(t, &o);
}

err books_reply(struct task *t, const struct books_wanted *wanted, bool for_people, struct response *rs)
{
    struct books books;
    struct outgoing o;
    const struct sink sink = { put, &o };
    TRY(books_open(t, wanted, &books));
    bool is_csv = books.format == BOOKS_CSV;
    str name = arena_printf(t->arena, "%.*s.%s", STR_ARG(books_name(t->arena, &books)), is_csv ? "csv" : "jsonl");
    TRY(begin(t, &o, is_csv ? "text/csv; charset=utf-8" : "application/jsonl", name, rs));
    if (for_people && is_csv)
        TRY(put(t, &o, CSV_BOM));
    TRY(books_write(t, &books, &sink));
    return end(t, &o);
}

/* ---- reports ---- */

err report_reply(struct task *t, const struct report_wanted *wanted, struct response *rs)
{
    str format = wanted->format;
    bool csv = str_eq(format, STR("csv")), pdf = str_eq(format, STR("pdf"));
    struct report_paper paper;
    struct buf out;
    str act;
    if (str_given(format) && !csv && !pdf && !str_eq(format, STR("json")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("format"), STR("json, csv or pdf"));
    if (str_given(wanted->locale) && !locale_is_tag(wanted->locale))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("locale"), LOCALE_ALLOWED);
    TRY(partner_report_read(t, wanted->partner, wanted->month, wanted->currency, &paper));
    if (!csv && !pdf) {
        reply_raw(rs, 200, "application/json", partner_report_json(t, &paper));
        return OK;
    }
    if (pdf) {
        TRY(partner_report_pdf(t, &paper, paper_language_find(wanted->locale), &act));
        reply_raw(rs, 200, "application/pdf", act);
    } else {
        buf_init(&out, t->arena, REPORT_MAX_BYTES);
        if (wanted->for_people)
            buf_add(&out, CSV_BOM);
        partner_report_csv(t, &paper, &out);
        reply_raw(rs, 200, "text/csv; charset=utf-8", buf_str(&out));
    }
    reply_header(rs, "Content-Disposition",
                 arena_printf(t->arena, "attachment; filename=\"report-%.*s-%.*s.%.*s\"", STR_ARG(wanted->month),
                              STR_ARG(wanted->currency), STR_ARG(format)));
    return OK;
}

err fee_invoice_reply(struct task *t, const struct fee_invoice_find_row *row, str format, struct response *rs)
{
    bool pdf = str_eq(format, STR("pdf"));
    str paper;
    if (!row)
        return FAIL(t, NOT_FOUND, "no such invoice of this caller");
    if (str_given(format) && !pdf && !str_eq(format, STR("json")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("format"), STR("json or pdf"));
    if (!pdf) {
        reply_raw(rs, 200, "application/json", fee_invoice_json(t, row));
        return OK;
    }
    TRY(fee_invoice_pdf(t, row, &paper));
    reply_raw(rs, 200, "application/pdf", paper);
    reply_header(rs, "Content-Disposition",
                 arena_printf(t->arena, "attachment; filename=\"%.*s-%.*s.pdf\"",
                              STR_ARG(fee_invoice_number(t->arena, row)), STR_ARG(row->month)));
    return OK;
}
