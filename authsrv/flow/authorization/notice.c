/* The outbox of decoupled authorizations. */
#include "authsrv/flow/authorization/notice.h"

#include "authsrv/app.h"
#include "authsrv/counters.h"
#include "authsrv/flow/authorization/decoupled.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/flow/language.h"
#include "authsrv/flow/partner/branded_mail.h"
#include "authsrv/store/decoupled.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/net/fetch.h"
#include "shared/net/smtp.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/ops/worker.h"
#include "web/authsrv/pages.h"

#define TRIES 7
#define LEASE SECONDS(60) /* longer than one call, or one mail, takes */
#define ROUNDS 100
#define PAYLOAD_MAX_BYTES ((size_t)1 << 20) /* tokens, and what they are for */
#define PAYLOAD_CONTEXT STR("decoupled_push")

/* Pauses after the 1st, 2nd, ... try: the client waits, and requests live for minutes. */
static const int64_t pauses_s[TRIES] = { 1, 2, 5, 10, 20, 40, 80 };
/* What nobody is told of any more stays so long, and with it the client among those that fail. */
#define REST MINUTES(10)

enum told { TOLD = 1, TOLD_AGAIN, TOLD_NEVER };

void notices_wake(struct task *t)
{
    if (!app_of(t)->service.jobs)
        return;
    jobs_wake(app_of(t)->service.jobs, "notices.send");
    jobs_wake(app_of(t)->service.jobs, "notices.mail");
}

static err letter_make(struct task *t, const struct notice_claim_row *row, const struct mail_approval *words,
                       struct letter *ret)
{
    const struct client *client;
    enum language language;
    TRY(client_load(t, row->client_id, &client));
    TRY(language_of_partner(t, client, LANGUAGE_EN, &language));
    language = language_of_person(row->locale, language);
    *ret = mail_approval(t->arena, language, words);
    return letter_brand(t, client, MAIL_OF_approval, language, ret);
}

static err mail_tell(struct task *t, const struct notice_claim_row *row, enum told *ret, str *why)
{
    const struct smtp_config smtp = { .url = app_of(t)->config.smtp_url, .from = app_of(t)->config.mail_from };
    const struct mail_approval words = {
        .client_name = row->client_name,
        .binding_message = row->binding_message,
        .url = arena_printf(t->arena, "%.*s/approve/%.*s", STR_ARG(app_of(t)->issuer), STR_ARG(row->decoupled_id.v)),
        .until = instant_text(t->arena, row->expires_at),
    };
    if (!str_eq(row->status, STR("pending")) || !str_given(row->email) || !instant_before(t->now, row->expires_at)) {
        *why = STR("nobody has to decide any more");
        *ret = TOLD_NEVER;
        return OK;
    }
    struct letter letter;
    TRY(letter_make(t, row, &words, &letter));
    const struct mail mail = {
        .to = row->email, .subject = letter.subject, .text = letter.text, .html = letter.html, .id = row->decoupled_id.v
    };
    switch (smtp_send(t, &smtp, &mail, why)) {
    case SMTP_SENT:
        *ret = TOLD;
        break;
    case SMTP_POSTPONED:
        *ret = TOLD_AGAIN;
        break;
    case SMTP_REFUSED:
        *ret = TOLD_NEVER;
        break;
    }
    return OK;
}

/* The client refused our token, or leads elsewhere: asking again would change nothing. */
static bool is_final(int status)
{
    return status == 401 || status == 403 || (status >= 300 && status < 400);
}

static enum told client_tell(struct task *t, const struct client *client, str token, str body, str *why)
{
    const struct fetch_header headers[] = {
        { "Authorization", arena_printf(t->arena, "Bearer %.*s", STR_ARG(token)) },
        { "Content-Type", STR("application/json") },
    };
    const struct fetch_request rq = { .method = "POST",
                                      .url = client->meta.backchannel_client_notification_endpoint,
                                      .headers = headers,
                                      .n_headers = 2,
                                      .body = body };
    struct fetch_answer answer;
    fetch(t, &rq, &answer);
    if (answer.outcome == FETCH_ANSWERED && answer.status >= 200 && answer.status < 300)
        return TOLD;
    *why = answer.outcome == FETCH_ANSWERED ? arena_printf(t->arena, "status %d", answer.status) : answer.why;
    if (answer.outcome == FETCH_REFUSED)
        return TOLD_NEVER;
    return answer.outcome == FETCH_ANSWERED && is_final(answer.status) ? TOLD_NEVER : TOLD_AGAIN;
}

struct push {
    const struct client *client;
    const struct notice_claim_row *row;
    str auth_req_id, body;
};

static void push_begin(struct push *p, struct task *t, struct buf *out, struct json *j)
{
    buf_init(out, t->arena, PAYLOAD_MAX_BYTES);
    json_begin(j, out);
    json_str(j, "auth_req_id", p->auth_req_id);
}

