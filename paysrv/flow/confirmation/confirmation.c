/* See confirmation.h; MONEY 6.B15, B17; decision 0061. */
#include "paysrv/flow/confirmation/confirmation.h"

#include "paysrv/app.h"
#include "paysrv/domain/payout/payout.h"
#include "paysrv/faults.h"
#include "paysrv/flow/confirmation/confirmation_object.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/party/freeze.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payout/code_limits.h"
#include "paysrv/flow/payout/payout_code.h"
#include "paysrv/flow/payout/payout_order.h"
#include "paysrv/store/confirmation.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "web/paysrv/pages.h"

#define SUMMARY_MAX_BYTES ((size_t)16 << 10)
#define JOINED_MAX_BYTES ((size_t)64 << 10)

typedef struct confirmation_find_row confirmation_row;

void confirmation_line_add(struct confirmation_lines *lines, const char *name, enum text_key word, str value, str bound)
{
    if (!str_given(value) || lines->n == CONFIRMATION_LINES)
        return;
    lines->words[lines->n] = word;
    lines->items[lines->n++] = (struct confirmation_line){ .name = name, .value = value, .bound = bound };
}

const struct confirmation_kind *confirmation_kind_in(const struct confirmation_find_row *row)
{
    enum confirmation_operation operation = CONFIRM_USER;
    (void)confirmation_operation_parse(row->operation, &operation);
    return confirmation_kind_of(operation);
}

static struct confirmation_of of_row(const confirmation_row *row, const struct caller *c)
{
    return (struct confirmation_of){ row->partner_id, row->user_id, row->object_id, row->recipient, c };
}

bool confirmation_is_elsewhere(const struct confirmation_find_row *row, const struct confirmation_lines *lines)
{
    return str_given(lines->address) && !str_eq_nocase(lines->address, row->recipient);
}

/* A code that was mailed to an address of before is refused as a wrong one is: who asks learns nothing of the owner. */
static digest bind_of(struct task *t, const confirmation_row *row, const struct confirmation_lines *lines)
{
    const struct confirmation_bind bind = { .confirmation = row->confirmation_id,
                                            .operation = row->operation,
                                            .object = row->object_id,
                                            .user = row->user_id.v,
                                            .recipient =
                                                confirmation_is_elsewhere(row, lines) ? lines->address : row->recipient,
                                            .lines = lines->items,
                                            .n = lines->n };
    return confirmation_hash(t->arena, &bind);
}

err confirmation_is_needed(struct task *t, partner_id partner, enum confirmation_operation operation, bool *ret)
{
    const struct partner_policy_row *policy;
    *ret = operation == CONFIRM_USER_EMAIL;
    TRY(partner_policy(t, partner, &policy));
    for (size_t i = 0; policy && i < policy->confirmations.n; i++)
        *ret |= str_eq(policy->confirmations.items[i], confirmation_operation_name(operation));
    return OK;
}

/* ---- the mail ---- */

static err mail_make(struct task *t, const struct caller *c, const struct user_find_row *user,
                     const confirmation_row *row, const struct confirmation_lines *lines, struct issued_code *ret)
{
    struct code_place place;
    enum language lang = speech_to(t, user->locale);
    struct confirmation_fact *facts = arena_array(t->arena, struct confirmation_fact, lines->n + 1);
    for (size_t i = 0; i < lines->n; i++)
        facts[i] = (struct confirmation_fact){ text_in(lang, lines->words[i]), lines->items[i].value };
    str code = code_draw(t, row->hash, ret);
    TRY(code_place_of(t, row->partner_id, ret, &place));
    const struct mail_confirmation m = {
        .title = text_in(lang, confirmation_kind_in(row)->title),
        .label = row->label,
        .facts = { facts, lines->n },
        .requested_by = str_given(c->subject) ? user->name : STR_NONE, /* the partner itself */
        .partner_name = place.partner_name,
        .is_sealed = place.is_sealed,
        .confirm_url = place.url,
        .time = moment_in(t, lang, t->now),
        .code = code,
        .minutes = code_minutes(t),
        .not_me_url = str_given(lines->user.v) ? freeze_url(t, lines->partner, lines->user)
                                               : freeze_url(t, row->partner_id, row->user_id),
    };
    ret->mail = mail_draft_named(t, ret->mail.id, row->recipient, lang, mail_confirmation(t->arena, lang, &m));
    return OK;
}

