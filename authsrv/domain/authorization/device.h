/*
 * Devices that a person logged in from before: a cookie whose entries bind a random id to an account by a MAC, so that
 * attempts from a known device are counted apart from those of strangers (SECURITY G 184). It proves nothing else: who
 * has it must still know the password. The cookie names no account.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/bytes.h"

#define DEVICES_MAX 5
#define DEVICE_ID_BYTES 16

/* The id of this device for the account; absent: a stranger. login in its canonical spelling. */
str device_of(struct arena *a, const digest *key, str cookie, str login);
/*
 * The cookie after a log-in: the account's entry in front (its id stays, or becomes fresh), then the others up to
 * DEVICES_MAX.
 */
str device_remember(struct arena *a, const digest *key, str cookie, str login,
                    const unsigned char fresh[DEVICE_ID_BYTES]);
