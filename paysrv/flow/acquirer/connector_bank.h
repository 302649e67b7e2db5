/*
 * The account at our bank as an acquirer: a charge is an instruction to the buyer and is paid when the bank shows what
 * came in (transfer.h); a refund is an order in the next file to the bank (repayment.h). It is asked in our own books,
 * where the bank's lines have been taken up.
 */
#pragma once

#include "paysrv/flow/acquirer/connector.h"

#define BANK_CONNECTOR "bank"

/* What the buyer is told to pay to. Sandbox partners have an account that no bank has. */
struct receiving_account {
    str holder_name, iban, bic; /* bic absent: not said */
};
