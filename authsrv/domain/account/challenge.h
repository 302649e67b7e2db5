/*
 * People who prove themselves inside an application, with a code that is mailed to them: which applications may ask for
 * that, for what, whom it lets in, and how often an address is mailed (OAuth 2.0 for First-Party Applications).
 */
#pragma once

#include "authsrv/domain/authorization/authorization.h"
#include "authsrv/domain/authorization/claims_request.h"
#include "authsrv/store/challenge.rows.h"
#include "shared/base/instant.h"

enum challenge_policy {
    CHALLENGE_OFF = 1,
    CHALLENGE_SIGN_IN,  /* people who have an account */
    CHALLENGE_REGISTER, /* everybody who has the address */
};
/* "off", "sign_in", "register". */
bool challenge_policy_parse(str text, enum challenge_policy *ret);
/* What this client may do: nothing while it has no credential, since then anybody could be it. */
enum challenge_policy challenge_policy_of(const struct client *c);

/* What such a log-in is worth (RFC 8176). */
#define CHALLENGE_AMR STR("otp")
/*
 * Why a request cannot be decided without one of our pages; NULL: it can. Who somebody is may be asked for here;
 * anything more is allowed on the consent page, unless the operator skips it for this client.
 */
const char *challenge_needs_page(const struct authorization *wanted, const struct terms_wish *wish, bool first_party);

enum challenge_entry {
    ENTRY_SIGN_IN = 1,
    ENTRY_CREATE,
    ENTRY_NOBODY, /* there is no account that this could let in */
    ENTRY_PAGE,   /* there is one, and a mailed code is too little for it */
};
/* person NULL: nobody has the address. */
enum challenge_entry challenge_entry_of(enum challenge_policy policy, const struct challenge_person_row *person);

#define CHALLENGE_WINDOW HOURS(1)
#define CHALLENGE_MAILS 6 /* to one address, by all applications, within the window */
#define CHALLENGE_PAUSE SECONDS(30)
#define CHALLENGE_SENDS 3 /* of one challenge */
#define CHALLENGE_ATTEMPTS 5
/* Seconds until this address may be mailed again by this application; 0: now. */
int64_t challenge_wait_s(const struct challenge_room_row *room, instant now);
