/* Time-based one-time passwords (RFC 6238): SHA-1, six digits, thirty seconds, as all authenticator apps know them. */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/base/bytes.h"

#define TOTP_SECRET_BYTES 20

/*
 * The step that the code is of: the one of now_s, or its neighbours for clocks that differ, and later than last_step,
 * since each is good once. false: none.
 */
bool totp_step(bytes shared_secret, str code, int64_t now_s, int64_t last_step, int64_t *step);
/* What the QR code says. */
str totp_uri(struct arena *a, str issuer, str account, bytes shared_secret);
/* The secret to be typed: groups of four. */
str totp_shown(struct arena *a, bytes shared_secret);

/* ---- recovery codes: ten letters, typed in any case with any separators ---- */

#define RECOVERY_CODES 10
#define RECOVERY_ALPHABET STR("bcdfghjkmnpqrstvwxz23456789")
#define RECOVERY_LETTERS 10
str recovery_code_shown(struct arena *a, str code);

/* A typed code without its separators, in lower case; *is_totp: it has the form of a time-based one. false: of neither.
 */
bool second_code_read(struct arena *a, str typed, str *ret, bool *is_totp);
