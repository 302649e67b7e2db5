/* See second.h. */
#include "authsrv/flow/account/second.h"

#include <assert.h>

#include "authsrv/app.h"
#include "authsrv/domain/account/totp.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/credentials.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/mailer.h"
#include "authsrv/store/credential.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "web/text.h"

#define TRIES_WITHIN MINUTES(5)
#define OFFER_LIFE MINUTES(15)
#define SECRET_CONTEXT STR("totp")
#define CODES_LIFE MINUTES(15)

static_assert(sizeof((struct recovery_codes *)0)->items / sizeof(str) == RECOVERY_CODES, "as many as there are");

static digest recovery_digest(struct task *t, user_id user, str code)
{
    str message = arena_printf(t->arena, "recovery_code\n%.*s\n%.*s", STR_ARG(user.v), STR_ARG(code));
    return hmac_sha256(digest_bytes(&app_of(t)->sealing_key), bytes_of(message));
}

static err secret_open(struct task *t, bytes sealed, bytes *ret)
{
    return unseal(t->arena, &app_of(t)->sealing_key, sealed, SECRET_CONTEXT, ret)
               ? OK
               : FAIL(t, INTERNAL, "the secret of a second factor was sealed with another key");
}

err second_is_wanted(struct task *t, user_id user, bool *ret)
{
    const struct totp_find_row *row;
    TRY(totp_find(t, user, &row));
    *ret = row && row->confirmed;
    return OK;
}

/* Which step the code is of; it is not used yet. */
static err code_step(struct task *t, const struct totp_find_row *row, str code, int64_t *step, bool *is_good)
{
    bytes shared_secret;
    TRY(secret_open(t, row->secret_sealed, &shared_secret));
    *is_good = totp_step(shared_secret, code, instant_seconds(t->now), row->last_step, step);
    return OK;
}

static err code_prove(struct task *t, user_id user, const struct totp_find_row *row, str code, bool *is_good)
{
    int64_t step, n = 0;
    TRY(code_step(t, row, code, &step, is_good));
    if (*is_good)
        TRY(totp_use(t, step, user, row->confirmed, &n));
    *is_good = n == 1;
    return OK;
}

static err recovery_prove(struct task *t, user_id user, str code, bool *is_good)
{
    const struct recovery_use_row *row;
    TRY(recovery_use(t, user, recovery_digest(t, user, code), &row));
    *is_good = row != NULL;
    if (!row)
        return OK;
    TRY(audit_write(t, user.v, STR("recovery_code.used"), user.v, STR("")));
    return security_notice(t, user,
                           &(struct notice){ .what = TEXT_NOTICE_RECOVERY, .counts = true, .count = row->n_left });
}

static err tried(struct task *t, user_id user, const struct totp_find_row **row)
{
    return totp_try(t, (instant){ t->now.us - TRIES_WITHIN.us }, user, row);
}

struct showing {
    struct proven who;
    const struct totp_find_row *row;
    str code;
    bool is_totp, is_good;
    flow_id flow;
    digest browser;
};

static err show_in_tx(struct task *t, void *context)
{
    struct showing *s = context;
    int64_t n;
    if (s->is_totp)
        TRY(code_prove(t, s->who.user, s->row, s->code, &s->is_good));
    else
        TRY(recovery_prove(t, s->who.user, s->code, &s->is_good));
    return s->is_good ? flow_second_shown(t, s->who.user, s->who.cred_version, s->flow, s->browser, &n) : OK;
}

err second_prove(struct task *t, struct proven who, flow_id flow, digest browser, str typed,
                 enum second_verdict *verdict)
{
    struct showing s = { .who = who, .flow = flow, .browser = browser };
    *verdict = SECOND_SLOW;
    TRY(tried(t, who.user, &s.row));
    if (!s.row)
        return OK;
    *verdict = SECOND_WRONG;
    if (!s.row->confirmed || !second_code_read(t->arena, typed, &s.code, &s.is_totp))
        return OK;
    TRY(db_tx(t, show_in_tx, &s));
    if (!s.is_good)
        return OK;
    mails_wake(t);
    *verdict = s.is_totp ? SECOND_GOOD : SECOND_GOOD_RECOVERY;
    return OK;
}

/* ---- enrolment ---- */

err totp_offer(struct task *t, user_id user, str account, struct totp_offer *ret)
{
    unsigned char fresh[TOTP_SECRET_BYTES];
    const struct totp_find_row *row;
    bytes shared_secret;
    int64_t n;
    random_bytes(fresh, sizeof fresh);
    bytes sealed = seal(t->arena, &app_of(t)->sealing_key, (bytes){ fresh, sizeof fresh }, SECRET_CONTEXT);
    TRY(totp_begin(t, user, sealed, (instant){ t->now.us - OFFER_LIFE.us }, &n));
    TRY(totp_find(t, user, &row));
    if (!row)
        return FAIL(t, CONFLICT, "the second factor was removed at the same moment");
    ret->is_confirmed = row->confirmed;
    TRY(secret_open(t, row->secret_sealed, &shared_secret));
    ret->uri = totp_uri(t->arena, text_in(t->language, TEXT_BRAND), account, shared_secret);
    ret->shown = totp_shown(t->arena, shared_secret);
    return OK;
}

