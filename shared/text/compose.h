/* Letters and the marks that follow them as one character, where there is one (Unicode NFC). */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/str.h"

/* The text itself where it is no UTF-8. */
str text_composed(struct arena *a, str text);
