/* Reading the presented tokens, asking the rules, issuing. */
#include "authsrv/flow/token/exchange.h"

#include "authsrv/app.h"
#include "authsrv/counters.h"
#include "authsrv/domain/scope.h"
#include "authsrv/domain/token/exchange.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/authorization/target.h"
#include "authsrv/flow/upstream/upstream_keep.h"
#include "authsrv/store/exchange.sql.h"
#include "shared/crypto/crypto.h"

struct exchange {
    const struct client *client;
    const struct exchange_in *in;
    const struct snapshot *s;
    struct token_facts subject;
    str parent_jti; /* absent: the subject token is an ID token */
    const struct exchange_subject_access_row *held;
    str subject_scope, actor, act;
    str scope, audience;
    str details; /* that the subject token was narrowed to; absent: all that were granted */
    struct exchange_facts facts;
};

static err refuse(struct task *t, const char *param, const char *explain)
{
    return FAIL_PARAM(t, INVALID_REQUEST, str_of(param), str_of(explain));
}

static err types_check(struct task *t, const struct exchange_in *in)
{
    if (str_given(in->requested_token_type) && !str_eq(in->requested_token_type, TYPE_ACCESS_TOKEN))
        return refuse(t, "requested_token_type", "may be urn:ietf:params:oauth:token-type:access_token");
    if (str_given(in->actor_token) != str_given(in->actor_token_type))
        return refuse(t, "actor_token_type", "comes with actor_token, and only with it");
    return OK;
}

static err subject_access(struct task *t, struct exchange *x)
{
    bool live = false;
    if (!access_token_read(t, x->s, x->in->subject_token, &x->subject) || !x->subject.of_user)
        return FAIL_PARAM(t, INVALID_GRANT, STR("subject_token"), STR("is no live access token of a user"));
    TRY(access_token_live(t, &x->subject, &live));
    if (live)
        TRY(exchange_subject_access(t, x->subject.jti, &x->held));
    if (!live || !x->held)
        return FAIL_PARAM(t, INVALID_GRANT, STR("subject_token"), STR("is no live access token of a user"));
    x->parent_jti = x->subject.jti;
    x->subject_scope = x->subject.scope;
    return OK;
}

static err subject_id(struct task *t, struct exchange *x)
{
    str sid;
    const struct exchange_scope_row *scope = NULL;
    if (id_token_read_live(t, x->s, x->in->subject_token, &x->subject, &sid) && str_given(sid))
        TRY(exchange_subject_id(t, sid, (client_id){ x->subject.client }, &x->held));
    if (x->held)
        TRY(exchange_scope(t, x->held->grant_id, &scope));
    if (!scope)
        return FAIL_PARAM(t, INVALID_GRANT, STR("subject_token"), STR("is no ID token with a live grant"));
    x->subject_scope = scope->scope;
    x->subject.audience = x->held->audience;
    return OK;
}

static err subject_read(struct task *t, struct exchange *x)
{
    if (str_eq(x->in->subject_token_type, TYPE_ACCESS_TOKEN))
        return subject_access(t, x);
    if (str_eq(x->in->subject_token_type, TYPE_ID_TOKEN))
        return subject_id(t, x);
    return refuse(t, "subject_token_type",
                  "may be urn:ietf:params:oauth:token-type:access_token or urn:ietf:params:oauth:token-type:id_token");
}

/* The actor's token was given to the client that asks: nobody acts with what he found. */
static err actor_read(struct task *t, struct exchange *x)
{
    struct token_facts actor;
    str sid;
    bool live = false, is_id = str_eq(x->in->actor_token_type, TYPE_ID_TOKEN);
    if (!str_given(x->in->actor_token))
        return OK;
    if (!is_id && !str_eq(x->in->actor_token_type, TYPE_ACCESS_TOKEN))
        return refuse(t, "actor_token_type", "may be of an access token or an ID token");
    if (is_id)
        live = id_token_read_live(t, x->s, x->in->actor_token, &actor, &sid);
    else if (access_token_read(t, x->s, x->in->actor_token, &actor))
        TRY(access_token_live(t, &actor, &live));
    if (!live || !str_eq(actor.client, x->client->id.v))
        return FAIL_PARAM(t, INVALID_GRANT, STR("actor_token"), STR("is no live token of this client"));
    x->actor = actor.subject;
    return OK;
}

