/* Sending of mails: at least once, same Message-ID. See mail.h, SECURITY L 302, F-P18, MONEY 6.B16. */
#include "paysrv/flow/message/mail.h"

#include "paysrv/app.h"
#include "paysrv/domain/message/test_mailbox.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/confirmation/undeliverable.h"
#include "paysrv/flow/message/mail_mark.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/store/mail.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/net/smtp.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/ops/worker.h"

#define TRIES_MOST 440    /* some three days: a mail server that is away for a night loses nothing */
#define LEASE SECONDS(60) /* longer than one mail takes */
#define RUN_MAX 500       /* mails; a server that stops waits for them */
#define ASIDE_MAX_BYTES ((size_t)16 << 20)

/* Pauses after the 1st, 2nd, ... try, and after all later ones; what has a code ends with it. */
static const int64_t pauses_s[] = { 1, 2, 5, 10, 20, 40, 80, 160, 320, 600 };
#define PAUSES ((int32_t)(sizeof pauses_s / sizeof pauses_s[0]))

struct mail_draft mail_draft_named(struct task *t, str id, str recipient, enum language lang, struct letter letter)
{
    if (!clock_is_live(t))
        letter = mail_of_test(t->arena, lang, letter);
    const struct app *app = t->app;
    struct mail_draft draft = { .id = id, .recipient = recipient };
    str plain = arena_printf(t->arena, "%.*s\n%.*s", STR_ARG(letter.subject), STR_ARG(letter.text));
    draft.content = seal(t->arena, &app->sealing_key, bytes_of(plain), draft.id);
    return draft;
}

struct mail_draft mail_draft_make(struct task *t, str recipient, enum language lang, struct letter letter)
{
    return mail_draft_named(t, random_id(t->arena, "mail_"), recipient, lang, letter);
}

void mail_wake(struct task *t)
{
    const struct app *app = t->app;
    if (app->service.jobs)
        jobs_wake(app->service.jobs, "mails.send");
}

bool mail_open(struct task *t, bytes content, str id, struct mail *ret)
{
    const struct app *app = t->app;
    bytes plain;
    if (!unseal(t->arena, &app->sealing_key, content, id, &plain))
        return false;
    str rest = { (const char *)plain.p, plain.n };
    if (!str_cut(&rest, '\n', &ret->subject))
        return false;
    ret->text = rest;
    ret->html = STR_NONE;
    ret->id = id;
    return true;
}

/* ---- giving up ---- */

struct giving_up {
    const struct mail_claim_row *row;
    const char *failure; /* a word of the column's */
    enum mail_outcome counted;
    str why;
    bool is_given_up;
};

/* Another sender that was slower than its lease may have been told something else: the first word holds. */
static err give_up_effect(struct task *t, void *context)
{
    struct giving_up *g = context;
    int64_t changed;
    TRY(mail_give_up(t, str_of(g->failure), g->why, g->row->mail_id, &changed));
    g->is_given_up = changed > 0;
    return g->is_given_up ? undeliverable_end(t, g->row->mail_id) : OK;
}

/* With it what waits for the code that it carries. */
static err give_up(struct task *t, const struct mail_claim_row *row, const char *failure, enum mail_outcome counted,
                   str why)
{
    struct giving_up g = { row, failure, counted, why, false };
    err e = db_tx(t, give_up_effect, &g);
    clock_leave(t);
    TRY(e);
    if (!g.is_given_up)
        return OK;
    pay_metrics_mail(t, counted);
    log_error(t, "mail.given_up", L_STR("mail", row->mail_id), L_STR("kind", row->kind),
              L_STR("failure", str_of(failure)), L_STR("why", why));
    return OK;
}

/* ---- sending ---- */

static bool is_too_late(const struct mail_claim_row *row, instant at)
{
    return row->code_until_given && !instant_before(at, row->code_until);
}

/* A code that would come when it is worth nothing any more is not sent. */
static err postpone(struct task *t, const struct mail_claim_row *row, str why)
{
    instant due = instant_add(wall_clock_now(), SECONDS(pauses_s[row->tries < PAUSES ? row->tries - 1 : PAUSES - 1]));
    int64_t changed;
    if (row->tries >= TRIES_MOST || is_too_late(row, due))
        return give_up(t, row, "given_up", MAIL_GIVEN_UP, why);
    pay_metrics_mail(t, MAIL_POSTPONED);
    log_warn(t, "mail.postponed", L_STR("mail", row->mail_id), L_STR("why", why), L_I64("tries", row->tries));
    return mail_postpone(t, due, row->mail_id, &changed);
}

