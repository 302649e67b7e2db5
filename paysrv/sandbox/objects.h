/* Charges, the operations on them and their disputes as JSON: in answers and in notifications. */
#pragma once

#include "paysrv/sandbox/bank.h"

/* Writes the members into the open object. action_url: absent unless the buyer has to go there. */
void charge_write(struct json *j, struct arena *a, const struct charge *c, str public_url);
void operation_write(struct json *j, const struct operation *o);
void dispute_write(struct json *j, const struct bank_dispute *d);
