/* See bank_apart.h. */
#include "paysrv/flow/bank/bank_apart.h"

#include "paysrv/app.h"
#include "paysrv/domain/bank/bank_apart.h"
#include "paysrv/domain/bank/client_bank.h"
#include "paysrv/flow/anomaly.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/jobs.h"
#include "paysrv/store/bank.sql.h"
#include "shared/ops/log.h"
#include "shared/text/money_text.h"

#define NOTED_FOR DAYS(90) /* so long a message may yet tell of what was closed with a note */
#define NOTED_PER_STEP 50
#define NOTED_LIMIT SECONDS(5) /* other jobs wait for it */

int64_t bank_apart_of(const struct bank_balance_list_row *row)
{
    return row->closing - row->booked - row->unbooked;
}

/* Of a currency, whichever of its accounts had the newest statement. The words stay the same until the next one, so
 * what a person has closed is not told again before. */
static err apart_tell(struct task *t, const struct bank_balance_list_row *row, struct apart was, str until)
{
    str low = money_text(t->arena, was.low, row->currency), high = money_text(t->arena, was.high, row->currency);
    str detail = arena_printf(t->arena, "up to statement %.*s it was %.*s to %.*s, and not once since", STR_ARG(until),
                              STR_ARG(low), STR_ARG(high));
    bool is_news;
    TRY(anomaly_tell_news(t, ANOMALY_BANK_APART, STR_NONE, row->currency, detail, &is_news));
    if (is_news)
        log_error(t, "bank.apart", L_STR("account", row->account), L_STR("detail", detail));
    return OK;
}

static err accounts_compare(struct task *t, const struct bank_balance_list_row *row)
{
    const struct bank_apart_days_row *rows;
    struct apart days[2 * APART_DAYS], was;
    int64_t affected;
    size_t n;
    if (!row->is_taken_up)
        return OK;
    TRY(bank_apart_note(t, bank_apart_of(row), row->file_id, &affected));
    TRY(bank_apart_days(t, row->accounts, 2 * APART_DAYS, &rows, &n));
    for (size_t i = 0; i < n; i++)
        days[i] = (struct apart){ rows[i].low, rows[i].high };
    return bank_apart_judge(days, n, &was) ? apart_tell(t, row, was, rows[APART_DAYS].statement) : OK;
}

/* Or each that was ever closed with a note would be asked with all lines like it, for ever. */
static err noted_rest(struct task *t)
{
    const instant before = { t->now.us - NOTED_FOR.us };
    int64_t n, until_us = monotonic_us() + NOTED_LIMIT.us;
    do {
        TRY(bank_breaks_rest(t, before, NOTED_PER_STEP, &n));
    } while (n == NOTED_PER_STEP && monotonic_us() < until_us);
    return OK;
}

/* All accounts of ours in a currency together: those of before too, whatever is configured now. */
err bank_compare(struct task *t)
{
    const struct app *app = t->app;
    const struct bank_balance_list_row *rows;
    int64_t apart[OUR_ACCOUNT_COUNT] = { 0 };
    size_t n;
    err e = noted_rest(t);
    if (e)
        log_failure(t, e); /* they are asked once more */
    TRY(bank_balance_list(t, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        bool is_account = app->config.debtor_account.n && str_eq(rows[i].currency, ROUBLES);
        apart[is_account ? OUR_ACCOUNT_debtor_account : OUR_ACCOUNT_debtor_iban] += bank_apart_of(&rows[i]);
        TRY(accounts_compare(t, &rows[i]));
    }
    pay_metrics_bank_apart(apart);
    return OK;
}
