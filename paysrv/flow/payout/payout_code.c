/* See payout_code.h; MONEY 6.B16, SECURITY L. */
#include "paysrv/flow/payout/payout_code.h"

#include "paysrv/app.h"
#include "paysrv/domain/confirmation/code.h"
#include "paysrv/domain/payout/payout.h"
#include "paysrv/faults.h"
#include "paysrv/flow/confirmation/code_link.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/message/speech_words.h"
#include "paysrv/flow/party/freeze.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payout/payout_fee.h"
#include "paysrv/flow/zones.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/payout.sql.h"
#include "shared/cache/cache.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"
#include "web/paysrv/pages.h"

#define MAIL_MAX_BYTES 8192
#define LIST_MAIL_MAX_BYTES ((size_t)128 << 10)
#define GUESSES_PER_MINUTE 20 /* of one partner */
#define GUESSES_AT_ONCE 60

static struct code_bind bind_of(const struct payout_find_row *payout)
{
    return (struct code_bind){ .payout = payout->payout_id.v,
                               .amount_minor = payout->amount,
                               .currency = payout->currency,
                               .destination = payout->destination };
}

digest payout_bind(struct task *t, const struct payout_find_row *payout)
{
    const struct code_bind bind = bind_of(payout);
    return code_bind_hash(t->arena, &bind);
}

digest payout_list_bind(struct task *t, str list, const struct payout_find_row *payouts, size_t n)
{
    struct code_bind *binds = arena_array(t->arena, struct code_bind, n + 1);
    for (size_t i = 0; i < n; i++)
        binds[i] = bind_of(&payouts[i]);
    return code_list_hash(t->arena, list, binds, n);
}

str code_draw(struct task *t, digest bind, struct issued_code *ret)
{
    const struct app *app = t->app;
    str digits = random_digits(t->arena, CODE_DIGITS);
    random_bytes(ret->code_key.b, sizeof ret->code_key.b);
    ret->bind_hash = bind;
    ret->mail.id = random_id(t->arena, "mail_");
    ret->mac = code_mac(t->arena, &app->code_key, &ret->code_key, &ret->bind_hash, digits);
    return code_spaced(t->arena, digits);
}

err code_partner_name(struct task *t, partner_id partner, str *ret)
{
    const struct partner_find_row *row;
    TRY(partner_find(t, partner, &row));
    *ret = row ? row->name : partner.v;
    return OK;
}

err code_place_of(struct task *t, partner_id partner, const struct issued_code *code, struct code_place *ret)
{
    const struct partner_find_row *row;
    TRY(partner_find(t, partner, &row));
    *ret = (struct code_place){ .partner_name = row ? row->name : partner.v,
                                .is_sealed = row && row->codes_sealed,
                                .url = code_url(t, code->mail.id) };
    return OK;
}

int64_t code_minutes(struct task *t)
{
    const struct app *app = t->app;
    return app->config.payout_code_ttl.us / MINUTES(1).us;
}

err code_issue(struct task *t, const struct caller *c, const struct user_find_row *user,
               const struct payout_find_row *payout, struct issued_code *ret)
{
    enum language lang = speech_to(t, user->locale);
    struct code_place place;
    if (!str_given(user->email))
        return FAIL(t, NO_VERIFIED_EMAIL, "the user has no address");
    str code = code_draw(t, payout_bind(t, payout), ret);
    TRY(code_place_of(t, c->partner, ret, &place));
    const struct mail_payout_code m = {
        .amount = payout_fee_text(t, lang, payout),
        .destination = payout->masked,
        .holder_name = payout->holder_name,
        .label = payout->label,
        .requested_by = str_given(c->subject) ? user->name : STR_NONE, /* the partner itself */
        .partner_name = place.partner_name,
        .is_sealed = place.is_sealed,
        .confirm_url = place.url,
        .time = moment_in(t, lang, t->now),
        .code = code,
        .minutes = code_minutes(t),
        .not_me_url = freeze_url(t, c->partner, user->user_id),
    };
    ret->mail = mail_draft_named(t, ret->mail.id, user->email, lang, mail_payout_code(t->arena, lang, &m));
    return OK;
}

/* ---- a list ---- */

static struct payee *payees_of(struct task *t, enum language lang, const struct payout_find_row *payouts, size_t n)
{
    struct payee *payees = arena_array(t->arena, struct payee, n + 1);
    for (size_t i = 0; i < n; i++)
        payees[i] = (struct payee){ .amount = payout_fee_text(t, lang, &payouts[i]),
                                    .destination = payouts[i].masked,
                                    .holder_name = payouts[i].holder_name };
    return payees;
}

err code_issue_list(struct task *t, const struct caller *c, const struct user_find_row *user,
                    const struct listed_payouts *list, struct issued_code *ret)
{
    enum language lang = speech_to(t, user->locale);
    struct code_place place;
    struct buf subject, text;
    if (!str_given(user->email))
        return FAIL(t, NO_VERIFIED_EMAIL, "the user has no address");
    str code = code_draw(t, payout_list_bind(t, list->id, list->payouts, list->n), ret);
    TRY(code_place_of(t, c->partner, ret, &place));
    const struct mail_payout_list m = {
        .count = (int64_t)list->n,
        .totals = list->totals_text,
        .payees = { payees_of(t, lang, list->payouts, list->n), list->n },
        .label = list->label,
        .requested_by = str_given(c->subject) ? user->name : STR_NONE, /* the partner itself */
        .partner_name = place.partner_name,
        .is_sealed = place.is_sealed,
        .confirm_url = place.url,
        .time = moment_in(t, lang, t->now),
        .code = code,
        .minutes = code_minutes(t),
        .not_me_url = freeze_url(t, c->partner, user->user_id),
    };
    buf_init(&subject, t->arena, MAIL_MAX_BYTES);
    buf_init(&text, t->arena, LIST_MAIL_MAX_BYTES);
    mail_payout_list_subject(&subject, lang, &m);
    mail_payout_list_text(&text, lang, &m);
    ret->mail = mail_draft_named(t, ret->mail.id, user->email, lang,
                                 (struct letter){ buf_str(&subject), buf_str(&text), STR_NONE });
    return OK;
}

