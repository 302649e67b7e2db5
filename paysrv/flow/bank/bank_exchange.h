/*
 * The channel to the bank (bank_url): orders go out, files come in. An order is stored before it leaves, and until the
 * bank has taken it the same bytes are sent again under the same name. When it may or may not have arrived its payouts
 * are unknown. Without bank_url files are carried by hand (paysrv payouts export, bank import).
 */
#pragma once

#include "shared/base/task.h"
#include "shared/net/fetch.h"

/* path is below bank_url, with its slash. type: of the body, which may be absent. */
void bank_call(struct task *t, const char *method, str path, const char *type, str body, struct fetch_answer *ret);
/* The job. */
MUST_USE err bank_exchange(struct task *t);
