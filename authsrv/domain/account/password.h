/* Which passwords may be chosen (NIST SP 800-63B section 3.1.1): by length and by what everybody would guess, no
 * composition. */
#pragma once

#include "shared/base/str.h"

enum password_fault { PASSWORD_FINE = 0, PASSWORD_SHORT, PASSWORD_LONG, PASSWORD_ODD, PASSWORD_GUESSED };
/* min in characters; login: the account's log-in name. */
enum password_fault password_judge(str password, str login, size_t min);
