/*
 * Software statements (RFC 7591 section 2.3) whose signature is known to be good: what an issuer that the operator
 * trusts says of a piece of software counts before what its client says of itself.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/instant.h"
#include "shared/text/json_in.h"

#define STATEMENT_VERDICTS(X)                                                                                          \
    X(STATEMENT_GOOD, "good")                                                                                          \
    X(STATEMENT_EXPIRED, "is expired, or exp is no number")                                                            \
    X(STATEMENT_NOT_YET, "nbf or iat lies in the future, or is no number")                                             \
    X(STATEMENT_AUDIENCE, "is for another server: aud must be the issuer of this one, or absent")                      \
    X(STATEMENT_NO_SOFTWARE, "software_id must be inside, a string of 1 to 255 bytes")                                 \
    X(STATEMENT_NESTED, "must not hold another statement")

enum statement_verdict {
    STATEMENT_NONE = 0,
#define X(name, say) name,
    STATEMENT_VERDICTS(X)
#undef X
};
const char *statement_verdict_say(enum statement_verdict v);

/*
 * Statements come with every client of the software, so they have no jti to spend and need not end. A software_id they
 * need: it is what tells them from the other things that such an issuer may sign.
 */
enum statement_verdict statement_judge(const struct json_value *claims, str our_issuer, instant now, str *software_id);
/* The document of the client with the members that the statement has in the place of its own, and without it. false:
 * together they are no document that can be read. */
bool statement_apply(struct arena *a, const struct json_value *claims, const struct json_value *document,
                     const struct json_value **ret);
