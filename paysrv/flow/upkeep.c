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

err ledger_fold(struct task *t)
{
    const struct ledger_horizon_read_row *row;
    int64_t affected;
    TRY(ledger_horizon_read(t, &row));
    return balances_fold(t, row->horizon, &affected);
}

err idempotency_sweep(struct task *t)
{
    int64_t affected;
    TRY(proof_purge(t, t->now, &affected));
    TRY(card_offer_purge(t, (instant){ t->now.us - KEY_LIFE.us }, &affected));
    TRY(idempotency_purge(t, (instant){ t->now.us - KEY_LIFE.us }, &affected));
    return test_mails_forget(t, (instant){ t->now.us - TEST_MAIL_LIFE.us }, &affected);
}

err issuer_keys_refresh(struct task *t)
{
    const struct app *app = t->app;
    return keys_refresh(t, app->keys);
}
