/* What a browser says about a use of a passkey (WebAuthn sections 5.8.1 and 7), before its signature is checked. */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/bytes.h"

#define PASSKEY_CREATE STR("webauthn.create")
#define PASSKEY_GET STR("webauthn.get")

/* The challenge in client data of this type from this very origin, in no frame of another. false: it is not that. */
bool client_data_challenge(struct arena *a, bytes client_data, str type, str origin, str *challenge);
/* The site of passkeys for an issuer's host; absent: browsers have none for addresses. */
str passkey_site(str host);
/* RFC 8176 words of a log-in with a passkey: its kind of key, and two factors in one, since the user was verified. */
str passkey_amr(bool is_synced);
/* A name that its owner gives it, else the fallback. */
str passkey_name(str typed, str fallback);