/* What is sealed for one person opens for nobody else, wherever its row is copied to. */
static str codes_context(struct task *t, user_id user)
{
    return arena_printf(t->arena, "recovery_codes %.*s", STR_ARG(user.v));
}

/* One word each, as they are shown; sealed with what they are for, since the row has them beside the secret. */
static err recovery_make(struct task *t, user_id user)
{
    digest hashes[RECOVERY_CODES];
    struct buf shown;
    int64_t n;
    buf_init(&shown, t->arena, 1024);
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        str code = random_letters(t->arena, RECOVERY_ALPHABET, RECOVERY_LETTERS);
        hashes[i] = recovery_digest(t, user, code);
        buf_printf(&shown, "%s%.*s", i > 0 ? " " : "", STR_ARG(recovery_code_shown(t->arena, code)));
    }
    bytes sealed = seal(t->arena, &app_of(t)->sealing_key, bytes_of(buf_str(&shown)), codes_context(t, user));
    TRY(recovery_show(t, sealed, instant_add(t->now, CODES_LIFE), user, &n));
    return recovery_put(t, user, (digest_array){ hashes, RECOVERY_CODES }, &n);
}

struct change {
    str actor;
    user_id user;
    const struct session *by; /* NULL: the operator */
    str action;
    enum text_key notice;
    const int64_t *confirms; /* the step of the first code */
    bool removes, makes_codes;
};

static err change_in_tx(struct task *t, void *context)
{
    const struct change *c = context;
    int64_t n = 1;
    TRY(credentials_change(t, c->user, c->by));
    if (c->removes)
        TRY(totp_remove(t, c->user, &n));
    if (c->confirms)
        TRY(totp_use(t, *c->confirms, c->user, false, &n));
    if (n == 0)
        return FAIL(t, CONFLICT, "%s", c->confirms ? "another request was faster" : "there is no second factor");
    if (c->makes_codes)
        TRY(recovery_make(t, c->user));
    TRY(audit_write(t, c->actor, c->action, c->user.v, STR("")));
    return security_notice(t, c->user, &(struct notice){ .what = c->notice });
}

static err change(struct task *t, struct change c)
{
    TRY(db_tx_in_turn(t, change_in_tx, &c));
    mails_wake(t);
    return OK;
}

err totp_confirm(struct task *t, const struct session *by, str typed, enum second_verdict *verdict)
{
    user_id user = by->row->user_id;
    const struct totp_find_row *row;
    str code;
    int64_t step;
    bool is_totp, is_good = false;
    *verdict = SECOND_SLOW;
    TRY(tried(t, user, &row));
    if (!row)
        return OK;
    *verdict = SECOND_WRONG;
    if (row->confirmed || !second_code_read(t->arena, typed, &code, &is_totp) || !is_totp)
        return OK;
    TRY(code_step(t, row, code, &step, &is_good));
    if (!is_good)
        return OK;
    err e = change(t, (struct change){ .actor = user.v,
                                       .user = user,
                                       .by = by,
                                       .action = STR("totp.added"),
                                       .notice = TEXT_NOTICE_TOTP,
                                       .confirms = &step,
                                       .makes_codes = true });
    if (err_is(e, &FAULT_CONFLICT))
        return OK;
    *verdict = SECOND_GOOD;
    return e;
}

err totp_disuse(struct task *t, str actor, user_id user, const struct session *by)
{
    return change(t, (struct change){ .actor = actor,
                                      .user = user,
                                      .by = by,
                                      .action = STR("totp.removed"),
                                      .notice = TEXT_NOTICE_TOTP_GONE,
                                      .removes = true });
}

err recovery_renew(struct task *t, const struct session *by)
{
    user_id user = by->row->user_id;
    bool wanted;
    TRY(second_is_wanted(t, user, &wanted));
    if (!wanted)
        return FAIL(t, CONFLICT, "recovery codes without a second factor");
    return change(t, (struct change){ .actor = user.v,
                                      .user = user,
                                      .by = by,
                                      .action = STR("recovery_codes.renewed"),
                                      .notice = TEXT_NOTICE_RECOVERY_RENEWED,
                                      .makes_codes = true });
}

err recovery_codes_shown(struct task *t, user_id user, struct recovery_codes *ret, bool *are_shown)
{
    const struct recovery_shown_row *row;
    bytes plain;
    TRY(recovery_shown(t, user, &row));
    *are_shown = row != NULL;
    if (!row)
        return OK;
    if (!unseal(t->arena, &app_of(t)->sealing_key, row->codes_sealed, codes_context(t, user), &plain))
        return FAIL(t, INTERNAL, "recovery codes were sealed with another key");
    str words = { (const char *)plain.p, plain.n };
    for (size_t i = 0; i < RECOVERY_CODES; i++)
        if (!str_next_word(&words, &ret->items[i]))
            return FAIL(t, INTERNAL, "fewer recovery codes than were made");
    return OK;
}

err recovery_codes_kept(struct task *t, user_id user)
{
    int64_t n;
    return recovery_kept(t, user, &n);
}
