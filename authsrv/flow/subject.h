/* Who a user is to a client: the `sub` of every token and answer that the client gets. */
#pragma once

#include "authsrv/domain/client.h"

static inline str subject_at(const struct client *client, user_id user)
{
    (void)client;
    return user.v;
}
