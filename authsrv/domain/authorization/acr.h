/*
 * Authentication context classes: which levels of log-in we distinguish, by the methods (amr, RFC 8176) of a session
 * (OIDC Core 2 and 5.5.1.1, RFC 9470). A stronger session serves a weaker wish. A further way to log in is a row of
 * LOG_IN_WAYS; everything else, the metadata included, follows from the two tables.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/str.h"
#include "shared/text/json_out.h"

/* X(value, amr words of which one makes a session reach this level; "" for any log-in), weakest first. */
#define ACR_LEVELS(X)                                                                                                  \
    X("urn:stoa:acr:1fa", "")                                                                                          \
    X("urn:stoa:acr:2fa", "mfa")                                                                                       \
    X("phr", "hwk swk")

/* X(what happens, amr of the session that it begins) */
#define LOG_IN_WAYS(X)                                                                                                 \
    X("password", "pwd")                                                                                               \
    X("password and a second factor", "pwd otp mfa")                                                                   \
    X("passkey", "hwk user mfa")                                                                                       \
    X("partner", "")

/* Some of the wanted values is reached by this session. */
bool acr_served(str amr, str wanted);
/* Some way to log in that we offer reaches one of the wanted values. */
bool acr_attainable(str wanted);
/* What the ID token says: the first wanted value that is served, else the session's own level. */
str acr_reported(str amr, str wanted);
/* acr_values_supported: what a log-in can reach here. */
void acr_supported_write(struct json *j, const char *key);
