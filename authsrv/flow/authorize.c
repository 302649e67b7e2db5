/* Moving authorization flows on. */
#include "authsrv/flow/authorize.h"

#include "authsrv/app.h"
#include "authsrv/domain/scope.h"
#include "authsrv/domain/terms.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/tokens.h"
#include "authsrv/store/flow.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/process.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"

static err consent_recorded(struct task *t, const struct flow_find_row *flow, const struct client *client, user_id user,
                            bool *ret)
{
    const struct consent_find_row *row;
    TRY(consent_find(t, user, client->id, flow->redirect_uri, client->version, &row));
    *ret = row && scope_covers(row->scope, flow->scope);
    return OK;
}

static bool same_session(const struct flow_find_row *flow, const struct session *session)
{
    return flow->session_hash.p && equal_bytes(flow->session_hash, digest_bytes(&session->id_hash));
}

err flow_judge(struct task *t, const struct flow_find_row *flow, const struct client *client,
               const struct session *session, enum interaction *ret)
{
    struct interaction_facts f = {
        .max_age = flow->max_age_given ? flow->max_age : -1,
        .has_session = session != NULL,
        .upstream_asked = str_given(flow->idp_hint) && !flow->reauthenticated,
        .first_party = client->first_party,
    };
    if (!prompt_parse(flow->prompt, &f.prompt))
        return FAIL(t, INTERNAL, "a stored prompt cannot be read");
    struct terms terms;
    if (!terms_read(t->arena, flow->terms, &terms))
        return FAIL(t, INTERNAL, "stored terms cannot be read");
    f.details_asked = str_given(terms.authorization_details);
    if (session) {
        f.session_age_s = instant_seconds(t->now) - instant_seconds(session->row->authed_at);
        f.reauthenticated = flow->reauthenticated && same_session(flow, session);
        f.consented = flow->consented;
        f.another_user = str_given(flow->hint_subject) && !str_eq(flow->hint_subject, session->row->user_id.v);
        TRY(consent_recorded(t, flow, client, session->row->user_id, &f.consent_recorded));
    }
    *ret = interaction_next(&f);
    return OK;
}

err flow_allow(struct task *t, flow_id id, digest browser, const digest *session_hash)
{
    int64_t n;
    TRY(flow_approve(t, *session_hash, id, browser, &n));
    return n == 1 ? OK : FAIL(t, NO_FLOW, "the flow is not open any more");
}

err flow_consent(struct task *t, const struct flow_find_row *flow, const struct client *client, digest browser,
                 const struct session *session)
{
    TRY(flow_allow(t, flow->id, browser, &session->id_hash));
    const struct consent_find_row *kept;
    TRY(consent_find(t, session->row->user_id, client->id, flow->redirect_uri, client->version, &kept));
    str scope = kept ? scope_union(t->arena, kept->scope, flow->scope) : flow->scope;
    int64_t n;
    TRY(consent_put(t, session->row->user_id, client->id, flow->redirect_uri, client->version, scope, &n));
    return audit_write(t, session->row->user_id.v, STR("consent.given"), client->id.v, flow->scope);
}

err flow_deny(struct task *t, flow_id id, digest browser, str error)
{
    int64_t n;
    TRY(flow_refuse(t, error, id, browser, &n));
    return n == 1 ? OK : FAIL(t, NO_FLOW, "the flow is not open any more");
}

static str answer_url(struct task *t, str redirect_uri, str name, str value, str description, str state)
{
    struct buf b;
    buf_init(&b, t->arena, 65536);
    buf_add(&b, redirect_uri);
    url_add_query(&b, arena_cstr(t->arena, name), value);
    url_add_query(&b, "error_description", str_given(description) ? oauth_text(t->arena, description) : STR_NONE);
    url_add_query(&b, "state", state);
    url_add_query(&b, "iss", app_of(t)->issuer);
    return buf_str(&b);
}

str authorization_error_url(struct task *t, str redirect_uri, str state, str error, str description)
{
    return answer_url(t, redirect_uri, STR("error"), error, description, state);
}

static err finish_refused(struct task *t, flow_id id, digest browser, str *location)
{
    const struct flow_take_refusal_row *row;
    TRY(flow_take_refusal(t, id, browser, &row));
    *location = row ? authorization_error_url(t, row->redirect_uri, row->state, row->refusal, STR_NONE) : STR_NONE;
    return OK;
}

err flow_finish(struct task *t, flow_id id, digest browser, str *location)
{
    const struct config *config = &app_of(t)->config;
    str code = random_token(t->arena, "");
    const struct flow_grant_row *row;
    TRY(flow_grant(t, id, browser, (grant_id){ random_id(t->arena, "gr_") },
                   instant_add(t->now, config->refresh_token_ttl), code_digest(code),
                   instant_add(t->now, config->code_ttl), &row));
    CRASH_POINT("code.issued");
    if (!row)
        return finish_refused(t, id, browser, location);
    *location = answer_url(t, row->redirect_uri, STR("code"), code, STR_NONE, row->state);
    return OK;
}
