/*
 * What the checkout and the page of subscriptions have around them: the store's look, where its buyers ask, and the
 * languages, each a link to the page itself. What is chosen is in the address and nowhere else (docs/decisions/0069),
 * so it works without a script and without a cookie.
 */
#pragma once

#include "shared/base/task.h"
#include "shared/text/language.h"
#include "web/paysrv/pages.h"

/* One for each of `there`, which are ours; `path` may have a query. */
const struct language_choice *language_choices(struct task *t, struct languages there, str path);
/* The address with the language in its query; absent: as it is. */
str in_locale(struct task *t, str path, str locale);
/* A file of a store's look: on this server, whatever its public address is. Absent: there is none. */
str store_file_path(struct task *t, str name);
str mail_url(struct task *t, str address);
