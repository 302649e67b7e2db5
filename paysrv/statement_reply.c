/* See statement_reply.h; MONEY 6.D28. */
#include "paysrv/statement_reply.h"

#include "paysrv/app.h"
#include "paysrv/domain/party_text.h"
#include "paysrv/faults.h"
#include "paysrv/flow/paper_words.h"
#include "paysrv/flow/partner_act.h"
#include "paysrv/flow/partner_report.h"
#include "paysrv/flow/payout_statement.h"
#include "shared/ops/spool.h"
#include "shared/text/csv.h"

#define REPORT_MAX_BYTES ((size_t)1 << 20)

static err put(struct task *t, void *context, str piece)
{
    return spool_add(t, context, piece);
}

static err begin(struct task *t, struct spool *spool)
{
    const struct app *app = t->app;
    return spool_open(t, arena_cstr(t->arena, app->config.spool_directory), spool);
}

static err end(struct task *t, struct spool *spool, const char *type, str name, struct response *rs)
{
    TRY(spool_flush(t, spool));
    reply_file(rs, 200, type, spool->fd, spool->bytes);
    reply_header(rs, "Content-Disposition", arena_printf(t->arena, "attachment; filename=\"%.*s\"", STR_ARG(name)));
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
    struct spool spool;
    const struct sink sink = { put, &spool };
    TRY(account_statement_open(t, wanted, &s));
    TRY(begin(t, &spool));
    if (for_people && wanted->format == STATEMENT_CSV)
        TRY(spool_add(t, &spool, CSV_BOM));
    TRY(account_statement_write(t, &s, &sink));
    str name = arena_printf(t->arena, "statement-%.*s.%s", STR_ARG(account_statement_day(t->arena, &s)),
                            endings[wanted->format]);
    return end(t, &spool, types[wanted->format], name, rs);
}

err payout_statement_reply(struct task *t, partner_id partner, payout_id payout, struct response *rs)
{
    struct spool spool;
    const struct sink sink = { put, &spool };
    TRY(begin(t, &spool));
    TRY(spool_add(t, &spool, CSV_BOM));
    TRY(payout_statement_write(t, partner, payout, &sink));
    return end(t, &spool, "text/csv; charset=utf-8", arena_printf(t->arena, "%.*s.csv", STR_ARG(payout.v)), rs);
}

err books_reply(struct task *t, const struct books_wanted *wanted, bool for_people, struct response *rs)
{
    struct books books;
    struct spool spool;
    const struct sink sink = { put, &spool };
    TRY(books_open(t, wanted, &books));
    bool is_csv = books.format == BOOKS_CSV;
    TRY(begin(t, &spool));
    if (for_people && is_csv)
        TRY(spool_add(t, &spool, CSV_BOM));
    TRY(books_write(t, &books, &sink));
    str name = arena_printf(t->arena, "%.*s.%s", STR_ARG(books_name(t->arena, &books)), is_csv ? "csv" : "jsonl");
    return end(t, &spool, is_csv ? "text/csv; charset=utf-8" : "application/jsonl", name, rs);
}

/* ---- reports ---- */

/* The number is given when the document is kept, so it is not in it. */
static str numbered(struct task *t, const struct report_paper *paper)
{
    str number = paper->number ? arena_printf(t->arena, "%lld", (long long)paper->number) : STR("null");
    return arena_printf(t->arena, "{\"number\":%.*s,%.*s", STR_ARG(number), (int)paper->document.n - 1,
                        paper->document.p + 1);
}

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
        reply_raw(rs, 200, "application/json", numbered(t, &paper));
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
