/* See upstream_keep.h. */
#include "authsrv/flow/upstream/upstream_keep.h"

#include <time.h>

#include "authsrv/app.h"
#include "authsrv/counters.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/upstream/upstream_health.h"
#include "authsrv/flow/upstream/upstream_meta.h"
#include "authsrv/flow/upstream/upstream_token.h"
#include "authsrv/store/identity.sql.h"
#include "authsrv/store/upstream_token.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/fiber.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"

#define WRAP_MAX_BYTES 65536
#define HOLD SECONDS(30) /* after an unknown outcome; a partner that acted may still forgive its own old token then */
#define WAIT_STEPS 20
#define WAIT_STEP_MS 100
#define SAVE_TRIES 5

/* ---- keeping ---- */

static bytes one_seal(struct task *t, str issuer, str identity, const char *kind, str token)
{
    if (!str_given(token))
        return (bytes){ NULL, 0 };
    str context = arena_printf(t->arena, "upstream_%s\n%.*s\n%.*s", kind, STR_ARG(issuer), STR_ARG(identity));
    return seal(t->arena, &app_of(t)->sealing_key, bytes_of(token), context);
}

static err one_open(struct task *t, str issuer, str identity, const char *kind, bytes sealed, str *ret)
{
    str context = arena_printf(t->arena, "upstream_%s\n%.*s\n%.*s", kind, STR_ARG(issuer), STR_ARG(identity));
    return upstream_unseal(t, sealed, context, ret);
}

err upstream_tokens_keep(struct task *t, str issuer, str subject, const struct partner_tokens *tokens)
{
    const struct identity_owner_row *owner;
    int64_t n;
    const instant expires_at = instant_of_seconds(tokens->expires_s);
    if (!str_given(tokens->access))
        return OK;
    TRY(identity_owner(t, issuer, subject, &owner));
    if (!owner)
        return OK;
    TRY(upstream_token_put(t, one_seal(t, issuer, owner->id, "access", tokens->access),
                           one_seal(t, issuer, owner->id, "refresh", tokens->refresh), tokens->scope,
                           tokens->expires_s ? &expires_at : NULL, owner->id, issuer, &n));
    if (n > 0)
        count_upstream_token(t, UPSTREAM_TOKEN_KEPT);
    return OK;
}

static str wrap_context(struct task *t, flow_id flow, str issuer, str subject)
{
    return arena_printf(t->arena, "upstream_pending\n%.*s\n%.*s\n%.*s", STR_ARG(flow.v), STR_ARG(issuer),
                        STR_ARG(subject));
}

bytes upstream_tokens_wrap(struct task *t, flow_id flow, const struct upstream *up, const struct partner_person *person)
{
    const struct partner_tokens *tokens = &person->tokens;
    struct buf out;
    struct json j;
    if (!str_given(tokens->access))
        return (bytes){ NULL, 0 };
    buf_init(&out, t->arena, 4 * WRAP_MAX_BYTES);
    json_begin(&j, &out);
    json_str(&j, "access", tokens->access);
    json_str(&j, "refresh", tokens->refresh);
    json_str(&j, "scope", tokens->scope);
    json_i64(&j, "expires", tokens->expires_s);
    json_end(&j);
    return seal(t->arena, &app_of(t)->sealing_key, bytes_of(buf_str(&out)),
                wrap_context(t, flow, up->row->issuer, person->subject));
}

err upstream_tokens_keep_pending(struct task *t, flow_id flow, const struct pending_find_row *p)
{
    struct partner_tokens tokens = { 0 };
    const struct json_value *doc;
    str text;
    if (!p->tokens_sealed.p)
        return OK;
    TRY(upstream_unseal(t, p->tokens_sealed, wrap_context(t, flow, p->issuer, p->subject), &text));
    if (!json_parse(t->arena, text, &doc) || !json_get_str(doc, "access", &tokens.access) ||
        !json_get_i64(doc, "expires", &tokens.expires_s))
        return FAIL(t, INTERNAL, "tokens that waited with a flow cannot be read");
    if (!json_get_str(doc, "refresh", &tokens.refresh))
        tokens.refresh = STR_NONE;
    if (!json_get_str(doc, "scope", &tokens.scope))
        tokens.scope = STR_NONE;
    return upstream_tokens_keep(t, p->issuer, p->subject, &tokens);
}

/* ---- giving ---- */

/* Longer than asking takes: a partner's documents and its token endpoint. */
static duration lease(const struct task *t)
{
    return (duration){ 4 * app_of(t)->config.partner_timeout.us };
}

static err away(struct task *t, int retry_after_s, const char *why)
{
    struct failure *f = FAIL(t, UPSTREAM_AWAY, "%s", why);
    f->retry_after_s = retry_after_s;
    return f;
}

static err log_in_again(struct task *t, const struct upstream *up)
{
    return FAIL_PARAM(
        t, UPSTREAM_LOGIN, STR("audience"),
        arena_printf(t->arena, "no token of %.*s is kept that could be used or refreshed", STR_ARG(up->row->name)));
}

static err give(struct task *t, const struct upstream *up, const struct upstream_token_find_row *row,
                struct upstream_live_token *ret)
{
    TRY(one_open(t, up->row->issuer, row->identity_id, "access", row->access_sealed, &ret->access));
    ret->scope = row->scope;
    ret->life_s = row->expires_at_given ? instant_seconds(row->expires_at) - instant_seconds(t->now) : -1;
    return OK;
}

