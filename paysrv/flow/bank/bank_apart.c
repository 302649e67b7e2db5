/* See bank_apart.h. */
#include "paysrv/flow/bank/bank_apart.h"

#include "paysrv/app.h"
#include "paysrv/domain/bank/bank_apart.h"
#include "paysrv/domain/bank/client_bank.h"
#include "paysrv/faults.h"
#include "paysrv/flow/anomaly.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/walk.h"
#include "paysrv/jobs.h"
#include "paysrv/store/bank.sql.h"
#include "shared/base/num.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/text/money_text.h"

#define NOTED_FOR DAYS(90) /* so long a message may yet tell of what was closed with a note */
#define BREAKS_PER_STEP 50
#define BREAKS_LIMIT MINUTES(1)
#define NOTED_LIMIT SECONDS(5)

/* ---- the balances ---- */

struct balances {
    struct walk walk; /* id: the break */
    struct bank_balance *items;
    size_t n;
};

static err unbooked_add(struct task *t, struct balances *b, const struct bank_breaks_moving_row *moving)
{
    for (size_t i = 0; i < b->n; i++)
        if (str_eq(b->items[i].of->currency, moving->currency) &&
            !num_add(b->items[i].unbooked_minor, moving->moved, &b->items[i].unbooked_minor))
            return FAIL(t, INTERNAL, "what is not booked of %.*s does not fit a number", STR_ARG(moving->currency));
    return OK;
}

static err some_unbooked_add(struct task *t, void *context)
{
    const struct bank_breaks_moving_row *rows;
    struct balances *b = context;
    struct walk *w = &b->walk;
    TRY(bank_breaks_moving(t, w->id, w->step_most, &rows, &w->n));
    for (size_t i = 0; i < w->n; i++)
        TRY(unbooked_add(t, b, &rows[i]));
    w->id = w->n > 0 ? rows[w->n - 1].break_id : w->id;
    return OK;
}

static err balances_add_up(struct task *t, void *context)
{
    const struct bank_balance_list_row *rows;
    struct balances *b = context;
    TRY(bank_balance_list(t, &rows, &b->n));
    b->items = arena_array(t->arena, struct bank_balance, b->n);
    for (size_t i = 0; i < b->n; i++)
        b->items[i] = (struct bank_balance){ .of = &rows[i], .unbooked_minor = rows[i].rested };
    b->walk = walk_begin(t, BREAKS_PER_STEP, BREAKS_LIMIT);
    TRY(walk_run(t, &b->walk, some_unbooked_add));
    return (int64_t)b->walk.n < b->walk.step_most
               ? OK
               : FAIL(t, UNAVAILABLE, "there are more breaks than are read in a minute: nothing is compared");
}

/* A break that is booked while others are read would be missing, or be there twice. */
err bank_balances_read(struct task *t, struct bank_balance **ret, size_t *n)
{
    struct balances b = { .n = 0 };
    TRY(db_tx_of_one_moment(t, balances_add_up, &b));
    for (size_t i = 0; i < b.n; i++)
        b.items[i].apart_minor = b.items[i].of->closing - b.items[i].of->booked - b.items[i].unbooked_minor;
    *ret = b.items;
    *n = b.n;
    return OK;
}

/* ---- the job ---- */

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

static err accounts_compare(struct task *t, const struct bank_balance *balance)
{
    const struct bank_balance_list_row *row = balance->of;
    const struct bank_apart_days_row *rows;
    struct apart days[2 * APART_DAYS], was;
    int64_t affected;
    size_t n;
    if (!row->is_taken_up)
        return OK;
    TRY(bank_apart_note(t, balance->apart_minor, row->file_id, &affected));
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
        TRY(bank_breaks_rest(t, before, BREAKS_PER_STEP, &n));
    } while (n == BREAKS_PER_STEP && monotonic_us() < until_us);
    return OK;
}

/* All accounts of ours in a currency together: those of before too, whatever is configured now. */
err bank_compare(struct task *t)
{
    const struct app *app = t->app;
    struct bank_balance *balances;
    int64_t apart[OUR_ACCOUNT_COUNT] = { 0 };
    size_t n;
    err e = noted_rest(t);
    if (e)
        log_failure(t, e); /* they are asked once more */
    TRY(bank_balances_read(t, &balances, &n));
    for (size_t i = 0; i < n; i++) {
        bool is_account = app->config.debtor_account.n && str_eq(balances[i].of->currency, ROUBLES);
        apart[is_account ? OUR_ACCOUNT_debtor_account : OUR_ACCOUNT_debtor_iban] += balances[i].apart_minor;
        TRY(accounts_compare(t, &balances[i]));
    }
    pay_metrics_bank_apart(apart);
    return OK;
}
