/* Who a user is to a client: the `sub` of every token and answer that the client gets (OIDC Core section 8). */
#pragma once

#include "authsrv/domain/client/client.h"
#include "shared/base/task.h"

/*
 * Public: the user's id. Pairwise: the MAC of sector and id under a key that is derived from the pepper, which outlives
 * every signing key, so that the same user stays the same to the same sector, and nobody to anybody else.
 */
str subject_at(struct task *t, const struct client *client, user_id user);
