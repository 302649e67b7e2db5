/* See notify.h. Signed as Standard Webhooks. */
#include "paysrv/sandbox/notify.h"

#include "paysrv/sandbox/objects.h"
#include "paysrv/sandbox/pushes.h"
#include "paysrv/sandbox/sandbox.h"
#include "shared/crypto/crypto.h"
#include "shared/net/fetch.h"
#include "shared/net/standard_webhook.h"
#include "shared/ops/log.h"

#define MAX_TRIES 10
#define PER_ROUND 200
#define LATE SECONDS(5)

static void line_add(struct buf *lines, const char *kind, str id, str object)
{
    struct json j;
    json_begin(&j, lines);
    json_str(&j, "e", str_of(kind));
    json_str(&j, "id", id);
    json_str(&j, "object", object);
    json_end(&j);
    buf_add_char(lines, '\n');
}

static str notice_id(const struct notice *n)
{
    return (str){ n->id, n->id_n };
}

static void id_set(struct notice *n, str id)
{
    n->id_n = id.n <= NOTICE_ID_BYTES ? id.n : NOTICE_ID_BYTES;
    memcpy(n->id, id.p, n->id_n);
}

static str address_of(const struct app *app, const struct notice *n)
{
    return n->is_wallet ? app->config.wallet_webhook_url : app->config.webhook_url;
}

void notice_prepare(struct task *t, struct app *app, const struct card *card, str object, struct notice *ret,
                    struct buf *lines)
{
    enum notification_fate fate = fault_draw_notification(&app->faults);
    if (card && card->does == CARD_NOTIFIES_TWICE)
        fate = NOTIFY_TWICE;
    if (card && card->does == CARD_NOTIFIES_LATE)
        fate = NOTIFY_LATE;
    if (address_of(app, ret).n == 0 || fate == NOTIFY_NEVER)
        return;
    id_set(ret, random_id(t->arena, "evt_"));
    ret->copies = fate == NOTIFY_TWICE ? 2 : 1;
    ret->due = fate == NOTIFY_LATE ? instant_add(t->now, LATE) : t->now;
    line_add(lines, "event", notice_id(ret), object);
}

/* ---- the outbox ---- */

static struct notice *notice_take_spare(struct app *app)
{
    struct notice *n = app->outbox.spare;
    if (!n)
        return arena_new(app->bank.arena, struct notice);
    app->outbox.spare = n->next;
    return n;
}

static void outbox_put(struct outbox *o, struct notice *n, instant now)
{
    n->next = NULL;
    if (instant_before(now, n->due)) {
        n->next = o->later;
        o->later = n;
        return;
    }
    if (o->last)
        o->last->next = n;
    else
        o->first = n;
    o->last = n;
}

static void later_move(struct outbox *o, instant now)
{
    struct notice **at = &o->later;
    while (*at) {
        struct notice *n = *at;
        if (instant_before(now, n->due)) {
            at = &n->next;
            continue;
        }
        *at = n->next;
        outbox_put(o, n, now);
    }
}

static struct notice *outbox_take(struct outbox *o, instant now)
{
    later_move(o, now);
    struct notice *n = o->first;
    if (!n)
        return NULL;
    o->first = n->next;
    if (!o->first)
        o->last = NULL;
    return n;
}

static struct notice *notice_enter(struct app *app, const struct notice *n)
{
    struct notice *copy = notice_take_spare(app);
    *copy = *n;
    outbox_put(&app->outbox, copy, wall_clock_now());
    return copy;
}

void notice_post(struct app *app, const struct notice *n)
{
    if (n->id_n == 0)
        return;
    bool was_idle = !app->outbox.first;
    notice_enter(app, n);
    if (was_idle && app->jobs)
        jobs_wake(app->jobs, notify_job.name);
}

/* ---- the journal's lines ---- */

static void event_read(struct app *app, str id, str object)
{
    struct notice n = { .copies = 1 };
    const struct operation *last = app->bank.last_operation; /* an event follows its operation in the same write */
    n.charge = table_get(&app->bank.charges, object);
    if (!n.charge && last && str_eq(last->id, object)) {
        n.operation = last;
    }
    n.dispute = table_get(&app->bank.disputes, object);
    n.push = table_get(&app->bank.pushes, object);
    n.wallet_payment = table_get(&app->wallet.payments, object);
    n.wallet_refund = table_get(&app->wallet.refunds, object);
    n.is_wallet = n.wallet_payment || n.wallet_refund;
    if (!n.charge && !n.operation && !n.dispute && !n.push && !n.is_wallet)
        return;
    if (n.push)
        n.due = n.push->returns_at; /* told late rather than too early */
    n.is_wallet = n.is_wallet || (n.push && n.push->is_wallet);
    id_set(&n, id);
    struct notice *newest = notice_enter(app, &n);
    table_put(app->outbox.replayed, arena_str(app->outbox.replayed->arena, id), newest);
}

void notices_apply(struct app *app, const struct json_value *line)
{
    str kind, id, object;
    if (!json_get_str(line, "e", &kind) || !json_get_str(line, "id", &id))
        return;
    if (str_eq(kind, STR("event")) && json_get_str(line, "object", &object))
        event_read(app, id, object);
    struct notice *n = str_eq(kind, STR("delivered")) ? table_get(app->outbox.replayed, id) : NULL;
    if (n)
        n->copies = 0;
}

/* ---- sending ---- */

