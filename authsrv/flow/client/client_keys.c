/* Keys of clients. Those by value were parsed with the client. */
#include "authsrv/flow/client/client_keys.h"

#include "authsrv/flow/client/jwks_cache.h"

const struct jose_set *client_keys(struct task *t, const struct client *client, bool anew)
{
    if (str_given(client->meta.jwks_uri))
        return jwks_get(t, (struct jwks_at){ .url = client->meta.jwks_uri }, anew);
    return client->keys;
}

enum jws_verdict client_verify(struct task *t, const struct client *client, const struct jws_want *want, str token,
                               struct jws_read *ret)
{
    if (str_given(client->meta.jwks_uri))
        return jwks_verify(t, (struct jwks_at){ .url = client->meta.jwks_uri }, want, token, ret);
    return client->keys ? jws_verify_with(t->arena, client->keys, want, token, ret) : JWS_UNKNOWN_KEY;
}
