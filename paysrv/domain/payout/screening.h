/*
 * What the operator's own service says of a payee (MONEY 6.A8: sanctions, verification of payee): allow, deny, or have
 * a person look. Whatever is no answer is asked for again a few times, and then a person's: nothing goes out by
 * silence.
 */
#pragma once

#include "shared/base/instant.h"
#include "shared/text/json_in.h"

#define SCREENINGS(X)                                                                                                  \
    X(ALLOW, "allow")                                                                                                  \
    X(DENY, "deny")                                                                                                    \
    X(REVIEW, "review")                                                                                                \
    X(AGAIN, "again") /* no answer yet */

#define SCREENING_ROW(name, text) SCREENING_##name,
enum screening { SCREENINGS(SCREENING_ROW) SCREENING_COUNT };
#undef SCREENING_ROW
str screening_name(enum screening screening);

#define SCREENING_TRIES 4

/* status: of HTTP; 0: no answer. tries: with this one. *reference: its own name of it, absent: none. */
enum screening screening_judge(struct arena *a, int status, str body, int tries, str *reference);
/* Until the next try. */
duration screening_pause(int tries);
