/*
 * The code that a person carries from one device to another (RFC 8628 section 6.1): eight of twenty letters, no vowels,
 * so that no words arise; 34 bits, which is enough because guesses are limited and codes live for minutes.
 */
#pragma once

#include "shared/base/arena.h"

str user_code_new(struct arena *a);
/* Case, spaces, dashes and dots do not matter. false: no such code can exist. */
bool user_code_read(struct arena *a, str typed, str *ret);
/* "BCDF-GHJK" */
str user_code_shown(struct arena *a, str code);
