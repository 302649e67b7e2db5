/* Accounts: the canonical spelling of log-in names, rules for passwords and for what a partner says about a person. */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/bytes.h"
#include "shared/text/json_in.h"

/* Lower case ASCII letters, surrounding spaces cut; false: not the shape of an e-mail address of at most 254 bytes. */
bool account_login(struct arena *a, str typed, str *ret);
/* 1 to 128 bytes that do not break lines. */
bool account_name_valid(str name);
/* 8 to 256 characters of valid UTF-8, no control characters. */
bool account_password_valid(str password);
/* A secret of the configuration that nobody would have generated: repeated, or a sample value. */
bool secret_is_sample(str value);

/* What the partner asserts about a person; only JSON true makes an address verified (SECURITY G 160). */
struct partner_person {
    str subject, name, email;
    bool email_verified;
};
/* subject: byte-exact, 1..255 bytes of text. false: unusable. */
bool partner_person_read(struct arena *a, const struct json_value *claims, struct partner_person *ret);
/* Adds what userinfo says; false when it speaks of another subject. */
bool partner_person_add(struct arena *a, const struct json_value *userinfo, struct partner_person *ret);
