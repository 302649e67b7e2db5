/*
 * How often somebody may try to log in to an account with a password. Attempts count until one succeeds: per device
 * that the account knows; for strangers per place on the network and account, per place, per network around it, and per
 * account. Whoever exhausts the strangers' share of an account leaves that of its owner's devices alone, and nothing
 * locks for ever.
 */
#pragma once

#include "shared/base/task.h"

struct attempt {
    str login;   /* as typed */
    str peer;    /* address */
    str devices; /* cookie, absent: none */
};
/* From a device that the account knows. */
bool attempt_is_known(struct task *t, const struct attempt *a);
bool attempt_allow(struct task *t, const struct attempt *a, int *retry_after_s);
/* It succeeded: it does not count after all, and the device is known from now on. Returns the new cookie. */
str attempt_succeeded(struct task *t, const struct attempt *a);
