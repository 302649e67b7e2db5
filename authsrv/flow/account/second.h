/* The second factor of an account: codes of an authenticator app, and recovery codes for when that is lost. */
#pragma once

#include "authsrv/flow/session/session.h"

/* The log-in of this account by password wants a second factor. */
MUST_USE err second_is_wanted(struct task *t, user_id user, bool *ret);

enum second_verdict { SECOND_GOOD = 1, SECOND_GOOD_RECOVERY, SECOND_WRONG, SECOND_SLOW };
/* Attempts are counted before codes are compared; a code works once, whoever is faster, and the flow of this browser
 * says so from then on, and of whom (second_at, second_user, second_version). */
MUST_USE err second_prove(struct task *t, struct proven who, flow_id flow, digest browser, str typed,
                          enum second_verdict *verdict);

/* ---- enrolment ---- */

struct totp_offer {
    bool is_confirmed; /* in use already: there is nothing to show */
    str uri, shown;    /* for the QR code, and to be typed */
};
/* The secret that waits to be confirmed; makes one when there is none. */
MUST_USE err totp_offer(struct task *t, user_id user, str account, struct totp_offer *ret);

/* Takes it into use by its first code; other sessions end, and recovery codes are made, which recovery_shown tells. */
MUST_USE err totp_confirm(struct task *t, const struct session *by, str typed, enum second_verdict *verdict);
/* By its owner's session, or by the operator (NULL) for one who lost it: all other log-ins end, and the person is told.
 * CONFLICT: there is none. */
MUST_USE err totp_disuse(struct task *t, str actor, user_id user, const struct session *by);

/* ---- recovery codes ---- */

/* Other recovery codes in the place of those of before. CONFLICT: there is no second factor. */
MUST_USE err recovery_renew(struct task *t, const struct session *by);
struct recovery_codes {
    str items[10];
};
/* Those that were made lately and not kept yet: a page of them that was lost on the way is loaded again. *are_shown
 * false: nobody sees them any more. */
MUST_USE err recovery_codes_shown(struct task *t, user_id user, struct recovery_codes *ret, bool *are_shown);
/* Their owner has them. */
MUST_USE err recovery_codes_kept(struct task *t, user_id user);
