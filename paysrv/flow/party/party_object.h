/* Users, requisites and stores as the API and the webhooks show them. */
#pragma once

#include "paysrv/store/requisite.rows.h"
#include "paysrv/store/store.rows.h"
#include "paysrv/store/user.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

/* Each writes the members into an object that is open. */
void user_write(struct json *j, const struct user_find_row *row);
void requisite_write(struct json *j, struct task *t, const struct requisite_find_row *row);
void store_write(struct task *t, struct json *j, const struct store_find_row *row);
/* Member split_profile, or split when there is none: who gets what of a store's payments. */
void split_terms_write(struct json *j, str split_profile_id, int32_t platform_bp, int32_t partner_bp);

str user_document(struct task *t, const struct user_find_row *row);
str requisite_document(struct task *t, const struct requisite_find_row *row);
str store_document(struct task *t, const struct store_find_row *row);
