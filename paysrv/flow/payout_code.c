/* See payout_code.h; MONEY 6.B16, SECURITY L. */
#include "paysrv/flow/payout_code.h"

#include "paysrv/app.h"
#include "paysrv/domain/code.h"
#include "paysrv/domain/iban.h"
#include "paysrv/faults.h"
#include "paysrv/flow/freeze.h"
#include "paysrv/store/partner.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/text/money_text.h"
#include "web/paysrv/pages.h"

#define MAIL_MAX_BYTES 8192

static digest bind_of(struct task *t, const struct payout_find_row *payout)
{
    const struct code_bind bind = { .payout = payout->payout_id.v,
                                    .amount_minor = payout->amount,
                                    .currency = payout->currency,
                                    .destination = payout->destination };
    return code_bind_hash(t->arena, &bind);
}

static struct mail_draft mail_write(struct task *t, str recipient, const struct mail_payout_code *m)
{
    struct buf subject, text;
    buf_init(&subject, t->arena, MAIL_MAX_BYTES);
    buf_init(&text, t->arena, MAIL_MAX_BYTES);
    mail_payout_code_subject(&subject, m);
    mail_payout_code_text(&text, m);
    return mail_draft_make(t, recipient, buf_str(&subject), buf_str(&text));
}

err code_issue(struct task *t, const struct caller *c, const struct user_find_row *user,
               const struct payout_find_row *payout, struct issued_code *ret)
{
    const struct app *app = t->app;
    if (!str_given(user->email))
        return FAIL(t, NO_VERIFIED_EMAIL, "the user has no address");
    const struct partner_find_row *partner;
    TRY(partner_find(t, c->partner, &partner));
    str digits = random_digits(t->arena, CODE_DIGITS);
    random_bytes(ret->code_key.b, sizeof ret->code_key.b);
    ret->bind_hash = bind_of(t, payout);
    ret->mac = code_mac(t->arena, &app->code_key, &ret->code_key, &ret->bind_hash, digits);
    str partner_name = partner ? partner->name : c->partner.v;
    const struct mail_payout_code m = {
        .amount = money_text(t->arena, payout->amount, payout->currency),
        .destination = iban_masked(t->arena, payout->iban),
        .holder_name = payout->holder_name,
        .label = payout->label,
        .requested_by = str_given(c->subject) ? user->name : partner_name,
        .partner_name = partner_name,
        .time = instant_text(t->arena, t->now),
        .code = code_spaced(t->arena, digits),
        .minutes = app->config.payout_code_ttl.us / MINUTES(1).us,
        .not_me_url = freeze_url(t, c->partner, user->user_id),
    };
    ret->mail = mail_write(t, user->email, &m);
    return OK;
}

bool code_matches(struct task *t, const struct payout_find_row *payout, const struct code_attempt_row *code, str digits)
{
    const struct app *app = t->app;
    digest bind = bind_of(t, payout);
    if (!equal_digest(&bind, &code->bind_hash))
        return false;
    digest mac = code_mac(t->arena, &app->code_key, &code->code_key, &bind, digits);
    return equal_digest(&mac, &code->mac);
}
