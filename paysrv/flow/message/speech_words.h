/* What buyers and sellers read for codes of ours: texts of web/text in their language. A code without a word is the
 * word. */
#pragma once

#include "paysrv/domain/acquirer/method.h"
#include "paysrv/store/payout_schedule.rows.h"
#include "shared/base/task.h"
#include "web/text.h"

/* Why it was not paid: enough to go on, and nothing that helps a thief (lost, stolen). */
str word_of_decline(enum language l, enum payment_method method, str decline_code);
str word_of_subscription(enum language l, str status);
str word_of_invoice(enum language l, str status);
str word_of_invoice_line(enum language l, str type);
/* Why a buyer's bank disputes, as the seller reads it. */
str word_of_dispute_reason(enum language l, str reason);
/* Why a payout came back: "The account is closed (AC04)"; another code of a bank is the code, another word of ours or
 * of a card nothing. */
str words_of_return(struct arena *a, enum language l, str code);
/* "each month", "every 3 months". */
str words_of_interval(struct arena *a, enum language l, str unit, int32_t count);
/* "every week on Friday at 17:00, Europe/Berlin, on banking days". */
str schedule_words(struct task *t, enum language l, const struct payout_schedule_find_row *row);
