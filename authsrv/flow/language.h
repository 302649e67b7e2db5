/*
 * In which language somebody is spoken to: what the application asks for, else the person's own, else what the browser
 * accepts, else English. Each of these that is known later and counts more replaces the one before in t->language.
 */
#pragma once

#include "authsrv/store/newtypes.h"
#include "shared/base/err.h"
#include "shared/base/task.h"
#include "shared/text/language.h"
#include "web/text.h"

/* Those that pages and mails are in. */
const struct languages *languages_ours(void);
/* Space-separated tags: ui_locales, the locale of a person. Without one of ours, or absent, nothing changes. */
void language_prefer(struct task *t, str tags);
/* Accept-Language. */
void language_prefer_accepted(struct task *t, str header);
/* That of a person, for a mail; else fallback. */
enum language language_of_person(str locale, enum language fallback);
/* The same of an account; an absent one costs the same. */
MUST_USE err language_of_account(struct task *t, user_id user, enum language *ret);
