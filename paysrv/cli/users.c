/* paysrv users show and email, confirmations list: the people who sell, and what waits for their codes. */
#include <stdio.h>
#include <string.h>

#include "paysrv/domain/confirmation/confirmation.h"
#include "paysrv/domain/party/tax_id.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/party/agreement.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/flow/party/user.h"
#include "paysrv/store/agreement.sql.h"
#include "paysrv/store/confirmation.sql.h"
#include "paysrv/store/legal_profile.sql.h"
#include "paysrv/store/user.sql.h"
#include "paysrv/verbs.h"
#include "shared/db/db.h"
#include "shared/ops/cli.h"
#include "shared/text/host.h"

static str or_none(str s)
{
    return str_given(s) ? s : STR("none");
}

static err profile_print(struct task *t, partner_id partner, user_id user, bool whole)
{
    const struct legal_profile_find_row *p;
    TRY(legal_profile_find(t, partner, user, &p));
    if (!p) {
        printf("legal profile: none\n");
        return OK;
    }
    str tax = !str_given(p->tax_id) || whole ? or_none(p->tax_id) : tax_id_masked(t->arena, p->tax_id);
    printf("legal profile %d: %.*s, %.*s, tax id %.*s, registration %.*s\n", p->version, STR_ARG(p->kind),
           STR_ARG(p->name), STR_ARG(tax), STR_ARG(or_none(p->registration_number)));
    printf("  %.*s %.*s, %.*s %.*s, %.*s\n", STR_ARG(p->street), STR_ARG(p->building), STR_ARG(p->postcode),
           STR_ARG(p->town), STR_ARG(p->country));
    if (whole && str_given(p->birth_date))
        printf("  born %.*s\n", STR_ARG(p->birth_date));
    return OK;
}

static err acceptances_print(struct task *t, partner_id partner, user_id user)
{
    const struct acceptance_list_row *rows;
    const struct agreement_missing_row *missing;
    size_t n;
    TRY(acceptance_list(t, partner, user, STR_NONE, ACCEPTANCES_MOST, &rows, &n));
    for (size_t i = 0; i < n; i++)
        printf("accepted %.*s at %.*s by %.*s from %.*s\n", STR_ARG(rows[i].version),
               STR_ARG(instant_iso(t->arena, rows[i].accepted_at)), STR_ARG(rows[i].accepted_by),
               STR_ARG(or_none(rows[i].accepted_ip)));
    TRY(agreement_missing(t, partner, user, &missing));
    if (str_given(missing->version))
        printf("not accepted: %.*s\n", STR_ARG(missing->version));
    return OK;
}

static err user_print(struct task *t, user_id id, bool whole)
{
    const struct user_any_row *any;
    const struct user_find_row *u = NULL;
    TRY(user_any(t, id, &any));
    if (any)
        TRY(user_find(t, any->partner_id, id, &u));
    if (!u)
        return FAIL(t, NOT_FOUND, "no such user");
    printf("%.*s of %.*s: %.*s, %.*s%s\n", STR_ARG(u->user_id.v), STR_ARG(any->partner_id.v), STR_ARG(u->name),
           STR_ARG(party_status(u)), u->payouts_frozen_at_given ? ", payouts frozen" : "");
    printf("e-mail %.*s%s, country %.*s, locale %.*s, external id %.*s, made %.*s\n", STR_ARG(or_none(u->email)),
           u->email_verified ? " (verified)" : "", STR_ARG(or_none(u->country)), STR_ARG(or_none(u->locale)),
           STR_ARG(or_none(u->external_id)), STR_ARG(instant_iso(t->arena, u->created_at)));
    TRY(profile_print(t, any->partner_id, id, whole));
    return acceptances_print(t, any->partner_id, id);
}

int users_show(struct task *t, int argc, char **argv)
{
    const char *user = NULL;
    bool whole = false;
    const struct cli_option options[] = { { "--whole", NULL, &whole, NULL } };
    if (!cli_read(argc, argv, &user, 1, options, 1))
        return CLI_USAGE;
    err e = user_print(t, (user_id){ str_of(user) }, whole);
    return e ? cli_failed(e) : CLI_DONE;
}

/* ---- another address ---- */

static bool address_is_plain(struct arena *a, str address)
{
    str local, host = address, unused;
    if (!str_cut(&host, '@', &local) || local.n == 0 || local.n > 64)
        return false;
    for (size_t i = 0; i < local.n; i++)
        if (local.p[i] <= ' ' || local.p[i] > '~' || strchr("\"(),:;<>[\\]", local.p[i]))
            return false;
    return host_normal(a, host, &unused);
}

struct giving {
    partner_id partner;
    struct user_find_row user;
    str email;
};

static err give(struct task *t, void *context)
{
    struct giving *g = context;
    return user_email_give(t, g->partner, g->email, false, &g->user);
}

static err giving_read(struct task *t, user_id id, struct giving *ret)
{
    const struct user_any_row *any;
    const struct user_find_row *user = NULL;
    TRY(user_any(t, id, &any));
    if (any)
        TRY(user_find(t, any->partner_id, id, &user));
    if (!user)
        return FAIL(t, NOT_FOUND, "no such user");
    ret->partner = any->partner_id;
    ret->user = *user;
    TRY(party_is_active(t, user));
    return clock_enter(t, ret->partner);
}

int users_email(struct task *t, int argc, char **argv)
{
    const char *words[2] = { NULL, NULL };
    if (!cli_read(argc, argv, words, 2, NULL, 0))
        return CLI_USAGE;
    struct giving g = { .email = str_of(words[1]) };
    if (!address_is_plain(t->arena, g.email))
        return cli_misuse("ADDRESS: an e-mail address such as ada@example.com");
    err e = giving_read(t, (user_id){ str_of(words[0]) }, &g);
    if (!e && str_given(g.user.subject))
        return cli_misuse("USER: whoever logs in has the address that the issuer verified");
    if (!e)
        e = db_tx(t, give, &g);
    if (e)
        return cli_failed(e);
    str from = g.user.payouts_from_given ? instant_iso(t->arena, g.user.payouts_from) : STR("now");
    printf("%s has the address %.*s; payouts from %.*s on\n", words[0], STR_ARG(g.user.email), STR_ARG(from));
    return CLI_DONE;
}

int confirmations_list(struct task *t, int argc, char **argv)
{
    const char *partner = NULL, *status = "awaiting_code";
    const struct cli_option options[] = { { "--partner", &partner, NULL, NULL }, { "--status", &status, NULL, NULL } };
    const struct confirmation_any_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    if (!confirmation_status_is_known(str_of(status)))
        return cli_misuse("--status: awaiting_code, confirmed, canceled or expired");
    err e = confirmation_any(t, str_of(partner), str_of(status), &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\n", STR_ARG(rows[i].confirmation_id),
               STR_ARG(rows[i].partner_id.v), STR_ARG(rows[i].user_id.v), STR_ARG(rows[i].operation),
               STR_ARG(rows[i].object_id), STR_ARG(email_masked(t->arena, rows[i].recipient)), STR_ARG(rows[i].status),
               STR_ARG(instant_iso(t->arena, rows[i].created_at)),
               STR_ARG(str_given(rows[i].reason) ? rows[i].reason : STR("-")));
    return cli_listed(n, 200);
}
