/* Who may administer what: scopes of the admin API and the roles of people (IDENTITY N 123). */
#pragma once

#include "authsrv/domain/client/client.h"
#include "shared/base/arena.h"
#include "shared/base/str.h"

#define ADMIN_READ "auth.admin.read"
#define ADMIN_SCOPES                                                                                                   \
    ADMIN_READ " auth.admin.users auth.admin.clients auth.admin.partners auth.admin.resources auth.admin.keys"

/* Of partners' backends, which bring people (endpoints/partner_users.c). No role of a person has it. */
#define PARTNER_SCOPE "auth.partner.users"

bool role_is_known(str role);
/* A word of it is not for everybody who asks: the statement that makes grants leaves it out by role. */
bool scope_goes_by_role(str scope);
/* What a person of that role may do at most, whatever the token says: an operator looks, an admin acts, and an
 * accountant has nothing here, but scopes that end in .operator.read elsewhere. */
str admin_scopes_of_role(str role);
/* area: "auth.admin.users". Reading takes the area's scope or auth.admin.read, writing the area's. */
bool admin_may(str scope, str area, bool writes);
/* Nobody makes, changes or ends an account that may do more than he may. */
bool admin_may_touch(str scope, str role);
/* Nor does anybody hand out scopes of administration that he has not. */
bool admin_may_give(str scope, str given);
/*
 * What a partner's administration may register for its clients: no more than the client through which it administers
 * has, and the scopes of OpenID Connect. false: *member of the metadata asks for more.
 */
bool tenant_may_give(const struct client *own, const struct client_metadata *given, str *member);
