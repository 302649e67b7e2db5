/* See fedcm.h. */
#include "authsrv/flow/authorization/fedcm.h"

#include "authsrv/app.h"
#include "authsrv/domain/scope.h"
#include "authsrv/flow/authorization/code_batch.h"
#include "authsrv/flow/authorization/consent.h"
#include "authsrv/store/session.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

static str mac_of(struct task *t, str sid)
{
    digest mac = hmac_sha256(digest_bytes(&app_of(t)->sealing_key),
                             bytes_of(arena_printf(t->arena, "fedcm\n%.*s", STR_ARG(sid))));
    return base64url_encode(t->arena, digest_bytes(&mac));
}

str fedcm_cookie_of(struct task *t, str sid)
{
    return arena_printf(t->arena, "%.*s.%.*s", STR_ARG(sid), STR_ARG(mac_of(t, sid)));
}

err fedcm_session(struct task *t, str cookie, const struct session **ret)
{
    str rest = cookie, sid;
    *ret = NULL;
    if (!str_given(cookie) || !str_cut(&rest, '.', &sid) || !equal_bytes(bytes_of(rest), bytes_of(mac_of(t, sid))))
        return OK;
    const struct session_of_sid_row *found;
    TRY(session_of_sid(t, sid, &found));
    if (!found)
        return OK;
    struct session *s = arena_new(t->arena, struct session);
    s->id_hash = found->id_hash;
    TRY(session_row_load(t, s->id_hash, &s->row));
    *ret = s->row ? s : NULL;
    return OK;
}

/* shown: field names, separated by commas. */
static bool is_shown(str shown, str field)
{
    str part;
    while (str_given(shown)) {
        if (!str_cut(&shown, ',', &part)) {
            part = shown;
            shown = STR_NONE;
        }
        if (str_eq(part, field))
            return true;
    }
    return false;
}

err fedcm_consent(struct task *t, const struct authz_request *a, const struct session *session, str shown)
{
    const struct consent_key key = { session->row->user_id, a->client->id, a->redirect_uri, a->client->version };
    const struct consent_find_row *kept;
    if (!a->client->verified || !is_shown(shown, STR("email")) || !scope_covers(FEDCM_SCOPE, a->wanted.scope))
        return OK;
    TRY(consent_load(t, &key, &kept));
    return kept && scope_covers(kept->scope, a->wanted.scope)
               ? OK
               : consent_add(t, &key, a->wanted.scope, a->wanted.scope, STR(""));
}
