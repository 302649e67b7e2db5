/* The acquirer's word about disputes, and ours to it. See dispute.h. */
#include "paysrv/flow/dispute/dispute.h"

#include "paysrv/app.h"
#include "paysrv/flow/anomaly.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/dispute/dispute_book.h"
#include "paysrv/flow/dispute/dispute_follow.h"
#include "paysrv/flow/dispute/dispute_object.h"
#include "paysrv/flow/ledger/negative.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payment/call.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

#define STEP_S 2
#define LOOK_MAX_BYTES ((size_t)16 << 20) /* all files of one dispute, several times */

static const struct pay_env *env_of(struct task *t)
{
    const struct app *app = t->app;
    return app->env;
}

static const struct app *app_of(struct task *t)
{
    return t->app;
}

static bool state_of(const struct dispute_find_row *row, struct dispute_state *ret)
{
    *ret = (struct dispute_state){ .sequence = row->sequence, .amount_minor = row->amount };
    return dispute_phase_parse(row->phase, &ret->phase) && dispute_status_parse(row->status, &ret->status) &&
           dispute_booking_parse(row->booked, &ret->booked);
}

/* ---- messages ---- */

static event_id event_new(struct task *t)
{
    return (event_id){ env_of(t)->new_id(t->arena, "evt_") };
}

/* The dispute as it will be. */
static void row_tell(struct task *t, struct dispute_find_row *row, const struct acquirer_dispute *d)
{
    row->sequence = d->state.sequence;
    row->phase = dispute_phase_name(d->state.phase);
    row->status = dispute_status_name(d->state.status);
    row->reason = d->reason;
    if (str_eq(row->booked, dispute_booking_name(BOOKED_NONE))) {
        row->amount = d->state.amount_minor;
        row->fee = d->fee_minor;
    }
    row->evidence_due_at = clock_of_wall(t, d->evidence_due_at);
    row->evidence_due_at_given = d->has_due;
    row->closed_at = t->now;
    row->closed_at_given = dispute_is_over(d->state.status);
    bool asks_anew = d->state.status == DISPUTE_NEEDS_RESPONSE && row->answered_at_given;
    if (asks_anew)
        row->asked = STR_NONE;
}

static err open(struct task *t, const struct dispute_told *told, const struct dispute_subject_row *subject,
                bool *opened, dispute_id *id)
{
    struct dispute_find_row row = { .dispute_id = { env_of(t)->new_id(t->arena, "dp_") },
                                    .partner_id = told->partner,
                                    .payment_id = told->payment,
                                    .acquirer_ref = told->dispute->ref,
                                    .currency = told->dispute->currency,
                                    .fee_bearer = subject->fee_bearer,
                                    .booked = dispute_booking_name(BOOKED_NONE),
                                    .user_id = subject->user_id,
                                    .created_at = t->now };
    row_tell(t, &row, told->dispute);
    const struct mail_draft mail = dispute_mail(t, &row, subject, DISPUTE_OPENED);
    const struct dispute_open_args args = {
        .dispute = row.dispute_id,
        .partner = row.partner_id,
        .payment = row.payment_id,
        .acquirer_ref = row.acquirer_ref,
        .sequence = row.sequence,
        .phase = row.phase,
        .status = row.status,
        .reason = row.reason,
        .currency = row.currency,
        .amount = row.amount,
        .fee = row.fee,
        .fee_bearer = row.fee_bearer,
        .evidence_due_at = row.evidence_due_at_given ? &row.evidence_due_at : NULL,
        .there_since = told->dispute->has_since ? &told->dispute->since : NULL,
        .event = event_new(t),
        .data = dispute_document(t, &row),
        .mail = mail.id,
        .recipient = mail.recipient,
        .content = mail.content,
        .note_id = told->note.id,
        .note = told->note.body,
    };
    const struct dispute_open_row *done;
    TRY(env_of(t)->dispute_open(t, &args, &done));
    *opened = done->opened;
    *id = row.dispute_id;
    if (done->opened && str_given(mail.recipient))
        mail_wake(t);
    return OK;
}

static str event_type(enum dispute_status status)
{
    switch (status) {
    case DISPUTE_NEEDS_RESPONSE:
    case DISPUTE_UNDER_REVIEW:
        return STR("dispute.updated");
    case DISPUTE_WON:
        return STR("dispute.won");
    case DISPUTE_LOST:
        return STR("dispute.lost");
    case DISPUTE_CLOSED:
        return STR("dispute.closed");
    case DISPUTE_STATUS_COUNT:
        break;
    }
    return STR("dispute.updated");
}

