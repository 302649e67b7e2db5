/* What the operator's pages call the codes of the database: words of web/text for statuses, parties, entries, accounts.
 */
#pragma once

#include "paysrv/domain/acquirer/three_d_secure.h"
#include "shared/base/array.h"
#include "shared/base/str.h"

/* Each gives the code itself when it has no word. */
str word_of_payment(str status);
str word_of_refund(str status);
str word_of_capture(str status);
str word_of_attempt(str state);
str word_of_payout(str status);
str word_of_reversal(str op);
str word_of_reversal_decision(str decision); /* or how it was settled */
str word_of_party(str party);
str word_of_entry(str kind);
str word_of_account(str kind);
str word_of_anomaly(str kind);
str word_of_break(str kind, str ref); /* ref: what it is about; absent: none of what is missing */
str word_of_resolution(str resolution);
str word_of_settlement_line(str outcome);
str word_of_bank_file(str state);
str word_of_settlement(str state);
str word_of_dispute(str status);
str word_of_dispute_phase(str phase);
str word_of_party_status(str status);
str word_of_store(str status);
str word_of_tariff(str state);
str word_of_schedule(str status);
str word_of_subscription_status(str status);
str word_of_invoice_status(str status);
/* Of an invoice, and of a subscription. */
str word_of_billing_reason(str reason);
str word_of_invoice_dispute(str dispute);
str word_of_delivery(str status);
/* Why a payout waits for operators: as a sentence goes on. */
str words_of_approval_reasons(struct arena *a, str_array reasons);
/* Why a payout or a repayment failed or came back, for operators, who see the code beside it; absent: a code that we do
 * not know. */
str word_of_failure(str code);
str word_of_screening(str state);
str word_of_verification(str status);
str word_of_method(str method);
str word_of_cancellation(str reason);
str word_of_three_d_secure_flow(enum three_d_secure_flow flow);
str word_of_three_d_secure(enum three_d_secure_result result);
