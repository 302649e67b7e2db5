/*
 * The hosts that a store has shown to be its own, and what has to lie within them (docs/decisions/0062-stores.md): a
 * file that only who answers there can put there is fetched through the guard of all outbound HTTP.
 */
#pragma once

#include "paysrv/store/payment.rows.h"
#include "paysrv/store/store_domain.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

#define STORE_DOMAINS_MAX 10
#define STORE_PROOF_PATH "/.well-known/stoa-store-verification"

/* *failure absent: it is there, and holds the proof. */
void store_domain_ask(struct task *t, str host, str proof, str *failure);

void store_domain_write(struct task *t, struct json *j, store_id store, const struct store_domain_find_row *row);

/* INVALID_PARAMETER naming return_url or origins when the store's domains are required and these lie elsewhere. */
MUST_USE err store_domains_check(struct task *t, const struct payment_store_row *store, str return_url,
                                 str_array origins);
/* The same for a return_url that comes with a confirmation; asks nothing of partners that do not require domains. */
MUST_USE err payment_return_check(struct task *t, partner_id partner, payment_id payment, str return_url);
