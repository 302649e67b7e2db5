/* Confirmations as the API and the webhooks show them. */
#pragma once

#include "paysrv/store/confirmation.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

/* Writes the members into an object that is open. */
void confirmation_write(struct json *j, struct task *t, const struct confirmation_find_row *row);
/* Its partner learns nothing of it yet. */
bool confirmation_is_hidden(const struct confirmation_find_row *row);
str confirmation_document(struct task *t, const struct confirmation_find_row *row);
