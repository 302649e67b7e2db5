/*
 * Mailboxes of sandboxes, at a domain that nobody can have (RFC 6761): nothing is handed to a relay, and the address
 * says what becomes of it. A live partner's user with such an address is an ordinary one, whom no relay finds.
 */
#pragma once

#include "shared/base/str.h"

enum test_mailbox { TEST_MAILBOX_NONE, TEST_MAILBOX_TAKES, TEST_MAILBOX_BOUNCES };

/*
 * Of a mail to a sandbox's user. "bounce@mailbox.invalid" bounces all, "bounce+KIND@" mails of that kind alone, so that
 * its owner can agree to something first; any other box there takes all. NONE: no box of these.
 */
enum test_mailbox test_mailbox_of(str address, str kind);
