/* See store_connection.h. */
#include "paysrv/flow/stores/store_connection.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/flow/party/party_object.h"
#include "paysrv/flow/stores/store_open.h"
#include "paysrv/flow/stores/store_state.h"
#include "paysrv/flow/stores/store_terms.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/store/store_connection.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES 4096

SHAPE(store_connection, "StoreConnection",
      "id: string, object: 'store_connection', store: string, user: string, status: 'awaiting_code' | 'confirmed' | "
      "'canceled' | 'expired', new_store: string | null, confirmation?: Confirmation, created_at: time")

void store_connection_write(struct json *j, const struct store_connection_find_row *row)
{
    json_str(j, "id", row->connection_id);
    json_str(j, "object", STR("store_connection"));
    json_str(j, "store", row->store_id);
    json_str(j, "user", row->user_id.v);
    json_str(j, "status", row->status);
    json_str_or_null(j, "new_store", row->new_store_id);
    json_time(j, "created_at", row->created_at);
}

static str document_of(struct task *t, const struct store_connection_find_row *row)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    store_connection_write(&j, row);
    json_end(&j);
    return buf_str(&out);
}

/* ---- asked for ---- */

struct asking {
    const struct caller *caller;
    const struct user_find_row *user;
    struct store_connection_find_row row;
    str recipient; /* absent: nobody's */
};

static err begin_effect(struct task *t, void *context, struct answer *ret)
{
    const struct asking *a = context;
    const struct confirmation_order order = { .operation = CONFIRM_STORE_CONNECTION,
                                              .user = a->user,
                                              .object = a->row.connection_id,
                                              .recipient = a->recipient };
    str document;
    int64_t n;
    TRY(store_connection_insert(t, a->row.connection_id, a->row.partner_id, a->row.user_id, a->row.store_id, &n));
    TRY(confirmation_begin(t, a->caller, &order, &document));
    *ret = (struct answer){ .status = 202, .body = confirmation_join(t, document_of(t, &a->row), document) };
    return OK;
}

err store_connection_begin(struct task *t, const struct caller *c, const struct user_find_row *user, str store,
                           const struct once *once, struct answer *ret)
{
    const struct store_connection_source_row *source;
    TRY(store_connection_source(t, c->partner, store, &source));
    struct asking a = { .caller = c,
                        .user = user,
                        .row = { .connection_id = random_id(t->arena, "scn_"),
                                 .partner_id = c->partner,
                                 .user_id = user->user_id,
                                 .store_id = store,
                                 .status = STR("awaiting_code"),
                                 .created_at = t->now },
                        .recipient = source ? source->owner_email : STR_NONE };
    TRY(once_run(t, c->partner, once, a.row.connection_id, begin_effect, &a, ret));
    mail_wake(t);
    return OK;
}

/* ---- the owner agrees ---- */

static err row_of(struct task *t, const struct confirmation_of *of, const struct store_connection_find_row **ret)
{
    TRY(store_connection_find(t, of->partner, of->object, ret));
    return *ret ? OK : FAIL(t, INTERNAL, "a confirmation without its connection");
}

/* What the owner reads in his mail; the asking partner is shown none of it (confirmation_object.c). */
err connection_lines(struct task *t, const struct confirmation_of *of, struct confirmation_lines *ret)
{
    const struct store_connection_find_row *row;
    const struct store_connection_source_row *source;
    const struct user_find_row *user;
    TRY(row_of(t, of, &row));
    TRY(store_connection_source(t, of->partner, row->store_id, &source));
    TRY(user_find(t, of->partner, of->user, &user));
    if (source) {
        ret->partner = source->partner_id;
        ret->user = source->owner_id;
        ret->address = source->owner_email;
    }
    confirmation_line_add(ret, "store", TEXT_MAIL_STORE, source ? source->name : row->store_id, row->store_id);
    confirmation_line_add(ret, "currency", TEXT_MAIL_STORE_CURRENCY, source ? source->currency : STR_NONE, STR_NONE);
    confirmation_line_add(ret, "url", TEXT_MAIL_STORE_URL, source ? source->url : STR_NONE, STR_NONE);
    confirmation_line_add(ret, "name", TEXT_MAIL_STORE_SELLER, user ? user->name : STR_NONE, of->user.v);
    return OK;
}

