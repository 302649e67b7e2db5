/* The operator's work on partners and on APIs with their scopes; verbs and admin API both call it. */
#pragma once

#include "authsrv/domain/partner/partner.h"
#include "authsrv/store/admin.rows.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

#define PARTNER_SECRET_CONTEXT STR("partner_secret")
#define PARTNER_KEY_CONTEXT STR("partner_decrypt_key")

/* A new partner, or one that was removed before. ALREADY_EXISTS: the slug or the issuer is taken. */
MUST_USE err partner_create(struct task *t, str actor, const struct partner_draft *d);
/* Absent values stay; settings are replaced whole. VERSION_DIFFERS when the partner is not as the caller saw it; NULL:
 * he did not look. */
MUST_USE err partner_update(struct task *t, str actor, const struct partner_draft *d, const int64_t *version);
/* Lets somebody in whom the partner may not bring by itself: by subject or by e-mail address. */
MUST_USE err partner_invite_person(struct task *t, str actor, str slug, str subject, str email);
/* Ends the rest of a partner whose service failed; where its metadata point now is where they may point. */
MUST_USE err partner_wake(struct task *t, str actor, str slug);
/* Ends log-in with this partner, and the tokens of its clients. */
MUST_USE err partner_remove(struct task *t, str actor, str slug);

/* Names an API and its scopes; scopes that exist stay where they are. *added: scopes that are new. */
MUST_USE err resource_add(struct task *t, str actor, str audience, str scopes, int64_t *added);
MUST_USE err resource_end(struct task *t, str actor, str audience);
/* Whether clients that no operator knows may have it. CONFLICT: it goes by role. */
MUST_USE err scope_mark(struct task *t, str actor, str scope, bool open);
MUST_USE err scope_end(struct task *t, str actor, str scope);
/* Our own admin API, as a resource under the issuer. */
str admin_audience(struct task *t);
/* The rows without which a new schema cannot serve: keys, and the admin API with its scopes. */
MUST_USE err rows_provide(struct task *t);
