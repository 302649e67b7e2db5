/*
 * What an SQLSTATE means for the caller: a declared unique violation is its fault, what may pass by itself is
 * UNAVAILABLE, a number that no column holds is too large, everything else is a bug of ours. Details name objects,
 * never values: DETAIL of PostgreSQL is not used.
 */
#include "shared/db/conn.h"

static str state_of(const PGresult *r)
{
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    return state ? str_of(state) : STR("");
}

static str field_of(const PGresult *r, int field)
{
    const char *text = PQresultErrorField(r, field);
    return text ? str_of(text) : STR("-");
}

bool sqlstate_is_conflict(const PGresult *r)
{
    return str_eq(state_of(r), STR("40001")) || str_eq(state_of(r), STR("40P01"));
}

/*
 * 08 connection, 53 resources, 57 operator intervention and statement_timeout, 55P03 lock_timeout, 40 rollbacks,
 * 25006 a standby, 25P03 idle in transaction, 0A000 and 26000 a plan that a migration made stale.
 */
static bool may_pass(str state)
{
    static const char *const prefixes[] = { "08", "53", "57", "40", "55P03", "25006", "25P03", "0A000", "26000" };
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (str_starts(state, str_of(prefixes[i])))
            return true;
    }
    return false;
}

static const struct db_unique *unique_find(const struct db_statement *s, str state, str constraint)
{
    for (size_t i = 0; str_eq(state, STR("23505")) && i < s->n_uniques; i++) {
        if (str_eq(str_of(s->uniques[i].constraint), constraint))
            return &s->uniques[i];
    }
    return NULL;
}

err db_unavailable(struct task *t, const char *why)
{
    struct failure *f = failure_make(t, &FAULT_UNAVAILABLE, __FILE__, __LINE__, "%s", why);
    f->retry_after_s = 1;
    return f;
}

/* 22003: no bigint holds the sum. One line of an entry has a bound of its own. */
static bool is_too_large(str state, str constraint)
{
    return str_eq(state, STR("22003")) ||
           (str_eq(state, STR("23514")) && str_eq(constraint, STR("posting_amount_check")));
}

static str too_large_explain(str state)
{
    return str_eq(state, STR("22003")) ? STR("A balance or a sum would exceed 9223372036854775807.")
                                       : STR("One posting would exceed 1000000000000000.");
}

err db_failure(struct task *t, const struct db_statement *s, const PGresult *r)
{
    str state = state_of(r), constraint = field_of(r, PG_DIAG_CONSTRAINT_NAME);
    /* Messages of class 22 quote the value that did not fit. */
    str message = str_starts(state, STR("22")) ? STR("data exception") : field_of(r, PG_DIAG_MESSAGE_PRIMARY);
    const struct fault *fault = &FAULT_INTERNAL;
    const struct db_unique *unique = unique_find(s, state, constraint);
    if (may_pass(state))
        fault = &FAULT_UNAVAILABLE;
    else if (unique)
        fault = unique->fault;
    else if (is_too_large(state, constraint))
        fault = &FAULT_NUMBER_TOO_LARGE;
    struct failure *f =
        failure_make(t, fault, s->file, 0, "%s: sqlstate %.*s, constraint %.*s, table %.*s, column %.*s: %.*s", s->name,
                     STR_ARG(state), STR_ARG(constraint), STR_ARG(field_of(r, PG_DIAG_TABLE_NAME)),
                     STR_ARG(field_of(r, PG_DIAG_COLUMN_NAME)), STR_ARG(message));
    f->retry_after_s = fault == &FAULT_UNAVAILABLE ? 1 : 0;
    if (unique && unique->param[0])
        f->param = str_of(unique->param);
    if (fault == &FAULT_NUMBER_TOO_LARGE)
        f->explain = too_large_explain(state);
    return f;
}
