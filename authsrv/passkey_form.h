/* What the passkeys of a log-in page are bound to, for the page that asks and the form that answers. */
#pragma once

#include "authsrv/browser.h"

/* The flow, which is bound to the browser. */
static inline str passkey_bound_to(struct task *t, const struct visit *v)
{
    return arena_printf(t->arena, "login\n%.*s", STR_ARG(v->flow->id.v));
}
