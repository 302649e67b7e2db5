/*
 * Checkout sessions: "cs_" + the payment's random part + a MAC. The address of a checkout page is the permission to pay
 * it; it is computed, not stored, and knowing a payment's id does not give it.
 */
#pragma once

#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

str session_of(struct task *t, payment_id payment);
/* false: no session that we made. */
bool session_parse(struct task *t, str session, payment_id *ret);