static void wait_a_moment(struct task *t)
{
    wait_until(monotonic_us() + WAIT_STEP_MS * 1000L);
    t->now = wall_clock_now();
}

/* What the partner gave is the only copy of a refresh token that replaced another: a database that hiccups is asked
 * again. Of a row that a log-in or an unlinking changed meanwhile it changes nothing. */
static err renewed_save(struct task *t, const struct upstream *up, const struct upstream_token_find_row *row,
                        const struct upstream_tokens *fresh)
{
    str issuer = up->row->issuer, id = row->identity_id;
    const instant expires_at = instant_of_seconds(fresh->expires_s);
    bytes access = one_seal(t, issuer, id, "access", fresh->access_token),
          refresh = one_seal(t, issuer, id, "refresh", fresh->refresh_token);
    int64_t n = 0;
    err e = OK;
    for (int i = 0; i < SAVE_TRIES; i++) {
        e = upstream_token_renew(t, access, refresh, fresh->scope, fresh->expires_s ? &expires_at : NULL, id,
                                 row->version, &n);
        if (!e)
            break;
        wait_a_moment(t);
    }
    return e;
}

static err release(struct task *t, const struct upstream_token_find_row *row, duration hold, bool unknown)
{
    int64_t n;
    return upstream_token_release(t, instant_add(t->now, hold), unknown, row->identity_id, row->version, &n);
}

static err refused(struct task *t, const struct upstream *up, user_id user, const struct upstream_token_find_row *row)
{
    int64_t n;
    count_upstream_token(t, UPSTREAM_TOKEN_REFUSED);
    TRY(upstream_token_drop(t, row->identity_id, row->version, &n));
    if (n > 0)
        TRY(audit_write(t, up->row->slug, STR("upstream.token_refused"), user.v, row->identity_id));
    return log_in_again(t, up);
}

/* Everything before the request is sent: when that fails nothing happened, and others may try at once. */
static err ask(struct task *t, const struct upstream *up, const struct upstream_token_find_row *row,
               enum upstream_refreshed *outcome, struct upstream_tokens *fresh)
{
    struct upstream_meta meta;
    str refresh, why;
    *outcome = UPSTREAM_REFRESH_NOT_SENT;
    TRY(one_open(t, up->row->issuer, row->identity_id, "refresh", row->refresh_sealed, &refresh));
    TRY(upstream_may_ask(t, up));
    TRY(upstream_meta_get(t, up, &meta));
    TRY(upstream_refresh(t, up, &meta, refresh, outcome, fresh, &why));
    CRASH_POINT("upstream.after_refresh");
    if (*outcome == UPSTREAM_REFRESHED || *outcome == UPSTREAM_REFRESH_REFUSED)
        return OK;
    log_warn(t, "upstream.refresh_failed", L_STR("partner", up->row->slug), L_STR("why", why),
             L_I64("unknown", *outcome == UPSTREAM_REFRESH_UNKNOWN));
    return *outcome == UPSTREAM_REFRESH_FAILED ? OK : upstream_trouble(t, up, why);
}

/* Mine to do. *done false: look again, the row is another one by now. */
static err refresh(struct task *t, const struct upstream *up, user_id user, const struct upstream_token_find_row *row,
                   bool *done)
{
    struct upstream_tokens fresh = { 0 };
    enum upstream_refreshed outcome;
    err e = ask(t, up, row, &outcome, &fresh);
    *done = true;
    switch (outcome) {
    case UPSTREAM_REFRESHED:
        TRY(renewed_save(t, up, row, &fresh));
        count_upstream_token(t, UPSTREAM_TOKEN_REFRESHED);
        *done = false;
        return upstream_is_well(t, up);
    case UPSTREAM_REFRESH_REFUSED:
        return refused(t, up, user, row);
    case UPSTREAM_REFRESH_UNKNOWN:
        count_upstream_token(t, UPSTREAM_TOKEN_UNKNOWN);
        TRY(release(t, row, HOLD, true));
        return away(t, (int)(HOLD.us / 1000000), "nobody knows whether the partner refreshed");
    case UPSTREAM_REFRESH_FAILED:
    case UPSTREAM_REFRESH_NOT_SENT:
        break;
    }
    count_upstream_token(t, UPSTREAM_TOKEN_FAILED);
    TRY(release(t, row, SECONDS(0), false));
    return e && !err_is(e, &FAULT_PARTNER_FAILED) ? e : away(t, 1, "the partner did not refresh");
}

err upstream_token_live(struct task *t, const struct upstream *up, user_id user, struct upstream_live_token *ret)
{
    const struct upstream_token_find_row *row;
    int64_t mine;
    for (int step = 0; step < WAIT_STEPS; step++) {
        bool done;
        TRY(upstream_token_find(t, user, up->row->issuer, &row));
        if (!row || (!row->live && !row->refresh_sealed.p))
            return log_in_again(t, up);
        if (row->live)
            return give(t, up, row, ret);
        if (row->held)
            return away(t, (int)(HOLD.us / 1000000), "nobody knows whether the partner refreshed");
        TRY(upstream_token_claim(t, instant_add(t->now, lease(t)), row->identity_id, row->version, &mine));
        if (mine == 0) {
            wait_a_moment(t);
            continue;
        }
        TRY(refresh(t, up, user, row, &done));
        if (done)
            break;
    }
    return away(t, 1, "another request refreshes it and takes long");
}
