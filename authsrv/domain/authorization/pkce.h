/* Proof Key for Code Exchange, S256 only (RFC 7636). */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/str.h"

/* Exactly the 43 base64url characters of a SHA-256. */
bool pkce_challenge_valid(str challenge);
/* Of a verifier, whose syntax the route has checked. */
str pkce_challenge_of(struct arena *a, str verifier);
