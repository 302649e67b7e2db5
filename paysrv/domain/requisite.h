/*
 * Where a user is paid out: a bank account with its holder and a structured address (unstructured ones end in
 * November 2026). Judged whole before it is stored; what was stored is never edited.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/bytes.h"

struct bank_account {
    str iban; /* as typed in, electronic format out */
    str bic;  /* absent: the bank finds it */
    str holder_name;
    str country, town;
    str street, building, postcode; /* may be absent */
};

struct requisite_verdict {
    bool good;
    str param;   /* which input is wrong */
    str explain; /* what is allowed there */
};

/* Checks and normalises in place. */
struct requisite_verdict requisite_judge(struct arena *a, struct bank_account *account);
/* SHA-256 over what decides where money goes; confirmation codes are bound to it. */
digest requisite_destination(struct arena *a, str iban, str bic, str holder_name);
/* "DE•• •••• 3000, Ada Lovelace" */
str requisite_label(struct arena *a, str iban, str holder_name);