static err right_check(struct task *t, struct exchange *x, enum exchange_right *right)
{
    const struct exchange_rule_find_row *rule;
    TRY(exchange_rule_find(t, x->client->id, x->held->client_id, &rule));
    x->facts = (struct exchange_facts){ .client = x->client,
                                        .source_client = x->held->client_id.v,
                                        .audience = x->subject.audience,
                                        .has_rule = rule != NULL,
                                        .rule_scope = rule ? rule->scope : STR_NONE,
                                        .rule_audience = rule ? rule->audience : STR_NONE };
    *right = exchange_right_of(&x->facts);
    str party = str_given(x->actor) ? x->actor : x->client->id.v;
    if (*right == EXCHANGE_NONE)
        return FAIL(t, UNAUTHORIZED_CLIENT, "no rule lets this client exchange tokens of %.*s",
                    STR_ARG(x->held->client_id.v));
    if (*right != EXCHANGE_OWN && !may_act_allows(x->subject.claims, party) &&
        !may_act_allows(x->subject.claims, x->client->id.v))
        return FAIL_PARAM(t, INVALID_GRANT, STR("subject_token"), STR("names another party that may act"));
    if (!act_chain(t->arena, x->subject.claims, x->actor, &x->act))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("actor_token"), STR("would be one actor too many in the chain"));
    return OK;
}

static err target_check(struct task *t, struct exchange *x, enum exchange_right right)
{
    const struct exchange_in *in = x->in;
    if (str_given(in->resource) && str_given(in->audience) && !str_eq(in->resource, in->audience))
        return FAIL_PARAM(t, INVALID_TARGET, STR("audience"), STR("is another one than resource"));
    str wanted = str_given(in->resource) ? in->resource : in->audience;
    if (!str_given(wanted))
        wanted = x->facts.audience;
    if (!exchange_audience_allowed(&x->facts, right, wanted))
        return FAIL_PARAM(t, INVALID_TARGET, str_given(in->resource) ? STR("resource") : STR("audience"),
                          STR("is more than the subject token is for"));
    const struct json_value *details = json_get(x->subject.claims, "authorization_details");
    if (details && str_eq(wanted, x->subject.audience))
        x->details = json_canonical(t->arena, details);
    str cap = exchange_scope_cap(t->arena, &x->facts, right, x->subject_scope);
    TRY(scope_within(t, cap, in->scope, "is more than this exchange can give"));
    TRY(target_choose(t, str_given(in->scope) ? in->scope : cap, wanted, &x->scope, &x->audience));
    return x->scope.n > 0 ? OK : FAIL_PARAM(t, INVALID_SCOPE, STR("scope"), STR("nothing is left of it"));
}

