/* See consent.h. */
#include "authsrv/flow/authorization/consent.h"

#include "authsrv/domain/scope.h"
#include "authsrv/flow/audit.h"
#include "authsrv/store/flow.sql.h"

err consent_add(struct task *t, const struct consent_key *key, str scope, str lasting, str claims)
{
    const struct consent_find_row *kept;
    int64_t n;
    TRY(consent_load(t, key, &kept));
    str all_scopes = kept ? scope_union(t->arena, kept->scope, lasting) : lasting;
    str all_claims = kept ? scope_union(t->arena, kept->claims, claims) : claims;
    TRY(consent_put(t, key->user, key->client, key->redirect_uri, key->version, all_scopes, all_claims, &n));
    str detail = claims.n > 0 ? arena_printf(t->arena, "%.*s; claims: %.*s", STR_ARG(scope), STR_ARG(claims)) : scope;
    return audit_write(t, key->user.v, STR("consent.given"), key->client.v, detail);
}