static str nobody(struct task *t, const confirmation_row *row)
{
    return arena_printf(t->arena, "%.*s@nobody.invalid", STR_ARG(row->object_id));
}

static err mail_may(struct task *t, const confirmation_row *row, bool *is_spared, str_array *labels)
{
    const struct code_ask ask = { row->partner_id, row->user_id, row->recipient, true, confirmation_is_hidden(row) };
    const struct payout_recent_row *recent;
    if (!str_given(row->recipient))
        return FAIL(t, NO_VERIFIED_EMAIL, "the user has no address");
    TRY(codes_judge(t, &ask, is_spared, &recent));
    *is_spared |= str_eq(row->recipient, nobody(t, row));
    *labels = recent->labels;
    return OK;
}

/*
 * The same statements whether it is spared or not. What a sandbox asks of another's user is in the other's test mails:
 * else whoever asks would read the code, and whose the store is.
 */
static err hide_mail(struct task *t, const confirmation_row *row, const struct confirmation_lines *lines, str mail,
                     bool is_spared)
{
    int64_t n;
    if (!confirmation_is_hidden(row))
        return OK;
    TRY(confirmation_mail_show(t, lines->partner.v, mail, &n));
    return confirmation_unmail(t, is_spared ? mail : STR(""), &n);
}

/* ---- request ---- */

static str summary_of(struct task *t, const struct confirmation_lines *lines)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, SUMMARY_MAX_BYTES);
    json_begin(&j, &out);
    for (size_t i = 0; i < lines->n; i++)
        json_str(&j, lines->items[i].name, lines->items[i].value);
    json_end(&j);
    return buf_str(&out);
}

static err begin_store(struct task *t, const struct caller *c, const struct user_find_row *user,
                       const confirmation_row *row, const struct confirmation_lines *lines, bool is_spared,
                       str *document)
{
    struct issued_code code;
    int64_t made;
    TRY(mail_make(t, c, user, row, lines, &code));
    *document = confirmation_document(t, row);
    const struct confirmation_insert_args args = {
        .confirmation = row->confirmation_id,
        .partner = row->partner_id,
        .user = row->user_id,
        .known_email = user->email,
        .operation = row->operation,
        .object = row->object_id,
        .recipient = row->recipient,
        .label = row->label,
        .summary = row->summary,
        .bind_hash = row->hash,
        .requested_by = row->requested_by,
        .expires_at = row->expires_at,
        .code_key = code.code_key,
        .mac = code.mac,
        .max_attempts = PAYOUT_CODE_ATTEMPTS,
        .mail = code.mail.id,
        .content = code.mail.content,
        .event = { random_id(t->arena, "evt_") },
        .body = *document,
    };
    pay_metrics_confirmation(t, CONFIRMATION_REQUESTED);
    TRY(confirmation_insert(t, &args, &made));
    if (made == 0)
        return FAIL(t, UNAVAILABLE, "the user has changed since he was read");
    return hide_mail(t, row, lines, code.mail.id, is_spared);
}

