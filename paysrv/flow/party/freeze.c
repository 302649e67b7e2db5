/* See freeze.h; SURFACES 2.5. */
#include "paysrv/flow/party/freeze.h"

#include "paysrv/app.h"
#include "paysrv/domain/payout/payout.h"
#include "paysrv/flow/confirmation/confirmation.h"
#include "paysrv/flow/party/party_object.h"
#include "paysrv/flow/payout/payout_list.h"
#include "paysrv/flow/payout/payout_schedule.h"
#include "paysrv/flow/payout/payout_step.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"
#include "shared/text/encode.h"

#define WAITING_MAX 200

static const str CONTEXT = { "payout freeze", 13 };

str freeze_url(struct task *t, partner_id partner, user_id user)
{
    const struct app *app = t->app;
    str plain = arena_printf(t->arena, "%.*s %.*s", STR_ARG(partner.v), STR_ARG(user.v));
    str token = base64url_encode(t->arena, seal(t->arena, &app->sealing_key, bytes_of(plain), CONTEXT));
    return arena_printf(t->arena, "%.*s/payouts/not-me/%.*s", STR_ARG(app->config.public_url), STR_ARG(token));
}

bool freeze_token_read(struct task *t, str token, partner_id *partner, user_id *user)
{
    const struct app *app = t->app;
    bytes sealed, plain;
    if (!base64url_decode(t->arena, token, &sealed) || !unseal(t->arena, &app->sealing_key, sealed, CONTEXT, &plain))
        return false;
    str rest = { (const char *)plain.p, plain.n }, head;
    if (!str_cut(&rest, ' ', &head))
        return false;
    partner->v = head;
    user->v = rest;
    return true;
}

/* The user as he is then, for the event of it. */
static err user_then(struct task *t, partner_id partner, user_id user, bool is_frozen, str *ret)
{
    const struct user_find_row *row;
    TRY(user_find(t, partner, user, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such user");
    struct user_find_row then = *row;
    then.payouts_frozen_at = t->now;
    then.payouts_frozen_at_given = is_frozen;
    *ret = user_document(t, &then);
    return OK;
}

err freeze_run(struct task *t, partner_id partner, user_id user)
{
    int64_t changed, told;
    str then;
    TRY(user_then(t, partner, user, true, &then));
    TRY(user_freeze(t, partner, user, (event_id){ random_id(t->arena, "evt_") }, then, &changed));
    log_warn(t, "payouts.frozen", L_STR("user", user.v), L_I64("changed", changed));
    TRY(user_frozen_tell(t, partner, user, &told));
    TRY(payout_lists_cancel_waiting(t, partner, user));
    TRY(confirmations_cancel_waiting(t, partner, user));
    TRY(schedules_end_waiting(t, partner, user));
    const struct payout_find_row *rows;
    size_t n;
    str waiting = payout_state_name(PAYOUT_AWAITING_CODE);
    TRY(payout_list(t, partner, user.v, waiting, STR_NONE, WAITING_MAX, &rows, &n));
    const struct payout_closing closing = { .to = PAYOUT_CANCELED };
    bool done;
    for (size_t i = 0; i < n; i++)
        TRY(payout_step_close(t, partner, rows[i].payout_id, &closing, &done, NULL));
    return OK;
}

err freeze_end(struct task *t, partner_id partner, user_id user, bool *changed)
{
    int64_t ended;
    str then;
    TRY(user_then(t, partner, user, false, &then));
    TRY(user_unfreeze(t, partner, user, (event_id){ random_id(t->arena, "evt_") }, then, &ended));
    *changed = ended > 0;
    return OK;
}
