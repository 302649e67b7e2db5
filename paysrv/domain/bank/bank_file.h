/*
 * The payment order to the bank, out of one account: SEPA credit transfers, or transfers in roubles to accounts in
 * Russia, which have a BIK (clearing system RUCBC), a number and an INN. ISO 20022 pain.001.001.09; in roubles also
 * 1CClientBankExchange (client_bank.h). The same input gives
 * the same bytes, so that a file that may have reached the bank can be written again without paying twice.
 */
#pragma once

#include <stdint.h>

#include "paysrv/domain/party/ru_account.h"
#include "shared/base/buf.h"
#include "shared/base/instant.h"

#define BANK_FORMATS(X)                                                                                                \
    X(PAIN_001, "pain.001")                                                                                            \
    X(1C, "1c") /* windows-1251 */                                                                                     \
    X(1C_UTF8, "1c-utf8")

#define BANK_FORMAT_ROW(name, text) BANK_FORMAT_##name,
enum bank_format { BANK_FORMATS(BANK_FORMAT_ROW) BANK_FORMAT_COUNT };
#undef BANK_FORMAT_ROW
str bank_format_name(enum bank_format format);
bool bank_format_parse(str name, enum bank_format *ret);

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
    enum bank_format format;
    int64_t first_place; /* of its transfers in the numbers of our orders; pain.001 has none */
    str msg_id;          /* at most 35 characters, stored before the file is written */
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
