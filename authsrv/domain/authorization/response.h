/*
 * What comes back from the authorization endpoint and how: response types (OAuth 2.0 Multiple Response Types), response
 * modes (the same, Form Post Response Mode, JARM). A type is a set of parts; the order of its words means nothing.
 */
#pragma once

#include <stdbool.h>

#include "shared/base/str.h"

enum response_part { RESPONSE_CODE = 1, RESPONSE_ID_TOKEN = 2, RESPONSE_TOKEN = 4, RESPONSE_NONE = 8 };

/* X(parts, name in its canonical order): all that a client may register. */
#define RESPONSE_TYPES(X)                                                                                              \
    X(RESPONSE_CODE, "code")                                                                                           \
    X(RESPONSE_ID_TOKEN, "id_token")                                                                                   \
    X(RESPONSE_TOKEN, "token")                                                                                         \
    X(RESPONSE_ID_TOKEN | RESPONSE_TOKEN, "id_token token")                                                            \
    X(RESPONSE_CODE | RESPONSE_ID_TOKEN, "code id_token")                                                              \
    X(RESPONSE_CODE | RESPONSE_TOKEN, "code token")                                                                    \
    X(RESPONSE_CODE | RESPONSE_ID_TOKEN | RESPONSE_TOKEN, "code id_token token")                                       \
    X(RESPONSE_NONE, "none")

/* false: unknown or repeated words, or none with others; *parts then holds what was recognized. */
bool response_type_parse(str text, unsigned *parts);
/* Absent for a set that is no response type. */
str response_type_name(unsigned parts);

enum response_carrier { CARRY_QUERY = 1, CARRY_FRAGMENT, CARRY_FORM };

#define RESPONSE_MODES(X)                                                                                              \
    X("query", CARRY_QUERY, false)                                                                                     \
    X("fragment", CARRY_FRAGMENT, false)                                                                               \
    X("form_post", CARRY_FORM, false)                                                                                  \
    X("query.jwt", CARRY_QUERY, true)                                                                                  \
    X("fragment.jwt", CARRY_FRAGMENT, true)                                                                            \
    X("form_post.jwt", CARRY_FORM, true)

struct response_mode {
    enum response_carrier carrier;
    bool is_jwt; /* one signed parameter, response, holds all others */
};

/* Where the answer to this type goes when nobody says: tokens never into a query. */
enum response_carrier response_carrier_default(unsigned parts);
/* An absent text is the default, "jwt" the default in a JWT. false: unknown. */
bool response_mode_parse(str text, unsigned parts, struct response_mode *ret);
str response_mode_name(struct response_mode mode);
/* A query ends in logs and histories: it may not carry tokens. */
bool response_mode_fits(struct response_mode mode, unsigned parts);
