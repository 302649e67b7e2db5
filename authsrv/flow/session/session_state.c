/* See session_state.h; web/assets/check_session.js computes the same hash. */
#include "authsrv/flow/session/session_state.h"

#include "authsrv/app.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"

#define SALT_BYTES 12

str browser_state_of(struct task *t, str sid)
{
    str message = arena_printf(t->arena, "browser_state\n%.*s", STR_ARG(sid));
    digest mac = hmac_sha256(digest_bytes(&app_of(t)->sealing_key), bytes_of(message));
    return base64url_encode(t->arena, digest_bytes(&mac));
}

str session_state_of(struct task *t, str sid, client_id client, str redirect_uri)
{
    struct url u;
    unsigned char random[SALT_BYTES];
    if (!url_parse(redirect_uri, &u) || !str_starts(u.scheme, STR("http")))
        return STR_NONE;
    random_bytes(random, sizeof random);
    str salt = base64url_encode(t->arena, (bytes){ random, sizeof random });
    str origin = url_origin(t->arena, &u), state = browser_state_of(t, sid);
    digest hash = sha256_str(arena_printf(t->arena, "%.*s %.*s %.*s %.*s", STR_ARG(client.v), STR_ARG(origin),
                                          STR_ARG(state), STR_ARG(salt)));
    return arena_printf(t->arena, "%.*s.%.*s", STR_ARG(base64url_encode(t->arena, digest_bytes(&hash))), STR_ARG(salt));
}
