/* Asking, deciding and redeeming authorizations between two devices. */
#include "authsrv/flow/authorization/decoupled.h"

#include "authsrv/app.h"
#include "authsrv/counters.h"
#include "authsrv/domain/authorization/decoupled.h"
#include "authsrv/domain/authorization/user_code.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/authorization/notice.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/flow/token/tokens.h"
#include "authsrv/store/decoupled.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/ops/process.h"

#define TRIES 4 /* of finding a user code that is free */

static digest decoupled_digest(str code)
{
    return typed_digest("decoupled", code);
}

err device_begin(struct task *t, const struct decoupled_ask *ask, struct device_asked *ret)
{
    const struct config *config = &app_of(t)->config;
    int64_t n = 0;
    ret->device_code = random_token(t->arena, "dc_");
    struct device_ask_args args = { .id = { random_id(t->arena, "dec_") },
                                    .code_hash = decoupled_digest(ret->device_code),
                                    .client = ask->client->id,
                                    .scope = ask->scope,
                                    .audience = ask->audience,
                                    .terms = terms_document(t->arena, &ask->terms),
                                    .asked_from = ask->asked_from,
                                    .interval_s = config->poll_interval.us / 1000000,
                                    .expires_at = instant_add(t->now, config->device_code_ttl) };
    for (int i = 0; i < TRIES && n == 0; i++) {
        args.user_code = user_code_new(t->arena);
        TRY(device_ask(t, &args, &n));
    }
    ret->user_code = args.user_code;
    return n == 1 ? OK : FAIL(t, INTERNAL, "no free user code was found");
}

#define NOTIFY_CONTEXT STR("decoupled_notify")

bool notify_open(struct task *t, bytes sealed, struct notify_words *ret)
{
    bytes plain;
    if (!unseal(t->arena, &app_of(t)->sealing_key, sealed, NOTIFY_CONTEXT, &plain))
        return false;
    ret->token = (str){ (const char *)plain.p, plain.n };
    return str_cut(&ret->token, '\n', &ret->auth_req_id);
}

static bytes notify_seal(struct task *t, str auth_req_id, str token)
{
    str plain = arena_printf(t->arena, "%.*s\n%.*s", STR_ARG(auth_req_id), STR_ARG(token));
    return seal(t->arena, &app_of(t)->sealing_key, bytes_of(plain), NOTIFY_CONTEXT);
}

err ciba_begin(struct task *t, const struct ciba_ask *ask, str *auth_req_id)
{
    const struct config *config = &app_of(t)->config;
    int64_t n;
    *auth_req_id = random_token(t->arena, "arq_"); /* never like an option of the operator's verb */
    const struct ciba_ask_args args = {
        .id = { random_id(t->arena, "dec_") },
        .code_hash = decoupled_digest(*auth_req_id),
        .client = ask->ask.client->id,
        .scope = ask->ask.scope,
        .audience = ask->ask.audience,
        .terms = terms_document(t->arena, &ask->ask.terms),
        .asked_from = ask->ask.asked_from,
        .binding_message = ask->binding_message,
        .delivery = ask->ask.client->meta.backchannel_token_delivery_mode,
        .notify_sealed =
            str_given(ask->notification_token) ? notify_seal(t, *auth_req_id, ask->notification_token) : (bytes){ 0 },
        .interval_s = config->poll_interval.us / 1000000,
        .expires_at = instant_add(t->now, SECONDS(ask->life_s)),
        .user = ask->user,
        .mails = config->smtp_url.n > 0,
    };
    TRY(ciba_ask(t, &args, &n));
    notices_wake(t);
    return n == 1 ? OK : FAIL(t, UNKNOWN_USER_ID, "the user was disabled meanwhile");
}

/* *ret NULL: nothing waits under this code. */
static err allow_for_person(struct task *t, digest code, const struct ciba_allow_row **ret)
{
    const struct ciba_client_row *row;
    const struct client *client = NULL;
    *ret = NULL;
    TRY(ciba_client(t, code, &row));
    if (row)
        TRY(client_load(t, row->client_id, &client));
    return client ? ciba_allow(t, code, (grant_id){ random_id(t->arena, "gr_") }, random_id(t->arena, "sid_"),
                               grant_ends_at(t, client), ret)
                  : OK;
}

err ciba_decide(struct task *t, str actor, str auth_req_id, bool allow, bool *known)
{
    const struct ciba_allow_row *row;
    digest code = decoupled_digest(auth_req_id);
    if (allow)
        TRY(allow_for_person(t, code, &row));
    else
        TRY(ciba_deny(t, code, auth_req_id, &row));
    *known = row != NULL;
    return row ? audit_write(t, actor, allow ? STR("decoupled.approved") : STR("decoupled.denied"), row->client_id.v,
                             arena_printf(t->arena, "ciba %.*s for %.*s", STR_ARG(row->id.v), STR_ARG(row->user_id.v)))
               : OK;
}

bool flow_is_decoupled(const struct flow_find_row *flow)
{
    return flow->redirect_uri.n == 0;
}

struct approval {
    const struct flow_find_row *flow;
    digest browser;
    instant ends_at;
    const struct decoupled_approve_row *row;
};

/* Together with its record: a grant that nobody can explain is not made. */
static err approve_in_tx(struct task *t, void *context)
{
    struct approval *a = context;
    TRY(decoupled_approve(t, a->flow->id, a->browser, (grant_id){ random_id(t->arena, "gr_") },
                          random_id(t->arena, "sid_"), a->ends_at, &a->row));
    return a->row ? audit_write(t, a->row->user_id.v, STR("decoupled.approved"), a->row->client_id.v,
                                arena_printf(t->arena, "%.*s %.*s", STR_ARG(a->row->kind), STR_ARG(a->row->id.v)))
                  : OK;
}

