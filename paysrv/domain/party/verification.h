/*
 * Verification of payee (Regulation (EU) 2024/886): whether the bank of an account knows its holder by the name that
 * was given. What is no answer is none: it is asked again, and nothing is sent meanwhile.
 */
#pragma once

#include "shared/base/instant.h"
#include "shared/text/json_in.h"

#define VERIFICATIONS(X)                                                                                               \
    X(UNKNOWN, "unknown") /* not answered yet */                                                                       \
    X(MATCH, "match")                                                                                                  \
    X(CLOSE_MATCH, "close_match")                                                                                      \
    X(NO_MATCH, "no_match")                                                                                            \
    X(NOT_POSSIBLE, "not_possible") /* the account's bank does not say */

#define VERIFICATION_ROW(name, text) VERIFICATION_##name,
enum verification { VERIFICATIONS(VERIFICATION_ROW) VERIFICATION_COUNT };
#undef VERIFICATION_ROW
str verification_name(enum verification verification);

#define VERIFICATION_NAME_MAX 140

/*
 * An answer {"partyNameMatch": "MTCH"|"CMTC"|"NMTC"|"NOAP", "matchedName"?} of HTTP 200 (0: none came).
 * *matched_name: of a close match, as the bank has it; else absent.
 */
enum verification verification_judge(struct arena *a, int status, str body, str *matched_name);
/* Until it is asked again, after so many tries: up to an hour. */
duration verification_pause(int tries);
/* The name is another, or nearly: payouts wait until somebody has agreed. */
bool verification_differs(str status);
