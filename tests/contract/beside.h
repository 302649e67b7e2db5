/* Two at one moment: a serializable transaction and a statement, or another transaction, on a connection of its own. */
#pragma once

#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"
#include "shared/db/db.h"

#define P ((partner_id){ { "p", 1 } })
#define USER ((user_id){ { "usr_1", 5 } })
/* A partner, a user of it and his account. */
#define USER_ROWS                                                                                                      \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'P', 0, 0, now());"      \
    "insert into pay_user (partner_id, user_id, name, email, email_verified, created_at) values ('p', 'usr_1', 'U', "  \
    "'old@example.com', true, now());"                                                                                 \
    "insert into requisite (partner_id, requisite_id, user_id, version, kind, iban, holder_name, country, town, "      \
    "masked, destination, created_at, usable_from) values ('p', 'req_1', 'usr_1', 1, 'bank_account', "                 \
    "'DE89370400440532013000', 'H', 'DE', 'B', 'DE', sha256(''), now(), now());"

typedef err (*step)(struct task *t);

/* A task of its own in a schema with these rows. */
void beside_begin(struct arena *arena, struct task *t, const char *rows);
/* Another, in the same. */
void beside_task(struct arena *arena, struct task *t);
/* It has looked at the user, the other comes and goes, it goes on. When it is repeated, nobody is beside it. */
void between(struct arena *arena, const char *rows, step in_tx, step other);
/* It has written, and the other waits for it, or is through, before it commits. */
void waiting(struct arena *arena, const char *rows, step in_tx, step other);
/* While the other waits, it goes on to write. */
void waiting_then(struct arena *arena, const char *rows, step in_tx, step other, step then);
/* A third comes and goes while the other waits. */
void waiting_while(struct arena *arena, const char *rows, step in_tx, step other, step third);
