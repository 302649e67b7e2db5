/* See user.h; MONEY 6.B17: whoever takes over a mailbox or a partner's page takes over no money by it. */
#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/party/freeze.h"
#include "paysrv/flow/party/party_object.h"
#include "paysrv/flow/party/user.h"
#include "paysrv/flow/payout/payout_code.h"
#include "paysrv/store/email_change.sql.h"
#include "paysrv/store/mail.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/text/json_out.h"
#include "shared/text/shape.h"
#include "web/paysrv/pages.h"

#define DOCUMENT_MAX_BYTES ((size_t)32 << 10)

SHAPE(email_change, "EmailChange",
      "id: string, object: 'email_change', user: string, email: string, status: 'awaiting_code', confirmations: "
      "Confirmation[], created_at: time")

struct changing {
    const struct caller *caller;
    const struct user_find_row *user;
    str id, email;
    str documents[2];
    size_t n;
};

static str change_document(struct task *t, const struct changing *x)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    json_str(&j, "id", x->id);
    json_str(&j, "object", STR("email_change"));
    json_str(&j, "user", x->user->user_id.v);
    json_str(&j, "email", x->email);
    json_str(&j, "status", STR("awaiting_code"));
    json_array(&j, "confirmations");
    for (size_t i = 0; i < x->n; i++)
        json_raw(&j, NULL, x->documents[i]);
    json_close(&j);
    json_time(&j, "created_at", t->now);
    json_end(&j);
    return buf_str(&out);
}

static err ask(struct task *t, struct changing *x, str recipient)
{
    const struct confirmation_order order = {
        .operation = CONFIRM_USER_EMAIL, .user = x->user, .object = x->id, .recipient = recipient
    };
    return confirmation_begin(t, x->caller, &order, &x->documents[x->n++]);
}

static err request_effect(struct task *t, void *context, struct answer *ret)
{
    struct changing *x = context;
    const struct user_find_row *user = x->user;
    str old = user->email; /* also one that nobody has confirmed: codes were read there */
    int64_t n;
    x->n = 0;
    TRY(email_change_end(t, STR("canceled"), x->caller->partner, user->user_id, STR_NONE, STR_NONE, &n));
    TRY(email_change_insert(t, x->id, x->caller->partner, user->user_id, x->email, old, &n));
    if (str_given(old))
        TRY(ask(t, x, old));
    TRY(ask(t, x, x->email));
    *ret = (struct answer){ .status = 202, .body = change_document(t, x) };
    return OK;
}

err email_change_request(struct task *t, const struct caller *c, const struct user_find_row *user, str email,
                         const struct once *once, struct answer *ret)
{
    if (str_given(user->subject))
        return FAIL_PARAM(t, USER_STATE, STR("user"), STR("whoever logs in has the address that the issuer verified"));
    if (str_given(user->email) && str_eq_nocase(user->email, email))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("email"), STR("another address than the present one"));
    struct changing x = { .caller = c, .user = user, .id = random_id(t->arena, "emc_"), .email = email };
    TRY(once_run(t, c->partner, once, x.id, request_effect, &x, ret));
    mail_wake(t);
    return OK;
}

/* ---- agreed to ---- */

err email_lines(struct task *t, const struct confirmation_of *of, struct confirmation_lines *ret)
{
    const struct email_change_find_row *change;
    TRY(email_change_find(t, of->partner, of->object, &change));
    if (!change || !str_eq(change->status, STR("awaiting_code")))
        return FAIL(t, CONFIRMATION_STATE, "the change does not wait any more");
    confirmation_line_add(ret, "email", TEXT_MAIL_EMAIL, change->email, STR_NONE);
    confirmation_line_add(ret, "old_email", TEXT_MAIL_EMAIL_OLD, change->old_email, STR_NONE);
    return OK;
}

static err notice_send(struct task *t, partner_id partner, const struct user_find_row *user, str recipient)
{
    enum language lang = speech_to(t, user->locale);
    str partner_name;
    int64_t n;
    if (!str_given(recipient))
        return OK;
    TRY(code_partner_name(t, partner, &partner_name));
    const struct mail_email_changed m = { .email = user->email,
                                          .partner_name = partner_name,
                                          .time = moment_in(t, lang, t->now),
                                          .payouts_from = moment_in(t, lang, user->payouts_from),
                                          .not_me_url = freeze_url(t, partner, user->user_id) };
    struct mail_draft draft = mail_draft_make(t, recipient, lang, mail_email_changed(t->arena, lang, &m));
    return mail_insert(t, draft.id, STR("email_changed"), draft.recipient, draft.content, &n);
}

/* It has another one: what was mailed to the one before is worth nothing any more. */
static err moved_tell(struct task *t, partner_id partner, str old_email, struct user_find_row *user)
{
    const struct user_find_row *now;
    int64_t killed;
    TRY(user_codes_kill(t, partner, user->user_id, &killed));
    TRY(user_find(t, partner, user->user_id, &now));
    if (!now)
        return FAIL(t, INTERNAL, "a user vanished while his address was changed");
    *user = *now;
    TRY(notice_send(t, partner, user, user->email));
    TRY(notice_send(t, partner, user, old_email));
    return user_tell(t, partner, user, "user.updated");
}

static instant cooled(struct task *t)
{
    const struct app *app = t->app;
    return instant_add(t->now, app->config.requisite_cooldown);
}

/* The second of the two changes it; payouts then wait as after another account. */
err email_confirmed(struct task *t, const struct confirmation_of *of)
{
    const struct email_change_lock_row *lock;
    const struct email_change_waits_row *waits;
    const struct email_change_do_row *done;
    struct user_find_row user = { .user_id = of->user };
    TRY(email_change_lock(t, of->object, &lock));
    if (!lock)
        return FAIL(t, CONFIRMATION_STATE, "the change does not wait any more");
    TRY(email_change_waits(t, of->object, &waits));
    if (waits->n > 0)
        return OK;
    TRY(email_change_do(t, of->object, of->partner, cooled(t), &done));
    if (!done)
        return FAIL(t, CONFIRMATION_STATE, "the change does not wait any more");
    return moved_tell(t, of->partner, done->old_email, &user);
}

err user_email_give(struct task *t, partner_id partner, str email, bool is_verified, struct user_find_row *user)
{
    const struct user_email_set_row *set;
    int64_t n;
    TRY(user_email_set(t, partner, user->user_id, email, is_verified, cooled(t), &set));
    if (!set)
        return OK;
    user->email = email;
    user->email_verified = is_verified;
    if (!str_given(set->old_email) || str_eq_nocase(set->old_email, email))
        return OK;
    TRY(email_change_end(t, STR("canceled"), partner, user->user_id, STR_NONE, STR_NONE, &n));
    return moved_tell(t, partner, set->old_email, user);
}

err email_dropped(struct task *t, const struct confirmation_of *of, str why)
{
    int64_t ended;
    bool is_expired = str_eq(why, STR("expired"));
    str reason = is_expired || str_eq(why, STR("canceled")) ? STR_NONE : why;
    return email_change_end(t, is_expired ? why : STR("canceled"), of->partner, of->user, of->object, reason, &ended);
}
