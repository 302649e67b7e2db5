/* The mails of paysrv and the pages of billing_sample.c, for the table in pay_sample.c. */
#pragma once

#include "tests/unit/web/sample.h"

void code_mail(struct buf *out, enum filling f);
void list_mail(struct buf *out, enum filling f);
void schedule_mail(struct buf *out, enum filling f);
void confirmation_mail(struct buf *out, enum filling f);
void email_changed_mail(struct buf *out, enum filling f);
void consent_mail(struct buf *out, enum filling f);
void paid_mail(struct buf *out, enum filling f);
void back_mail(struct buf *out, enum filling f);
void card_mail(struct buf *out, enum filling f);
void invoice_mail(struct buf *out, enum filling f);

void freeze(struct buf *out, enum filling f);
void frozen(struct buf *out, enum filling f);
void code_page(struct buf *out, enum filling f);
void code_page_over(struct buf *out, enum filling f);
void card_withdraw(struct buf *out, enum filling f);
void card_withdrawn(struct buf *out, enum filling f);
void billing_page(struct buf *out, enum filling f);
void billing_empty(struct buf *out, enum filling f);
void billing_late(struct buf *out, enum filling f);
void billing_sent(struct buf *out, enum filling f);
void billing_invoice(struct buf *out, enum filling f);
void billing_link_mail(struct buf *out, enum filling f);
void receipt_mail(struct buf *out, enum filling f);
void receipt_by_hand_mail(struct buf *out, enum filling f);
void ended_mail(struct buf *out, enum filling f);
void refund_mail(struct buf *out, enum filling f);
void refund_of_transfer_mail(struct buf *out, enum filling f);
void requisite_mail(struct buf *out, enum filling f);
void dispute_mail(struct buf *out, enum filling f);
void dispute_inquiry_mail(struct buf *out, enum filling f);
void dispute_lost_mail(struct buf *out, enum filling f);
void price_mail(struct buf *out, enum filling f);
void renewal_mail(struct buf *out, enum filling f);
void trial_mail(struct buf *out, enum filling f);
void expiring_mail(struct buf *out, enum filling f);
void disputed_mail(struct buf *out, enum filling f);
void disputed_ended_mail(struct buf *out, enum filling f);
void canceled_mail(struct buf *out, enum filling f);
void canceled_now_mail(struct buf *out, enum filling f);
void canceled_open_mail(struct buf *out, enum filling f);
void forgiven_mail(struct buf *out, enum filling f);
void not_charged_mail(struct buf *out, enum filling f);
void ran_out_mail(struct buf *out, enum filling f);
void canceled_at_mail(struct buf *out, enum filling f);
