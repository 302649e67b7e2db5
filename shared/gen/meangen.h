/* What members of an API mean: "place = sentence" lines to the table that /openapi.json looks them up in. */
#pragma once

#include "shared/gen/gen_text.h"

/* header and code are written only when it returns true; else the first complaint says what is wrong. */
bool meanings_make(struct arena *a, const char *name, const struct gen_file *file, struct gen_complaints *c,
                   struct buf *header, struct buf *code);
