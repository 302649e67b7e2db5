/* See subject.h. */
#include "authsrv/flow/token/subject.h"

#include "authsrv/app.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

str subject_at(struct task *t, const struct client *client, user_id user)
{
    if (!str_given(client->sector))
        return user.v;
    str message = arena_printf(t->arena, "%.*s %.*s", STR_ARG(client->sector), STR_ARG(user.v));
    digest mac = hmac_sha256(digest_bytes(&app_of(t)->pairwise_key), bytes_of(message));
    return base64url_encode(t->arena, digest_bytes(&mac));
}
