/* The two code pages of Russian banks' files, windows-1251 and cp866, from and to UTF-8. What has no counterpart is
 * refused. */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/str.h"

enum codepage { CODEPAGE_WINDOWS_1251 = 1, CODEPAGE_866 };

/* false: a byte that the code page does not have, or NUL. */
bool codepage_decode(struct arena *a, enum codepage page, str s, str *ret);
/* s is valid UTF-8. false: a character that the code page does not have. */
bool codepage_encode(struct arena *a, enum codepage page, str s, str *ret);
