/*
 * Registries of the acquirer's come in: fetched by the job, or brought by an operator (docs/decisions/0052). A file is
 * kept with all its lines in one transaction, counts once by its content and once by its name, and is then taken up.
 */
#pragma once

#include "paysrv/store/settlement.rows.h"
#include "shared/base/task.h"

/*
 * acquirer: the connector whose registry it is, configured or not any more; absent: that of cards. INVALID_PARAMETER
 * (acquirer); SETTLEMENT_REFUSED naming `file` and what is wrong with it. *is_new false: it was taken before.
 */
MUST_USE err settlement_import(struct task *t, str acquirer, str document, str by,
                               const struct settlement_find_row **ret, bool *is_new);
/* Job settlements.run: fetches what there is (acquirer_settlements, wallet_settlements), takes up, looks for what is
 * missing. */
MUST_USE err settlements_run(struct task *t);
