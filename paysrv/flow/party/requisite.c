/* See requisite.h; MONEY 6.B17, SECURITY K 288. */
#include "paysrv/flow/party/requisite.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/acquirer/connector.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/party/freeze.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/flow/party/party_object.h"
#include "paysrv/flow/party/verification.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/mail.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/requisite.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/base/civil.h"
#include "shared/cache/cache.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"
#include "shared/text/encode.h"
#include "web/paysrv/pages.h"

#define OLD_ADDRESS DAYS(30) /* so long a notice goes to the address before, too */

struct change {
    partner_id partner;
    const struct caller *caller;
    const struct user_find_row *user;
    struct requisite_find_row row;
};

/* ---- the notice ---- */

static err notice_send(struct task *t, str recipient, enum language lang, const struct mail_requisite_added *m)
{
    struct mail_draft draft = mail_draft_make(t, recipient, lang, mail_requisite_added(t->arena, lang, m));
    int64_t n;
    return mail_insert(t, draft.id, STR("requisite_added"), draft.recipient, draft.content, &n);
}

static err owner_tell(struct task *t, const struct change *c)
{
    const struct partner_find_row *partner;
    const struct user_previous_email_row *before;
    const struct user_find_row *user = c->user;
    enum language lang = speech_to(t, user->locale);
    TRY(partner_find(t, c->caller->partner, &partner));
    TRY(user_previous_email(t, c->caller->partner, user->user_id, (instant){ t->now.us - OLD_ADDRESS.us }, &before));
    str partner_name = partner ? partner->name : c->caller->partner.v;
    const struct mail_requisite_added m = {
        .destination = c->row.masked,
        .holder_name = c->row.holder_name,
        .requested_by = str_given(c->caller->subject) ? user->name : STR_NONE, /* the partner itself */
        .partner_name = partner_name,
        .time = moment_in(t, lang, t->now),
        .usable_from = c->row.usable_from_given ? moment_in(t, lang, c->row.usable_from) : STR_NONE,
        .not_me_url = freeze_url(t, c->caller->partner, user->user_id),
    };
    if (str_given(user->email))
        TRY(notice_send(t, user->email, lang, &m));
    if (before && !str_eq(before->email, user->email))
        TRY(notice_send(t, before->email, lang, &m));
    return OK;
}

static err event_tell(struct task *t, const struct change *c, const char *type, str body)
{
    int64_t n;
    event_id event = { random_id(t->arena, "evt_") };
    return event_insert(t, event, c->partner, str_of(type), c->row.requisite_id.v, body, &n);
}

/* ---- what a connector knows ---- */

static err payee_refuse(struct task *t, enum rail rail, enum payee_standing standing)
{
    str param = rail == RAIL_CARD ? STR("token") : STR("wallet");
    if (standing == PAYEE_UNKNOWN)
        return FAIL(t, UNAVAILABLE, "nobody says whether it can be paid to");
    /* One sentence for all of a wallet: whoever may ask is not to learn which ones there are. */
    return FAIL_PARAM(t, INVALID_PARAMETER, param,
                      rail == RAIL_CARD && standing == PAYEE_INELIGIBLE ? STR("is of a card that cannot be paid to")
                      : rail == RAIL_CARD                               ? STR("is no token of a card that is kept")
                                                                        : STR("cannot be paid to"));
}

/* What came to nothing is counted, so that nobody tries names until one is good. */
static err payee_look(struct task *t, const struct connector *c, const struct payee_question *q,
                      struct acquirer_payee *ret)
{
    const struct {
        str key;
        int per_minute, burst;
    } buckets[] = {
        { arena_printf(t->arena, "payee:%.*s:%.*s", STR_ARG(q->partner.v), STR_ARG(q->user.v)), 2, 10 },
        { arena_printf(t->arena, "payee:%.*s", STR_ARG(q->partner.v)), 30, 100 },
    };
    const size_t n = sizeof buckets / sizeof buckets[0];
    int wait_s;
    for (size_t i = 0; i < n; i++)
        if (!cache_allow(t, buckets[i].key, buckets[i].per_minute, buckets[i].burst, &wait_s)) {
            struct failure *f = FAIL(t, TOO_MANY_REQUESTS, "payees that were none");
            f->retry_after_s = wait_s;
            return f;
        }
    c->payee(t, q->name, ret);
    for (size_t i = 0; i < n && (ret->standing == PAYEE_GOOD || ret->standing == PAYEE_UNKNOWN); i++)
        cache_put_back(t, buckets[i].key, buckets[i].per_minute, buckets[i].burst);
    return OK;
}

