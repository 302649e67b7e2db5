/* Accounts: the canonical spelling of log-in names and rules for passwords. */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/bytes.h"

/* Lower case ASCII letters, surrounding spaces cut; false: not the shape of an e-mail address of at most 254 bytes. */
bool account_login(struct arena *a, str typed, str *ret);
#define ACCOUNT_NAME_MAX 128 /* characters */
/* 1 character at least, and none that breaks lines. */
bool account_name_valid(str name);
/* 8 to 256 characters of valid UTF-8, no control characters. */
bool account_password_valid(str password);
/* Digits as people type them: without spaces and hyphens. */
str mailed_code_typed(struct arena *a, str typed);
