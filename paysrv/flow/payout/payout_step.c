/* See payout_step.h; MONEY 6.A8. */
#include "paysrv/flow/payout/payout_step.h"

#include "paysrv/domain/bank/bank_file.h"
#include "paysrv/faults.h"
#include "paysrv/flow/acquirer/acquirer.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/message/speech_words.h"
#include "paysrv/flow/party/party_object.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payout/payout_object.h"
#include "paysrv/flow/zones.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/payout_fee.sql.h"
#include "paysrv/store/payout_schedule.sql.h"
#include "paysrv/store/requisite.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"
#include "web/paysrv/pages.h"

struct step {
    struct payout_find_row after; /* the payout as it will be */
    event_id event;
    str body;
    event_id ended;         /* told when the account ends with it, */
    str ended_body;         /* which is then this */
    struct mail_draft mail; /* recipient absent: the owner has no address, and is told by the partner's webhook only */
};

static err step_load(struct task *t, partner_id partner, payout_id payout, enum payout_state to, struct step *s)
{
    const struct payout_find_row *row;
    TRY(payout_find(t, partner, payout, STR_NONE, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such payout");
    *s = (struct step){ .after = *row,
                        .event = { random_id(t->arena, "evt_") },
                        .ended = { random_id(t->arena, "evt_") },
                        .ended_body = STR(""),
                        .mail = { .id = STR("") } };
    s->after.status = payout_state_name(to);
    return OK;
}

/* What the partner hears of the account when it ends with the payout. */
static err ending_draw(struct task *t, partner_id partner, struct step *s)
{
    const struct requisite_find_row *row;
    TRY(requisite_find(t, partner, s->after.requisite_id, &row));
    if (!row)
        return FAIL(t, INTERNAL, "payout without its account");
    struct requisite_find_row ended = *row;
    ended.disabled_at = t->now;
    ended.disabled_at_given = true;
    ended.disabled_reason = s->after.status;
    s->ended_body = requisite_document(t, &ended);
    return OK;
}

/* Who is told; now is by the clocks of the schedule that it is of, if any. */
struct owner {
    str email, partner_name, now;
    enum language lang;
};

static err owner_of(struct task *t, partner_id partner, const struct step *s, struct owner *ret)
{
    const struct payout_schedule_find_row *schedule = NULL;
    const struct user_find_row *user;
    const struct partner_find_row *row;
    TRY(user_find(t, partner, s->after.user_id, &user));
    TRY(partner_find(t, partner, &row));
    if (str_given(s->after.schedule_id))
        TRY(payout_schedule_find(t, partner, s->after.schedule_id, STR_NONE, &schedule));
    ret->email = user ? user->email : STR_NONE;
    ret->lang = speech_to(t, user ? user->locale : STR_NONE);
    ret->partner_name = row ? row->name : partner.v;
    ret->now = moment_by(t, ret->lang, t->now, schedule ? schedule->zone : STR_NONE);
    return OK;
}

static err paid_mail(struct task *t, partner_id partner, struct step *s)
{
    struct owner owner;
    TRY(owner_of(t, partner, s, &owner));
    if (!str_given(owner.email))
        return OK;
    const struct mail_payout_paid m = {
        .amount = money_in(t, owner.lang, s->after.amount, s->after.currency),
        .destination = s->after.masked,
        .partner_name = owner.partner_name,
        .time = owner.now,
        .reference = bank_file_end_to_end_id(t->arena, s->after.payout_id.v),
    };
    s->mail = mail_draft_make(t, owner.email, owner.lang, mail_payout_paid(t->arena, owner.lang, &m));
    return OK;
}

static err back_mail(struct task *t, partner_id partner, struct step *s, bool is_returned, bool ends_requisite)
{
    struct owner owner;
    TRY(owner_of(t, partner, s, &owner));
    if (!str_given(owner.email))
        return OK;
    const struct mail_payout_back m = {
        .amount = money_in(t, owner.lang, s->after.amount, s->after.currency),
        .destination = s->after.masked,
        .partner_name = owner.partner_name,
        .time = owner.now,
        .reference = bank_file_end_to_end_id(t->arena, s->after.payout_id.v),
        .reason = str_given(s->after.reason) ? words_of_return(t->arena, owner.lang, s->after.reason) : STR_NONE,
        .is_returned = is_returned,
        .ends_requisite = ends_requisite,
    };
    s->mail = mail_draft_make(t, owner.email, owner.lang, mail_payout_back(t->arena, owner.lang, &m));
    return OK;
}

static void step_done(struct task *t, const struct step *s, enum payout_step counted)
{
    int64_t affected;
    pay_metrics_payout(t, counted);
    pay_metrics_rail(t, counted, s->after.rail);
    if (str_given(s->mail.recipient))
        mail_wake(t);
    if (s->after.fee == 0)
        return;
    err e = payout_fee_look(t, s->after.payout_id, &affected);
    if (e)
        log_failure(t, e); /* the job sees it some minutes later */
}

err payout_step_pay(struct task *t, partner_id partner, payout_id payout, const struct payout_witness *by, bool *done)
{
    struct step s;
    TRY(step_load(t, partner, payout, PAYOUT_PAID, &s));
    s.after.paid_at = t->now;
    s.after.paid_at_given = true;
    TRY(paid_mail(t, partner, &s));
    const struct payout_pay_args args = {
        .payout = payout,
        .partner = partner,
        .line = by->line,
        .acquirer_ref = by->acquirer_ref,
        .clearing = acquirer_clearing(by->acquirer),
        .mail = s.mail.id,
        .recipient = s.mail.recipient,
        .content = s.mail.content,
        .event = s.event,
        .data = payout_document(t, &s.after),
    };
    const struct payout_pay_row *row;
    TRY(payout_pay(t, &args, &row));
    *done = row != NULL;
    if (row)
        step_done(t, &s, STEP_PAID);
    return OK;
}

err payout_step_return(struct task *t, partner_id partner, payout_id payout, const struct payout_witness *by,
                       str reason, bool *done)
{
    struct step s;
    TRY(step_load(t, partner, payout, PAYOUT_RETURNED, &s));
    s.after.returned_at = t->now;
    s.after.returned_at_given = true;
    s.after.reason = reason;
    TRY(back_mail(t, partner, &s, true, true));
    TRY(ending_draw(t, partner, &s));
    const struct payout_return_args args = {
        .payout = payout,
        .partner = partner,
        .line = by->line,
        .clearing = acquirer_clearing(by->acquirer),
        .kept = by->kept_minor,
        .reason = reason,
        .mail = s.mail.id,
        .recipient = s.mail.recipient,
        .content = s.mail.content,
        .event = s.event,
        .data = payout_document(t, &s.after),
        .ended_event = s.ended,
        .ended_data = s.ended_body,
    };
    const struct payout_return_row *row;
    TRY(payout_return(t, &args, &row));
    *done = row != NULL;
    if (row)
        step_done(t, &s, STEP_RETURNED);
    return OK;
}

err payout_step_lose_sight(struct task *t, partner_id partner, payout_id payout, const instant *due, bool *done)
{
    struct step s;
    const struct payout_lose_sight_row *row;
    TRY(step_load(t, partner, payout, PAYOUT_UNKNOWN, &s));
    TRY(payout_lose_sight(t, payout, partner, due, s.event, payout_document(t, &s.after), &row));
    *done = row != NULL;
    if (row)
        step_done(t, &s, STEP_UNKNOWN);
    return OK;
}

/* ---- closing ---- */

static str_array states_before(struct task *t, const struct payout_closing *closing)
{
    str *names = arena_array(t->arena, str, PAYOUT_STATE_COUNT);
    size_t n = 0;
    for (unsigned i = 0; i < PAYOUT_STATE_COUNT; i++) {
        str name = payout_state_name((enum payout_state)i);
        if (payout_may_become((enum payout_state)i, closing->to) &&
            (!str_given(closing->from) || str_eq(closing->from, name)))
            names[n++] = name;
    }
    return (str_array){ names, n };
}

static enum payout_step step_of(enum payout_state to)
{
    if (to == PAYOUT_CANCELED)
        return STEP_CANCELED;
    return to == PAYOUT_REJECTED ? STEP_REJECTED : STEP_FAILED;
}

err payout_step_close(struct task *t, partner_id partner, payout_id payout, const struct payout_closing *closing,
                      bool *done, str *body)
{
    struct step s;
    TRY(step_load(t, partner, payout, closing->to, &s));
    s.after.reason = closing->reason;
    if (closing->to != PAYOUT_CANCELED)
        TRY(back_mail(t, partner, &s, false, closing->ends_requisite));
    if (closing->ends_requisite)
        TRY(ending_draw(t, partner, &s));
    const struct payout_close_args args = {
        .payout = payout,
        .partner = partner,
        .from = states_before(t, closing),
        .line = closing->by.line,
        .acquirer_ref = closing->by.acquirer_ref,
        .to = payout_state_name(closing->to),
        .reason = closing->reason,
        .ends_requisite = closing->ends_requisite,
        .mail = s.mail.id,
        .recipient = s.mail.recipient,
        .content = s.mail.content,
        .event = s.event,
        .data = payout_document(t, &s.after),
        .ended_event = s.ended,
        .ended_data = s.ended_body,
    };
    const struct payout_close_row *row;
    TRY(payout_close(t, &args, &row));
    *done = row != NULL;
    if (row)
        step_done(t, &s, step_of(closing->to));
    if (body)
        *body = args.data;
    return OK;
}
