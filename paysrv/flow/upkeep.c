/* See upkeep.h. */
#include "paysrv/flow/upkeep.h"

#include "paysrv/app.h"
#include "paysrv/flow/keys.h"
#include "paysrv/store/idempotency.sql.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/mail.sql.h"
#include "paysrv/store/proof.sql.h"
#include "paysrv/store/saved_card.sql.h"

#define KEY_LIFE DAYS(30)
#define TEST_MAIL_LIFE DAYS(7)
#define PURGE_ROWS 1000 /* in one statement */
#define PURGE_ROUNDS 20

err ledger_fold(struct task *t)
{
    const struct ledger_horizon_read_row *row;
    int64_t affected;
    TRY(ledger_horizon_read(t, &row));
    return balances_fold(t, row->horizon, &affected);
}

static err mails_sweep(struct task *t)
{
    const struct app *app = t->app;
    const instant until = { task_wall(t).us - app->config.mail_life.us };
    int64_t gone = PURGE_ROWS;
    for (int i = 0; i < PURGE_ROUNDS && gone == PURGE_ROWS; i++)
        TRY(mails_purge(t, until, PURGE_ROWS, &gone));
    return OK;
}

err idempotency_sweep(struct task *t)
{
    int64_t affected;
    TRY(proof_purge(t, t->now, &affected));
    TRY(card_offer_purge(t, (instant){ t->now.us - KEY_LIFE.us }, &affected));
    TRY(idempotency_purge(t, (instant){ t->now.us - KEY_LIFE.us }, &affected));
    TRY(test_mails_forget(t, (instant){ t->now.us - TEST_MAIL_LIFE.us }, &affected));
    return mails_sweep(t);
}

err issuer_keys_refresh(struct task *t)
{
    const struct app *app = t->app;
    return keys_refresh(t, app->keys);
}
