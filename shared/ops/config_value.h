/* One value of the configuration: text to the type of its item. Private to shared/ops. */
#pragma once

#include "shared/ops/config.h"

/* Writes the field of `ret`; otherwise false and *why says what is allowed. */
bool config_value_set(struct arena *a, const struct config_item *item, str text, void *ret, str *why);
/* "an integer from 1 to 256": what the item takes. */
str config_value_allowed(struct arena *a, const struct config_item *item);