/* Whoever has to act or lost or got something hears of it: a chargeback after an inquiry, and the end. */
static struct mail_draft move_mail(struct task *t, const struct dispute_find_row *before,
                                   const struct dispute_find_row *after, const struct dispute_subject_row *subject)
{
    if (after->closed_at_given)
        return dispute_mail(t, after, subject, DISPUTE_DECIDED);
    if (!str_eq(before->phase, after->phase))
        return dispute_mail(t, after, subject, DISPUTE_OPENED);
    return (struct mail_draft){ .id = STR("") };
}

/* A fee that comes or grows after the first was booked is for a human; a message may leave it out. */
static err fee_compare(struct task *t, const struct dispute_find_row *row, int64_t told_minor)
{
    if (told_minor <= row->fee)
        return OK;
    str detail = arena_printf(t->arena, "a fee of %lld was booked, and %lld is charged", (long long)row->fee,
                              (long long)told_minor);
    return anomaly_tell(t, ANOMALY_DISPUTE_FEE_GREW, row->partner_id.v, row->dispute_id.v, detail);
}

static err move(struct task *t, const struct dispute_told *told, const struct dispute_find_row *known,
                const struct dispute_subject_row *subject, bool *moved)
{
    struct dispute_find_row row = *known;
    row_tell(t, &row, told->dispute);
    const struct mail_draft mail = move_mail(t, known, &row, subject);
    const struct dispute_move_args args = {
        .dispute = row.dispute_id,
        .known = known->sequence,
        .booked = known->booked,
        .sequence = row.sequence,
        .phase = row.phase,
        .status = row.status,
        .reason = row.reason,
        .amount = row.amount,
        .fee = row.fee,
        .evidence_due_at = row.evidence_due_at_given ? &row.evidence_due_at : NULL,
        .event = event_new(t),
        .type = event_type(told->dispute->state.status),
        .data = dispute_document(t, &row),
        .mail = mail.id,
        .recipient = mail.recipient,
        .content = mail.content,
        .note_id = told->note.id,
        .note = told->note.body,
    };
    const struct dispute_move_row *done;
    TRY(env_of(t)->dispute_move(t, &args, &done));
    *moved = done->moved;
    if (done->moved && str_given(mail.recipient))
        mail_wake(t);
    return done->moved ? fee_compare(t, &row, told->dispute->fee_minor) : OK;
}

static err taken(struct task *t, const struct dispute_told *told, dispute_id id)
{
    CRASH_POINT("dispute.after_take");
    pay_metrics_dispute(t, told->dispute->state.status);
    log_info(t, "dispute.told", L_STR("dispute", id.v), L_STR("payment", told->payment.v),
             L_STR("phase", dispute_phase_name(told->dispute->state.phase)),
             L_STR("status", dispute_status_name(told->dispute->state.status)));
    return OK;
}

/* Two messages about one dispute may meet: whoever comes second looks again. */
err dispute_take(struct task *t, const struct dispute_told *told, enum dispute_verdict *verdict, dispute_id *id)
{
    const struct dispute_subject_row *subject;
    const struct dispute_find_row *known;
    struct dispute_state state;
    *verdict = DISPUTE_TAKE;
    *id = (dispute_id){ STR_NONE };
    TRY(env_of(t)->dispute_subject(t, told->payment, &subject));
    if (!subject)
        return FAIL(t, INTERNAL, "a payment without its store");
    for (int tries = 0; tries < 4; tries++) {
        bool done;
        TRY(env_of(t)->dispute_find(t, STR_NONE, told->dispute->ref, STR_NONE, STR_NONE, &known));
        if (!known) {
            TRY(open(t, told, subject, &done, id));
        } else {
            *id = known->dispute_id;
            if (!state_of(known, &state))
                return FAIL(t, INTERNAL, "a dispute in no known state");
            *verdict = str_eq(known->payment_id.v, told->payment.v) ? dispute_judge(&state, &told->dispute->state)
                                                                    : DISPUTE_CONFLICT;
            if (*verdict != DISPUTE_TAKE)
                return OK;
            TRY(move(t, told, known, subject, &done));
        }
        if (done)
            return taken(t, told, *id);
    }
    return FAIL(t, UNAVAILABLE, "the dispute moves faster than it can be followed");
}

/* ---- the owner's word ---- */

struct file_adding {
    const struct dispute_file_add_args *args;
    int64_t affected;
};

static err file_add_in_tx(struct task *t, void *context)
{
    struct file_adding *a = context;
    return dispute_file_add(t, a->args, &a->affected);
}

