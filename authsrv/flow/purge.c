/* Purging in small batches, so that no lock is held for long. What ended is kept for a while, for questions. */
#include "authsrv/flow/purge.h"

#include "authsrv/app.h"
#include "authsrv/store/admin.sql.h"
#include "authsrv/store/assertion.sql.h"
#include "authsrv/store/branding.sql.h"
#include "authsrv/store/challenge.sql.h"
#include "authsrv/store/client.sql.h"
#include "authsrv/store/credential.sql.h"
#include "authsrv/store/decoupled.sql.h"
#include "authsrv/store/flow.sql.h"
#include "authsrv/store/logout.sql.h"
#include "authsrv/store/mail.sql.h"
#include "authsrv/store/pushed_request.sql.h"
#include "authsrv/store/revocation.sql.h"
#include "authsrv/store/seen_jti.sql.h"
#include "authsrv/store/session.sql.h"
#include "authsrv/store/sign_up.sql.h"
#include "authsrv/store/token.sql.h"
#include "shared/ops/log.h"

#define BATCH 1000
#define ROUNDS 100 /* of one kind in one run of the job */

static const struct {
    err (*run)(struct task *t, instant before, int64_t *affected);
    duration kept;
} purges[] = {
    { flow_purge, HOURS(12) },          { seen_jti_purge, MINUTES(2) },  { pushed_request_purge, HOURS(1) },
    { upstream_login_purge, HOURS(1) }, { session_purge, DAYS(1) },      { grant_purge, DAYS(1) },
    { access_token_purge, DAYS(1) },    { revoked_jti_purge, HOURS(1) }, { open_client_purge, DAYS(1) },
    { initial_token_purge, DAYS(1) },   { logout_purge, DAYS(30) },      { decoupled_purge, HOURS(1) },
    { assertion_seen_purge, HOURS(1) }, { mailed_code_purge, HOURS(1) }, { mail_purge, DAYS(30) },
    { challenge_purge, DAYS(1) },       { sign_up_purge, DAYS(1) },      { upstream_logout_purge, HOURS(1) },
    { branding_file_purge, DAYS(1) },   { withdrawal_purge, DAYS(90) },  { recovery_shown_purge, MINUTES(1) },
    { disabled_grants_end, HOURS(1) },
};

static err purge(struct task *t, size_t which)
{
    instant before = { t->now.us - purges[which].kept.us };
    int64_t n = BATCH;
    for (int round = 0; round < ROUNDS && n == BATCH && !app_of(t)->service.is_stopping; round++)
        TRY(purges[which].run(t, before, &n));
    return OK;
}

err grants_end(struct task *t)
{
    const struct grant_ending_slice_row *row;
    do
        TRY(grant_ending_slice(t, &row));
    while (row->found > 0 && !app_of(t)->service.is_stopping);
    return OK;
}

err rows_purge(struct task *t)
{
    err first = OK;
    for (size_t i = 0; i < sizeof purges / sizeof purges[0]; i++)
        first = failure_first(t, first, purge(t, i));
    return first;
}
