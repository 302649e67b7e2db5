/*
 * The rules of the books (v_inv) are checked by the server itself, one after the other, each once in
 * `ledger_check_every` (decision 0078). What is violated is told at once: as a number, and as an anomaly.
 */
#pragma once

#include "shared/base/task.h"
#include "shared/db/db.h"

struct app;

/* Connections that read whole tables, which the check does: with the memory and the time of a command. */
struct db_config ledger_check_database(const struct app *app);

/* "v_inv_holds/I70": rules of several views have one name. What is of no rule that is known by its name: "other". */
str ledger_rule_name(struct arena *a, str view, str rule);

/* On its connection, for as long as that lives: nobody else checks then. */
MUST_USE err ledger_check_lock(struct task *t, bool *is_ours);

/* The job: does what is due, for some minutes; what it has not come to is next round's. */
MUST_USE err ledger_rules_check(struct task *t);
