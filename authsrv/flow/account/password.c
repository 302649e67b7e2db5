/* See password.h. */
#include "authsrv/flow/account/password.h"

#include "authsrv/app.h"
#include "authsrv/domain/account/account.h"
#include "authsrv/domain/account/password.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/breach.h"
#include "authsrv/flow/account/credentials.h"
#include "authsrv/flow/account/mailed_code.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/language.h"
#include "authsrv/flow/mailer.h"
#include "authsrv/flow/partner/branded_mail.h"
#include "authsrv/jobs.h"
#include "authsrv/store/credential.sql.h"
#include "authsrv/store/identity.sql.h"
#include "authsrv/store/user.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "web/authsrv/pages.h"
#include "web/text.h"

static secret pepper_of(const struct task *t)
{
    return app_of(t)->config.pepper_file;
}

static err rehash(struct task *t, user_id user, str password, str stored)
{
    int64_t n;
    if (!password_is_outdated(stored))
        return OK;
    return password_rehash(t, password_hash(t->arena, pepper_of(t), (secret){ password }), user, stored, &n);
}

err password_sign_in(struct task *t, str login, str password, enum password_verdict *verdict, struct proven *who)
{
    const struct user_by_login_row *row = NULL;
    str canonical;
    if (account_login(t->arena, login, &canonical))
        TRY(user_by_login(t, canonical, &row));
    bool good = password_verify(pepper_of(t), (secret){ password }, row ? row->password_hash : STR_NONE);
    *verdict = good && row && !row->disabled ? PASSWORD_GOOD : PASSWORD_WRONG;
    if (*verdict != PASSWORD_GOOD)
        return OK;
    if (row->password_expired) {
        *verdict = PASSWORD_EXPIRED;
        return OK;
    }
    *who = (struct proven){ row->id, row->cred_version };
    return rehash(t, row->id, password, row->password_hash);
}

err password_prove(struct task *t, user_id user, str password, enum password_verdict *verdict)
{
    const struct password_find_row *row;
    TRY(password_find(t, user, &row));
    *verdict = password_verify(pepper_of(t), (secret){ password }, row ? row->password_hash : STR_NONE)
                   ? PASSWORD_GOOD
                   : PASSWORD_WRONG;
    return OK;
}

static str too_short(struct task *t, int64_t fewest)
{
    str n = arena_printf(t->arena, "%lld", (long long)fewest);
    return text_filled(t->arena, text_counted(t->language, TEXT_PASSWORD_SHORT, (uint64_t)fewest), &n);
}

err password_examine(struct task *t, str password, str login, str *problem)
{
    bool is_breached = false;
    *problem = STR_NONE;
    switch (password_judge(password, login, (size_t)app_of(t)->config.password_min)) {
    case PASSWORD_FINE:
        break;
    case PASSWORD_SHORT:
        *problem = too_short(t, app_of(t)->config.password_min);
        return OK;
    case PASSWORD_LONG:
        *problem = text_in(t->language, TEXT_PASSWORD_LONG);
        return OK;
    case PASSWORD_ODD:
        *problem = text_in(t->language, TEXT_PASSWORD_ODD);
        return OK;
    case PASSWORD_GUESSED:
        *problem = text_in(t->language, TEXT_PASSWORD_GUESSED);
        return OK;
    }
    TRY(password_is_breached(t, password, &is_breached));
    if (is_breached)
        *problem = text_in(t->language, TEXT_PASSWORD_BREACHED);
    return OK;
}

struct setting {
    user_id user;
    const struct session *by; /* NULL: a mailed code */
    str hash, action, ticket; /* ticket: that code */
};

static err set_in_tx(struct task *t, void *context)
{
    const struct setting *s = context;
    const struct user_settle_row *held;
    int64_t n;
    if (str_given(s->ticket)) {
        TRY(user_settle(t, s->user, &held)); /* the account before its codes, as every change has them */
        TRY(mailed_code_use(t, s->ticket, &n));
        if (n == 0)
            return FAIL(t, CONFLICT, "the mailed code was used at the same moment");
    }
    TRY(credentials_change(t, s->user, s->by));
    TRY(password_put(t, s->hash, s->user, &n));
    if (n == 0 && str_given(s->ticket))
        return FAIL(t, ACCOUNT_DISABLED, "disabled meanwhile");
    if (n == 0)
        return FAIL(t, CONFLICT, "the account has no log-in name");
    if (str_given(s->ticket))
        TRY(identity_undo_all(t, s->user, &n));
    TRY(audit_write(t, s->user.v, s->action, s->user.v, STR("")));
    return security_notice(t, s->user, &(struct notice){ .what = TEXT_NOTICE_PASSWORD });
}

