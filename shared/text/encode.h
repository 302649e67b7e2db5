/* The encodings: base64url (canonical only, no padding), base64 (padded), hex, percent, UTF-8. Decoders refuse what an
 * encoder would not write. */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/base/bytes.h"

str base64url_encode(struct arena *a, bytes b);
bool base64url_decode(struct arena *a, str s, bytes *ret);
str base64_encode(struct arena *a, bytes b);
bool base64_decode(struct arena *a, str s, bytes *ret);
str base32_encode(struct arena *a, bytes b); /* upper case, no padding */
str hex_encode(struct arena *a, bytes b);    /* lower case */
bool hex_decode(struct arena *a, str s, bytes *ret);

/* RFC 3986 unreserved bytes stay, all others become %XX. */
str percent_encode(struct arena *a, str s);
#define PERCENT_ENCODED_MAX 3 /* bytes for one */
/* plus_is_space for application/x-www-form-urlencoded. Refuses bad escapes, NUL and invalid UTF-8. */
bool percent_decode(struct arena *a, str s, bool plus_is_space, str *ret);

bool utf8_valid(str s);    /* no surrogates, no overlong forms, no NUL */
size_t utf8_prefix(str s); /* length of the longest valid beginning */
/* Of valid UTF-8: how many characters (code points). */
size_t utf8_length(str s);
/* Valid, of least to most characters: what a text that speaks of characters means. */
bool utf8_within(str s, size_t least, size_t most);
/*
 * Valid, and shown as one line that reads as it is written (UTR 36): no controls, no separators of lines, and nothing
 * that turns the direction of what follows, beyond the text's own end. Marks and joiners (U+200C to 200F), which some
 * languages are written with, are text.
 */
bool utf8_is_line(str s);
/* Of valid UTF-8, such a line: what cannot stand in one is a blank. */
str utf8_to_line(struct arena *a, str s);
/* Valid, and nothing in it that can be seen: blanks of any alphabet, marks and joiners without width. */
bool utf8_is_blank(str s);
/* Takes one code point off *rest, which is valid UTF-8 and not empty. */
uint32_t utf8_next(str *rest);
/* The characters of error_description, RFC 6749 section 5.2: %x20-21 / %x23-5B / %x5D-7E; others become apostrophes. */
str oauth_text(struct arena *a, str s);
