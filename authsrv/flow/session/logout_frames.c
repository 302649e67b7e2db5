/* See logout_frames.h. */
#include "authsrv/flow/session/logout_frames.h"

#include "authsrv/app.h"
#include "authsrv/domain/session/logout.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/store/session.sql.h"
#include "shared/text/url.h"

#define FRAMES_MAX 32 /* at once in one page; back-channel logout has no such limit */
#define ORIGINS_MAX_BYTES 12288

err logout_frames_of(struct task *t, str sid, struct logout_frames *ret)
{
    const struct session_clients_row *rows;
    size_t n;
    *ret = (struct logout_frames){ 0 };
    if (!str_given(sid))
        return OK;
    TRY(session_clients(t, sid, &rows, &n));
    str *urls = arena_array(t->arena, str, FRAMES_MAX);
    struct buf origins;
    buf_init(&origins, t->arena, ORIGINS_MAX_BYTES);
    for (size_t i = 0; i < n && ret->n < FRAMES_MAX; i++) {
        const struct client *client;
        struct url u;
        TRY(client_load_listed(t, rows[i].client_id, &client));
        if (!client || !url_parse(client->meta.frontchannel_logout_uri, &u))
            continue;
        urls[ret->n++] = logout_frame_url(t->arena, client->meta.frontchannel_logout_uri, app_of(t)->issuer, sid);
        if (origins.n > 0)
            buf_add_char(&origins, ' ');
        buf_add(&origins, url_origin(t->arena, &u));
    }
    ret->urls = urls;
    ret->origins = buf_str(&origins);
    return OK;
}
