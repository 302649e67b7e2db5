/* See holdings.h. */
#include "authsrv/flow/account/holdings.h"

#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/session/logout.h"
#include "authsrv/store/admin.sql.h"
#include "authsrv/store/session.sql.h"
#include "authsrv/store/token.sql.h"

#define BATCH 200
#define BATCHES_MAX 100

static err end_one(struct task *t, str actor, digest id_hash, int64_t *n)
{
    const struct session_end_row *row;
    TRY(session_end(t, id_hash, STR("operator"), &row));
    if (!row)
        return OK;
    ++*n;
    logouts_wake(t);
    /* That it ended stands in the log by itself; this is who wanted it. */
    return audit_write(t, actor, STR("session.killed"), row->sid, row->user_id.v);
}

err session_kill(struct task *t, str actor, str tenant, str sid)
{
    const struct session_by_sid_row *row;
    int64_t n = 0;
    TRY(session_by_sid(t, sid, tenant, &row));
    if (row)
        TRY(end_one(t, actor, row->id_hash, &n));
    return n > 0 ? OK : FAIL(t, NOT_FOUND, "session %.*s", STR_ARG(sid));
}

err sessions_kill(struct task *t, str actor, user_id user, int64_t *n)
{
    *n = 0;
    size_t found = BATCH;
    for (int round = 0; round < BATCHES_MAX && found == BATCH; round++) {
        const struct session_page_row *rows;
        TRY(session_page(t, user, STR_NONE, BATCH, &rows, &found));
        for (size_t i = 0; i < found; i++)
            TRY(end_one(t, actor, rows[i].id_hash, n));
    }
    return OK;
}

err grant_end(struct task *t, str actor, str tenant, str id)
{
    const struct grant_find_row *row;
    int64_t n;
    TRY(grant_find(t, id, tenant, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "grant %.*s", STR_ARG(id));
    TRY(grant_revoke(t, row->id, row->client_id, STR("operator"), &n));
    return audit_write(t, actor, STR("grant.revoked"), row->id.v, row->user_id.v);
}

err consent_end(struct task *t, str actor, user_id user, client_id client)
{
    const struct consent_withdraw_row *row;
    TRY(consent_withdraw(t, user, client, &row));
    if (row->consents == 0 && row->grants_ == 0)
        return FAIL(t, NOT_FOUND, "nothing allowed to %.*s", STR_ARG(client.v));
    return audit_write(t, actor, STR("consent.withdrawn"), user.v, client.v);
}
