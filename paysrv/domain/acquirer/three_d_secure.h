/*
 * What came of 3-D Secure for one attempt to pay by card, and who bears a chargeback for fraud after it (EMV 3-D
 * Secure, transStatus). Kept with the attempt as two words, the flow and the result.
 */
#pragma once

#include "shared/base/str.h"
#include "shared/text/json_out.h"

#define THREE_D_SECURE_RESULTS(X)                                                                                      \
    X(AUTHENTICATED, "authenticated") /* Y: it is the card holder */                                                   \
    X(ATTEMPTED, "attempted")         /* A: his bank takes no part, and the scheme vouches in its place */             \
    X(EXEMPTED, "exempted")           /* I: not asked for, because an exemption was granted */                         \
    X(UNAVAILABLE, "unavailable")     /* U: could not be done; the charge goes on without it */                        \
    X(FAILED, "failed")               /* N: it is not shown to be him */                                               \
    X(REJECTED, "rejected")           /* R: his bank refuses, and wants no authorisation to be tried */

#define THREE_D_SECURE_ROW(name, text) THREE_D_SECURE_##name,
enum three_d_secure_result { THREE_D_SECURE_NONE, THREE_D_SECURE_RESULTS(THREE_D_SECURE_ROW) };
#undef THREE_D_SECURE_ROW

enum three_d_secure_flow { FLOW_UNTOLD, FLOW_FRICTIONLESS, FLOW_CHALLENGE };

typedef struct {
    enum three_d_secure_flow flow;
    enum three_d_secure_result result; /* NONE: it took no part, or is not over */
} three_d_secure;

/* A final transStatus; C and what is none gives NONE. */
enum three_d_secure_result three_d_secure_of_status(str trans_status);
enum three_d_secure_flow three_d_secure_flow_of(str flow);
/* The liability for fraud is the issuer's: a rule of the schemes, for what was authenticated or attempted. */
bool three_d_secure_shifts(enum three_d_secure_result result);

/* As it is stored, and back; false: it says nothing. */
str three_d_secure_text(struct arena *a, three_d_secure v);
bool three_d_secure_parse(str stored, three_d_secure *ret);
/* The member of a payment; nothing where nothing is stored. */
void three_d_secure_write(struct json *j, str stored);
