/* See linking.h. */
#include "authsrv/flow/account/linking.h"

#include "authsrv/app.h"
#include "authsrv/counters.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/credentials.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/language.h"
#include "authsrv/flow/mailer.h"
#include "authsrv/flow/partner/branded_mail.h"
#include "authsrv/flow/upstream/upstream_end.h"
#include "authsrv/flow/upstream/upstream_keep.h"
#include "authsrv/store/credential.sql.h"
#include "authsrv/store/identity.sql.h"
#include "authsrv/store/user.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "web/authsrv/pages.h"
#include "web/text.h"

#define UNDO_LIFE DAYS(1)

err link_offer_due(struct task *t, const struct upstream *up, const struct partner_person *person, bool *due)
{
    const struct identity_owner_row *owner;
    const struct email_is_anothers_row *row;
    struct offer_facts f = { .email_verified = person->email_verified && str_given(person->email) };
    *due = false;
    TRY(identity_owner(t, up->row->issuer, person->subject, &owner));
    if (owner || !f.email_verified)
        return OK;
    TRY(email_is_anothers(t, person->email, up->row->issuer, &row));
    f.email_is_anothers = row->found;
    *due = link_is_offered(&f);
    if (*due)
        count_link(t, LINKS_OFFERED);
    return OK;
}

err link_keep(struct task *t, flow_id flow, const struct upstream *up, const struct partner_person *person,
              bool linking)
{
    int64_t n;
    const instant auth_time = instant_of_seconds(person->auth_time_s);
    return pending_put(t,
                       &(struct pending_put_args){ .linking = linking,
                                                   .flow = flow,
                                                   .partner = up->row->slug,
                                                   .issuer = up->row->issuer,
                                                   .subject = person->subject,
                                                   .name = person->name,
                                                   .email = person->email,
                                                   .email_verified = person->email_verified,
                                                   .sid = person->sid,
                                                   .amr = person->amr,
                                                   .auth_time = person->auth_time_s ? &auth_time : NULL,
                                                   .tokens_sealed = upstream_tokens_wrap(t, flow, up, person),
                                                   .hint_sealed = upstream_hint_seal(t, up, person) },
                       &n);
}

err link_pending(struct task *t, flow_id flow, const struct pending_find_row **ret)
{
    return pending_find(t, flow, ret);
}

err link_forget(struct task *t, flow_id flow)
{
    int64_t n;
    return pending_drop(t, flow, &n);
}

struct partner_person link_person(const struct pending_find_row *p)
{
    return (struct partner_person){ .subject = p->subject,
                                    .name = p->name,
                                    .email = p->email,
                                    .email_verified = p->email_verified,
                                    .sid = p->sid,
                                    .amr = p->amr };
}

err link_examine(struct task *t, const struct session *proven, const struct pending_find_row *p, enum link_verdict *ret)
{
    const struct identity_owner_row *owner;
    const struct ways_find_row *ways;
    const struct user_find_row *user;
    struct link_facts f = { .is_proven = proven != NULL };
    *ret = LINK_UNPROVEN;
    if (!proven)
        return OK;
    TRY(identity_owner(t, p->issuer, p->subject, &owner));
    TRY(ways_find(t, proven->row->user_id, &ways));
    TRY(user_find(t, proven->row->user_id, &user));
    if (!ways || !user)
        return FAIL(t, ACCOUNT_DISABLED, "disabled meanwhile");
    f.has_owner = owner != NULL;
    f.is_own = owner && str_eq(owner->user_id.v, proven->row->user_id.v);
    f.has_password = ways->has_password;
    f.email_verified = user->email_verified;
    *ret = link_judge(&f);
    return OK;
}

/* ---- joining ---- */

struct joining {
    flow_id flow;
    const struct session *proven;
    const struct pending_find_row *p;
    const struct client *client;
    str undo; /* what the mail brings */
};

