/* See user_data.h; docs/protocol/pay/users.md; MONEY 6.B15, E31. */
#include "paysrv/flow/party/user_data.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/confirmation/confirmation_object.h"
#include "paysrv/flow/party/agreement.h"
#include "paysrv/flow/party/legal_profile.h"
#include "paysrv/flow/party/party_object.h"
#include "paysrv/flow/party/user.h"
#include "paysrv/flow/payout/payout_object.h"
#include "paysrv/flow/payout/payout_schedule_object.h"
#include "paysrv/flow/walk.h"
#include "paysrv/store/agreement.sql.h"
#include "paysrv/store/confirmation.sql.h"
#include "paysrv/store/fee_invoice.sql.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/payout_schedule.sql.h"
#include "paysrv/store/requisite.sql.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/store/user.sql.h"
#include "paysrv/store/user_data.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/text/shape.h"

/* Of each kind, the newest; `more` says where the others are. As long as they may be, so many fit into an answer. */
#define MOST 200

#define FORGET_LIMIT SECONDS(5) /* other jobs wait for it */

SHAPE(user_data, "UserData",
      "object: 'user_data', user: User, previous_email: string | null, legal_profiles: LegalProfile[], "
      "agreement_acceptances: AgreementAcceptance[], requisites: Requisite[], stores: Store[], balances: { account: "
      "string, currency: string, amount: integer, statement: string }[], payouts: Payout[], payout_schedules: "
      "PayoutSchedule[], confirmations: Confirmation[], more: string[]")

struct writing {
    struct task *t;
    struct json *j;
    partner_id partner;
    const struct user_find_row *user;
    bool is_whole;
    str more[8]; /* where what did not fit is read, and what is never all of an answer */
    size_t n_more;
};

static size_t shown_of(struct writing *w, size_t n, str where)
{
    if (n <= MOST)
        return n;
    w->more[w->n_more++] = where;
    return MOST;
}

static str of_user(const struct writing *w, const char *list)
{
    return arena_printf(w->t->arena, "/v1/users/%.*s/%s", STR_ARG(w->user->user_id.v), list);
}

/* The person's own: as it is stored. */
static void profile_whole(struct json *j, const struct legal_profile_find_row *row)
{
    json_str_or_null(j, "whole_tax_id", row->tax_id);
    json_str_or_null(j, "birth_date", row->birth_date);
}

static err profiles_write(struct writing *w)
{
    const struct legal_profile_find_row *rows;
    const struct acceptance_list_row *accepted;
    size_t n, shown;
    TRY(legal_profile_all(w->t, w->partner, w->user->user_id, MOST + 1, &rows, &n));
    shown = shown_of(w, n, of_user(w, "legal_profile"));
    json_array(w->j, "legal_profiles");
    for (size_t i = 0; i < shown; i++) {
        json_object(w->j, NULL);
        legal_profile_write(w->j, w->t, &rows[i]);
        if (w->is_whole)
            profile_whole(w->j, &rows[i]);
        json_close(w->j);
    }
    json_close(w->j);
    TRY(acceptance_list(w->t, w->partner, w->user->user_id, STR_NONE, MOST + 1, &accepted, &n));
    shown = shown_of(w, n, of_user(w, "agreement_acceptances"));
    json_array(w->j, "agreement_acceptances");
    for (size_t i = 0; i < shown; i++) {
        json_object(w->j, NULL);
        acceptance_write(w->j, w->t, &accepted[i]);
        json_close(w->j);
    }
    json_close(w->j);
    return OK;
}

static err requisites_write(struct writing *w)
{
    const struct requisite_find_row *rows;
    const struct store_find_row *stores;
    size_t n, shown;
    TRY(requisite_list(w->t, w->partner, w->user->user_id, STR_NONE, MOST + 1, &rows, &n));
    shown = shown_of(w, n, of_user(w, "requisites"));
    json_array(w->j, "requisites");
    for (size_t i = 0; i < shown; i++) {
        json_object(w->j, NULL);
        requisite_write(w->j, w->t, &rows[i]);
        json_close(w->j);
    }
    json_close(w->j);
    TRY(store_list(w->t, w->partner, STR_NONE, w->user->user_id.v, STR_NONE, STR_NONE, MOST + 1, &stores, &n));
    shown = shown_of(w, n, STR("/v1/stores"));
    json_array(w->j, "stores");
    for (size_t i = 0; i < shown; i++) {
        json_object(w->j, NULL);
        store_write(w->t, w->j, &stores[i]);
        json_close(w->j);
    }
    json_close(w->j);
    return OK;
}

/* What moved on them is the statement's. */
static err balances_write(struct writing *w)
{
    static const str kinds[] = { { "seller", 6 }, { "payout_transit", 14 } };
    const struct balance_list_row *rows;
    size_t n;
    TRY(balance_list(w->t, w->partner, w->user->user_id, (str_array){ kinds, 2 }, &rows, &n));
    json_array(w->j, "balances");
    for (size_t i = 0; i < n; i++) {
        json_object(w->j, NULL);
        json_str(w->j, "account", rows[i].kind);
        json_str(w->j, "currency", rows[i].currency);
        json_i64(w->j, "amount", rows[i].posted);
        json_str(w->j, "statement",
                 arena_printf(w->t->arena, "/v1/statement?account=seller&user=%.*s&currency=%.*s",
                              STR_ARG(w->user->user_id.v), STR_ARG(rows[i].currency)));
        json_close(w->j);
    }
    json_close(w->j);
    return OK;
}