static err issue(struct task *t, const struct exchange *x, struct token_answer *ret)
{
    int64_t n, usual_s = instant_seconds(instant_add(t->now, access_life(t, x->client)));
    struct user_grant grant = { .client = x->client,
                                .user = x->held->user_id,
                                .scope = x->scope,
                                .audience = x->audience,
                                .details = x->details,
                                .sid = x->held->sid,
                                .amr = x->held->amr,
                                .jti = random_id(t->arena, "at_"),
                                .auth_time = x->held->auth_time,
                                .act = x->act,
                                .grant = x->held->grant_id,
                                .expires_s = x->subject.expires_s < usual_s ? x->subject.expires_s : usual_s };
    if (!terms_read(t->arena, x->held->terms, &grant.terms))
        return FAIL(t, INTERNAL, "the terms of a grant cannot be read");
    TRY(exchange_issue(t, x->held->grant_id, x->client->id, x->parent_jti, grant.jti, grant.scope,
                       instant_of_seconds(grant.expires_s), &n));
    if (n != 1)
        return FAIL_PARAM(t, INVALID_GRANT, STR("subject_token"), STR("was revoked meanwhile"));
    TRY(user_access_sign(t, &grant, ret));
    ret->issued_type = TYPE_ACCESS_TOKEN;
    return audit_write(t, x->client->id.v, STR("token.exchanged"), x->held->user_id.v,
                       arena_printf(t->arena, "%.*s of %.*s, actor %.*s, scope %.*s", STR_ARG(x->held->grant_id.v),
                                    STR_ARG(x->held->client_id.v), STR_ARG(str_given(x->actor) ? x->actor : STR("-")),
                                    STR_ARG(x->scope)));
}

/* ---- the tokens of partners (decision 0032) ---- */

/* Whether the client wants a token for the issuer of its own partner; NULL: an ordinary exchange. */
static err partner_wanted(struct task *t, const struct exchange *x, const struct upstream **ret)
{
    str wanted = str_given(x->in->resource) ? x->in->resource : x->in->audience;
    *ret = NULL;
    if (!str_given(x->client->partner) || !str_given(wanted))
        return OK;
    TRY(upstream_load(t, x->client->partner, ret));
    if (*ret && !str_eq((*ret)->row->issuer, wanted))
        *ret = NULL;
    return OK;
}

static err partner_right(struct task *t, const struct exchange *x, const struct upstream *up)
{
    if (!up->set.keep_tokens)
        return FAIL_PARAM(t, INVALID_TARGET, STR("audience"), STR("keeps no tokens here: see keep_tokens"));
    if (!str_eq(x->held->client_id.v, x->client->id.v))
        return FAIL(t, UNAUTHORIZED_CLIENT, "the partner's token for a token of %.*s", STR_ARG(x->held->client_id.v));
    if (!str_has_word(x->subject_scope, STR(PARTNER_TOKEN_SCOPE)))
        return FAIL_PARAM(t, INVALID_GRANT, STR("subject_token"), STR("was not given the scope " PARTNER_TOKEN_SCOPE));
    if (str_given(x->actor))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("actor_token"), STR("cannot be said in a partner's token"));
    return str_given(x->in->scope)
               ? FAIL_PARAM(t, INVALID_SCOPE, STR("scope"), STR("of a partner's token is what the partner gave"))
               : OK;
}

static err partner_token_give(struct task *t, const struct exchange *x, const struct upstream *up,
                              struct token_answer *ret)
{
    struct upstream_live_token live;
    TRY(partner_right(t, x, up));
    TRY(upstream_token_live(t, up, x->held->user_id, &live));
    *ret = (struct token_answer){
        .access = live.access, .scope = live.scope, .issued_type = TYPE_ACCESS_TOKEN, .life_s = live.life_s
    };
    count_upstream_token(t, UPSTREAM_TOKEN_GIVEN);
    return audit_write(t, x->client->id.v, STR("upstream.token_given"), x->held->user_id.v, up->row->slug);
}

err exchange_run(struct task *t, const struct client *client, const struct exchange_in *in, struct token_answer *ret)
{
    struct exchange x = { .client = client, .in = in };
    const struct upstream *up;
    enum exchange_right right;
    TRY(types_check(t, in));
    TRY(snapshot_of(t, &x.s));
    TRY(subject_read(t, &x));
    TRY(actor_read(t, &x));
    TRY(partner_wanted(t, &x, &up));
    if (up)
        return partner_token_give(t, &x, up, ret);
    TRY(right_check(t, &x, &right));
    TRY(target_check(t, &x, right));
    return issue(t, &x, ret);
}