err confirmation_begin(struct task *t, const struct caller *c, const struct confirmation_order *order, str *document)
{
    const struct app *app = t->app;
    const struct user_find_row *user = order->user;
    struct confirmation_lines lines = { .n = 0 };
    str_array labels;
    bool is_spared;
    confirmation_row row = {
        .partner_id = c->partner,
        .user_id = user->user_id,
        .operation = confirmation_operation_name(order->operation),
        .object_id = order->object,
        .recipient = order->recipient,
        .requested_by = str_given(c->subject) ? c->subject : c->client_id,
        .status = STR("awaiting_code"),
        .created_at = t->now,
        .expires_at = instant_add(t->now, app->config.payout_code_ttl),
        .attempts_left = PAYOUT_CODE_ATTEMPTS,
        .attempts_left_given = true,
        .coded_at = t->now,
        .coded_at_given = true,
    };
    if (!str_given(row.recipient))
        row.recipient = confirmation_is_hidden(&row) ? nobody(t, &row) : user->email;
    TRY(mail_may(t, &row, &is_spared, &labels));
    if (is_spared)
        row.recipient = nobody(t, &row);
    row.confirmation_id = order_id_new(t, "cnf_", &labels, &row.label);
    const struct confirmation_of of = of_row(&row, c);
    TRY(confirmation_kind_in(&row)->lines(t, &of, &lines));
    is_spared |= confirmation_is_elsewhere(&row, &lines);
    row.summary = summary_of(t, &lines);
    row.hash = bind_of(t, &row, &lines);
    return begin_store(t, c, user, &row, &lines, is_spared, document);
}

str confirmation_join(struct task *t, str object_document, str confirmation_document)
{
    struct buf out;
    buf_init(&out, t->arena, JOINED_MAX_BYTES);
    buf_add(&out, (str){ object_document.p, object_document.n - 1 });
    buf_add(&out, STR(",\"confirmation\":"));
    buf_add(&out, confirmation_document);
    buf_add_char(&out, '}');
    return buf_str(&out);
}

/* ---- confirm ---- */

err confirmations_find(struct task *t, const struct caller *c, str id, const confirmation_row **ret)
{
    str owner;
    TRY(party_owner(t, c, &owner));
    TRY(confirmation_find(t, c->partner, id, owner, ret));
    return *ret ? OK : FAIL(t, NOT_FOUND, "no such confirmation of this caller");
}

struct changing {
    const struct caller *caller;
    const confirmation_row *row;
    const struct code_attempt_row *code;
    struct confirmation_lines lines; /* of a code that is sent anew */
    struct issued_code fresh;
    bool is_spared;
};

static err confirm_effect(struct task *t, void *context, struct answer *ret)
{
    const struct changing *x = context;
    const struct confirmation_of of = of_row(x->row, x->caller);
    const struct confirmation_take_row *taken;
    confirmation_row after = *x->row;
    after.status = STR("confirmed");
    after.confirmed_at = t->now;
    after.confirmed_at_given = true;
    *ret = (struct answer){ .status = 200, .body = confirmation_document(t, &after) };
    TRY(confirmation_take(t, x->row->confirmation_id, x->row->partner_id, x->code->code_id,
                          (event_id){ random_id(t->arena, "evt_") }, ret->body, &taken));
    if (!taken->is_taken)
        return code_refuse(t, x->code->attempts_left, "it no longer waits for this code");
    return confirmation_kind_in(x->row)->effect(t, &of);
}

/* Against what is stored now, not against what was once mailed. */
static err code_judge(struct task *t, const struct caller *c, const confirmation_row *row, str typed,
                      const struct code_attempt_row **code)
{
    const struct confirmation_of of = of_row(row, c);
    struct confirmation_lines lines = { .n = 0 };
    if (!str_eq(row->status, STR("awaiting_code")))
        return code_refuse(t, 0, "it does not wait for a code");
    TRY(confirmation_kind_in(row)->lines(t, &of, &lines));
    confirmation_row last = *row;
    last.attempts_left = 0;
    const struct code_question question = { .subject = row->confirmation_id,
                                            .bind = bind_of(t, row, &lines),
                                            .attempts_left = row->attempts_left_given ? row->attempts_left : 0,
                                            .typed = typed,
                                            .failed = "confirmation.failed",
                                            .failed_body = confirmation_document(t, &last) };
    return code_check(t, c, &question, code);
}

