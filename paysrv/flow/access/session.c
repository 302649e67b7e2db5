/* See session.h. */
#include "paysrv/flow/access/session.h"

#include "paysrv/app.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

#define ID_CHARS 26
#define MAC_CHARS 16
#define PREFIX "pay_"
#define SESSION_CHARS (3 + ID_CHARS + MAC_CHARS)

str session_of(struct task *t, payment_id payment)
{
    const struct app *app = t->app;
    str random = { payment.v.p + sizeof PREFIX - 1, payment.v.n - (sizeof PREFIX - 1) };
    str message = arena_printf(t->arena, "checkout session %.*s", STR_ARG(payment.v));
    digest mac = hmac_sha256(digest_bytes(&app->sealing_key), bytes_of(message));
    str text = hex_encode(t->arena, (bytes){ mac.b, MAC_CHARS / 2 });
    return arena_printf(t->arena, "cs_%.*s%.*s", STR_ARG(random), STR_ARG(text));
}

bool session_parse(struct task *t, str session, payment_id *ret)
{
    if (session.n != SESSION_CHARS || !str_starts(session, STR("cs_")))
        return false;
    payment_id payment = { arena_printf(t->arena, PREFIX "%.*s", ID_CHARS, session.p + 3) };
    if (!equal_bytes(bytes_of(session_of(t, payment)), bytes_of(session)))
        return false;
    *ret = payment;
    return true;
}