static str wallet_type_of(struct task *t, const struct notice *n)
{
    str unused;
    enum wallet_status status =
        n->wallet_refund ? n->wallet_refund->status : wallet_status_at(n->wallet_payment, t->now, &unused);
    return arena_printf(t->arena, "%s.%.*s", n->wallet_refund ? "refund" : "payment",
                        STR_ARG(wallet_status_name(status)));
}

static str type_of(struct task *t, const struct notice *n)
{
    if (n->push)
        return arena_printf(t->arena, "%s.%.*s", n->push->is_wallet ? "payout" : "push",
                            STR_ARG(object_status_name(push_status_at(n->push, t->now))));
    if (n->is_wallet)
        return wallet_type_of(t, n);
    const struct operation *o = n->operation;
    str name = n->dispute ? STR("dispute") : o ? operation_kind_name(o->kind) : STR("charge");
    str status =
        n->dispute ? bank_dispute_state_name(n->dispute->state) : object_status_name(o ? o->status : n->charge->status);
    return arena_printf(t->arena, "%.*s.%.*s", STR_ARG(name), STR_ARG(status));
}

/* Of a dispute as it stands now: an older event brings the newer state, and its sequence. */
static str body_write(struct task *t, const struct app *app, const struct notice *n)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, 65536);
    json_begin(&j, &out);
    json_str(&j, "id", notice_id(n));
    json_str(&j, "type", type_of(t, n));
    json_str(&j, "account", app->config.merchant);
    json_str(&j, "mode", STR("test"));
    json_object(&j, "data");
    if (n->push)
        push_write(&j, n->push, t->now);
    else if (n->wallet_payment)
        wallet_payment_write(&j, t->arena, n->wallet_payment, t->now, app->config.public_url);
    else if (n->wallet_refund)
        wallet_refund_write(&j, n->wallet_refund);
    else if (n->dispute)
        dispute_write(&j, n->dispute);
    else if (n->operation)
        operation_write(&j, n->operation);
    else
        charge_write(&j, t->arena, n->charge, app->config.public_url);
    json_close(&j);
    json_end(&j);
    return buf_str(&out);
}

static bool notice_deliver(struct task *t, const struct app *app, const struct notice *n, str id, str body)
{
    str key = n->is_wallet ? app->config.wallet_webhook_secret_file.hidden : app->config.webhook_secret_file.hidden;
    str signature;
    int64_t at_s = instant_seconds(t->now);
    if (!webhook_sign(t->arena, key, id, at_s, body, &signature)) {
        log_error(t, "notification.not_signed", L_STR("why", STR("the secret is malformed")));
        return false;
    }
    const struct fetch_header headers[] = {
        { "Content-Type", STR("application/json") },
        { "webhook-id", id },
        { "webhook-timestamp", arena_printf(t->arena, "%lld", (long long)at_s) },
        { "webhook-signature", signature },
    };
    const struct fetch_request rq = { .method = "POST",
                                      .url = address_of(app, n),
                                      .headers = headers,
                                      .n_headers = sizeof headers / sizeof headers[0],
                                      .body = body };
    struct fetch_answer answer;
    fetch(t, &rq, &answer);
    bool taken = answer.outcome == FETCH_ANSWERED && answer.status >= 200 && answer.status < 300;
    if (!taken)
        log_info(t, "notification.refused", L_STR("id", id), L_I64("status", answer.status), L_STR("why", answer.why));
    return taken;
}

/* Delivered, or tried often enough: the journal need not bring it back. */
static void notice_end(struct task *t, struct app *app, struct notice *n, bool given_up)
{
    struct buf line;
    buf_init(&line, t->arena, 1024);
    line_add(&line, "delivered", notice_id(n), STR_NONE);
    err e = journal_append(&app->journal, t, buf_str(&line));
    if (e)
        log_failure(t, e);
    if (given_up)
        log_warn(t, "notification.given_up", L_STR("id", notice_id(n)));
    n->next = app->outbox.spare;
    app->outbox.spare = n;
}

static void notice_done(struct task *t, struct app *app, struct notice *n, bool taken)
{
    n->copies -= taken;
    n->tries += !taken;
    if (n->copies <= 0 || n->tries >= MAX_TRIES) {
        notice_end(t, app, n, n->copies > 0);
        return;
    }
    n->due = taken ? t->now : instant_add(t->now, SECONDS(INT64_C(1) << (n->tries < 9 ? n->tries - 1 : 8)));
    outbox_put(&app->outbox, n, t->now);
}

static bool notice_send_one(struct task *t)
{
    t->now = wall_clock_now();
    struct app *app = sandbox_enter(t);
    struct notice *n = outbox_take(&app->outbox, t->now);
    bool is_replayed_done = n && n->copies == 0;
    str body = n && !is_replayed_done ? body_write(t, app, n) : STR_NONE;
    str id = n ? arena_str(t->arena, notice_id(n)) : STR_NONE;
    if (is_replayed_done) {
        n->next = app->outbox.spare;
        app->outbox.spare = n;
    }
    sandbox_leave(app);
    if (!n || is_replayed_done)
        return n != NULL;
    bool taken = notice_deliver(t, app, n, id, body);
    sandbox_enter(t);
    notice_done(t, app, n, taken);
    sandbox_leave(app);
    return true;
}

err notices_send(struct task *t)
{
    int n = 0;
    while (n < PER_ROUND && notice_send_one(t))
        n++;
    struct app *app = sandbox_enter(t);
    if (n == PER_ROUND && app->jobs)
        jobs_wake(app->jobs, notify_job.name);
    sandbox_leave(app);
    return OK;
}

const struct job notify_job = { "notify", MILLISECONDS(250), notices_send, OWN_THREAD };
