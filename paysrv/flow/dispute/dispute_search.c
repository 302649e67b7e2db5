/* See dispute_search.h. */
#include "paysrv/flow/dispute/dispute_search.h"

#include "paysrv/domain/dispute/dispute.h"
#include "paysrv/faults.h"
#include "paysrv/store/dispute.sql.h"
#include "shared/base/num.h"

/* "until when, the id": it is a place in the order also when it was answered meanwhile. */
static str open_position(struct task *t, const struct disputes_undecided_row *row)
{
    if (!dispute_waits(row->status, row->asked) || !row->evidence_due_at_given)
        return row->dispute_id.v;
    return arena_printf(t->arena, "%lld %.*s", (long long)row->evidence_due_at.us, STR_ARG(row->dispute_id.v));
}

static err open_find(struct task *t, str position, size_t most, struct disputes_found *ret)
{
    str after = position, until;
    instant due;
    bool waits = str_given(after) && str_cut(&after, ' ', &until) && num_parse(until, &due.us);
    return disputes_undecided(t, waits ? &due : NULL, after, (int64_t)most, &ret->rows, &ret->n);
}

err disputes_find(struct task *t, str status, str position, size_t most, struct disputes_found *ret)
{
    enum dispute_status known;
    bool is_all = str_eq(status, DISPUTES_ALL), is_open = !str_given(status);
    if (!is_open && !is_all && !dispute_status_parse(status, &known))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("status"), STR("must be one of: all" DISPUTE_STATUSES(STR_LISTED)));
    if (is_open)
        TRY(open_find(t, position, most + 1, ret));
    else
        TRY(disputes_newest(t, is_all ? STR_NONE : status, position, (int64_t)most + 1, &ret->rows, &ret->n));
    bool has_more = ret->n > most;
    ret->n = has_more ? most : ret->n;
    const struct disputes_undecided_row *last = has_more ? &ret->rows[most - 1] : NULL;
    ret->next = !last ? STR_NONE : is_open ? open_position(t, last) : last->dispute_id.v;
    return OK;
}