err confirmations_confirm(struct task *t, const struct caller *c, str id, str typed, const struct once *once,
                          struct answer *ret)
{
    bool found;
    TRY(once_stored(t, c->partner, once, &found, ret));
    if (found)
        return OK;
    struct changing x = { .caller = c };
    TRY(confirmations_find(t, c, id, &x.row));
    err e = code_judge(t, c, x.row, typed, &x.code);
    if (e)
        return once_instead(t, c->partner, once, e, ret);
    str op = arena_printf(t->arena, "confirm %.*s", STR_ARG(x.row->confirmation_id));
    CRASH_POINT("confirmation.before_commit");
    e = once_run(t, c->partner, once, op, confirm_effect, &x, ret);
    if (e)
        return code_lost(t, x.code, e);
    pay_metrics_confirmation(t, CONFIRMATION_CONFIRMED);
    log_info(t, "confirmation.confirmed", L_STR("confirmation", x.row->confirmation_id),
             L_STR("operation", x.row->operation), L_STR("object", x.row->object_id));
    mail_wake(t);
    CRASH_POINT("confirmation.before_reply");
    return OK;
}

/* ---- resend ---- */

static err resend_effect(struct task *t, void *context, struct answer *ret)
{
    const struct changing *r = context;
    const struct app *app = t->app;
    confirmation_row fresh = *r->row;
    fresh.expires_at = instant_add(t->now, app->config.payout_code_ttl);
    fresh.coded_at = t->now;
    fresh.resends++;
    const struct code_resend_args args = {
        .subject = fresh.confirmation_id,
        .partner = fresh.partner_id,
        .resends = PAYOUT_RESENDS,
        .not_after = { t->now.us - SECONDS(PAYOUT_RESEND_PAUSE_S).us },
        .code_key = r->fresh.code_key,
        .mac = r->fresh.mac,
        .bind_hash = r->fresh.bind_hash,
        .expires_at = fresh.expires_at,
        .mail = r->fresh.mail.id,
        .recipient = r->fresh.mail.recipient,
        .content = r->fresh.mail.content,
    };
    const struct code_waiting waiting = { str_eq(r->row->status, STR("awaiting_code")), r->row->expires_at,
                                          r->row->coded_at, r->row->attempts_left_given ? r->row->attempts_left : 0,
                                          r->row->resends };
    const struct code_resend_row *row;
    TRY(code_resend(t, &args, &row));
    if (!row)
        return code_resend_refuse(t, &waiting);
    TRY(hide_mail(t, &fresh, &r->lines, r->fresh.mail.id, r->is_spared));
    fresh.attempts_left = row->attempts_left;
    *ret = (struct answer){ .status = 200, .body = confirmation_document(t, &fresh) };
    return OK;
}

static err resend_new(struct task *t, const struct caller *c, str id, const struct once *once, struct answer *ret)
{
    struct changing r = { .caller = c };
    const struct user_find_row *user;
    str_array labels;
    TRY(confirmations_find(t, c, id, &r.row));
    TRY(party_user(t, c, r.row->user_id.v, &user));
    TRY(mail_may(t, r.row, &r.is_spared, &labels));
    const struct confirmation_of of = of_row(r.row, c);
    TRY(confirmation_kind_in(r.row)->lines(t, &of, &r.lines));
    r.is_spared |= confirmation_is_elsewhere(r.row, &r.lines);
    TRY(mail_make(t, c, user, r.row, &r.lines, &r.fresh));
    TRY(once_run(t, c->partner, once, r.fresh.mail.id, resend_effect, &r, ret));
    mail_wake(t);
    return OK;
}

