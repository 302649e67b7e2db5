/*
 * The payment order to the bank: ISO 20022 pain.001.001.09, out of one account: SEPA credit transfers, or transfers in
 * roubles to accounts in Russia, which have a BIK (clearing system RUCBC), a number and an INN. The same input gives
 * the same bytes, so that a file that may have reached the bank can be written again without paying twice.
 */
#pragma once

#include <stdint.h>

#include "paysrv/domain/ru_account.h"
#include "shared/base/buf.h"
#include "shared/base/instant.h"

struct bank_transfer {
    str id;              /* becomes the EndToEndId */
    const char *purpose; /* a word of the remittance text */
    int64_t amount_minor;
    str holder_name;
    str iban;
    str bic;                        /* absent: the bank finds it */
    struct ru_account ru;           /* in a file in roubles, in place of the IBAN */
    str country, town;              /* absent: no address is known */
    str street, building, postcode; /* may be absent */
    str partner_name;               /* for the remittance text */
};

struct bank_file {
    str msg_id; /* at most 35 characters, stored before the file is written */
    instant created;
    str currency; /* of all of it */
    str debtor_name, debtor_iban;
    str debtor_bic;              /* absent: not provided */
    struct ru_account debtor_ru; /* in place of the IBAN: an order in roubles */
    const struct bank_transfer *transfers;
    size_t n;
};

/* "po_x" as "po-x": the underscore is not in the bank's character set. */
str bank_file_end_to_end_id(struct arena *a, str id);
/* Sum of the amounts; false: overflow, or an amount that is not positive. */
bool bank_file_sum(const struct bank_file *file, int64_t *ret);
/* The file must have passed bank_file_sum. */
void bank_file_write(struct arena *a, const struct bank_file *file, struct buf *out);
