/* The sets of characters that a text parameter may consist of. Private to shared/http. */
#pragma once

#include "shared/http/endpoint.h"

bool charset_holds(enum param_set set, str s);
/* "digits": for the sentence that names what is allowed. */
const char *charset_name(enum param_set set);