static err row_send(struct task *t, const struct mail_claim_row *row, bool *is_postponed)
{
    const struct app *app = t->app;
    struct mail mail = { 0 };
    int64_t changed;
    if (is_too_late(row, t->now))
        return give_up(t, row, "too_late", MAIL_TOO_LATE, STR("the code has expired"));
    if (!mail_open(t, row->content, row->mail_id, &mail))
        return give_up(t, row, "unreadable", MAIL_GIVEN_UP, STR("the content was sealed with another key"));
    mail.to = row->recipient;
    const struct smtp_config smtp = { .url = app->config.smtp_url,
                                      .from = app->config.mail_from,
                                      .bounces = app->config.mail_bounces };
    str why = STR_NONE;
    switch (smtp_send(t, &smtp, &mail, &why)) {
    case SMTP_SENT:
        CRASH_POINT("mail.after_send");
        pay_metrics_mail(t, MAIL_SENT);
        log_info(t, "mail.sent", L_STR("mail", row->mail_id), L_STR("kind", row->kind));
        return mail_sent(t, row->mail_id, &changed);
    case SMTP_REFUSED:
        return give_up(t, row, "refused", MAIL_REFUSED, why);
    case SMTP_POSTPONED:
        break;
    }
    *is_postponed = true;
    return postpone(t, row, why);
}

/*
 * A mailbox of a sandbox: no relay is asked. It is counted nowhere, since what a partner tries out says nothing about
 * our mails.
 */
static err box_send(struct task *t, const struct mail_claim_row *row, enum test_mailbox box)
{
    struct giving_up g = { .row = row, .failure = "bounced", .why = STR("5.1.1") };
    int64_t changed;
    if (box != TEST_MAILBOX_BOUNCES)
        return mail_sent(t, row->mail_id, &changed);
    err e = db_tx(t, give_up_effect, &g);
    clock_leave(t);
    return e;
}

struct sending {
    const struct mail_claim_row *row;
    instant lease; /* of all that were claimed with it */
    bool is_postponed;
};

static err send_one(struct task *t, void *context)
{
    struct sending *s = context;
    int64_t held;
    task_begin(t, wall_clock_now());
    TRY(mail_hold(t, instant_add(t->now, LEASE), s->row->mail_id, s->lease, &held));
    if (!held)
        return OK;
    enum test_mailbox box = s->row->is_test ? test_mailbox_of(s->row->recipient, s->row->kind) : TEST_MAILBOX_NONE;
    return box ? box_send(t, s->row, box) : row_send(t, s->row, &s->is_postponed);
}

/*
 * Those that are claimed at once; how many, or none when the relay has taken none of them: what was postponed is due
 * again before all are tried, and the run would not end. One that fails does not hold up the others: it is tried again
 * when its lease is over.
 */
static err few_send(struct task *t, void *sent)
{
    const struct app *app = t->app;
    const struct mail_claim_row *rows;
    size_t n, postponed = 0;
    task_begin(t, wall_clock_now()); /* a run may take minutes: what became due since it began is due, too */
    if (app->service.is_stopping)
        return OK; /* as if none were due */
    const instant lease = instant_add(t->now, LEASE);
    TRY(mail_claim(t, lease, &rows, &n));
    for (size_t i = 0; i < n && !app->service.is_stopping; i++) {
        struct sending one = { &rows[i], lease, false };
        err e = task_aside(t, ASIDE_MAX_BYTES, send_one, &one);
        if (e)
            log_failure(t, e);
        postponed += one.is_postponed;
    }
    *(size_t *)sent = postponed < n ? n : 0;
    return OK;
}

/*
 * All that are due, also what becomes so meanwhile: whoever waits for a code waits behind those who asked before. What
 * is claimed is due no more. Each mail is sent aside: what it takes, a connection to the relay with it, is let go
 * before the next.
 */
err mail_send_due(struct task *t)
{
    return task_aside_all(t, ASIDE_MAX_BYTES, RUN_MAX, few_send);
}
