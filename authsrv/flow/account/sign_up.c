/* See sign_up.h. */
#include "authsrv/flow/account/sign_up.h"

#include "authsrv/app.h"
#include "authsrv/domain/account/challenge.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/mailed_code.h"
#include "authsrv/flow/account/password.h"
#include "authsrv/flow/account/second.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/language.h"
#include "authsrv/flow/mailer.h"
#include "authsrv/flow/partner/branded_mail.h"
#include "authsrv/store/challenge.sql.h"
#include "authsrv/store/sign_up.sql.h"
#include "authsrv/store/user.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "web/authsrv/pages.h"

struct asking {
    const struct client *client;
    digest browser;
    str address, name, ticket, code;
};

/* person: whose address it is; NULL: nobody's yet */
static err mail(struct task *t, const struct asking *a, const struct challenge_person_row *person)
{
    enum language language = person ? language_of_person(person->locale, t->language) : t->language;
    const struct mail_sign_up words = { .host = app_of(t)->origin,
                                        .code = person ? STR_NONE : a->code,
                                        .until = instant_text(t->arena, instant_add(t->now, MAILED_CODE_LIFE)),
                                        .recover_url =
                                            arena_printf(t->arena, "%.*s/recover", STR_ARG(app_of(t)->issuer)) };
    struct letter letter = mail_sign_up(t->arena, language, &words);
    TRY(letter_brand(t, a->client, MAIL_OF_sign_up, language, &letter));
    return mail_keep_to(t, a->address, letter, MAILED_CODE_LIFE);
}

static err begin_in_tx(struct task *t, void *context)
{
    const struct asking *a = context;
    const struct sign_up_count_row *count;
    const struct challenge_person_row *person;
    int64_t n;
    TRY(sign_up_count(t, a->address, (instant){ t->now.us - CHALLENGE_WINDOW.us }, &count));
    if (count->mails >= CHALLENGE_MAILS)
        return FAIL(t, TOO_MANY_REQUESTS, "mails to one address");
    TRY(challenge_person(t, a->address, &person));
    TRY(sign_up_create(t, a->address, a->ticket, a->browser, a->name, mailed_code_digest(t, a->ticket, a->code),
                       instant_add(t->now, MAILED_CODE_LIFE), &n));
    TRY(audit_write(t, STR("browser"), STR("sign_up.asked"), a->ticket, STR("")));
    return mail(t, a, person);
}

err sign_up_begin(struct task *t, const struct client *client, digest browser, str address, str name, str *ticket)
{
    struct asking a = { .client = client,
                        .browser = browser,
                        .address = address,
                        .name = name,
                        .ticket = random_id(t->arena, "su_"),
                        .code = mailed_code_new(t) };
    *ticket = a.ticket;
    TRY(db_tx(t, begin_in_tx, &a));
    mails_wake(t);
    return OK;
}

struct opening {
    str ticket;
    user_id user;
    struct user_create_args account;
    bool done;
};

static err open_in_tx(struct task *t, void *context)
{
    struct opening *o = context;
    int64_t n;
    TRY(sign_up_use(t, o->ticket, &n));
    o->done = n == 1;
    if (!o->done)
        return OK;
    TRY(user_create(t, &o->account, &n));
    return audit_write(t, o->user.v, STR("account.created"), o->user.v, STR("sign_up"));
}

static bool code_fits(struct task *t, const struct sign_up *s, const struct sign_up_attempt_row *row)
{
    digest given = mailed_code_digest(t, s->ticket, s->code);
    return row && equal_digest(&given, &row->code_hash);
}

static err account_open(struct task *t, const struct sign_up *s, const struct sign_up_attempt_row *row,
                        struct proven *who, bool *done)
{
    *who = (struct proven){ { random_id(t->arena, "usr_") }, CREDENTIALS_FIRST };
    struct opening o = { .ticket = s->ticket,
                         .user = who->user,
                         .account = { .id = who->user,
                                      .login = row->address,
                                      .password_hash = password_hash(t->arena, app_of(t)->config.pepper_file,
                                                                     (secret){ s->password }),
                                      .role = STR("user"),
                                      .name = row->name,
                                      .email_verified = true,
                                      .profile = STR("{}") } };
    err e = db_tx(t, open_in_tx, &o);
    /* Somebody proved the same address elsewhere meanwhile. */
    if (err_is(e, &FAULT_ALREADY_EXISTS))
        return OK;
    TRY(e);
    *done = o.done;
    return OK;
}

/* The form was sent twice, or its answer was lost: the code is used, and its account opens with this password alone. */
static err was_done(struct task *t, const struct sign_up *s, struct proven *who, bool *ret)
{
    const struct sign_up_attempt_row *row;
    enum password_verdict verdict;
    bool wants_second = false;
    TRY(sign_up_again(t, s->ticket, s->browser, &row));
    if (!code_fits(t, s, row))
        return OK;
    TRY(password_sign_in(t, row->address, s->password, &verdict, who));
    if (verdict == PASSWORD_GOOD)
        TRY(second_is_wanted(t, who->user, &wants_second));
    *ret = verdict == PASSWORD_GOOD && !wants_second;
    return OK;
}

err sign_up_finish(struct task *t, const struct sign_up *s, enum sign_up_verdict *verdict, str *problem,
                   struct proven *who)
{
    const struct sign_up_attempt_row *row;
    bool done = false;
    TRY(password_examine(t, s->password, STR(""), problem));
    *verdict = SIGN_UP_BAD_PASSWORD;
    if (str_given(*problem))
        return OK;
    TRY(sign_up_attempt(t, s->ticket, s->browser, &row));
    if (code_fits(t, s, row))
        TRY(account_open(t, s, row, who, &done));
    if (!done)
        TRY(was_done(t, s, who, &done));
    *verdict = done ? SIGN_UP_DONE : SIGN_UP_WRONG_CODE;
    return OK;
}