static err set(struct task *t, struct setting *s, str password)
{
    s->hash = password_hash(t->arena, pepper_of(t), (secret){ password });
    TRY(db_tx_in_turn(t, set_in_tx, s));
    mails_wake(t);
    return OK;
}

err password_set(struct task *t, const struct session *by, str password, str action)
{
    struct setting s = { .user = by->row->user_id, .by = by, .action = action };
    return set(t, &s, password);
}

/* ---- forgotten ---- */

#define RESET_PURPOSE STR("password_reset")

struct asking {
    digest browser;
    str login, ticket, code;
    const struct client *client;
};

static err code_mail(struct task *t, user_id user, const struct asking *a)
{
    enum language language;
    TRY(language_of_account(t, user, &language));
    const struct mail_reset words = { .code = a->code,
                                      .until = instant_text(t->arena, instant_add(t->now, MAILED_CODE_LIFE)),
                                      .host = app_of(t)->origin };
    struct letter letter = mail_reset(t->arena, language, &words);
    TRY(letter_wear(t, a->client, language, &letter));
    return mail_keep(t, user, letter, MAILED_CODE_LIFE);
}

static err begin_in_tx(struct task *t, void *context)
{
    const struct asking *a = context;
    const struct mailed_code_create_row *row;
    TRY(mailed_code_create(t, a->login, RESET_PURPOSE, a->ticket, a->browser, mailed_code_digest(t, a->ticket, a->code),
                           instant_add(t->now, MAILED_CODE_LIFE), &row));
    TRY(audit_write(t, str_given(row->user_id.v) ? row->user_id.v : STR("nobody"), STR("password.reset_asked"),
                    a->ticket, STR("")));
    return code_mail(t, row->user_id, a);
}

err reset_begin(struct task *t, digest browser, str login, const struct client *client, str *ticket)
{
    struct asking a = {
        .browser = browser, .client = client, .ticket = random_id(t->arena, "mc_"), .code = mailed_code_new(t)
    };
    if (!account_login(t->arena, login, &a.login))
        a.login = STR_NONE;
    *ticket = a.ticket;
    TRY(db_tx(t, begin_in_tx, &a));
    mails_wake(t);
    return OK;
}

static bool code_fits(struct task *t, const struct reset *r, const struct mailed_code_attempt_row *row)
{
    digest given = mailed_code_digest(t, r->ticket, r->code);
    return row && equal_digest(&given, &row->code_hash) && str_given(row->user_id.v);
}

/* The form was sent twice, or its answer was lost: the code is used, and the password is what it was used for. */
static err was_done(struct task *t, const struct reset *r, bool *ret)
{
    const struct mailed_code_attempt_row *row;
    enum password_verdict verdict;
    *ret = false;
    TRY(mailed_code_again(t, r->ticket, RESET_PURPOSE, r->browser, &row));
    if (!code_fits(t, r, row))
        return OK;
    TRY(password_prove(t, row->user_id, r->password, &verdict));
    *ret = verdict == PASSWORD_GOOD;
    return OK;
}

err reset_finish(struct task *t, const struct reset *r, enum reset_verdict *verdict, str *problem)
{
    const struct mailed_code_attempt_row *row;
    bool done = false;
    TRY(password_examine(t, r->password, STR(""), problem));
    *verdict = RESET_BAD_PASSWORD;
    if (str_given(*problem))
        return OK;
    TRY(mailed_code_attempt(t, r->ticket, RESET_PURPOSE, r->browser, &row));
    if (code_fits(t, r, row)) {
        struct setting s = { .user = row->user_id, .action = STR("password.reset"), .ticket = r->ticket };
        err e = set(t, &s, r->password);
        if (e && !err_is(e, &FAULT_CONFLICT))
            return e;
        done = !e;
    }
    if (!done)
        TRY(was_done(t, r, &done));
    *verdict = done ? RESET_DONE : RESET_WRONG_CODE;
    return OK;
}

err passwords_rest(struct task *t)
{
    (void)t;
    password_rest();
    return OK;
}