/* ---- a schedule ---- */

err code_issue_schedule(struct task *t, const struct caller *c, const struct user_find_row *user,
                        const struct payout_schedule_find_row *s, struct issued_code *ret)
{
    enum language lang = speech_to(t, user->locale);
    struct code_place place;
    if (!str_given(user->email))
        return FAIL(t, NO_VERIFIED_EMAIL, "the user has no address");
    str code = code_draw(t, s->hash, ret);
    TRY(code_place_of(t, c->partner, ret, &place));
    const struct mail_payout_schedule m = {
        .when = schedule_words(t, lang, s),
        .minimum = money_in(t, lang, s->minimum, s->currency),
        .destination = s->masked,
        .holder_name = s->holder_name,
        .label = s->label,
        .requested_by = str_given(c->subject) ? user->name : STR_NONE, /* the partner itself */
        .partner_name = place.partner_name,
        .is_sealed = place.is_sealed,
        .confirm_url = place.url,
        .time = moment_by(t, lang, t->now, s->zone),
        .code = code,
        .minutes = code_minutes(t),
        .not_me_url = freeze_url(t, c->partner, user->user_id),
    };
    ret->mail = mail_draft_named(t, ret->mail.id, user->email, lang, mail_payout_schedule(t->arena, lang, &m));
    return OK;
}

/* In constant time; the guess has been counted before. bind: of what is to be confirmed, as it is now. */
static bool code_matches(struct task *t, digest bind, const struct code_attempt_row *code, str digits)
{
    const struct app *app = t->app;
    if (!equal_digest(&bind, &code->bind_hash))
        return false;
    digest mac = code_mac(t->arena, &app->code_key, &code->code_key, &bind, digits);
    return equal_digest(&mac, &code->mac);
}

/* Each code has five guesses; who makes many operations has many. A partner of which more are wrong than people mistype
 * is dishonest, or its token is in other hands. Nobody is refused for it: that would be a way to stop its payouts. */
static struct failure *refuse_guess(struct task *t, const struct caller *c, int attempts_left, const char *why)
{
    int wait_s;
    str key = arena_printf(t->arena, "guesses:%.*s", STR_ARG(c->partner.v));
    if (!cache_allow(t, key, GUESSES_PER_MINUTE, GUESSES_AT_ONCE, &wait_s)) {
        pay_metrics_codes_guessed(t);
        log_warn(t, "codes.guessed", L_STR("partner", c->partner.v), L_STR("client", c->client_id));
    }
    return code_refuse(t, attempts_left, why);
}

/* The guess is refused whether it is told or not. */
static void failed_tell(struct task *t, partner_id partner, const struct code_question *q)
{
    int64_t told;
    err e = event_insert(t, (event_id){ random_id(t->arena, "evt_") }, partner, str_of(q->failed), q->subject,
                         q->failed_body, &told);
    log_warn(t, "code.used_up", L_STR("partner", partner.v), L_STR("subject", q->subject));
    if (e)
        log_failure(t, e);
}

err code_check(struct task *t, const struct caller *c, const struct code_question *q,
               const struct code_attempt_row **ret)
{
    str owner, digits;
    TRY(party_owner(t, c, &owner));
    if (!code_normalise(t->arena, q->typed, &digits))
        return refuse_guess(t, c, q->attempts_left, "not 8 digits");
    TRY(code_attempt(t, q->subject, c->partner, owner, ret));
    if (!*ret)
        return refuse_guess(t, c, 0, "no code that could be used");
    bool matches = code_matches(t, q->bind, *ret, digits);
    pay_metrics_code(t, matches ? CODE_ACCEPTED : CODE_NOT_ACCEPTED);
    if (!matches && (*ret)->attempts_left == 0)
        failed_tell(t, c->partner, q);
    return matches ? OK : refuse_guess(t, c, (*ret)->attempts_left, "another code");
}

err code_lost(struct task *t, const struct code_attempt_row *code, err why)
{
    int64_t affected;
    err e = err_is(why, &FAULT_UNAVAILABLE) ? code_spare(t, code->code_id, &affected) : OK;
    if (e)
        log_failure(t, e);
    return why;
}

struct failure *code_refuse(struct task *t, int attempts_left, const char *why)
{
    struct failure *f = FAIL(t, CODE_REFUSED, "%s", why);
    f->attempts_left = attempts_left;
    return f;
}

err code_resend_refuse(struct task *t, const struct code_waiting *w)
{
    if (!w->is_waiting || !instant_before(t->now, w->expires_at))
        return FAIL(t, PAYOUT_STATE, "it does not wait for a code");
    if (w->attempts_left <= 0 || w->resends >= PAYOUT_RESENDS)
        return FAIL(t, RESEND_LIMIT, "attempts or resends are used up");
    struct failure *f = FAIL(t, TOO_MANY_REQUESTS, "the last code was mailed less than 30 s ago");
    f->retry_after_s = (int)(PAYOUT_RESEND_PAUSE_S - (t->now.us - w->coded_at.us) / SECONDS(1).us);
    f->explain = arena_printf(t->arena, "Another code can be mailed in %d s.", f->retry_after_s);
    return f;
}
