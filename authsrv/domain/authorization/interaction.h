/*
 * What an authorization needs next: a log-in, a choice of account, a consent, nothing, or a refusal (OIDC Core section
 * 3.1.2.1, RFC 9470 section 5).
 */
#pragma once

#include <stdint.h>

#include "shared/base/str.h"

struct prompt {
    bool none, login, consent, select_account;
    bool create; /* Initiating User Registration via OpenID Connect 1.0 */
};

/* An absent text is no prompt. none stands alone; unknown words are refused. */
bool prompt_parse(str text, struct prompt *ret);

struct interaction_facts {
    struct prompt prompt;
    int64_t max_age; /* -1: none */
    bool has_session;
    int64_t session_age_s;
    bool undated;          /* the client wants the time of the log-in, and nobody knows it */
    bool reauthenticated;  /* logged in within this very flow */
    bool another_user;     /* the session is not the user whom id_token_hint or the claims parameter names */
    bool selected;         /* this account was chosen within this very flow */
    bool upstream_asked;   /* idp_hint: the partner may know the user without asking */
    bool consented;        /* allowed within this very flow */
    bool consent_recorded; /* an equal or wider consent is kept, for this client as it is now */
    bool details_asked;    /* authorization_details are allowed one by one, never from memory */
    bool first_party;
    bool acr_served;     /* the session is as strong as one of the wanted acr values; nothing wanted: true */
    bool acr_attainable; /* a way to log in that we offer would be */
    bool acr_essential;  /* nothing weaker will do */
};

enum interaction {
    INTERACT_GRANT = 1,
    INTERACT_LOGIN,
    INTERACT_UPSTREAM,
    INTERACT_SELECT,
    INTERACT_CONSENT,
    INTERACT_LOGIN_REQUIRED,
    INTERACT_CONSENT_REQUIRED,
    INTERACT_UNMET, /* the essential acr cannot be reached */
};
enum interaction interaction_next(const struct interaction_facts *f);
