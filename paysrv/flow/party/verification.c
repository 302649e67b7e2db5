/* See verification.h; MONEY 6.B17. */
#include "paysrv/flow/party/verification.h"

#include "paysrv/app.h"
#include "paysrv/domain/bank/test_bank.h"
#include "paysrv/domain/party/requisite.h"
#include "paysrv/faults.h"
#include "paysrv/flow/bank/bank_exchange.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/flow/party/party_object.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/requisite.sql.h"
#include "paysrv/store/verification.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/text/encode.h"
#include "shared/text/json_out.h"

#define LEASE SECONDS(60) /* longer than one takes */
#define ROUND_MOST 20
#define UNANSWERED_IN_A_ROUND 3 /* a bank that does not answer is not asked twenty times for it */
#define QUESTION_MAX_BYTES 2048

static bool bank_can_be_asked(struct task *t)
{
    const struct app *app = t->app;
    return !clock_is_live(t) || app->config.bank_url.n > 0;
}

err payee_verify_later(struct task *t, partner_id partner, struct requisite_find_row *row)
{
    int64_t affected;
    if (!str_eq(row->rail, rail_name(RAIL_BANK)) || !bank_can_be_asked(t))
        return OK;
    row->verification = verification_name(VERIFICATION_UNKNOWN);
    TRY(verification_begin(t, partner, row->requisite_id, &affected));
    enum verification said = VERIFICATION_UNKNOWN;
    if (!clock_is_live(t))
        said = test_bank_payee(row->holder_name, &row->matched_name);
    if (said == VERIFICATION_UNKNOWN)
        return OK;
    row->verification = verification_name(said);
    row->checked_at = t->now;
    row->checked_at_given = true;
    return verification_answer(t, row->verification, row->matched_name, partner, row->requisite_id, &affected);
}

static err event_tell(struct task *t, partner_id partner, requisite_id requisite, str document)
{
    int64_t n;
    return event_insert(t, (event_id){ random_id(t->arena, "evt_") }, partner, STR("requisite.verified"), requisite.v,
                        document, &n);
}

err payee_tell(struct task *t, partner_id partner, const struct requisite_find_row *row)
{
    return row->checked_at_given ? event_tell(t, partner, row->requisite_id, requisite_document(t, row)) : OK;
}

/* As it is stored now. */
static err verified_tell(struct task *t, partner_id partner, requisite_id requisite, str *document)
{
    const struct requisite_find_row *row;
    TRY(requisite_find(t, partner, requisite, &row));
    if (!row)
        return FAIL(t, INTERNAL, "a verification without its requisite");
    *document = requisite_document(t, row);
    return event_tell(t, partner, requisite, *document);
}

/* ---- asking ---- */

/* Members as those of the scheme's own interface. */
static str question(struct task *t, const struct verification_due_row *v)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, QUESTION_MAX_BYTES);
    json_begin(&j, &out);
    json_object(&j, "party");
    json_str(&j, "name", v->holder_name);
    json_str(&j, "taxId", v->inn);
    json_close(&j);
    json_object(&j, "partyAccount");
    json_str(&j, "iban", v->iban);
    json_str(&j, "bban", v->account);
    json_close(&j);
    json_object(&j, "partyAgent");
    json_str(&j, "bicfi", v->bic);
    json_str(&j, "memberId", v->bik);
    json_close(&j);
    json_end(&j);
    return buf_str(&out);
}

static enum verification ask(struct task *t, const struct verification_due_row *v, str *matched_name)
{
    struct fetch_answer answer;
    if (v->is_sandbox)
        return test_bank_payee(v->holder_name, matched_name);
    *matched_name = STR_NONE;
    if (!bank_can_be_asked(t))
        return VERIFICATION_NOT_POSSIBLE; /* the channel was taken away */
    bank_call(t, "POST", STR("/payees"), "application/json", question(t, v), &answer);
    return verification_judge(t->arena, answer.outcome == FETCH_ANSWERED ? answer.status : 0, answer.body,
                              matched_name);
}

struct answered {
    const struct verification_due_row *row;
    enum verification said;
    str matched_name;
};

static err answer_in_tx(struct task *t, void *context)
{
    const struct answered *a = context;
    int64_t affected;
    str document;
    TRY(verification_answer(t, verification_name(a->said), a->matched_name, a->row->partner_id, a->row->requisite_id,
                            &affected));
    return affected ? verified_tell(t, a->row->partner_id, a->row->requisite_id, &document) : OK;
}

static err look(struct task *t, const struct verification_due_row *v, instant lease, enum verification *said)
{
    const struct app *app = t->app;
    struct answered a = { .row = v };
    int64_t affected;
    TRY(clock_enter(t, v->partner_id));
    a.said = *said = ask(t, v, &a.matched_name);
    CRASH_POINT("verification.after_ask");
    pay_metrics_verification(t, a.said);
    log_info(t, "requisite.verified", L_STR("requisite", v->requisite_id.v), L_STR("said", verification_name(a.said)));
    if (a.said == VERIFICATION_UNKNOWN)
        return verification_again(t, instant_add(app->env->now(), verification_pause(v->tries)), v->partner_id,
                                  v->requisite_id, lease, &affected);
    return db_tx(t, answer_in_tx, &a);
}

