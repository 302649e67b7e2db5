/* See upstream_account.h. */
#include "authsrv/flow/upstream/upstream_account.h"

#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/store/user.sql.h"
#include "shared/crypto/crypto.h"

static err known_account(struct task *t, const struct upstream *up, const struct partner_person *person,
                         struct proven *who, bool *known)
{
    const struct identity_sign_in_row *row;
    TRY(identity_sign_in(t, up->row->issuer, person->subject, person->name, person->email, person->email_verified,
                         &row));
    *known = row != NULL;
    if (row && row->disabled)
        return FAIL(t, ACCOUNT_DISABLED, "%.*s is disabled", STR_ARG(row->id.v));
    if (!row)
        return OK;
    *who = (struct proven){ row->id, row->cred_version };
    return row->email_moved ? audit_write(t, row->id.v, STR("identity.email_changed"), row->id.v, up->row->slug) : OK;
}

static str display_name(const struct partner_person *person)
{
    if (str_given(person->name))
        return person->name;
    return str_given(person->email) ? person->email : STR("Account");
}

static err create(struct task *t, const struct upstream *up, const struct partner_person *person, bool invited_only,
                  const struct identity_create_row **row)
{
    err e = identity_create(t,
                            &(struct identity_create_args){ .issuer = up->row->issuer,
                                                            .subject = person->subject,
                                                            .id = { random_id(t->arena, "usr_") },
                                                            .name = display_name(person),
                                                            .email = person->email,
                                                            .email_verified = person->email_verified,
                                                            .invited_only = invited_only,
                                                            .partner = up->row->slug },
                            row);
    return err_is(e, &FAULT_ALREADY_EXISTS) ? OK : e;
}

err upstream_account(struct task *t, const struct upstream *up, const struct partner_person *person, struct proven *who)
{
    const struct identity_create_row *row = NULL;
    bool known;
    TRY(known_account(t, up, person, who, &known));
    if (known)
        return OK;
    enum upstream_admission admission = upstream_admit(&up->set, up->row->email_domains, person);
    if (admission == UPSTREAM_FOREIGN_DOMAIN)
        return FAIL(t, NOT_INVITED, "no verified address in a domain of %.*s", STR_ARG(up->row->slug));
    TRY(create(t, up, person, admission == UPSTREAM_NEEDS_INVITATION, &row));
    if (row) {
        *who = (struct proven){ row->id, row->cred_version };
        return audit_write(t, row->id.v, STR("account.created"), up->row->slug, person->subject);
    }
    /* Made by a parallel first log-in, or not to be made. */
    TRY(known_account(t, up, person, who, &known));
    return known ? OK : (err)FAIL(t, NOT_INVITED, "nobody invited this subject of %.*s", STR_ARG(up->row->slug));
}