err requisite_of_payee(struct task *t, const struct payee_question *q, struct requisite_find_row *ret)
{
    const struct connector *c;
    struct acquirer_payee payee;
    const enum rail rail = q->rail;
    const str name = q->name;
    TRY(payout_connector(t, rail, &c));
    TRY(payee_look(t, c, q, &payee));
    if (payee.standing != PAYEE_GOOD)
        return payee_refuse(t, rail, payee.standing);
    *ret = (struct requisite_find_row){ .kind = rail_kind(rail),
                                        .rail = rail_name(rail),
                                        .acquirer = str_of(c->name),
                                        .token = name,
                                        .fingerprint = payee.fingerprint };
    ret->destination = requisite_destination_by_name(t->arena, rail, ret->acquirer, name);
    if (rail == RAIL_WALLET) {
        ret->masked = requisite_masked_wallet(t->arena, name);
        return OK;
    }
    ret->masked = requisite_masked_card(t->arena, payee.brand, payee.last4);
    ret->brand = payee.brand;
    ret->last4 = payee.last4;
    ret->exp_month = (int32_t)payee.exp_month;
    ret->exp_year = (int32_t)payee.exp_year;
    ret->exp_month_given = ret->exp_year_given = true;
    struct civil_date today = civil_of_days(instant_seconds(t->now) / 86400);
    return requisite_card_is_over(payee.exp_month, payee.exp_year, today.month, today.year)
               ? FAIL_PARAM(t, INVALID_PARAMETER, STR("token"), STR("is of a card that has expired"))
               : OK;
}

/* ---- adding ---- */

/* It waits for the owner; told is he when he has agreed. */
static err code_ask(struct task *t, const struct change *c, struct answer *ret)
{
    const struct confirmation_order order = { .operation = CONFIRM_REQUISITE,
                                              .user = c->user,
                                              .object = c->row.requisite_id.v };
    str document;
    TRY(confirmation_begin(t, c->caller, &order, &document));
    *ret = (struct answer){ .status = 202, .body = confirmation_join(t, ret->body, document) };
    return OK;
}

static err add_effect(struct task *t, void *context, struct answer *ret)
{
    struct change *c = context;
    const struct app *app = t->app;
    struct requisite_find_row *row = &c->row;
    const struct requisite_insert_args args = {
        .requisite = row->requisite_id,
        .kind = row->kind,
        .iban = row->iban,
        .bic = row->bic,
        .bik = row->bik,
        .account = row->account,
        .correspondent = row->correspondent,
        .inn = row->inn,
        .kpp = row->kpp,
        .holder_name = row->holder_name,
        .country = row->country,
        .town = row->town,
        .street = row->street,
        .building = row->building,
        .postcode = row->postcode,
        .acquirer = row->acquirer,
        .token = row->token,
        .fingerprint = row->fingerprint,
        .brand = row->brand,
        .last4 = row->last4,
        .exp_month = row->exp_month_given ? &row->exp_month : NULL,
        .exp_year = row->exp_year_given ? &row->exp_year : NULL,
        .masked = row->masked,
        .destination = row->destination,
        .partner = c->caller->partner,
        .user = row->user_id,
        .usable_from = instant_add(t->now, app->config.requisite_cooldown),
        .needs_code = row->needs_code,
    };
    const struct requisite_insert_row *made;
    TRY(requisite_insert(t, &args, &made));
    row->version = made->version;
    row->usable_from = made->usable_from;
    row->usable_from_given = made->usable_from_given;
    if (!row->needs_code)
        TRY(payee_verify_later(t, c->partner, row));
    *ret = (struct answer){ .status = 201, .body = requisite_document(t, row) };
    TRY(event_tell(t, c, "requisite.created", ret->body));
    TRY(payee_tell(t, c->partner, row));
    if (row->needs_code)
        return code_ask(t, c, ret);
    return made->version > 1 ? owner_tell(t, c) : OK;
}

err requisites_add(struct task *t, const struct caller *caller, const struct user_find_row *user,
                   const struct requisite_find_row *fresh, const struct once *once, struct answer *ret)
{
    struct change c = { .partner = caller->partner, .caller = caller, .user = user, .row = *fresh };
    TRY(party_is_active(t, user));
    c.row.requisite_id = (requisite_id){ random_id(t->arena, "req_") };
    c.row.user_id = user->user_id;
    c.row.created_at = t->now;
    TRY(confirmation_is_needed(t, caller->partner, CONFIRM_REQUISITE, &c.row.needs_code));
    TRY(once_run(t, caller->partner, once, c.row.requisite_id.v, add_effect, &c, ret));
    mail_wake(t);
    return OK;
}

