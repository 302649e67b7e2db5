/*
 * The link in every mail with a code: to a page of ours on which the code can be typed, beside the partner's pages or
 * instead of them. Who has the mail may see what it says, for as long as it waits, and nobody else: the link is sealed
 * and names the mail, so it is in none of the partner's answers and cannot be guessed.
 */
#pragma once

#include "paysrv/domain/confirmation/code.h"
#include "paysrv/store/payout.rows.h"
#include "shared/base/task.h"
#include "web/paysrv/pages.h"

/* <public_url>/confirm/{token} */
str code_url(struct task *t, str mail);

struct code_link {
    const struct code_of_mail_row *code;
    enum code_state state;
    str partner_name;
    str not_me_url;
    /* While it waits: as the mail has them, in the task's language, which is his. */
    str title, hello;
    struct confirm_fact *facts;
    size_t n_facts;
};
/* NOT_FOUND: no link of ours, or to a mail that is long gone. Writes nothing. */
MUST_USE err code_link_open(struct task *t, str token, struct code_link *ret);
/* What the API's call does, without its token. CODE_REFUSED and whatever that answers. */
MUST_USE err code_link_confirm(struct task *t, const struct code_link *link, str typed);

/* CODES_SEALED when the codes of a partner's users are typed at the link only: whatever is asked, and before that is
 * looked at. */
MUST_USE err code_is_open(struct task *t, partner_id partner);
