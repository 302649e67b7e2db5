/* See mailer.h. */
#include "authsrv/flow/mailer.h"

#include "authsrv/app.h"
#include "authsrv/counters.h"
#include "authsrv/domain/account/mail_words.h"
#include "authsrv/flow/language.h"
#include "authsrv/store/mail.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/net/smtp.h"
#include "shared/ops/log.h"
#include "shared/ops/worker.h"
#include "shared/text/encode.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"
#include "web/authsrv/pages.h"

#define LEASE SECONDS(60) /* longer than one mail takes */
#define RUN_MAX 500       /* mails; a server that stops waits for them */
#define ASIDE_MAX_BYTES ((size_t)16 << 20)
#define NOTICE_LIFE DAYS(3)
#define MAIL_CONTEXT STR("mail")

/* Pauses after the 1st, 2nd, ... try, and after all later ones: a mail is tried until it expires. */
static const int64_t pauses_s[] = { 1, 2, 5, 15, 60, 120, 180, 600 };
#define PAUSES ((int32_t)(sizeof pauses_s / sizeof pauses_s[0]))

/* In JSON a byte is two at most: HTML has its quotes escaped but those of its tags. */
_Static_assert(LETTER_HTML_MAX_BYTES + 2 * (LETTER_MAX_BYTES + 2 * MAIL_WORDS_MAX_BYTES) + 8192 <= JSON_MAX_BYTES,
               "every letter can be kept, and read again");

static err keep(struct task *t, user_id user, str to, struct letter letter, duration life)
{
    struct buf out;
    struct json j;
    int64_t n;
    buf_init(&out, t->arena, JSON_MAX_BYTES);
    json_begin(&j, &out);
    json_str(&j, "subject", letter.subject);
    json_str(&j, "text", letter.text);
    json_str(&j, "html", letter.html);
    json_str(&j, "to", to);
    json_end(&j);
    bytes sealed = seal(t->arena, &app_of(t)->sealing_key, bytes_of(buf_str(&out)), MAIL_CONTEXT);
    return mail_add(t, user, sealed, instant_add(t->now, life), &n);
}

err mail_keep(struct task *t, user_id user, struct letter letter, duration life)
{
    return keep(t, user, STR_NONE, letter, life);
}

err mail_keep_to(struct task *t, str address, struct letter letter, duration life)
{
    return keep(t, (user_id){ STR_NONE }, address, letter, life);
}

static str notice_text(struct task *t, enum language language, const struct notice *n)
{
    str value = n->counts ? arena_printf(t->arena, "%lld", (long long)n->count) : n->value;
    str text = n->counts ? text_counted(language, n->what, (uint64_t)n->count) : text_in(language, n->what);
    return text_filled(t->arena, text, &value);
}

err security_notice(struct task *t, user_id user, const struct notice *notice)
{
    enum language language;
    TRY(language_of_account(t, user, &language));
    const struct mail_security words = { .what = notice_text(t, language, notice),
                                         .at = instant_text(t->arena, t->now),
                                         .url = arena_printf(t->arena, "%.*s/account", STR_ARG(app_of(t)->issuer)) };
    return mail_keep(t, user, mail_security(t->arena, language, &words), NOTICE_LIFE);
}

void mails_wake(struct task *t)
{
    if (app_of(t)->service.jobs)
        jobs_wake(app_of(t)->service.jobs, "mails.send");
}

static bool words_open(struct task *t, const struct mail_claim_row *row, struct mail *ret)
{
    const struct json_value *v;
    bytes plain;
    ret->to = row->email;
    return row->words_sealed.p && unseal(t->arena, &app_of(t)->sealing_key, row->words_sealed, MAIL_CONTEXT, &plain) &&
           json_parse(t->arena, (str){ (const char *)plain.p, plain.n }, &v) &&
           json_get_str(v, "subject", &ret->subject) && json_get_str(v, "text", &ret->text) &&
           (!json_get(v, "html") || json_get_str(v, "html", &ret->html)) &&
           (!json_get(v, "to") || json_get_str(v, "to", &ret->to));
}

