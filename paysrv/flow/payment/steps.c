/* Steps into batches and results back to their callers. See steps.h. */
#include "paysrv/flow/payment/steps.h"

#include "paysrv/app.h"
#include "paysrv/domain/payment/payment.h"
#include "paysrv/store/batch.sql.h"
#include "shared/base/buf.h"
#include "shared/crypto/crypto.h"
#include "shared/db/batch.h"

static const struct steps *steps_of(struct task *t)
{
    return &((const struct app *)t->app)->steps;
}

static str words(struct arena *a, str_array list)
{
    struct buf b;
    buf_init(&b, a, 65536);
    for (size_t i = 0; i < list.n; i++) {
        if (i)
            buf_add_char(&b, ' ');
        buf_add(&b, list.items[i]);
    }
    return buf_str(&b);
}

static str numbers_text(struct arena *a, i64_array list)
{
    struct buf b;
    buf_init(&b, a, 1024);
    for (size_t i = 0; i < list.n; i++) {
        if (i)
            buf_add_char(&b, ' ');
        buf_add_i64(&b, list.items[i]);
    }
    return buf_str(&b);
}

static str kept(struct arena *a, str s)
{
    return str_given(s) ? arena_str(a, s) : STR_NONE;
}

/* ---- create ---- */

/* Of a payment that waits to be confirmed there is no charge. */
static struct payments_create_item create_item(struct task *t, const struct step_create *s)
{
    static const struct step_begin none;
    const struct payment_find_row *p = s->payment;
    const struct step_begin *b = s->begin ? s->begin : &none;
    return (struct payments_create_item){
        .payment_id = p->payment_id.v,
        .partner_id = p->partner_id.v,
        .route = s->route,
        .key = s->key,
        .fingerprint = s->fingerprint,
        .body = s->body,
        .store_id = p->store_id.v,
        .user_id = p->user_id.v,
        .currency = p->currency,
        .amount = p->amount,
        .platform_amount = p->platform_amount,
        .partner_amount = p->partner_amount,
        .seller_amount = p->seller_amount,
        .platform_bp = p->platform_bp,
        .partner_bp = p->partner_bp,
        .description = p->description,
        .external_id = p->external_id,
        .return_url = p->return_url,
        .origins = words(t->arena, p->origins),
        .metadata = p->metadata,
        .created_us = p->created_at.us,
        .expires_us = p->expires_at.us,
        .split_profile_id = p->split_profile_id,
        .share_users = words(t->arena, p->share_users),
        .share_amounts = numbers_text(t->arena, p->share_amounts),
        .captured = p->captured_given ? p->captured : -1,
        .terms = s->settlement_terms,
        .on_clock = s->clock,
        .methods = words(t->arena, p->methods),
        .locale = s->locale,
        .op = s->begin ? b->charge.v : p->payment_id.v,
        .charge_id = b->charge.v,
        .token = b->token,
        .paid_by = b->method,
        .acquirer = b->acquirer,
        .due_us = b->due.us,
    };
}

/* The payment as T1 made it. */
static void create_begun(struct step_create *s, const struct payments_create_row *row)
{
    struct step_begin *b = s->begin;
    b->begun = row->created;
    b->descriptor = kept(s->arena, row->descriptor);
    b->made = *s->payment;
    b->made.status = STR("processing");
    b->made.charge_id = b->charge.v;
    b->made.method = b->method;
    b->made.locale = s->locale;
}

static void create_take(struct step_create *s, const struct payments_create_row *row)
{
    s->created = row->created;
    if (s->begin)
        create_begun(s, row);
    s->before = (struct step_key){ .found = row->fingerprint_given, .is_answered = row->status_given };
    if (!row->fingerprint_given)
        return;
    s->before.fingerprint = row->fingerprint;
    s->before.status = row->status_given ? row->status : 0;
    s->before.body = str_given(row->body) ? arena_str(s->arena, row->body) : STR_NONE;
}

/* Where the walk of timers.h has been at most, with half of a payment's life to spare for who stands still on the way.
 */
static str walked(struct task *t)
{
    return random_id_least(t->arena, "pay_", (instant){ task_wall(t).us - PAYMENT_LIFE.us / 2 });
}

static err create_run(struct task *t, void *const *items, size_t n)
{
    struct payments_create_item *made = arena_array(t->arena, struct payments_create_item, n);
    const struct payments_create_row *rows;
    size_t rows_n;
    for (size_t i = 0; i < n; i++)
        made[i] = create_item(t, items[i]);
    TRY(payments_create(t, made, n, walked(t), &rows, &rows_n));
    for (size_t r = 0; r < rows_n; r++)
        for (size_t i = 0; i < n; i++)
            if (str_eq(rows[r].payment_id.v, made[i].payment_id))
                create_take(items[i], &rows[r]);
    return OK;
}

err step_create(struct task *t, struct step_create *s)
{
    s->arena = t->arena;
    s->clock = task_clock(t);
    return db_batch_join(t, steps_of(t)->create, create_run, s);
}

/* ---- begin ---- */

