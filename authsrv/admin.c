/* See admin.h. Tokens: RFC 9068 section 4, RFC 6750 section 3; preconditions: RFC 9110 section 13.1.1, RFC 6585. */
#include "authsrv/admin.h"

#include "authsrv/app.h"
#include "authsrv/domain/admin.h"
#include "authsrv/domain/scope.h"
#include "authsrv/faults.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/flow/cursor.h"
#include "authsrv/flow/partner/partners.h"
#include "authsrv/flow/token/tokens.h"
#include "authsrv/guards.h"
#include "authsrv/proof.h"
#include "authsrv/store/user.sql.h"
#include "shared/base/num.h"

static str admin_metadata(struct task *t)
{
    return arena_printf(t->arena, "%.*s/.well-known/oauth-protected-resource/admin", STR_ARG(app_of(t)->issuer));
}

static str challenge(struct task *t, const char *error, const char *area)
{
    str metadata = admin_metadata(t);
    if (!error)
        return arena_printf(t->arena, "Bearer resource_metadata=\"%.*s\"", STR_ARG(metadata));
    if (!area)
        return arena_printf(t->arena, "Bearer error=\"%s\", resource_metadata=\"%.*s\"", error, STR_ARG(metadata));
    return arena_printf(t->arena, "Bearer error=\"%s\", scope=\"%s\", resource_metadata=\"%.*s\"", error, area,
                        STR_ARG(metadata));
}

static err refuse(struct task *t, const char *error, const char *why)
{
    struct failure *f = FAIL(t, INVALID_TOKEN, "%s", why);
    f->challenge = challenge(t, error, NULL);
    return f;
}

static err token_check(struct task *t, const struct request *rq, struct token_facts *facts)
{
    const struct snapshot *s;
    struct presented_token presented;
    struct proof_rules rules = proof_rules_here(t, rq);
    bool live;
    if (!presented_token_read(rq, &presented))
        return refuse(t, NULL, "no access token");
    TRY(snapshot_of(t, &s));
    if (!access_token_read(t, s, presented.token, facts) || !str_eq(facts->audience, admin_audience(t)))
        return refuse(t, "invalid_token", "not a token for this API, or expired");
    TRY(access_token_live(t, facts, &live));
    if (!live)
        return refuse(t, "invalid_token", "revoked, or user or client disabled");
    rules.challenge_more = arena_printf(t->arena, ", resource_metadata=\"%.*s\"", STR_ARG(admin_metadata(t)));
    return proof_check(t, rq, &rules, &presented, &facts->cnf);
}

/* A role that was taken away meanwhile counts at once. */
static err scope_now(struct task *t, const struct token_facts *facts, str *scope)
{
    const struct user_find_row *user;
    *scope = facts->scope;
    if (!facts->of_user)
        return OK;
    TRY(user_find(t, facts->user, &user));
    *scope = user ? scope_common(t->arena, facts->scope, admin_scopes_of_role(user->role)) : STR("");
    return OK;
}

/* The client is looked up at each call: one that was given to a partner is that partner's at once. */
static err caller_of(struct task *t, const struct token_facts *facts, struct admin_caller *caller)
{
    TRY(client_find_stored(t, (client_id){ facts->client }, &caller->client));
    if (!caller->client)
        return refuse(t, "invalid_token", "of a client that is gone");
    caller->tenant = caller->client->partner;
    caller->actor = facts->of_user ? facts->user.v : facts->subject;
    return scope_now(t, facts, &caller->scope);
}

/* Somebody with another's token sees what that one sees, and changes nothing under his name (decision 0074). Only the
 * outermost actor counts (RFC 8693 4.1), and a client that acts itself is no other. */
static err acting_check(struct task *t, const struct request *rq, const struct token_facts *facts)
{
    const struct json_value *act = json_get(facts->claims, "act");
    str who = STR_NONE;
    if (!act || rq->method == GET || rq->method == HEAD)
        return OK;
    if (json_get_str(act, "sub", &who) && str_eq(who, facts->client))
        return OK;
    return FAIL_PARAM(t, INSUFFICIENT_SCOPE, STR("act"), STR("names another who acts: such a token only reads"));
}

static err admin_check(struct task *t, struct request *rq, const char *area, bool for_tenants)
{
    struct token_facts facts;
    struct admin_caller *caller = arena_new(t->arena, struct admin_caller);
    TRY(token_check(t, rq, &facts));
    TRY(caller_of(t, &facts, caller));
    TRY(acting_check(t, rq, &facts));
    rq->caller = caller;
    if (admin_may(caller->scope, str_of(area), rq->method != GET && rq->method != HEAD))
        return for_tenants || !str_given(caller->tenant)
                   ? OK
                   : (err)FAIL(t, FORBIDDEN_TENANT, "of the partner %.*s", STR_ARG(caller->tenant));
    struct failure *f = FAIL(t, INSUFFICIENT_SCOPE, "%s is needed", area);
    f->challenge = challenge(t, "insufficient_scope", area);
    return f;
}

#define ADMIN_GUARD(NAME, area, for_tenants)                                                                           \
    static err check_##NAME(struct task *t, struct request *rq)                                                        \
    {                                                                                                                  \
        return admin_check(t, rq, area, for_tenants);                                                                  \
    }                                                                                                                  \
    const struct guard GUARD_ADMIN_##NAME = { area, check_##NAME };

ADMIN_GUARD(USERS, "auth.admin.users", false)
ADMIN_GUARD(CLIENTS, "auth.admin.clients", false)
ADMIN_GUARD(PARTNERS, "auth.admin.partners", false)
ADMIN_GUARD(RESOURCES, "auth.admin.resources", false)
ADMIN_GUARD(KEYS, "auth.admin.keys", false)
ADMIN_GUARD(READ, ADMIN_READ, false)
ADMIN_GUARD(USERS_OWN, "auth.admin.users", true)
ADMIN_GUARD(CLIENTS_OWN, "auth.admin.clients", true)
ADMIN_GUARD(PARTNERS_OWN, "auth.admin.partners", true)
ADMIN_GUARD(READ_OWN, ADMIN_READ, true)
ADMIN_GUARD(BRINGS, PARTNER_SCOPE, true)

err admin_operator_says(struct task *t, const struct request *rq, const char *member, bool said)
{
    return said && str_given(admin_of(rq)->tenant)
               ? (err)FAIL_PARAM(t, FORBIDDEN_TENANT, str_of(member), STR("is said by the operator"))
               : OK;
}

struct json *list_begin(struct response *rs)
{
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("list"));
    json_array(j, "data");
    return j;
}

void list_end(struct task *t, struct json *j, const char *list, bool has_more, str last)
{
    json_close(j);
    json_bool(j, "has_more", has_more);
    if (has_more)
        json_str(j, "next_cursor", cursor_make(t, list, last));
    else
        json_null(j, "next_cursor");
}

void version_tag(struct task *t, struct response *rs, int64_t version)
{
    reply_header(rs, "ETag", arena_printf(t->arena, "\"%lld\"", (long long)version));
}

err version_want(struct task *t, const struct request *rq, int64_t *version)
{
    str tag = request_header(rq, "if-match");
    if (!str_given(tag))
        return FAIL(t, VERSION_NEEDED, "no if-match");
    if (tag.n < 3 || tag.p[0] != '"' || tag.p[tag.n - 1] != '"' || !num_parse((str){ tag.p + 1, tag.n - 2 }, version))
        return FAIL(t, VERSION_DIFFERS, "the tag is none of ours");
    return OK;
}
