/* See requisite.h; MONEY 6.B17, SECURITY K 288. */
#include "paysrv/flow/requisite.h"

#include "paysrv/app.h"
#include "paysrv/domain/iban.h"
#include "paysrv/domain/requisite.h"
#include "paysrv/faults.h"
#include "paysrv/flow/freeze.h"
#include "paysrv/flow/mail.h"
#include "paysrv/flow/party.h"
#include "paysrv/flow/party_object.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/mail.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/requisite.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"
#include "shared/text/encode.h"
#include "web/paysrv/pages.h"

#define MAIL_MAX_BYTES 8192
#define OLD_ADDRESS DAYS(30) /* so long a notice goes to the address before, too */

struct change {
    partner_id partner;
    const struct caller *caller;
    const struct user_find_row *user;
    struct requisite_find_row row;
};

/* ---- the notice ---- */

static err notice_send(struct task *t, str recipient, const struct mail_requisite_added *m)
{
    struct buf subject, text;
    buf_init(&subject, t->arena, MAIL_MAX_BYTES);
    buf_init(&text, t->arena, MAIL_MAX_BYTES);
    mail_requisite_added_subject(&subject, m);
    mail_requisite_added_text(&text, m);
    struct mail_draft draft = mail_draft_make(t, recipient, buf_str(&subject), buf_str(&text));
    int64_t n;
    return mail_insert(t, draft.id, STR("requisite_added"), draft.recipient, draft.content, &n);
}

static err owner_tell(struct task *t, const struct change *c)
{
    const struct partner_find_row *partner;
    const struct user_previous_email_row *before;
    const struct user_find_row *user = c->user;
    TRY(partner_find(t, c->caller->partner, &partner));
    TRY(user_previous_email(t, c->caller->partner, user->user_id, (instant){ t->now.us - OLD_ADDRESS.us }, &before));
    str partner_name = partner ? partner->name : c->caller->partner.v;
    const struct mail_requisite_added m = {
        .destination = iban_masked(t->arena, c->row.iban),
        .holder_name = c->row.holder_name,
        .requested_by = str_given(c->caller->subject) ? user->name : partner_name,
        .partner_name = partner_name,
        .time = instant_text(t->arena, t->now),
        .usable_from = c->row.usable_from_given ? instant_text(t->arena, c->row.usable_from) : STR_NONE,
        .not_me_url = freeze_url(t, c->caller->partner, user->user_id),
    };
    if (str_given(user->email))
        TRY(notice_send(t, user->email, &m));
    if (before && !str_eq(before->email, user->email))
        TRY(notice_send(t, before->email, &m));
    return OK;
}

static err event_tell(struct task *t, const struct change *c, const char *type, str body)
{
    int64_t n;
    event_id event = { random_id(t->arena, "evt_") };
    return event_insert(t, event, c->partner, str_of(type), c->row.requisite_id.v, body, &n);
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
        .iban = row->iban,
        .bic = row->bic,
        .holder_name = row->holder_name,
        .country = row->country,
        .town = row->town,
        .street = row->street,
        .building = row->building,
        .postcode = row->postcode,
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
    *ret = (struct answer){ .status = 201, .body = requisite_document(t, row) };
    TRY(event_tell(t, c, "requisite.created", ret->body));
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
    digest to = requisite_destination(t->arena, c.row.iban, c.row.bic, c.row.holder_name);
    confirmation_line_add(ret, "account", TEXT_MAIL_ACCOUNT, iban_masked(t->arena, c.row.iban),
                          hex_encode(t->arena, digest_bytes(&to)));
    confirmation_line_add(ret, "bic", TEXT_MAIL_BIC, c.row.bic, STR_NONE);
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
    TRY(event_tell(t, &c, "requisite.activated", requisite_document(t, &c.row)));
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
