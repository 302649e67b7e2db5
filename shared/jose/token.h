/* Compact serializations taken apart, for signatures and encryption alike. Private to this folder. */
#pragma once

#include "shared/jose/jose.h"

/* A token of three parts whose header is read. */
struct token {
    str signed_text; /* header and claims with their dot */
    str payload;     /* base64url still */
    bytes signature;
    const struct json_value *header;
};

/* left.right */
str dotted(struct arena *a, str left, str right);
bool token_split(struct arena *a, str text, struct token *ret);
/* base64url of one JSON object. */
bool object_read(struct arena *a, str encoded, const struct json_value **ret);
/* Has none of the members that would let a token bring its own key or demand what is not done here. */
bool header_is_plain(const struct json_value *header, bool embeds_key);
bool header_type_is(const struct json_value *header, const struct jws_want *want);
/* 1 to 128 bytes. */
bool header_kid(const struct json_value *header, str *ret);
/* The algorithm that the header names, if the caller allows it. */
bool header_alg(const struct json_value *header, jose_alg_set allowed, enum jose_alg *ret);