static err give_up(struct task *t, const struct mail_claim_row *row, str why)
{
    int64_t n;
    count_mail(t, NOTICE_GIVEN_UP);
    log_warn(t, "mail.given_up", L_I64("mail", row->id), L_STR("why", why));
    return mail_give_up(t, row->id, &n);
}

/*
 * The same at each try. The number alone comes again: of another installation with this sender, of a database that was
 * restored. Mail programs show one of two mails with one Message-ID, and the code in the other is not seen.
 */
static str message_id(struct arena *a, const struct mail_claim_row *row)
{
    digest sealed = sha256(row->words_sealed);
    return arena_printf(a, "mail-%lld-%.16s", (long long)row->id, hex_encode(a, digest_bytes(&sealed)).p);
}

static err row_send(struct task *t, const struct mail_claim_row *row, bool *is_postponed)
{
    const struct smtp_config smtp = { .url = app_of(t)->config.smtp_url, .from = app_of(t)->config.mail_from };
    struct mail mail = { .id = message_id(t->arena, row) };
    str why = STR_NONE;
    int64_t n;
    if (!instant_before(t->now, row->expires_at) || !words_open(t, row, &mail))
        return give_up(t, row, STR("too old, or sealed with another key"));
    /* Nobody has the address that was asked for: it never was to be sent. */
    if (!str_given(mail.to))
        return mail_give_up(t, row->id, &n);
    enum smtp_result result = smtp_send(t, &smtp, &mail, &why);
    if (result == SMTP_SENT) {
        count_mail(t, NOTICE_SENT);
        return mail_sent(t, row->id, &n);
    }
    if (result == SMTP_REFUSED)
        return give_up(t, row, why);
    *is_postponed = true;
    count_mail(t, NOTICE_POSTPONED);
    log_warn(t, "mail.postponed", L_I64("mail", row->id), L_STR("why", why));
    return mail_postpone(
        t, instant_add(wall_clock_now(), SECONDS(pauses_s[row->tries < PAUSES ? row->tries - 1 : PAUSES - 1])), row->id,
        &n);
}

struct sending {
    const struct mail_claim_row *row;
    instant lease; /* of all that were claimed with it */
    bool is_postponed;
};

static err one_send(struct task *t, void *context)
{
    struct sending *s = context;
    int64_t held;
    task_begin(t, wall_clock_now());
    TRY(mail_hold(t, instant_add(t->now, LEASE), s->row->id, s->lease, &held));
    return held ? row_send(t, s->row, &s->is_postponed) : OK;
}

/*
 * Those that are claimed at once; how many, or none when the relay has taken none of them: what was postponed is due
 * again before all are tried, and the run would not end. One that fails does not hold up the others: it is tried again
 * when its lease is over.
 */
static err few_send(struct task *t, void *sent)
{
    const struct mail_claim_row *rows;
    size_t n, postponed = 0;
    task_begin(t, wall_clock_now()); /* a run may take minutes: what became due since it began is due, too */
    if (app_of(t)->service.is_stopping)
        return OK; /* as if none were due */
    const instant lease = instant_add(t->now, LEASE);
    TRY(mail_claim(t, lease, &rows, &n));
    for (size_t i = 0; i < n && !app_of(t)->service.is_stopping; i++) {
        struct sending one = { &rows[i], lease, false };
        err e = task_aside(t, ASIDE_MAX_BYTES, one_send, &one);
        if (e)
            log_failure(t, e);
        postponed += one.is_postponed;
    }
    *(size_t *)sent = postponed < n ? n : 0;
    return OK;
}

/* All that are due, each once, and each aside: what it takes, a connection to the relay with it, is let go before the
 * next. */
err mails_send(struct task *t)
{
    return task_aside_all(t, ASIDE_MAX_BYTES, RUN_MAX, few_send);
}
