/*
 * The report of a month under the cooperation agreement: figures that are sums of the ledger, made when the month is
 * over and the same from then on. A month that is not over has one, too, which says so and is kept nowhere.
 */
#pragma once

#include "paysrv/store/newtypes.h"
#include "shared/base/buf.h"
#include "shared/base/task.h"

struct report_paper {
    int64_t number; /* 0: the month is not over */
    str document;   /* JSON */
    instant at;     /* when it was closed; now when it is not */
};

/* month: "2026-11". INVALID_PARAMETER naming month or currency; NOT_FOUND: no account in this currency. */
MUST_USE err partner_report_read(struct task *t, partner_id partner, str month, str currency, struct report_paper *ret);
/* The document with its number, which is given when it is kept. */
str partner_report_json(struct task *t, const struct report_paper *paper);
/* The same as a sheet of cells. */
void partner_report_csv(struct task *t, const struct report_paper *paper, struct buf *out);
