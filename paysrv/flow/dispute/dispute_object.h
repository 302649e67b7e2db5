/* The dispute of the API (docs/protocol/pay/disputes.md), and the mail that tells its owner of it. */
#pragma once

#include "paysrv/flow/message/mail.h"
#include "paysrv/store/dispute.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

/* files NULL: without the members "evidence" and "files", as in lists and events. */
void dispute_write(struct json *j, const struct dispute_find_row *row, const struct dispute_files_row *files, size_t n);
str dispute_document(struct task *t, const struct dispute_find_row *row);
/* With them. */
str dispute_whole(struct task *t, const struct dispute_find_row *row, const struct dispute_files_row *files, size_t n);

enum dispute_news { DISPUTE_OPENED = 1, DISPUTE_DUE, DISPUTE_DECIDED };
/* recipient absent: the owner has no address, and is told by the partner's webhook only. */
struct mail_draft dispute_mail(struct task *t, const struct dispute_find_row *row,
                               const struct dispute_subject_row *subject, enum dispute_news news);
