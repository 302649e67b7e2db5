/* GET /v1/reports, GET /v1/reports/{month}: what a month was for the partner, under the cooperation agreement. */
#include "paysrv/faults.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/statement_reply.h"
#include "paysrv/store/report.sql.h"

struct report_in {
    str currency, format, locale;
};

static const struct param report_params[] = {
    P_STR(struct report_in, currency, .need = REQUIRED, .set = CURRENCY, .min = 3, .max = 3),
    P_STR(struct report_in, format, .need = OPTIONAL, .set = ID, .min = 1, .max = 10, .words = "json csv pdf"),
    P_STR(struct report_in, locale, .need = OPTIONAL, .set = TOKEN, .min = 2, .max = 35),
};

static err partner_only(struct task *t, const struct caller *c)
{
    return str_given(c->subject) ? FAIL(t, NOT_FOUND, "a user's token does not see the partner's reports") : OK;
}

static err report(struct task *t, const struct request *rq, struct response *rs)
{
    const struct report_in *in = rq->in;
    TRY(partner_only(t, caller_of(rq)));
    const struct report_wanted wanted = { .partner = caller_of(rq)->partner,
                                          .month = request_path_param(rq, "month"),
                                          .currency = in->currency,
                                          .format = in->format,
                                          .locale = in->locale };
    return report_reply(t, &wanted, rs);
}

const struct route partner_report_read_route = {
    .method = GET,
    .path = "/v1/reports/{month}",
    .guard = &GUARD_BALANCE,
    .body = BODY_NONE,
    .run = RUN_COSTLY,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct report_in, report_params),
    .handle = report,
    .answer = "PartnerReport",
    .sheet = "text/csv",
    .paper = "application/pdf",
    .summary = "The partner's report of a month under the cooperation agreement: json, csv, or the act as pdf",
};

static err reports(struct task *t, const struct request *rq, struct response *rs)
{
    const struct report_list_row *rows;
    size_t n;
    TRY(partner_only(t, caller_of(rq)));
    TRY(report_list(t, caller_of(rq)->partner, &rows, &n));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("list"));
    json_array(j, "data");
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        json_i64(j, "number", rows[i].report_no);
        json_str(j, "month", rows[i].month);
        json_str(j, "currency", rows[i].currency);
        json_time(j, "closed_at", rows[i].closed_at);
        json_close(j);
    }
    json_close(j);
    return OK;
}

const struct route partner_report_page_route = {
    .method = GET,
    .path = "/v1/reports",
    .guard = &GUARD_BALANCE,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = reports,
    .answer = "List<{ number: integer, month: string, currency: string, closed_at: time }>",
    .summary = "The partner's months that are closed",
};
