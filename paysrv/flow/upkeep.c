/* See upkeep.h. */
#include "paysrv/flow/upkeep.h"

#include <stdatomic.h>

#include "paysrv/app.h"
#include "paysrv/flow/access/keys.h"
#include "paysrv/store/idempotency.sql.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/mail.sql.h"
#include "paysrv/store/proof.sql.h"
#include "paysrv/store/saved_card.sql.h"
#include "shared/ops/log.h"

#define KEY_LIFE DAYS(30)
#define TEST_MAIL_LIFE DAYS(7)
#define PURGE_ROWS 1000 /* in one statement */
#define PURGE_ROUNDS 20
#define ROWS_A_STATEMENT 10000 /* as proof_purge and card_offer_purge end at most */
#define SWEPT_PAGES 512        /* in one statement: 4 MiB */

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

static err proofs_sweep(struct task *t)
{
    int64_t gone = ROWS_A_STATEMENT;
    for (int i = 0; i < PURGE_ROUNDS && gone == ROWS_A_STATEMENT; i++)
        TRY(proof_purge(t, t->now, &gone));
    return OK;
}

static err card_offers_sweep(struct task *t)
{
    const instant oldest = { t->now.us - KEY_LIFE.us };
    int64_t gone = ROWS_A_STATEMENT;
    for (int i = 0; i < PURGE_ROUNDS && gone == ROWS_A_STATEMENT; i++)
        TRY(card_offer_purge(t, oldest, &gone));
    return OK;
}

/* Along the table, some 80 MiB of it a minute, and from its beginning again: as many keys can end as can come. Where it
 * stands is this server's own business: what another one has swept is looked at in vain. */
static err keys_sweep(struct task *t)
{
    static _Atomic int64_t stands_at;
    int64_t page = atomic_load(&stands_at);
    for (int i = 0; i < PURGE_ROUNDS; i++) {
        const struct idempotency_purge_row *row;
        TRY(idempotency_purge(t, page, SWEPT_PAGES, (instant){ t->now.us - KEY_LIFE.us }, &row));
        page += SWEPT_PAGES;
        if (page < row->pages)
            continue;
        page = 0;
        break;
    }
    atomic_store(&stands_at, page);
    return OK;
}

err idempotency_sweep(struct task *t)
{
    int64_t affected;
    err first = proofs_sweep(t);
    first = failure_first(t, first, card_offers_sweep(t));
    first = failure_first(t, first, keys_sweep(t));
    first = failure_first(t, first, test_mails_forget(t, (instant){ t->now.us - TEST_MAIL_LIFE.us }, &affected));
    return failure_first(t, first, mails_sweep(t));
}

err issuer_keys_refresh(struct task *t)
{
    const struct app *app = t->app;
    return keys_refresh(t, app->keys);
}
