/* Beginning and finding sessions. */
#include "authsrv/flow/session/session.h"

#include "authsrv/app.h"
#include "authsrv/domain/partner/site.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/authorization/code_batch.h"
#include "authsrv/store/session.sql.h"
#include "shared/crypto/crypto.h"

#define TOUCH_EVERY_US (SECONDS(60).us)

instant session_seen_after(const struct task *t)
{
    return (instant){ t->now.us - app_of(t)->config.session_idle_ttl.us };
}

/* Often enough that nobody who is there becomes idle. */
static duration touch_every(const struct task *t)
{
    int64_t quarter_us = app_of(t)->config.session_idle_ttl.us / 4;
    return (duration){ quarter_us < TOUCH_EVERY_US ? quarter_us : TOUCH_EVERY_US };
}

err session_load(struct task *t, str cookie, const struct session **ret)
{
    *ret = NULL;
    if (cookie.n == 0)
        return OK;
    struct session *s = arena_new(t->arena, struct session);
    s->id_hash = site_digest(t->site, "session", cookie);
    TRY(session_row_load(t, s->id_hash, &s->row));
    if (!s->row)
        return OK;
    *ret = s;
    int64_t n;
    if (instant_before(instant_add(s->row->last_seen_at, touch_every(t)), t->now))
        TRY(session_touch(t, s->id_hash, &n));
    return OK;
}

err session_begin(struct task *t, const struct session_new *n, str *cookie, digest *id_hash)
{
    str value = random_token(t->arena, "");
    digest old = site_digest(t->site, "session", n->old_cookie), fresh = site_digest(t->site, "session", value);
    const struct session_start_row *row;
    TRY(session_start(t,
                      &(struct session_start_args){ .old_hash = n->old_cookie.n > 0 ? &old : NULL,
                                                    .id_hash = fresh,
                                                    .sid = random_id(t->arena, "sid_"),
                                                    .auth_time = n->auth_time.us > 0 ? &n->auth_time : NULL,
                                                    .amr = n->amr,
                                                    .partner = n->partner,
                                                    .upstream_subject = n->upstream_subject,
                                                    .upstream_sid = n->upstream_sid,
                                                    .upstream_hint_sealed = n->upstream_hint,
                                                    .host = t->site ? t->site->host : STR_NONE,
                                                    .expires_at = instant_add(t->now, app_of(t)->config.session_ttl),
                                                    .user = n->who.user,
                                                    .cred_version = n->who.cred_version },
                      &row));
    *cookie = row ? value : STR_NONE;
    *id_hash = fresh;
    return row ? audit_write(t, n->who.user.v, row->renewed ? STR("session.renewed") : STR("session.began"), row->sid,
                             n->partner.n > 0 ? n->partner : n->amr)
               : OK;
}
