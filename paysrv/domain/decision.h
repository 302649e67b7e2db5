/* What one operator says about something that waits for two: a payout (flow/payout/approval.h), an entry by hand
 * (flow/ledger/manual_entry.h). */
#pragma once

#include "shared/base/str.h"

/* What a person writes about a decision, in characters. */
#define NOTE_LEAST 3
#define NOTE_MOST 500
#define NOTE_WANTED "3 to 500 characters"

struct operator_decision {
    str subject; /* at the issuer, or the account of the system on the command line */
    str name;    /* as it is shown and kept */
    str note;    /* may be absent */
    bool is_approval;
};
