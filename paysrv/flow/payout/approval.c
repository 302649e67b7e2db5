/* See approval.h; SECURITY K 289. */
#include "paysrv/flow/payout/approval.h"

#include "paysrv/app.h"
#include "paysrv/domain/confirmation/code.h"
#include "paysrv/domain/payout/payout.h"
#include "paysrv/domain/payout/payout_limit.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payout/payout_object.h"
#include "paysrv/flow/payout/payout_step.h"
#include "paysrv/store/approval.sql.h"
#include "paysrv/store/payout.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

struct deciding {
    payout_id payout_id;
    const struct operator_decision *decision;
    const struct payout_for_decision_row *payout;
    digest bind;
    bool is_repeated;
    str body;
};

struct approver approver_of(str subject, const struct payout_awaiting_row *payout)
{
    struct approver a = { .is_own = approval_is_own(subject, payout->requested_by, payout->owner_subject) };
    for (size_t i = 0; i < payout->approvers.n; i++)
        a.has_approved = a.has_approved || str_eq(payout->approvers.items[i], subject);
    a.may_decide = str_given(subject) && !a.has_approved && !a.is_own;
    return a;
}

/* ---- what waits ---- */

err payouts_awaiting_read(struct task *t, str position, size_t most, const struct payout_awaiting_row **ret, size_t *n)
{
    str after = position, is_last;
    if (str_given(position) && !str_cut(&after, ' ', &is_last))
        return FAIL(t, INTERNAL, "a sealed cursor without a payout");
    return payout_awaiting(t, STR_NONE, after, str_given(position) && str_eq(is_last, STR("last")), (int64_t)most, ret,
                           n);
}

str payout_awaiting_position(struct arena *a, const struct payout_awaiting_row *row)
{
    return arena_printf(a, "%s %.*s", row->is_last ? "last" : "first", STR_ARG(row->payout_id.v));
}

err payout_awaiting_find(struct task *t, payout_id payout, const struct payout_awaiting_row **ret)
{
    size_t n;
    TRY(payout_awaiting(t, payout.v, STR_NONE, false, 1, ret, &n));
    *ret = n ? *ret : NULL;
    return OK;
}

/* ---- deciding ---- */

static const struct config *config_of(struct task *t)
{
    const struct app *app = t->app;
    return &app->config;
}

static err payout_load(struct task *t, struct deciding *d, bytes bind)
{
    TRY(payout_for_decision(t, bind, d->decision->subject, d->payout_id, &d->payout));
    return d->payout ? OK : FAIL(t, NOT_FOUND, "no such payout");
}

/* What is approved is this content; approvals of another one do not count. */
static digest bind_of(struct task *t, const struct payout_for_decision_row *p)
{
    const struct code_bind bind = {
        .payout = p->payout_id.v, .amount_minor = p->amount, .currency = p->currency, .destination = p->destination
    };
    return code_bind_hash(t->arena, &bind);
}

static err decision_keep(struct task *t, const struct deciding *d)
{
    const struct operator_decision *x = d->decision;
    str decision = x->is_approval ? STR("approved") : STR("rejected");
    int64_t kept;
    TRY(payout_decide(t, d->payout_id, x->subject, x->name, decision, d->bind, x->note, &kept));
    if (!kept)
        return FAIL(t, FOUR_EYES, "this operator has decided otherwise before");
    log_info(t, "payout.decided", L_STR("payout", d->payout_id.v), L_STR("by", x->subject),
             L_STR("decision", decision));
    return OK;
}

static err document_read(struct task *t, struct deciding *d, str status)
{
    const struct payout_find_row *row;
    TRY(payout_find(t, d->payout->partner_id, d->payout->payout_id, STR_NONE, &row));
    struct payout_find_row after = *row;
    after.status = status;
    d->body = payout_document(t, &after);
    return OK;
}

static err approve(struct task *t, struct deciding *d, enum approval_verdict verdict)
{
    TRY(document_read(t, d,
                      payout_state_name(verdict == APPROVAL_ENOUGH ? PAYOUT_CONFIRMED : PAYOUT_AWAITING_APPROVAL)));
    if (verdict != APPROVAL_ENOUGH)
        return OK;
    if (d->payout->is_being_checked && config_of(t)->screening_url.n > 0)
        return FAIL(t, PAYOUT_STATE, "its payee is being checked: the answer comes first");
    const struct payout_approved_row *row;
    TRY(payout_approved(t, d->payout_id, (event_id){ random_id(t->arena, "evt_") }, d->body, &row));
    return row ? OK : FAIL(t, PAYOUT_STATE, "it waits for no approval any more");
}

static err reject(struct task *t, struct deciding *d)
{
    const struct payout_closing closing = { .to = PAYOUT_REJECTED,
                                            .from = payout_state_name(PAYOUT_AWAITING_APPROVAL),
                                            .reason = STR("operator") };
    bool done;
    TRY(payout_step_close(t, d->payout->partner_id, d->payout->payout_id, &closing, &done, &d->body));
    return done ? OK : FAIL(t, PAYOUT_STATE, "it waits for no approval any more");
}

/* A button pressed twice, or an answer that was lost: the same decision of the same operator on the same content. */
static bool is_decided_so(const struct deciding *d)
{
    return str_eq(d->payout->decided, d->decision->is_approval ? STR("approved") : STR("rejected"));
}

static err decide_in_tx(struct task *t, void *context)
{
    struct deciding *d = context;
    TRY(payout_load(t, d, (bytes){ NULL, 0 }));
    TRY(clock_enter(t, d->payout->partner_id));
    d->bind = bind_of(t, d->payout);
    TRY(payout_load(t, d, digest_bytes(&d->bind)));
    if (is_decided_so(d)) {
        d->is_repeated = true;
        return document_read(t, d, d->payout->status);
    }
    if (!str_eq(d->payout->status, payout_state_name(PAYOUT_AWAITING_APPROVAL)))
        return FAIL_PARAM(t, PAYOUT_STATE, STR("payout"),
                          arena_printf(t->arena, "waits for no approval: it is %.*s", STR_ARG(d->payout->status)));
    enum approval_verdict verdict =
        approval_judge(d->decision->subject, d->payout->requested_by, d->payout->owner_subject, d->payout->approvals);
    if (verdict == APPROVAL_OWN)
        return FAIL(t, FOUR_EYES, "the operator's own payout");
    TRY(decision_keep(t, d));
    TRY(d->decision->is_approval ? approve(t, d, verdict) : reject(t, d));
    CRASH_POINT("payout.before_decision_commit");
    return OK;
}

err payout_decision_take(struct task *t, payout_id payout, const struct operator_decision *decision, str *body)
{
    struct deciding d = { .payout_id = payout, .decision = decision };
    TRY(db_tx(t, decide_in_tx, &d));
    if (!d.is_repeated)
        pay_metrics_payout(t, decision->is_approval ? STEP_APPROVED : STEP_DECLINED);
    *body = d.body;
    return OK;
}
