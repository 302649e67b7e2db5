/* Sealed positions. See cursor.h. */
#include "authsrv/flow/cursor.h"

#include "authsrv/app.h"
#include "authsrv/faults.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

static str context_of(struct task *t, const char *list)
{
    return arena_printf(t->arena, "cursor|%s", list);
}

str cursor_make(struct task *t, const char *list, str position)
{
    return base64url_encode(t->arena, seal(t->arena, &app_of(t)->sealing_key, bytes_of(position), context_of(t, list)));
}

err cursor_read(struct task *t, const char *list, str cursor, str *position)
{
    bytes sealed, plain;
    *position = STR_NONE;
    if (!str_given(cursor))
        return OK;
    if (!base64url_decode(t->arena, cursor, &sealed) ||
        !unseal(t->arena, &app_of(t)->sealing_key, sealed, context_of(t, list), &plain))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("cursor"), STR("next_cursor of an earlier page of this list"));
    *position = (str){ (const char *)plain.p, plain.n };
    return OK;
}
