/*
 * The page /operator/bank: what the bank said that a person has to look at, entries by hand, the files that came from
 * it; and the same after one of its forms was refused, with what was typed.
 */
#pragma once

#include "paysrv/operator_page.h"
#include "shared/http/endpoint.h"

struct bank_wish {
    str before; /* of breaks, and of the other lists */
    str entries_before, files_before, registries_before;
    bool closed;
    bool decided; /* entries by hand that somebody has decided, too */
    str no;       /* one break, open or not */
};

struct bank_refused {
    struct operator_refusal said;
    str break_no, entry; /* about one of these */
    str note, partner, payment, iban, holder_name;
    bool is_shown; /* out: beside what it is about; else above all */
};

/* refused NULL: none. */
MUST_USE err operator_bank_show(struct task *t, const struct operator_session *who, const struct bank_wish *wish,
                                struct bank_refused *refused, struct response *rs);
