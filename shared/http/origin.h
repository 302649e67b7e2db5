/* Who is at the other end, past a proxy that may speak for it. Private to shared/http. */
#pragma once

#include "shared/http/exchange.h"

/* Address, scheme and host of the client; cannot fail, so that a refusal is logged with them. */
void origin_settle(struct exchange *x);
/* The name that the client called and its certificate, once the head is sound. */
MUST_USE err origin_check(struct task *t, struct exchange *x);
