/*
 * Disputes at the acquirer (docs/protocol/acquirer.md, "Disputes"): the object as messages and answers bring it, and
 * what the owner says to it. Both calls are idempotent by the dispute's state, so they may be made again.
 */
#pragma once

#include "paysrv/domain/dispute/dispute.h"
#include "shared/base/task.h"
#include "shared/text/json_in.h"

struct acquirer_dispute {
    str ref;        /* the acquirer's name of it, the same for ever */
    str charge_ref; /* of the charge */
    str key;        /* of the charge: our own name of the attempt */
    str currency, reason;
    struct dispute_state state; /* booked is not the acquirer's */
    int64_t fee_minor;
    instant evidence_due_at;
    bool has_due;
    instant since; /* when it began there */
    bool has_since;
};

struct dispute_attachment {
    str id, name, type;
    str content;
};
struct dispute_letter {
    str acquirer; /* the connector's name; absent: that of cards */
    str ref;
    bool accepts; /* else: evidence */
    str text;     /* absent: none */
    const struct dispute_attachment *attachments;
    size_t n;
};
/* false: no clear answer, and *why is for the log; it has to be told again. */
bool acquirer_dispute_tell(struct task *t, const struct dispute_letter *letter, struct acquirer_dispute *ret, str *why);
