/* See test_bank.h. Each step is judged anew from the payout as it stands: killed between two, it goes on. */
#include "paysrv/flow/bank/test_bank.h"

#include "paysrv/app.h"
#include "paysrv/domain/bank/bank_match.h"
#include "paysrv/domain/bank/test_bank.h"
#include "paysrv/flow/bank/bank_export.h"
#include "paysrv/flow/payout/payout_step.h"
#include "paysrv/flow/transfer/repayment.h"
#include "paysrv/store/payout.sql.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

static err reject(struct task *t, const struct test_bank_due_row *row, str reason, bool *done)
{
    const struct payout_closing closing = { .to = PAYOUT_REJECTED,
                                            .reason = reason,
                                            .ends_requisite = bank_reason_ends_requisite(reason) };
    return payout_step_close(t, row->partner_id, row->payout_id, &closing, done, NULL);
}

static err answer(struct task *t, const struct test_bank_due_row *row)
{
    const struct app *app = t->app;
    str reason;
    enum test_bank_fate fate = test_bank_fate_of(row->holder_name, &reason);
    enum payout_state state = PAYOUT_STATE_COUNT;
    instant at, returns_at = instant_add(t->now, TEST_BANK_RETURNS_AFTER);
    const instant *next = NULL;
    int64_t affected;
    bool done;
    payout_state_parse(row->status, &state);
    switch (test_bank_judge(fate, state, row->since, app->config.bank_answer_within, t->now, &at)) {
    case TEST_BANK_PAY:
        TRY(payout_step_pay(t, row->partner_id, row->payout_id, &(struct payout_witness){ .line = NULL }, &done));
        next = fate == TEST_BANK_RETURNS ? &returns_at : NULL;
        break;
    case TEST_BANK_REJECT:
        TRY(reject(t, row, reason, &done));
        break;
    case TEST_BANK_RETURN:
        TRY(payout_step_return(t, row->partner_id, row->payout_id, &(struct payout_witness){ .line = NULL }, reason,
                               &done));
        break;
    case TEST_BANK_GIVE_UP:
        TRY(payout_step_lose_sight(t, row->partner_id, row->payout_id, NULL, &done));
        break;
    case TEST_BANK_WAIT:
        next = &at;
        break;
    case TEST_BANK_DONE:
        break;
    }
    CRASH_POINT("test_bank.after_answer");
    return test_bank_wait(t, next, row->payout_id, &affected);
}

err test_bank_run(struct task *t)
{
    const struct test_bank_due_row *rows;
    size_t n;
    TRY(batches_collect(t, BATCH_FOR_TEST));
    TRY(test_bank_due(t, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        err e = answer(t, &rows[i]);
        if (e)
            log_failure(t, e); /* one payout must not keep the others waiting */
    }
    return test_repayments_run(t);
}
