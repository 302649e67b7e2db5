/* Scope, resource and details against what the snapshot says about resources and types. */
#include "authsrv/flow/authorization/target.h"

#include "authsrv/app.h"
#include "authsrv/domain/authorization/authorization_details.h"
#include "authsrv/domain/authorization/json_rules.h"
#include "authsrv/domain/scope.h"
#include "authsrv/faults.h"
#include "authsrv/flow/snapshot.h"

err target_choose(struct task *t, str scope, str resource, str *ret_scope, str *ret_audience)
{
    const struct snapshot *s;
    size_t n;
    TRY(snapshot_of(t, &s));
    const struct scope_owner *owners = snapshot_owners(s, &n);
    switch (scope_target(t->arena, scope, resource, app_of(t)->issuer, owners, n, ret_scope, ret_audience)) {
    case TARGET_GOOD:
        return OK;
    case TARGET_UNKNOWN:
        return FAIL_PARAM(t, INVALID_TARGET, STR("resource"), STR("is not known here"));
    case TARGET_AMBIGUOUS:
        return FAIL_PARAM(t, INVALID_TARGET, STR("resource"), STR("must say which one: the scopes belong to several"));
    }
    return OK;
}

#define SHOWN_MAX_BYTES 100

err scope_within(struct task *t, str have, str want, const char *is)
{
    str word = scope_beyond(have, want);
    if (!str_given(word))
        return OK;
    if (word.n > SHOWN_MAX_BYTES)
        word.n = SHOWN_MAX_BYTES;
    return FAIL_PARAM(t, INVALID_SCOPE, STR("scope"), arena_printf(t->arena, "%.*s %s", STR_ARG(word), is));
}

err target_ask(struct task *t, const struct client *client, str scope, str resource, str *ret_scope, str *ret_audience)
{
    if (scope.n == 0)
        return FAIL_PARAM(t, INVALID_SCOPE, STR("scope"), STR("is missing"));
    str allowed = scope_common(t->arena, scope, client->meta.scope);
    if (allowed.n == 0)
        return FAIL_PARAM(t, INVALID_SCOPE, STR("scope"), STR("holds nothing that this client is registered for"));
    return target_choose(t, allowed, resource, ret_scope, ret_audience);
}

err details_ask(struct task *t, const struct client *client, str scope, str parameter, str *ret)
{
    const struct snapshot *s;
    struct rule_problem p;
    size_t n;
    if (parameter.n == 0)
        return OK;
    TRY(snapshot_of(t, &s));
    const struct detail_type *types = snapshot_details(s, &n);
    if (details_read(t->arena, parameter, scope, types, n, &client->meta.authorization_details_types, ret, &p))
        return OK;
    return FAIL_PARAM(t, INVALID_AUTHORIZATION_DETAILS,
                      arena_printf(t->arena, "authorization_details%.*s", STR_ARG(p.path)),
                      arena_str(t->arena, p.explain));
}
