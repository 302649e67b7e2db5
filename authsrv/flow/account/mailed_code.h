/* Codes that are mailed to people: eight digits, of which only a keyed digest is kept. */
#pragma once

#include "shared/base/bytes.h"
#include "shared/base/instant.h"
#include "shared/base/task.h"

#define MAILED_CODE_LIFE MINUTES(10)

str mailed_code_new(struct task *t);
/* A short code needs a key to be kept: a stolen table must not be searched. id: what the code is for, and no other. */
digest mailed_code_digest(struct task *t, str id, str code);
