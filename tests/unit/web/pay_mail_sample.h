/* The mails of paysrv, for the table in pay_sample.c. */
#pragma once

#include "tests/unit/web/sample.h"

void code_mail(struct buf *out, enum filling f);
void list_mail(struct buf *out, enum filling f);
void schedule_mail(struct buf *out, enum filling f);
void confirmation_mail(struct buf *out, enum filling f);
void email_changed_mail(struct buf *out, enum filling f);
void paid_mail(struct buf *out, enum filling f);
void back_mail(struct buf *out, enum filling f);
void card_mail(struct buf *out, enum filling f);
void invoice_mail(struct buf *out, enum filling f);
