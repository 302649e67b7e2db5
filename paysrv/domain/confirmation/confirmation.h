/*
 * What an owner confirms with a mailed code besides payouts: which operations there are, what exactly a code is for,
 * and which of them a partner's users have to confirm.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/array.h"
#include "shared/base/bytes.h"

#define CONFIRMATION_OPERATIONS(X)                                                                                     \
    X(USER, "user")                                                                                                    \
    X(REQUISITE, "requisite")                                                                                          \
    X(STORE, "store")                                                                                                  \
    X(STORE_CONNECTION, "store_connection")                                                                            \
    X(USER_EMAIL, "user_email")                                                                                        \
    X(REQUISITE_NAME, "requisite_name")

#define CONFIRMATION_ENUM(name, text) CONFIRM_##name,
enum confirmation_operation { CONFIRMATION_OPERATIONS(CONFIRMATION_ENUM) CONFIRMATION_OPERATION_COUNT };
#undef CONFIRMATION_ENUM

str confirmation_operation_name(enum confirmation_operation operation);
bool confirmation_operation_parse(str name, enum confirmation_operation *ret);
/* awaiting_code, confirmed, canceled, expired */
bool confirmation_status_is_known(str name);

/* "all", "none" or words with commas of user, requisite, store and store_connection; an address always needs a code. */
bool confirmations_parse(struct arena *a, str text, str_array *ret);
/* As it is read in: "none" for an empty one. */
str confirmations_text(struct arena *a, const str_array *set);

/* One fact that the owner is shown. */
struct confirmation_line {
    const char *name; /* in the API: "account" */
    str value;        /* as shown: "DE•• •••• 3000" */
    str bound;        /* what it stands for, when it shows only a part of that; absent: the value is all of it */
};

struct confirmation_bind {
    str confirmation, operation, object, user, recipient;
    const struct confirmation_line *lines;
    size_t n;
};

/*
 * SHA-256 of "confirmation|operation|object|user|recipient" and for each line "\nname=length:what is bound": whatever
 * of this is another is another operation.
 */
digest confirmation_hash(struct arena *a, const struct confirmation_bind *bind);
/* "a•••@example.com": for the partner's page, to whom it says nothing new. */
str email_masked(struct arena *a, str email);
