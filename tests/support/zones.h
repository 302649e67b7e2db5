/* Time zones for tests, from the machine's own database. */
#pragma once

#include "shared/text/zone.h"
#include "tests/support/test.h"

/* The file of a zone; a machine without it fails the test. */
str zones_file(struct arena *a, str name);
const struct zone *zones_load(struct arena *a, str name);
/* The names that people live by, a line each. */
str zones_list(struct arena *a);