err confirmations_resend(struct task *t, const struct caller *c, str id, const struct once *once, struct answer *ret)
{
    bool found;
    TRY(once_stored(t, c->partner, once, &found, ret));
    if (found)
        return OK;
    return once_instead(t, c->partner, once, resend_new(t, c, id, once, ret), ret);
}

/* ---- ends without a code ---- */

struct ending {
    const confirmation_row *row;
    str to;
    str reason; /* absent: somebody asked for it, or it was too late */
};

static err end_effect(struct task *t, void *context, struct answer *ret)
{
    const struct ending *x = context;
    const struct confirmation_of of = of_row(x->row, NULL);
    const struct confirmation_close_row *closed;
    confirmation_row after = *x->row;
    after.status = x->to;
    after.reason = x->reason;
    *ret = (struct answer){ .status = 200, .body = confirmation_document(t, &after) };
    TRY(confirmation_close(t, x->to, x->reason, x->row->confirmation_id, x->row->partner_id,
                           (event_id){ random_id(t->arena, "evt_") }, ret->body, &closed));
    if (!closed->is_closed)
        return FAIL(t, CONFIRMATION_STATE, "it does not wait for a code any more");
    return confirmation_kind_in(x->row)->drop(t, &of, str_given(x->reason) ? x->reason : x->to);
}

static err end_one(struct task *t, struct ending *x, const struct once *once, struct answer *ret)
{
    bool is_late = str_eq(x->to, STR("expired"));
    str op = arena_printf(t->arena, "cancel %.*s", STR_ARG(x->row->confirmation_id));
    TRY(once_run(t, x->row->partner_id, once, op, end_effect, x, ret));
    pay_metrics_confirmation(t, is_late ? CONFIRMATION_EXPIRED : CONFIRMATION_CANCELED);
    log_info(t, is_late ? "confirmation.expired" : "confirmation.canceled",
             L_STR("confirmation", x->row->confirmation_id));
    return OK;
}

err confirmations_cancel(struct task *t, const struct caller *c, str id, const struct once *once, struct answer *ret)
{
    struct ending x = { .to = STR("canceled") };
    TRY(confirmations_find(t, c, id, &x.row));
    return end_one(t, &x, once, ret);
}

/* One that another ended or that was confirmed a moment ago is none of ours any more. One that cannot be ended must not
 * keep the others waiting: the first failure is the answer, after all of them. */
static err end_all(struct task *t, const confirmation_row *rows, size_t n, str to)
{
    const struct once nothing = { .given = false };
    err first = OK;
    for (size_t i = 0; i < n; i++) {
        struct ending x = { .row = &rows[i], .to = to };
        struct answer answer;
        err e = end_one(t, &x, &nothing, &answer);
        if (!e || err_is(e, &FAULT_CONFIRMATION_STATE))
            continue;
        if (first)
            log_failure(t, e);
        else
            first = e;
    }
    return first;
}

err confirmations_cancel_waiting(struct task *t, partner_id partner, user_id user)
{
    const confirmation_row *rows;
    size_t n;
    TRY(confirmation_waiting_of_user(t, partner, user, &rows, &n));
    return end_all(t, rows, n, STR("canceled"));
}

/* What is hidden stays so: an address that takes no mail would tell that there is a store behind it. */
err confirmation_fail(struct task *t, partner_id partner, str id, str reason)
{
    struct ending x = { .to = STR("canceled"), .reason = reason };
    struct answer answer;
    TRY(confirmation_find(t, partner, id, STR_NONE, &x.row));
    if (!x.row || confirmation_is_hidden(x.row))
        return OK;
    TRY(end_effect(t, &x, &answer));
    pay_metrics_confirmation(t, CONFIRMATION_UNDELIVERABLE);
    return OK;
}

err confirmations_expire(struct task *t)
{
    const confirmation_row *rows;
    size_t n;
    TRY(confirmation_due(t, &rows, &n));
    return end_all(t, rows, n, STR("expired"));
}