err verifications_run(struct task *t)
{
    const struct app *app = t->app;
    int unanswered = 0;
    for (int i = 0; i < ROUND_MOST && unanswered < UNANSWERED_IN_A_ROUND && !app->service.is_stopping; i++) {
        const struct verification_due_row *due;
        enum verification said = VERIFICATION_UNKNOWN;
        task_begin(t, app->env->now()); /* the lease needs the time of now; and it was somebody's clock */
        const instant lease = instant_add(t->now, LEASE);
        TRY(verification_due(t, lease, &due));
        if (!due)
            break;
        err e = look(t, due, lease, &said);
        if (e)
            log_failure(t, e); /* one must not keep the others waiting */
        unanswered += said == VERIFICATION_UNKNOWN && !due->is_sandbox;
    }
    clock_leave(t);
    return OK;
}

/* ---- agreeing to another name ---- */

struct accepting {
    const struct caller *caller;
    const struct user_find_row *user;
    const struct requisite_find_row *row;
    bool needs_code;
};

static err accept_effect(struct task *t, void *context, struct answer *ret)
{
    struct accepting *a = context;
    int64_t affected;
    if (a->needs_code) {
        const struct confirmation_order order = { .operation = CONFIRM_REQUISITE_NAME,
                                                  .user = a->user,
                                                  .object = a->row->requisite_id.v };
        str document;
        TRY(confirmation_begin(t, a->caller, &order, &document));
        *ret = (struct answer){ .status = 202, .body = confirmation_join(t, requisite_document(t, a->row), document) };
        return OK;
    }
    TRY(verification_accept(t, str_given(a->caller->subject) ? STR("owner") : STR("partner"), STR_NONE,
                            a->caller->partner, a->row->requisite_id, &affected));
    if (affected == 0)
        return FAIL(t, REQUISITE_STATE, "nothing holds it any more");
    ret->status = 200;
    return verified_tell(t, a->caller->partner, a->row->requisite_id, &ret->body);
}

static bool is_mismatch(const struct requisite_find_row *row)
{
    return !row->disabled_at_given && !row->accepted_at_given && verification_differs(row->verification);
}

static err accept_new(struct task *t, struct accepting *a, str requisite, const struct once *once, struct answer *ret)
{
    const partner_id partner = a->caller->partner;
    TRY(requisite_find(t, partner, (requisite_id){ requisite }, &a->row));
    if (!a->row || !str_eq(a->row->user_id.v, a->user->user_id.v))
        return FAIL(t, NOT_FOUND, "no such requisite of this user");
    if (!is_mismatch(a->row))
        return FAIL_PARAM(t, REQUISITE_STATE, STR("requisite"), STR("must be one of another name at the bank"));
    TRY(confirmation_is_needed(t, partner, CONFIRM_REQUISITE, &a->needs_code));
    TRY(once_run(t, partner, once, random_id(t->arena, "acc_"), accept_effect, a, ret));
    mail_wake(t);
    return OK;
}

err payee_accept(struct task *t, const struct caller *caller, const struct user_find_row *user, str requisite,
                 const struct once *once, struct answer *ret)
{
    struct accepting a = { .caller = caller, .user = user };
    bool found;
    TRY(once_stored(t, caller->partner, once, &found, ret));
    if (found)
        return OK;
    return once_instead(t, caller->partner, once, accept_new(t, &a, requisite, once, ret), ret);
}

err payee_lines(struct task *t, const struct confirmation_of *of, struct confirmation_lines *ret)
{
    const struct requisite_find_row *row;
    TRY(requisite_find(t, of->partner, (requisite_id){ of->object }, &row));
    if (!row || !is_mismatch(row))
        return FAIL(t, CONFIRMATION_STATE, "nothing holds the requisite any more");
    confirmation_line_add(ret, "account", TEXT_MAIL_ACCOUNT, row->masked,
                          hex_encode(t->arena, digest_bytes(&row->destination)));
    confirmation_line_add(ret, "holder_name", TEXT_MAIL_HOLDER, row->holder_name, STR_NONE);
    confirmation_line_add(ret, "matched_name", TEXT_MAIL_MATCHED_NAME, row->matched_name, STR_NONE);
    return OK;
}

err payee_confirmed(struct task *t, const struct confirmation_of *of)
{
    const requisite_id requisite = { of->object };
    int64_t affected;
    str document;
    TRY(verification_accept(t, STR("owner"), STR_NONE, of->partner, requisite, &affected));
    return affected ? verified_tell(t, of->partner, requisite, &document)
                    : FAIL(t, CONFIRMATION_STATE, "nothing holds the requisite any more");
}

/* It goes on waiting. */
err payee_dropped(struct task *t, const struct confirmation_of *of, str why)
{
    (void)t;
    (void)of;
    (void)why;
    return OK;
}

struct releasing {
    partner_id partner;
    requisite_id requisite;
    str by, note;
};

static err release_in_tx(struct task *t, void *context)
{
    const struct releasing *r = context;
    const struct verification_released_row *before;
    int64_t affected;
    str document;
    TRY(verification_accept(t, r->by, r->note, r->partner, r->requisite, &affected));
    if (affected)
        return verified_tell(t, r->partner, r->requisite, &document);
    TRY(verification_released(t, r->partner, r->requisite, r->by, r->note, &before));
    return before->so ? OK : FAIL(t, REQUISITE_STATE, "nothing holds it");
}

err payee_release(struct task *t, str requisite, str by, str note)
{
    const struct verification_partner_row *whose;
    TRY(verification_partner(t, (requisite_id){ requisite }, &whose));
    if (!whose)
        return FAIL(t, NOT_FOUND, "no such requisite");
    TRY(clock_enter(t, whose->partner_id));
    struct releasing r = { whose->partner_id, { requisite }, by, note };
    TRY(db_tx(t, release_in_tx, &r));
    log_warn(t, "requisite.released", L_STR("requisite", requisite), L_STR("by", by), L_STR("note", note));
    return OK;
}
