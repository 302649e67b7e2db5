/*
 * Files of the bank's: read whole, stored with their lines in one transaction, and then taken up line by line
 * (bank_lines.h). A file, a statement and a line are each taken once, however often they are sent; a statement whose
 * predecessor is missing waits for it.
 */
#pragma once

#include "paysrv/store/bank.rows.h"
#include "shared/base/task.h"

/* by: who brings it. *is_new false: it was imported before. BANK_FILE_REFUSED says why, and an operator sees it. */
MUST_USE err bank_import(struct task *t, str document, str by, const struct bank_file_of_hash_row **ret, bool *is_new);
/* Takes up a waiting statement though one before it is missing. NOT_FOUND: none that waits. */
MUST_USE err bank_release(struct task *t, int64_t file, str by, str note);
/* The job: lines that are not taken up yet, statements whose predecessor has come, payouts without an answer. */
MUST_USE err bank_upkeep(struct task *t);
