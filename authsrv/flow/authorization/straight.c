/* See straight.h. */
#include "authsrv/flow/authorization/straight.h"

#include "authsrv/domain/admin.h"
#include "authsrv/flow/authorization/authorize.h"
#include "authsrv/flow/authorization/code_batch.h"
#include "authsrv/flow/token/tokens.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/process.h"

/* What a flow of this request would look like if it were kept; what only pages need is left out. */
static struct flow_find_row flow_of(struct task *t, const struct authz_request *a)
{
    const struct authorization *r = &a->wanted;
    return (struct flow_find_row){
        .client_id = a->client->id,
        .redirect_uri = a->redirect_uri,
        .registered_uri = a->registered_uri,
        .scope = r->scope,
        .audience = a->audience,
        .state = r->state,
        .login_hint = r->login_hint,
        .idp_hint = r->idp_hint,
        .hint_subject = a->hint_subject,
        .prompt = str_given(r->prompt_text) ? r->prompt_text : STR(""),
        .max_age_given = r->max_age >= 0,
        .max_age = r->max_age,
        .status = STR("open"),
        .created_at = t->now,
        .terms = terms_document(t->arena, &r->terms),
    };
}

/* Requests that are used up, tokens in the answer and scopes that go by role are for the long way. */
static bool is_plain(const struct authz_request *a)
{
    return !a->is_pushed && a->wanted.parts == RESPONSE_CODE && !scope_goes_by_role(a->wanted.scope);
}

static err code_answer(struct task *t, const struct authz_request *a, const struct flow_find_row *flow,
                       const struct session *session, str code, const struct answer **ret)
{
    struct answer *answer = arena_new(t->arena, struct answer);
    struct user_grant g = { .client = a->client, .parts = RESPONSE_CODE, .code = code };
    const struct flow_grant_row granted = { .scope = flow->scope, .sid = session->row->sid };
    *answer = (struct answer){ .client = a->client, .redirect_uri = a->redirect_uri, .mode = a->wanted.mode };
    *ret = answer;
    return flow_answer(t, flow, &granted, &g, answer);
}

err straight_answer(struct task *t, const struct authz_request *a, const struct session *session,
                    const struct answer **ret)
{
    enum interaction next;
    bool done;
    *ret = NULL;
    if (!session || !is_plain(a))
        return OK;
    const struct flow_find_row flow = flow_of(t, a);
    TRY(flow_judge(t, &flow, a->client, session, &next));
    if (next != INTERACT_GRANT)
        return OK;
    str code = random_token(t->arena, "");
    const struct issue issue = {
        .session_hash = session->id_hash,
        .code_hash = code_digest(code),
        .client = a->client->id,
        .grant = random_id(t->arena, "gr_"),
        .redirect_uri = a->redirect_uri,
        .registered_uri = a->registered_uri,
        .scope = a->wanted.scope,
        .audience = a->audience,
        .terms = flow.terms,
        .nonce = a->wanted.nonce,
        .challenge = a->wanted.challenge,
        .expires_at = grant_ends_at(t, a->client),
    };
    TRY(code_grant(t, &issue, &done));
    CRASH_POINT("code.issued");
    return done ? code_answer(t, a, &flow, session, code, ret) : OK;
}