/* Tokens are issued and kept together, so that an attempt which dies in between is made again with the same ones. */
static err push_make_in_tx(struct task *t, void *context)
{
    struct push *p = context;
    struct token_answer answer;
    struct buf out;
    struct json j;
    int64_t n;
    push_begin(p, t, &out, &j);
    TRY(decoupled_redeem_push(t, p->client, p->auth_req_id, &answer));
    token_answer_write(t, &j, &answer);
    json_end(&j);
    p->body = buf_str(&out);
    return notice_keep(t, seal(t->arena, &app_of(t)->sealing_key, bytes_of(p->body), PAYLOAD_CONTEXT), p->row->id, &n);
}

static err push_make(struct task *t, struct push *p)
{
    struct buf out;
    struct json j;
    if (str_eq(p->row->status, STR("approved"))) {
        TRY(db_tx(t, push_make_in_tx, p));
        count_tokens(t, TOKENS_CIBA);
        CRASH_POINT("push.made");
        return OK;
    }
    push_begin(p, t, &out, &j);
    json_str(&j, "error", str_eq(p->row->status, STR("denied")) ? STR("access_denied") : STR("expired_token"));
    json_end(&j);
    p->body = buf_str(&out);
    return OK;
}

static err push_body(struct task *t, struct push *p)
{
    bytes plain;
    if (!p->row->payload_sealed.p)
        return push_make(t, p);
    if (unseal(t->arena, &app_of(t)->sealing_key, p->row->payload_sealed, PAYLOAD_CONTEXT, &plain))
        p->body = (str){ (const char *)plain.p, plain.n };
    return OK;
}

static str ping_body(struct task *t, str auth_req_id)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, PAYLOAD_MAX_BYTES);
    json_begin(&j, &out);
    json_str(&j, "auth_req_id", auth_req_id);
    json_end(&j);
    return buf_str(&out);
}

/* There is nothing to fetch after that time. A push brings what it tells of, and an end is told after it. */
static bool is_over(const struct notice_claim_row *row, instant at)
{
    return row->tries > TRIES || (str_eq(row->kind, STR("ping")) && !str_eq(row->status, STR("expired")) &&
                                  !instant_before(at, row->expires_at));
}

static err tell(struct task *t, const struct notice_claim_row *row, enum told *ret, str *why)
{
    struct push p = { .row = row };
    struct notify_words words;
    if (is_over(row, t->now)) {
        *why = STR("it was told in vain, or the request is over");
        *ret = TOLD_NEVER;
        return OK;
    }
    if (str_eq(row->kind, STR("mail")))
        return mail_tell(t, row, ret, why);
    TRY(client_load(t, row->client_id, &p.client));
    if (!p.client || !notify_open(t, row->notify_sealed, &words)) {
        *why = STR("the client was disabled, or its token was sealed with another key");
        *ret = TOLD_NEVER;
        return OK;
    }
    p.auth_req_id = words.auth_req_id;
    if (str_eq(row->kind, STR("ping")))
        p.body = ping_body(t, words.auth_req_id);
    else
        TRY(push_body(t, &p));
    *ret = client_tell(t, p.client, words.token, p.body, why);
    CRASH_POINT("notice.told");
    return OK;
}

static err told_keep(struct task *t, const struct notice_claim_row *row, enum told told, str why)
{
    int64_t n;
    if (told == TOLD) {
        count_notice(t, NOTICE_SENT);
        return notice_sent(t, row->id, &n);
    }
    if (told == TOLD_NEVER) {
        count_notice(t, NOTICE_GIVEN_UP);
        log_warn(t, "notice.given_up", L_STR("request", row->decoupled_id.v), L_STR("kind", row->kind),
                 L_STR("why", why));
        return notice_give_up(t, row->id, &n);
    }
    count_notice(t, NOTICE_POSTPONED);
    log_warn(t, "notice.postponed", L_STR("request", row->decoupled_id.v), L_STR("kind", row->kind), L_STR("why", why));
    instant now = wall_clock_now(), due = instant_add(now, REST);
    if (row->tries < TRIES && !is_over(row, instant_add(now, SECONDS(pauses_s[row->tries - 1]))))
        due = instant_add(now, SECONDS(pauses_s[row->tries - 1]));
    return notice_postpone(t, due, row->id, &n);
}

/* One that fails does not hold up the others: it is told again when its lease is over. */
static err one_send(struct task *t, const struct notice_claim_row *row)
{
    enum told told = TOLD_AGAIN;
    str why = STR_NONE;
    err e = tell(t, row, &told, &why);
    if (e) {
        log_failure(t, e);
        why = STR("see the failure before");
    }
    return told_keep(t, row, told, why);
}

static err queue_serve(struct task *t, bool mails, bool failing)
{
    for (int round = 0; round < ROUNDS && !app_of(t)->service.is_stopping; round++) {
        const struct notice_claim_row *row;
        t->now = wall_clock_now(); /* each is leased when its turn comes */
        TRY(notice_claim(t, instant_add(t->now, LEASE), mails, failing, &row));
        if (!row)
            return OK;
        TRY(one_send(t, row));
    }
    return OK;
}

err notices_send(struct task *t)
{
    int64_t expired;
    TRY(decoupled_expire(t, &expired));
    return queue_serve(t, false, false);
}

err notices_retry(struct task *t)
{
    return queue_serve(t, false, true);
}

err notices_mail(struct task *t)
{
    return queue_serve(t, true, false);
}