err dispute_file_keep(struct task *t, const struct dispute_file_add_args *args, bool *added)
{
    struct file_adding adding = { .args = args };
    TRY(db_tx(t, file_add_in_tx, &adding));
    *added = adding.affected == 1;
    return OK;
}

struct file_removing {
    dispute_id dispute;
    str file;
    int64_t affected;
};

static err file_remove_in_tx(struct task *t, void *context)
{
    struct file_removing *r = context;
    return dispute_file_remove(t, r->file, r->dispute, &r->affected);
}

err dispute_file_drop(struct task *t, dispute_id dispute, str file, bool *removed)
{
    struct file_removing removing = { .dispute = dispute, .file = file };
    TRY(db_tx(t, file_remove_in_tx, &removing));
    *removed = removing.affected == 1;
    return OK;
}

struct responding {
    const struct dispute_find_row *row;
    const struct dispute_response *what;
    bool asked;
};

static str response_word(const struct dispute_response *what)
{
    return what->accepts ? STR("accept") : STR("submit");
}

err dispute_respond_within(struct task *t, const struct dispute_find_row *row, const struct dispute_response *what,
                           bool *asked)
{
    int64_t affected;
    TRY(env_of(t)->dispute_ask(t, response_word(what), what->by, clock_of_wall(t, what->due), row->dispute_id,
                               &affected));
    *asked = affected == 1;
    return OK;
}

static err respond_in_tx(struct task *t, void *context)
{
    struct responding *r = context;
    return dispute_respond_within(t, r->row, r->what, &r->asked);
}

void dispute_responded(struct task *t, const struct dispute_find_row *row, const struct dispute_response *what)
{
    log_info(t, "dispute.responded", L_STR("dispute", row->dispute_id.v), L_STR("response", response_word(what)),
             L_STR("by", what->by));
}

/* Evidence has to be there, and its last file may be taken back at this moment: both are transactions, so that one of
 * them sees the other. */
err dispute_respond(struct task *t, const struct dispute_find_row *row, const struct dispute_response *what,
                    bool *asked)
{
    struct responding r = { .row = row, .what = what };
    TRY(db_tx(t, respond_in_tx, &r));
    *asked = r.asked;
    if (*asked)
        dispute_responded(t, row, what);
    return OK;
}

static err letter_of(struct task *t, const struct dispute_find_row *row, struct dispute_letter *ret)
{
    const struct dispute_files_row *files;
    struct dispute_attachment *attachments;
    size_t n;
    *ret = (struct dispute_letter){ .acquirer = row->acquirer,
                                    .ref = row->acquirer_ref,
                                    .accepts = str_eq(row->asked, STR("accept")) };
    if (ret->accepts)
        return OK;
    TRY(env_of(t)->dispute_files(t, row->dispute_id, &files, &n));
    n = n < DISPUTE_FILES_MAX ? n : DISPUTE_FILES_MAX;
    attachments = arena_array(t->arena, struct dispute_attachment, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct dispute_file_content_row *content;
        TRY(env_of(t)->dispute_file_content(t, row->dispute_id, files[i].file_id, &content));
        if (!content)
            return FAIL(t, INTERNAL, "a file vanished");
        attachments[i] = (struct dispute_attachment){
            files[i].file_id, content->name, content->type, { (const char *)content->content.p, content->content.n }
        };
    }
    ret->text = row->evidence;
    ret->attachments = attachments;
    ret->n = n;
    return OK;
}

/* It is told again, as long as there is time; when that is short, a person has to know why it has not gone. */
static err not_told(struct task *t, const struct dispute_find_row *row, str why)
{
    instant soon = instant_add(t->now, app_of(t)->config.dispute_reminder);
    log_warn(t, "dispute.not_told", L_STR("dispute", row->dispute_id.v), L_STR("why", why));
    if (!row->evidence_due_at_given || instant_before(soon, row->evidence_due_at))
        return OK;
    return anomaly_tell(t, ANOMALY_DISPUTE_NOT_TOLD, row->partner_id.v, row->dispute_id.v, why);
}

/* *moved: the acquirer's answer is another state than was known. */
static err tell(struct task *t, const struct dispute_find_row *row, bool *moved)
{
    struct dispute_letter letter;
    struct acquirer_dispute answer;
    enum dispute_verdict verdict;
    dispute_id id;
    str why = STR_NONE;
    int64_t affected;
    *moved = false;
    TRY(letter_of(t, row, &letter));
    bool answered = env_of(t)->dispute_tell(t, &letter, &answer, &why);
    CRASH_POINT("dispute.after_tell");
    if (!answered)
        return not_told(t, row, why);
    const struct dispute_told told = { .dispute = &answer, .partner = row->partner_id, .payment = row->payment_id };
    TRY(dispute_take(t, &told, &verdict, &id));
    *moved = verdict == DISPUTE_TAKE;
    if (answer.state.sequence > row->sequence || answer.state.status != DISPUTE_NEEDS_RESPONSE)
        return OK;
    TRY(env_of(t)->dispute_unask(t, row->dispute_id, row->sequence, &affected));
    return anomaly_tell(t, ANOMALY_DISPUTE_NOT_TAKEN, row->partner_id.v, row->dispute_id.v,
                        STR("the acquirer did not take what was said to the dispute"));
}