static err finish_approved(struct task *t, const struct flow_find_row *flow, const struct client *client,
                           digest browser, enum decoupled_end *ret)
{
    struct approval a = { .flow = flow, .browser = browser, .ends_at = grant_ends_at(t, client) };
    TRY(db_tx(t, approve_in_tx, &a));
    CRASH_POINT("decoupled.approved");
    *ret = a.row ? DECOUPLED_APPROVED : DECOUPLED_GONE;
    return OK;
}

static err finish_refused(struct task *t, const struct flow_find_row *flow, digest browser, enum decoupled_end *ret)
{
    const struct decoupled_refuse_row *row;
    TRY(decoupled_refuse(t, flow->id, browser, &row));
    *ret = !row ? DECOUPLED_GONE : row->denied ? DECOUPLED_DENIED : DECOUPLED_LEFT;
    return row && row->denied ? audit_write(t, STR("browser"), STR("decoupled.denied"), row->client_id.v,
                                            arena_printf(t->arena, "%.*s %.*s", STR_ARG(row->kind), STR_ARG(row->id.v)))
                              : OK;
}

/* What the last page says when it is loaded again. */
static err finished_before(struct task *t, flow_id flow, digest browser, enum decoupled_end *ret)
{
    const struct decoupled_done_row *row;
    TRY(decoupled_done(t, flow, browser, &row));
    if (row)
        *ret = !row->is_refused ? DECOUPLED_APPROVED : row->is_denied ? DECOUPLED_DENIED : DECOUPLED_LEFT;
    return OK;
}

err decoupled_finish(struct task *t, const struct flow_find_row *flow, const struct client *client, digest browser,
                     enum decoupled_end *ret)
{
    if (str_eq(flow->status, STR("refused")))
        TRY(finish_refused(t, flow, browser, ret));
    else
        TRY(finish_approved(t, flow, client, browser, ret));
    notices_wake(t);
    if (*ret == DECOUPLED_GONE)
        return finished_before(t, flow->id, browser, ret);
    if (*ret != DECOUPLED_LEFT)
        count_decoupled(t, *ret == DECOUPLED_APPROVED ? COUNT_APPROVED : COUNT_DENIED);
    return OK;
}

static err poll_fail(struct task *t, enum poll_verdict verdict)
{
    switch (verdict) {
    case POLL_GOOD:
        return OK;
    case POLL_PENDING:
        return FAIL(t, AUTHORIZATION_PENDING, "nobody decided yet");
    case POLL_EARLY:
        return FAIL(t, SLOW_DOWN, "polled before the interval was over");
    case POLL_DENIED:
        return FAIL(t, ACCESS_DENIED, "the person said no");
    case POLL_EXPIRED:
        return FAIL(t, EXPIRED_TOKEN, "nobody decided in time");
    case POLL_DEAD:
        return FAIL(t, INVALID_GRANT, "used before, or grant, user or client is no longer good");
    }
    return FAIL(t, INTERNAL, "a poll was not judged");
}

static err answer_sign(struct task *t, const struct client *client, const struct decoupled_redeem_row *row,
                       struct user_grant *grant, struct token_answer *ret)
{
    grant->client = client;
    grant->user = row->user_id;
    grant->scope = row->scope;
    grant->audience = row->audience;
    grant->sid = row->sid;
    grant->amr = row->amr;
    grant->auth_time = row->auth_time;
    grant->grant = row->grant_id;
    return terms_read(t->arena, row->terms, &grant->terms) ? user_tokens_sign(t, grant, ret)
                                                           : FAIL(t, INTERNAL, "the terms of a grant cannot be read");
}

static err redeem(struct task *t, const struct client *client, str kind, str code, struct user_grant *grant,
                  struct token_answer *ret)
{
    const struct decoupled_redeem_row *row;
    grant->refresh = client_may(client, GRANT_REFRESH) ? refresh_token_new(t) : STR_NONE;
    grant->jti = random_id(t->arena, "at_");
    digest refresh_hash = refresh_token_digest(grant->refresh);
    TRY(decoupled_redeem(
        t,
        &(struct decoupled_redeem_args){ .code_hash = decoupled_digest(code),
                                         .client = client->id,
                                         .kind = kind,
                                         .refresh_hash = str_given(grant->refresh) ? &refresh_hash : NULL,
                                         .bound_key = client_bound_key(t->arena, client),
                                         .jti = grant->jti,
                                         .access_expires_at = instant_add(t->now, access_life(t, client)) },
        &row));
    CRASH_POINT("decoupled.redeemed");
    if (!row)
        return FAIL(t, INVALID_GRANT, "this client asked for nothing under this code");
    TRY(poll_fail(t, poll_judge(row)));
    return answer_sign(t, client, row, grant, ret);
}

err decoupled_redeem_code(struct task *t, const struct client *client, str kind, str code, struct token_answer *ret)
{
    struct user_grant grant = { 0 };
    return redeem(t, client, kind, code, &grant, ret);
}

err decoupled_redeem_push(struct task *t, const struct client *client, str auth_req_id, struct token_answer *ret)
{
    struct user_grant grant = { .auth_req_id = auth_req_id };
    return redeem(t, client, STR("ciba"), auth_req_id, &grant, ret);
}
