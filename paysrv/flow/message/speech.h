/*
 * In which language buyers and sellers are spoken to: what the checkout or payment says, else whoever is known, else
 * what the browser accepts, else English. Each of these that is known later and counts more replaces the one before in
 * t->language. How amounts and moments are written goes with it.
 */
#pragma once

#include "shared/base/instant.h"
#include "shared/base/task.h"
#include "shared/text/language.h"
#include "web/text.h"

/* Accept-Language. */
void speech_accept(struct task *t, str header);
/* A tag of BCP 47. Without one of ours, or absent, nothing changes. */
void speech_prefer(struct task *t, str locale);
/* All that there are. */
const struct languages *speech_languages(void);
/* For a mail to somebody: his, else the task's. */
enum language speech_to(const struct task *t, str locale);
/* The tag of the task's language, to be kept with what was agreed to in it. */
str speech_tag(const struct task *t);

str money_in(struct task *t, enum language l, int64_t amount_minor, str currency);
str moment_in(struct task *t, enum language l, instant at);
/* Of a day as ISO 8601 writes it. */
str day_in(struct task *t, enum language l, str day);
