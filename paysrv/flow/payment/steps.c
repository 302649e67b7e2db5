/* Rows into arrays and results back to their callers. See steps.h. */
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

/* Columns of one batch: as many arrays as the statement has parameters, filled row by row. */
#define TEXTS(n) arena_array(t->arena, str, n)
#define NUMBERS(n) arena_array(t->arena, int64_t, n)

static str text_or_empty(str s)
{
    return str_given(s) ? s : STR("");
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

enum {
    PAYMENT,
    PARTNER,
    ROUTE,
    KEY,
    BODY,
    STORE,
    USER,
    CURRENCY,
    DESCRIPTION,
    EXTERNAL_ID,
    RETURN_URL,
    ORIGINS,
    METADATA,
    SPLIT_PROFILE,
    SHARE_USERS,
    SHARE_AMOUNTS,
    CLOCK,
    METHODS,
    LOCALE,
    OP,
    CHARGE_ID,
    CARD_TOKEN,
    PAID_BY,
    CALLED,
    CREATE_TEXTS
};
enum {
    AMOUNT,
    PLATFORM,
    PARTNER_AMOUNT,
    SELLER,
    PLATFORM_BP,
    PARTNER_BP,
    CREATED_US,
    EXPIRES_US,
    CAPTURED,
    TERMS,
    CALL_DUE_US,
    CREATE_NUMBERS
};

/* Of a payment that waits to be confirmed: nothing. */
static void create_begin_fill(const struct step_create *s, str **texts, int64_t **numbers, size_t i)
{
    const struct step_begin none = { 0 }, *b = s->begin ? s->begin : &none;
    texts[OP][i] = s->begin ? b->charge.v : s->payment->payment_id.v;
    texts[CHARGE_ID][i] = text_or_empty(b->charge.v);
    texts[CARD_TOKEN][i] = text_or_empty(b->token);
    texts[PAID_BY][i] = text_or_empty(b->method);
    texts[CALLED][i] = text_or_empty(b->acquirer);
    numbers[CALL_DUE_US][i] = b->due.us;
}

static void create_fill(struct task *t, const struct step_create *s, str **texts, int64_t **numbers, size_t i)
{
    const struct payment_find_row *p = s->payment;
    texts[PAYMENT][i] = p->payment_id.v;
    texts[PARTNER][i] = p->partner_id.v;
    texts[ROUTE][i] = s->route;
    texts[KEY][i] = s->key;
    texts[BODY][i] = text_or_empty(s->body);
    texts[STORE][i] = p->store_id.v;
    texts[USER][i] = p->user_id.v;
    texts[CURRENCY][i] = p->currency;
    texts[DESCRIPTION][i] = p->description;
    texts[EXTERNAL_ID][i] = text_or_empty(p->external_id);
    texts[RETURN_URL][i] = text_or_empty(p->return_url);
    texts[ORIGINS][i] = words(t->arena, p->origins);
    texts[METADATA][i] = text_or_empty(p->metadata);
    texts[SPLIT_PROFILE][i] = text_or_empty(p->split_profile_id);
    texts[SHARE_USERS][i] = words(t->arena, p->share_users);
    texts[SHARE_AMOUNTS][i] = numbers_text(t->arena, p->share_amounts);
    texts[CLOCK][i] = s->clock;
    texts[METHODS][i] = words(t->arena, p->methods);
    texts[LOCALE][i] = text_or_empty(s->locale);
    numbers[AMOUNT][i] = p->amount;
    numbers[PLATFORM][i] = p->platform_amount;
    numbers[PARTNER_AMOUNT][i] = p->partner_amount;
    numbers[SELLER][i] = p->seller_amount;
    numbers[PLATFORM_BP][i] = p->platform_bp;
    numbers[PARTNER_BP][i] = p->partner_bp;
    numbers[CREATED_US][i] = p->created_at.us;
    numbers[EXPIRES_US][i] = p->expires_at.us;
    numbers[TERMS][i] = s->settlement_terms;
    numbers[CAPTURED][i] = p->captured_given ? p->captured : -1;
    create_begin_fill(s, texts, numbers, i);
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
    str *x[CREATE_TEXTS];
    int64_t *y[CREATE_NUMBERS];
    digest *fingerprints = arena_array(t->arena, digest, n);
    for (size_t c = 0; c < CREATE_TEXTS; c++)
        x[c] = TEXTS(n);
    for (size_t c = 0; c < CREATE_NUMBERS; c++)
        y[c] = NUMBERS(n);
    for (size_t i = 0; i < n; i++) {
        const struct step_create *s = items[i];
        create_fill(t, s, x, y, i);
        fingerprints[i] = s->fingerprint;
    }
    const struct payments_create_args args = {
        .payments = { x[PAYMENT], n },
        .partners = { x[PARTNER], n },
        .routes = { x[ROUTE], n },
        .keys = { x[KEY], n },
        .fingerprints = { fingerprints, n },
        .bodies = { x[BODY], n },
        .stores = { x[STORE], n },
        .users = { x[USER], n },
        .currencies = { x[CURRENCY], n },
        .amounts = { y[AMOUNT], n },
        .platform_amounts = { y[PLATFORM], n },
        .partner_amounts = { y[PARTNER_AMOUNT], n },
        .seller_amounts = { y[SELLER], n },
        .platform_bps = { y[PLATFORM_BP], n },
        .partner_bps = { y[PARTNER_BP], n },
        .descriptions = { x[DESCRIPTION], n },
        .external_ids = { x[EXTERNAL_ID], n },
        .return_urls = { x[RETURN_URL], n },
        .origins = { x[ORIGINS], n },
        .metadatas = { x[METADATA], n },
        .created_us = { y[CREATED_US], n },
        .expires_us = { y[EXPIRES_US], n },
        .split_profiles = { x[SPLIT_PROFILE], n },
        .share_users = { x[SHARE_USERS], n },
        .share_amounts = { x[SHARE_AMOUNTS], n },
        .captures = { y[CAPTURED], n },
        .terms = { y[TERMS], n },
        .clocks = { x[CLOCK], n },
        .methods = { x[METHODS], n },
        .locales = { x[LOCALE], n },
        .ops = { x[OP], n },
        .charges = { x[CHARGE_ID], n },
        .tokens = { x[CARD_TOKEN], n },
        .paid_by = { x[PAID_BY], n },
        .acquirers = { x[CALLED], n },
        .due_us = { y[CALL_DUE_US], n },
        .walked = walked(t),
    };
    const struct payments_create_row *rows;
    size_t rows_n;
    TRY(payments_create(t, &args, &rows, &rows_n));
    for (size_t r = 0; r < rows_n; r++)
        for (size_t i = 0; i < n; i++)
            if (str_eq(rows[r].payment_id.v, x[PAYMENT][i]))
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

static err begin_run(struct task *t, void *const *items, size_t n)
{
    enum { CHARGE, PAYMENT_ID, PARTNER_ID, ROUTE_TEXT, KEY_TEXT, TOKEN, RETURN, METHOD, ACQUIRER, COUNT };
    str *x[COUNT];
    digest *fingerprints = arena_array(t->arena, digest, n);
    int64_t *now_us = NUMBERS(n), *due_us = NUMBERS(n);
    for (size_t c = 0; c < COUNT; c++)
        x[c] = TEXTS(n);
    for (size_t i = 0; i < n; i++) {
        struct step_begin *s = items[i];
        s->begun = false;
        x[CHARGE][i] = s->charge.v;
        x[PAYMENT_ID][i] = s->payment.v;
        x[PARTNER_ID][i] = s->partner.v;
        x[ROUTE_TEXT][i] = s->route;
        x[KEY_TEXT][i] = s->key;
        x[TOKEN][i] = text_or_empty(s->token);
        x[RETURN][i] = text_or_empty(s->return_url);
        x[METHOD][i] = s->method;
        x[ACQUIRER][i] = s->acquirer;
        fingerprints[i] = s->fingerprint;
        now_us[i] = s->now.us;
        due_us[i] = s->due.us;
    }
    const struct charges_begin_args args = {
        .charges = { x[CHARGE], n },
        .payments = { x[PAYMENT_ID], n },
        .partners = { x[PARTNER_ID], n },
        .routes = { x[ROUTE_TEXT], n },
        .keys = { x[KEY_TEXT], n },
        .fingerprints = { fingerprints, n },
        .tokens = { x[TOKEN], n },
        .return_urls = { x[RETURN], n },
        .methods = { x[METHOD], n },
        .acquirers = { x[ACQUIRER], n },
        .now_us = { now_us, n },
        .due_us = { due_us, n },
    };
    const struct charges_begin_row *rows;
    size_t rows_n;
    TRY(charges_begin(t, &args, &rows, &rows_n));
    for (size_t r = 0; r < rows_n; r++)
        for (size_t i = 0; i < n; i++)
            if (str_eq(rows[r].charge_id.v, x[CHARGE][i]))
                begin_take(items[i], &rows[r]);
    return OK;
}

err step_begin(struct task *t, struct step_begin *s)
{
    s->arena = t->arena;
    s->now = t->now;
    return db_batch_join(t, steps_of(t)->begin, begin_run, s);
}

/* ---- sent ---- */

static err sent_run(struct task *t, void *const *items, size_t n)
{
    str *calls = TEXTS(n);
    for (size_t i = 0; i < n; i++) {
        struct step_sent *s = items[i];
        s->mine = false;
        calls[i] = s->call;
    }
    const struct calls_sent_row *rows;
    size_t rows_n;
    TRY(calls_sent(t, (str_array){ calls, n }, &rows, &rows_n));
    for (size_t r = 0; r < rows_n; r++)
        for (size_t i = 0; i < n; i++)
            if (str_eq(rows[r].call_id, calls[i]))
                ((struct step_sent *)items[i])->mine = true;
    return OK;
}

err step_sent(struct task *t, struct step_sent *s)
{
    return db_batch_join(t, steps_of(t)->sent, sent_run, s);
}

/* ---- succeed ---- */

static err succeed_run(struct task *t, void *const *items, size_t n)
{
    enum { CHARGE, PAYMENT_ID, REF, EVENT, DOCUMENT, NOTE_ID, NOTE, CLEARING, CARD, COUNT };
    enum { RECEIVABLE, OF_PLATFORM, OF_PARTNER, OF_SELLER, NOW_US, AMOUNTS };
    str *x[COUNT];
    int64_t *y[AMOUNTS];
    for (size_t c = 0; c < COUNT; c++)
        x[c] = TEXTS(n);
    for (size_t c = 0; c < AMOUNTS; c++)
        y[c] = NUMBERS(n);
    for (size_t i = 0; i < n; i++) {
        struct step_succeed *s = items[i];
        s->applied = false;
        x[CHARGE][i] = s->charge.v;
        x[PAYMENT_ID][i] = s->payment.v;
        x[REF][i] = s->acquirer_ref;
        x[EVENT][i] = s->event;
        x[DOCUMENT][i] = s->body;
        x[NOTE_ID][i] = text_or_empty(s->note_id);
        x[NOTE][i] = text_or_empty(s->note);
        x[CLEARING][i] = s->clearing;
        x[CARD][i] = text_or_empty(s->card);
        y[RECEIVABLE][i] = posting_amount_of(s->posting, STR("acquirer_receivable"));
        y[OF_PLATFORM][i] = posting_amount_of(s->posting, STR("platform"));
        y[OF_PARTNER][i] = posting_amount_of(s->posting, STR("partner"));
        y[OF_SELLER][i] = posting_amount_of(s->posting, STR("seller"));
        y[NOW_US][i] = s->now.us;
    }
    const struct charges_succeed_args args = {
        .charges = { x[CHARGE], n },
        .payments = { x[PAYMENT_ID], n },
        .acquirer_refs = { x[REF], n },
        .receivables = { y[RECEIVABLE], n },
        .platforms = { y[OF_PLATFORM], n },
        .partners = { y[OF_PARTNER], n },
        .sellers = { y[OF_SELLER], n },
        .events = { x[EVENT], n },
        .bodies = { x[DOCUMENT], n },
        .note_ids = { x[NOTE_ID], n },
        .notes = { x[NOTE], n },
        .clearings = { x[CLEARING], n },
        .cards = { x[CARD], n },
        .now_us = { y[NOW_US], n },
    };
    const struct charges_succeed_row *rows;
    size_t rows_n;
    TRY(charges_succeed(t, &args, &rows, &rows_n));
    for (size_t r = 0; r < rows_n; r++)
        for (size_t i = 0; i < n; i++)
            if (str_eq(rows[r].charge_id.v, x[CHARGE][i]))
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
    s->sent = db_batch_create(process, config, max, sent_run);
    s->succeed = db_batch_create_overlapped(process, config, max, succeed_run);
}