/* ---- what is due ---- */

static err policy_apply(struct task *t, const struct dispute_find_row *row, const struct dispute_state *state,
                        const struct dispute_subject_row *subject, bool *asked)
{
    *asked = false;
    if (str_given(row->asked) || !dispute_accepts_itself(state, subject->accept_below))
        return OK;
    const struct dispute_response what = { .accepts = true, .by = STR("policy"), .due = call_due(t) };
    return dispute_respond(t, row, &what, asked);
}

static err remind(struct task *t, const struct dispute_find_row *row, const struct dispute_subject_row *subject)
{
    const struct mail_draft mail = dispute_mail(t, row, subject, DISPUTE_DUE);
    const struct dispute_remind_row *done;
    TRY(env_of(t)->dispute_remind(t, row->dispute_id, event_new(t), dispute_document(t, row), mail.id, mail.recipient,
                                  mail.content, &done));
    if (done->reminded && str_given(mail.recipient))
        mail_wake(t);
    return OK;
}

/* Until its reminder nothing is to be done about one that waits for its owner; about all others nothing at all. */
static err rest(struct task *t, const struct dispute_find_row *row, const struct dispute_state *state,
                const struct dispute_subject_row *subject)
{
    instant due = dispute_remind_at(row->evidence_due_at, app_of(t)->config.dispute_reminder);
    bool waits = state->status == DISPUTE_NEEDS_RESPONSE && row->evidence_due_at_given && !str_given(row->asked) &&
                 !row->reminded_at_given;
    int64_t affected;
    if (waits && !instant_before(t->now, due)) {
        if (instant_before(t->now, row->evidence_due_at))
            TRY(remind(t, row, subject));
        waits = false;
    }
    return env_of(t)->dispute_rest(t, waits ? &due : NULL, row->dispute_id, row->sequence, row->booked, &affected);
}

err dispute_look(struct task *t, dispute_id id)
{
    const struct dispute_find_row *row;
    const struct dispute_subject_row *subject;
    struct dispute_state state;
    bool again = true, is_booked = false, was_told = false; /* once a look: each time takes the memory of all files */
    for (int tries = 0; again && tries < 4; tries++) {
        again = false;
        TRY(dispute_book_all(t, id, &is_booked));
        TRY(env_of(t)->dispute_find(t, id.v, STR_NONE, STR_NONE, STR_NONE, &row));
        if (!row || !state_of(row, &state))
            return FAIL(t, INTERNAL, "a dispute in no known state");
        TRY(dispute_follow_up(t, id));
        if (state.booked == BOOKED_RETURNED)
            TRY(negatives_recover(t, id));
        TRY(env_of(t)->dispute_subject(t, row->payment_id, &subject));
        bool waits = str_given(row->asked) && !row->answered_at_given;
        if (!waits)
            TRY(policy_apply(t, row, &state, subject, &again));
        else if (!was_told)
            TRY(tell(t, row, &again));
        was_told = was_told || waits;
    }
    bool is_told = !str_given(row->asked) || row->answered_at_given;
    return is_booked && is_told && !again ? rest(t, row, &state, subject) : OK;
}

static err look_aside(struct task *t, void *context)
{
    const dispute_id *id = context;
    return dispute_look(t, *id);
}

/* Files are large, and a round may send those of many. One dispute must not stop the others. */
err disputes_follow(struct task *t)
{
    const struct disputes_due_row *rows;
    size_t n;
    TRY(env_of(t)->disputes_due(t, STEP_S, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        dispute_id id = rows[i].dispute_id;
        err e = task_aside(t, LOOK_MAX_BYTES, look_aside, &id);
        if (e)
            log_failure(t, e);
    }
    return negatives_cover(t);
}

err disputes_run(struct task *t)
{
    const struct disputes_open_row *open_now;
    TRY(disputes_follow(t));
    TRY(negatives_look(t));
    TRY(disputes_open(t, instant_add(t->now, app_of(t)->config.dispute_reminder), &open_now));
    pay_metrics_disputes(open_now->open, open_now->due);
    return OK;
}