static err payouts_write(struct writing *w)
{
    const struct payout_find_row *rows;
    const struct payout_schedule_find_row *schedules;
    size_t n, shown;
    TRY(payout_list(w->t, w->partner, w->user->user_id.v, STR_NONE, STR_NONE, MOST + 1, &rows, &n));
    shown = shown_of(w, n, STR("/v1/payouts"));
    json_array(w->j, "payouts");
    for (size_t i = 0; i < shown; i++) {
        json_object(w->j, NULL);
        payout_write(w->j, w->t, &rows[i]);
        json_close(w->j);
    }
    json_close(w->j);
    TRY(payout_schedule_list(w->t, w->partner, w->user->user_id, STR_NONE, MOST + 1, &schedules, &n));
    shown = shown_of(w, n, STR("/v1/payout_schedules"));
    json_array(w->j, "payout_schedules");
    for (size_t i = 0; i < shown; i++) {
        json_object(w->j, NULL);
        schedule_write(w->j, w->t, &schedules[i]);
        json_close(w->j);
    }
    json_close(w->j);
    return OK;
}

/* Papers of months, which go on as long as he sells. */
static err fee_invoices_tell(struct writing *w)
{
    const struct fee_invoice_find_row *rows;
    str user = w->user->user_id.v;
    size_t n;
    TRY(fee_invoice_list(w->t, user, STR_NONE, w->partner, STR_NONE, STR_NONE, 1, &rows, &n));
    if (n > 0)
        w->more[w->n_more++] = arena_printf(w->t->arena, "/v1/fee_invoices?user=%.*s", STR_ARG(user));
    return OK;
}

static err confirmations_write(struct writing *w)
{
    const struct confirmation_find_row *rows;
    size_t n, shown;
    TRY(confirmation_list(w->t, w->partner, STR_NONE, w->user->user_id.v, STR_NONE, STR_NONE, MOST + 1, &rows, &n));
    shown = shown_of(w, n, STR("/v1/confirmations"));
    json_array(w->j, "confirmations");
    for (size_t i = 0; i < shown; i++) {
        json_object(w->j, NULL);
        confirmation_write(w->j, w->t, &rows[i]);
        json_close(w->j);
    }
    json_close(w->j);
    TRY(fee_invoices_tell(w));
    json_array(w->j, "more");
    for (size_t i = 0; i < w->n_more; i++)
        json_str(w->j, NULL, w->more[i]);
    json_close(w->j);
    return OK;
}

err user_data_write(struct task *t, struct json *j, partner_id partner, const struct user_find_row *user, bool is_whole)
{
    struct writing w = { .t = t, .j = j, .partner = partner, .user = user, .is_whole = is_whole };
    const struct user_previous_email_row *previous;
    TRY(user_previous_email(t, partner, user->user_id, (instant){ 0 }, &previous));
    json_str(j, "object", STR("user_data"));
    json_object(j, "user");
    user_write(j, user);
    json_close(j);
    json_str_or_null(j, "previous_email", previous && previous->email.n ? previous->email : STR_NONE);
    TRY(profiles_write(&w));
    TRY(requisites_write(&w));
    TRY(balances_write(&w));
    TRY(payouts_write(&w));
    return confirmations_write(&w);
}

/* ---- leaving ---- */

struct erasing {
    partner_id partner;
    user_id user;
};

static err erase_effect(struct task *t, void *context, struct answer *ret)
{
    const struct erasing *x = context;
    const struct user_erase_row *erased;
    const struct user_find_row *now;
    TRY(user_erase(t, x->partner, x->user, &erased));
    TRY(user_find(t, x->partner, x->user, &now));
    if (!now)
        return FAIL(t, NOT_FOUND, "no such user");
    if (!erased && !now->erased_at_given)
        return FAIL_PARAM(t, USER_STATE, STR("user"), STR("has to be closed first"));
    if (erased)
        TRY(user_tell(t, x->partner, now, "user.erased"));
    *ret = (struct answer){ .status = 200, .body = user_document(t, now) };
    return OK;
}

err users_erase(struct task *t, const struct caller *c, const struct user_find_row *user, const struct once *once,
                struct answer *ret)
{
    struct erasing x = { c->partner, user->user_id };
    TRY(once_run(t, c->partner, once, random_id(t->arena, "era_"), erase_effect, &x, ret));
    log_info(t, "user.erased", L_STR("user", user->user_id.v));
    return OK;
}

/* ---- when the law asks for it no more ---- */

static err forget_effect(struct task *t, void *context)
{
    const struct users_to_forget_row *row = context;
    int64_t changed;
    TRY(user_forget(t, row->partner_id, row->user_id, &changed));
    if (changed == 0)
        return OK;
    TRY(user_forget_rest(t, row->partner_id, row->user_id, &changed));
    log_info(t, "user.forgotten", L_STR("user", row->user_id.v));
    return OK;
}

static err some_forget(struct task *t, void *context)
{
    const struct app *app = t->app;
    const struct users_to_forget_row *rows;
    struct walk *w = context;
    TRY(users_to_forget(t, (instant){ t->now.us - app->config.user_retention.us }, w->at, w->owner, w->name,
                        w->step_most, &rows, &w->n));
    for (size_t i = 0; i < w->n; i++) {
        struct users_to_forget_row row = rows[i];
        walk_note(t, w, db_tx(t, forget_effect, &row));
    }
    if (w->n > 0) {
        walk_behind(w, rows[w->n - 1].erased_at, rows[w->n - 1].user_id.v);
        w->owner = arena_str(w->kept, rows[w->n - 1].partner_id.v);
    }
    return OK;
}

err users_forget(struct task *t)
{
    struct walk w = walk_begin(t, WALK_STEP, FORGET_LIMIT);
    TRY(walk_run(t, &w, some_forget));
    return w.failed ? FAIL(t, INTERNAL, "%lld could not be forgotten", (long long)w.failed) : OK;
}
