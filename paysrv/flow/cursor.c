/* Sealed positions. See cursor.h. */
#include "paysrv/flow/cursor.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

static str context_of(struct task *t, const char *list, partner_id partner)
{
    return arena_printf(t->arena, "cursor|%s|%.*s", list, STR_ARG(partner.v));
}

str cursor_make(struct task *t, const char *list, partner_id partner, str position)
{
    const struct app *app = t->app;
    return base64url_encode(t->arena,
                            seal(t->arena, &app->sealing_key, bytes_of(position), context_of(t, list, partner)));
}

err cursor_read(struct task *t, const char *list, partner_id partner, str cursor, str *position)
{
    const struct app *app = t->app;
    *position = STR_NONE;
    if (!str_given(cursor))
        return OK;
    bytes sealed, plain;
    if (!base64url_decode(t->arena, cursor, &sealed) ||
        !unseal(t->arena, &app->sealing_key, sealed, context_of(t, list, partner), &plain))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("cursor"), STR("next_cursor of an earlier page of this list"));
    *position = (str){ (const char *)plain.p, plain.n };
    return OK;
}