static err linked_mail(struct task *t, const struct joining *j)
{
    user_id user = j->proven->row->user_id;
    enum language language;
    TRY(language_of_account(t, user, &language));
    instant until = instant_add(t->now, UNDO_LIFE);
    const struct mail_linked words = {
        .partner_name = j->p->partner_name,
        .there = str_given(j->p->email) ? j->p->email : j->p->name,
        .at = instant_text(t->arena, t->now),
        .url = arena_printf(t->arena, "%.*s/link/undo?token=%.*s", STR_ARG(app_of(t)->issuer), STR_ARG(j->undo)),
        .until = instant_text(t->arena, until),
    };
    struct letter letter = mail_linked(t->arena, language, &words);
    TRY(letter_wear(t, j->client, language, &letter));
    return mail_keep(t, user, letter, UNDO_LIFE);
}

static err join_in_tx(struct task *t, void *context)
{
    const struct joining *j = context;
    const struct pending_find_row *p = j->p;
    user_id user = j->proven->row->user_id;
    int64_t n;
    TRY(credentials_change(t, user, j->proven));
    TRY(identity_link(t,
                      &(struct identity_link_args){ .issuer = p->issuer,
                                                    .subject = p->subject,
                                                    .partner = p->partner,
                                                    .name = p->name,
                                                    .email = p->email,
                                                    .email_verified = p->email_verified,
                                                    .session_hash = j->proven->id_hash,
                                                    .undo_hash = typed_digest("link_undo", j->undo),
                                                    .undo_until = instant_add(t->now, UNDO_LIFE),
                                                    .user = user },
                      &n));
    if (n == 0)
        return FAIL(t, ACCOUNT_DISABLED, "disabled meanwhile");
    TRY(link_forget(t, j->flow));
    TRY(audit_write(t, user.v, STR("identity.linked"), user.v,
                    arena_printf(t->arena, "%.*s %.*s", STR_ARG(p->partner), STR_ARG(p->subject))));
    return linked_mail(t, j);
}

err link_make(struct task *t, flow_id flow, const struct client *client, const struct session *proven,
              const struct pending_find_row *p, enum link_verdict *ret)
{
    struct joining j = { flow, proven, p, client, random_token(t->arena, "") };
    err e = db_tx_in_turn(t, join_in_tx, &j);
    if (err_is(e, &FAULT_ALREADY_EXISTS)) /* by somebody else, or by the same form that came twice */
        return link_examine(t, proven, p, ret);
    TRY(e);
    *ret = LINK_GOOD;
    TRY(upstream_tokens_keep_pending(t, flow, p));
    count_link(t, LINKS_MADE);
    mails_wake(t);
    return OK;
}

/* ---- taking away ---- */

struct leaving {
    str actor, id;
    user_id user;
    const struct session *by;
};

static err leave_in_tx(struct task *t, void *context)
{
    const struct leaving *l = context;
    const struct identity_list_row *rows;
    const struct identity_unlink_row *gone;
    size_t n, at = 0;
    TRY(credentials_change(t, l->user, l->by));
    TRY(identity_list(t, l->user, &rows, &n));
    while (at < n && !str_eq(rows[at].id, l->id))
        at++;
    if (at == n)
        return FAIL(t, NOT_FOUND, "no identity %.*s of this account", STR_ARG(l->id));
    TRY(identity_unlink(t, l->user, l->id, &gone));
    if (!gone)
        return FAIL(t, CONFLICT, "it is the last way in");
    TRY(audit_write(t, l->actor, STR("identity.unlinked"), l->user.v,
                    arena_printf(t->arena, "%.*s %.*s", STR_ARG(gone->partner), STR_ARG(gone->subject))));
    return security_notice(t, l->user,
                           &(struct notice){ .what = TEXT_NOTICE_UNLINKED, .value = rows[at].partner_name });
}

err link_remove(struct task *t, str actor, user_id user, const struct session *by, str id)
{
    struct leaving l = { actor, id, user, by };
    TRY(db_tx_in_turn(t, leave_in_tx, &l));
    count_link(t, LINKS_REMOVED);
    mails_wake(t);
    return OK;
}

err link_of_undo(struct task *t, str token, const struct identity_of_undo_row **ret)
{
    return identity_of_undo(t, typed_digest("link_undo", token), ret);
}
