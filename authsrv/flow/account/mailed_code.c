/* See mailed_code.h. */
#include "authsrv/flow/account/mailed_code.h"

#include "authsrv/app.h"
#include "shared/crypto/crypto.h"

#define DIGITS 8

str mailed_code_new(struct task *t)
{
    return random_digits(t->arena, DIGITS);
}

digest mailed_code_digest(struct task *t, str id, str code)
{
    str message = arena_printf(t->arena, "mailed_code\n%.*s\n%.*s", STR_ARG(id), STR_ARG(code));
    return hmac_sha256(digest_bytes(&app_of(t)->sealing_key), bytes_of(message));
}