/* ---- its owner agrees, or does not ---- */

static err change_of(struct task *t, const struct confirmation_of *of, struct change *ret)
{
    const struct requisite_find_row *row;
    TRY(requisite_find(t, of->partner, (requisite_id){ of->object }, &row));
    TRY(user_find(t, of->partner, of->user, &ret->user));
    if (!row || !ret->user || row->disabled_at_given)
        return FAIL(t, CONFIRMATION_STATE, "the requisite is not there any more");
    ret->partner = of->partner;
    ret->caller = of->caller;
    ret->row = *row;
    return OK;
}

err requisite_lines(struct task *t, const struct confirmation_of *of, struct confirmation_lines *ret)
{
    struct change c;
    TRY(change_of(t, of, &c));
    confirmation_line_add(ret, "account", TEXT_MAIL_ACCOUNT, c.row.masked,
                          hex_encode(t->arena, digest_bytes(&c.row.destination)));
    confirmation_line_add(ret, "bic", TEXT_MAIL_BIC, c.row.bic, STR_NONE);
    confirmation_line_add(ret, "bik", TEXT_MAIL_BIK, c.row.bik, STR_NONE);
    confirmation_line_add(ret, "inn", TEXT_MAIL_INN, requisite_inn_masked(t->arena, c.row.inn), STR_NONE);
    confirmation_line_add(ret, "holder_name", TEXT_MAIL_HOLDER, c.row.holder_name, STR_NONE);
    return OK;
}

err requisite_confirmed(struct task *t, const struct confirmation_of *of)
{
    const struct app *app = t->app;
    const struct requisite_confirm_row *done;
    struct change c;
    TRY(change_of(t, of, &c));
    TRY(requisite_confirm(t, of->partner, of->user, instant_add(t->now, app->config.requisite_cooldown),
                          c.row.requisite_id, &done));
    if (!done)
        return FAIL(t, CONFIRMATION_STATE, "the requisite does not wait any more");
    c.row.confirmed_at = t->now;
    c.row.confirmed_at_given = true;
    c.row.usable_from = done->usable_from;
    c.row.usable_from_given = done->usable_from_given;
    TRY(payee_verify_later(t, of->partner, &c.row));
    TRY(event_tell(t, &c, "requisite.activated", requisite_document(t, &c.row)));
    TRY(payee_tell(t, of->partner, &c.row));
    return c.row.usable_from_given ? owner_tell(t, &c) : OK;
}

static err disable(struct task *t, struct change *c, str reason, bool *done)
{
    const struct requisite_disable_row *row;
    TRY(requisite_disable(t, reason, c->partner, c->row.requisite_id, c->row.user_id, &row));
    *done = row != NULL;
    if (!row)
        return OK;
    c->row.disabled_at = t->now;
    c->row.disabled_at_given = true;
    c->row.disabled_reason = reason;
    return event_tell(t, c, "requisite.disabled", requisite_document(t, &c->row));
}

err requisite_dropped(struct task *t, const struct confirmation_of *of, str why)
{
    const struct requisite_find_row *row;
    TRY(requisite_find(t, of->partner, (requisite_id){ of->object }, &row));
    if (!row)
        return OK;
    struct change c = { .partner = of->partner, .row = *row };
    bool done;
    return disable(t, &c, why, &done);
}

/* ---- ending ---- */

static err disable_effect(struct task *t, void *context, struct answer *ret)
{
    struct change *c = context;
    bool done;
    TRY(disable(t, c, str_given(c->caller->subject) ? STR("owner") : STR("partner"), &done));
    *ret = (struct answer){ .status = 200, .body = requisite_document(t, &c->row) };
    return OK;
}

err requisites_disable(struct task *t, const struct caller *caller, const struct user_find_row *user, str requisite,
                       const struct once *once, struct answer *ret)
{
    const struct requisite_find_row *row;
    TRY(requisite_find(t, caller->partner, (requisite_id){ requisite }, &row));
    if (!row || !str_eq(row->user_id.v, user->user_id.v))
        return FAIL(t, NOT_FOUND, "no such requisite of this user");
    struct change c = { .partner = caller->partner, .caller = caller, .user = user, .row = *row };
    str op = random_id(t->arena, "end_"); /* it may be asked for again, with another key */
    return once_run(t, caller->partner, once, op, disable_effect, &c, ret);
}
