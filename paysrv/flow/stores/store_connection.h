/*
 * A store goes to another partner (MONEY B18; docs/decisions/0062-stores.md): the new one asks, the owner gets a code
 * at the address that the present partner knows, and with it what is sold from then on is the new partner's. That is a
 * store of its own, which names the one before; history, balances and what is on its way stay where they are. Who asks
 * for a store that is not there, or not to be moved, is answered in the same way.
 */
#pragma once

#include "paysrv/flow/confirmation/confirmation.h"
#include "paysrv/store/store_connection.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

/* The answer holds nothing that the caller has not said himself. */
MUST_USE err store_connection_begin(struct task *t, const struct caller *c, const struct user_find_row *user, str store,
                                    const struct once *once, struct answer *ret);
void store_connection_write(struct json *j, const struct store_connection_find_row *row);

MUST_USE err connection_lines(struct task *t, const struct confirmation_of *of, struct confirmation_lines *ret);
MUST_USE err connection_confirmed(struct task *t, const struct confirmation_of *of);
MUST_USE err connection_dropped(struct task *t, const struct confirmation_of *of, str why);