/* What the new partner gives its stores has to fit this one, too. */
static err terms_take(struct task *t, const struct store_insert_args *made)
{
    const struct store_find_row row = { .store_id = made->store, .user_id = made->user, .currency = made->currency };
    return str_given(made->split_profile_id) ? store_profile_take(t, made->partner, made->split_profile_id, &row) : OK;
}

/* As any store of the new partner: its terms, its way of opening. */
static err new_store(struct task *t, const struct confirmation_of *of, const struct store_connection_source_row *source,
                     store_id id)
{
    const struct partner_find_row *partner;
    int64_t n;
    TRY(partner_find(t, of->partner, &partner));
    if (!partner)
        return FAIL(t, NO_PARTNER, "the new partner is not set up here");
    const struct store_insert_args args = {
        .partner = of->partner,
        .store = id,
        .user = of->user,
        .name = source->name,
        .currency = source->currency,
        .url = source->url,
        .status = partner->store_opening,
        .platform_bp = partner->platform_bp,
        .partner_bp = partner->partner_bp,
        .split_profile_id = partner->split_profile_id,
    };
    TRY(terms_take(t, &args));
    TRY(store_make(t, &args));
    TRY(store_follow(t, source->store_id, id, &n));
    return accounts_open(t, of->user, of->partner, source->currency, &n);
}

static err tell(struct task *t, partner_id partner, store_id store, str type)
{
    const struct store_find_row *row;
    event_id event = { random_id(t->arena, "evt_") };
    int64_t n;
    TRY(store_find(t, partner, store, STR_NONE, &row));
    return row ? event_insert(t, event, partner, type, store.v, store_document(t, row), &n) : OK;
}

static err leave(struct task *t, const struct confirmation_of *of, const struct store_connection_source_row *source,
                 store_id next)
{
    int64_t n;
    TRY(store_leave(t, source->store_id, of->recipient, next, of->user.v, &n));
    if (n == 0)
        return FAIL(t, CONFIRMATION_STATE, "the store has left meanwhile, or its owner has another address");
    return tell(t, source->partner_id, source->store_id, STR("store.moved"));
}

/* What is written for its partner of before happens at his time. */
static err leave_there(struct task *t, const struct confirmation_of *of,
                       const struct store_connection_source_row *source, store_id next)
{
    const struct task here = *t;
    err e = clock_enter(t, source->partner_id);
    if (!e)
        e = leave(t, of, source, next);
    clock_back(t, &here);
    return e;
}

err connection_confirmed(struct task *t, const struct confirmation_of *of)
{
    const struct store_connection_find_row *row;
    const struct store_connection_source_row *source;
    store_id id = { random_id(t->arena, "st_") };
    int64_t n;
    TRY(row_of(t, of, &row));
    TRY(store_connection_source(t, of->partner, row->store_id, &source));
    if (!source)
        return FAIL(t, CONFIRMATION_STATE, "the store cannot be moved any more");
    TRY(leave_there(t, of, source, id));
    TRY(new_store(t, of, source, id));
    TRY(store_connection_end(t, STR("confirmed"), id.v, of->partner, row->connection_id, &n));
    TRY(tell(t, of->partner, id, STR("store.created")));
    store_changed(t, source->partner_id, source->store_id);
    log_info(t, "store.connected", L_STR("store", source->store_id.v), L_STR("new_store", id.v),
             L_STR("partner", of->partner.v));
    return OK;
}

err connection_dropped(struct task *t, const struct confirmation_of *of, str why)
{
    int64_t n;
    return store_connection_end(t, why, STR_NONE, of->partner, of->object, &n);
}
