/* The parts of a mail's header (RFC 5322, RFC 2047): nothing of it may start another header. */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/instant.h"

/* An address as SMTP takes it: ASCII, one '@', no spaces, brackets, quotes or control characters, at most 254 bytes. */
bool mail_address_is_safe(str address);
/* "Stoa <no-reply@stoa.example>" or the bare address. */
bool mail_address_of(str mailbox, str *ret);
#define MAIL_HEADER_MAX_BYTES 900
/* A header value of at most so many bytes without control characters; words that are not ASCII become encoded words, at
 * most 60 bytes each. */
bool mail_header_encode(struct arena *a, str value, str *ret);
/* "Mon, 23 Nov 2026 21:33:05 +0000" */
str mail_date(struct arena *a, instant t);