static str_array kept_texts(struct arena *a, str_array list)
{
    str *items = arena_array(a, str, list.n + 1);
    for (size_t i = 0; i < list.n; i++)
        items[i] = arena_str(a, list.items[i]);
    return (str_array){ items, list.n };
}

static i64_array kept_numbers(struct arena *a, i64_array list)
{
    int64_t *items = arena_array(a, int64_t, list.n + 1);
    for (size_t i = 0; i < list.n; i++)
        items[i] = list.items[i];
    return (i64_array){ items, list.n };
}

static void begin_take(struct step_begin *s, const struct charges_begin_row *row)
{
    s->begun = true;
    s->descriptor = kept(s->arena, row->descriptor);
    s->made = (struct payment_find_row){
        .payment_id = s->payment,
        .partner_id = s->partner,
        .store_id = { kept(s->arena, row->store_id) },
        .user_id = { kept(s->arena, row->user_id) },
        .currency = kept(s->arena, row->currency),
        .locale = kept(s->arena, row->locale),
        .amount = row->amount,
        .platform_amount = row->platform_amount,
        .partner_amount = row->partner_amount,
        .seller_amount = row->seller_amount,
        .platform_bp = row->platform_bp,
        .partner_bp = row->partner_bp,
        .status = STR("processing"),
        .charge_id = s->charge.v,
        .method = s->method,
        .description = kept(s->arena, row->description),
        .external_id = kept(s->arena, row->external_id),
        .return_url = kept(s->arena, row->return_url),
        .metadata = kept(s->arena, row->metadata),
        .created_at = row->created_at,
        .expires_at = row->expires_at,
        .split_profile_id = kept(s->arena, row->split_profile_id),
        .share_users = kept_texts(s->arena, row->share_users),
        .share_amounts = kept_numbers(s->arena, row->share_amounts),
        .captured = row->captured,
        .captured_given = row->captured_given,
    };
}

static struct charges_begin_item begin_item(const struct step_begin *s)
{
    return (struct charges_begin_item){
        .charge_id = s->charge.v,
        .payment_id = s->payment.v,
        .partner_id = s->partner.v,
        .route = s->route,
        .key = s->key,
        .fingerprint = s->fingerprint,
        .token = s->token,
        .return_url = s->return_url,
        .method = s->method,
        .acquirer = s->acquirer,
        .now_us = s->now.us,
        .due_us = s->due.us,
    };
}

static err begin_run(struct task *t, void *const *items, size_t n)
{
    struct charges_begin_item *begun = arena_array(t->arena, struct charges_begin_item, n);
    const struct charges_begin_row *rows;
    size_t rows_n;
    for (size_t i = 0; i < n; i++) {
        struct step_begin *s = items[i];
        s->begun = false;
        begun[i] = begin_item(s);
    }
    TRY(charges_begin(t, begun, n, &rows, &rows_n));
    for (size_t r = 0; r < rows_n; r++)
        for (size_t i = 0; i < n; i++)
            if (str_eq(rows[r].charge_id.v, begun[i].charge_id))
                begin_take(items[i], &rows[r]);
    return OK;
}

err step_begin(struct task *t, struct step_begin *s)
{
    s->arena = t->arena;
    s->now = t->now;
    return db_batch_join(t, steps_of(t)->begin, begin_run, s);
}

/* ---- succeed ---- */

static struct charges_succeed_item succeed_item(const struct step_succeed *s)
{
    return (struct charges_succeed_item){
        .charge_id = s->charge.v,
        .payment_id = s->payment.v,
        .acquirer_ref = s->acquirer_ref,
        .receivable = posting_amount_of(s->posting, STR("acquirer_receivable")),
        .platform = posting_amount_of(s->posting, STR("platform")),
        .partner = posting_amount_of(s->posting, STR("partner")),
        .seller = posting_amount_of(s->posting, STR("seller")),
        .event_id = s->event,
        .body = s->body,
        .note_id = s->note_id,
        .note = s->note,
        .clearing = s->clearing,
        .card = s->card,
        .now_us = s->now.us,
    };
}

static err succeed_run(struct task *t, void *const *items, size_t n)
{
    struct charges_succeed_item *paid = arena_array(t->arena, struct charges_succeed_item, n);
    const struct charges_succeed_row *rows;
    size_t rows_n;
    for (size_t i = 0; i < n; i++) {
        struct step_succeed *s = items[i];
        s->applied = false;
        paid[i] = succeed_item(s);
    }
    TRY(charges_succeed(t, paid, n, &rows, &rows_n));
    for (size_t r = 0; r < rows_n; r++)
        for (size_t i = 0; i < n; i++)
            if (str_eq(rows[r].charge_id.v, paid[i].charge_id))
                ((struct step_succeed *)items[i])->applied = true;
    return OK;
}

err step_succeed(struct task *t, struct step_succeed *s)
{
    s->now = t->now;
    return db_batch_join(t, steps_of(t)->succeed, succeed_run, s);
}

void steps_open(struct steps *s, struct arena *process, const struct db_config *config, size_t max)
{
    s->create = db_batch_create(process, config, max, create_run);
    s->begin = db_batch_create(process, config, max, begin_run);
    s->succeed = db_batch_create_overlapped(process, config, max, succeed_run);
}
