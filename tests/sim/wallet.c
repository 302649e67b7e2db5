/* The wallet, as docs/protocol/wallet.md has it: nothing is taken before its user has said yes. See network.h. */
#include <string.h>

#include "shared/text/json_in.h"
#include "tests/sim/network.h"
#include "tests/sim/reversals.h"

#define OBJECTS_MAX 200
#define DECIDED_WITHIN MINUTES(30)
#define FEE_BP 200
#define LATE_MOST_S 9 /* under what the reconciler takes for the longest way */

enum status { PENDING, SUCCEEDED, DECLINED };
static const char *const status_names[] = { "pending", "succeeded", "declined" };

struct object {
    bool is_refund;
    enum status status;
    str id, key, currency, reference;
    struct object *payment;
    int64_t amount, refunded;
    instant until;
    enum settled settled;
};

static struct {
    struct object objects[OBJECTS_MAX], late[OBJECTS_MAX];
    instant arrives[OBJECTS_MAX];
    size_t n, n_late;
} wallet;

void wallet_begin(void)
{
    memset(&wallet, 0, sizeof wallet);
}

/* ---- objects ---- */

static struct object *by_key(bool is_refund, str key)
{
    for (size_t i = 0; i < wallet.n; i++)
        if (wallet.objects[i].is_refund == is_refund && str_eq(wallet.objects[i].key, key))
            return &wallet.objects[i];
    return NULL;
}

static struct object *payment_by_id(str id)
{
    for (size_t i = 0; i < wallet.n; i++)
        if (!wallet.objects[i].is_refund && str_eq(wallet.objects[i].id, id))
            return &wallet.objects[i];
    return NULL;
}

static const char *object_name(const struct object *o)
{
    return o->is_refund ? "refund" : "payment";
}

static str object_text(const struct object *o)
{
    struct arena *a = sim_memory();
    str more = o->is_refund ? arena_printf(a, ",\"payment\":\"%.*s\"", STR_ARG(o->payment->id)) : STR("");
    if (o->status == PENDING)
        more = arena_printf(a, ",\"approve_url\":\"http://wallet/pay/%.*s\"", STR_ARG(o->id));
    if (o->status == DECLINED)
        more = arena_printf(a, "%.*s,\"decline_code\":\"canceled_by_buyer\"", STR_ARG(more));
    return arena_printf(a,
                        "{\"id\":\"%.*s\",\"object\":\"%s\",\"status\":\"%s\",\"amount\":%lld,\"currency\":\"%.*s\","
                        "\"reference\":\"%.*s\",\"key\":\"%.*s\"%.*s}",
                        STR_ARG(o->id), object_name(o), status_names[o->status], (long long)o->amount,
                        STR_ARG(o->currency), STR_ARG(o->reference), STR_ARG(o->key), STR_ARG(more));
}

static void decide(struct object *o, bool approves)
{
    o->status = approves ? SUCCEEDED : DECLINED;
    acquirer_say(arena_printf(sim_memory(), "%s.%s", object_name(o), status_names[o->status]), object_text(o));
}

static void refund_do(struct object *o)
{
    struct object *p = o->payment;
    bool is_right = p && p->status == SUCCEEDED && o->amount <= p->amount - p->refunded;
    if (!is_right)
        complain("a refund of more than the wallet's user has paid");
    bool gives = is_right && !decline_is_drawn() && !reversal_is_refused(o->key, p->id);
    if (gives)
        p->refunded += o->amount;
    decide(o, gives);
}

static struct object *order_do(const struct object *wanted)
{
    struct object *o = by_key(wanted->is_refund, wanted->key);
    if (o) {
        if (o->amount != wanted->amount || o->payment != wanted->payment)
            complain("one key for two different orders of a wallet");
        return o;
    }
    CHECK(wallet.n < OBJECTS_MAX);
    o = &wallet.objects[wallet.n++];
    *o = *wanted;
    o->id = arena_printf(sim_memory(), "%s_%d_%zu", o->is_refund ? "wr" : "wp", sim_number(), wallet.n);
    o->until = instant_add(sim_now(), DECIDED_WITHIN);
    if (o->is_refund)
        refund_do(o);
    sim_note(object_name(o), o->amount);
    return o;
}

/* ---- the wire ---- */

bool fate_arrives(enum fate fate, struct fetch_answer *ret)
{
    sim_note(fate_name(fate), 0);
    *ret = (struct fetch_answer){ .outcome = fate == FATE_NOT_SENT ? FETCH_NOT_SENT : FETCH_UNKNOWN,
                                  .why = STR("simulated") };
    if (fate == FATE_BROKEN)
        *ret = (struct fetch_answer){ .outcome = FETCH_ANSWERED, .status = 500, .body = STR("{}") };
    return fate != FATE_LOST && fate != FATE_NOT_SENT && fate != FATE_BROKEN;
}

static bool order_read(bool is_refund, const struct fetch_request *rq, struct object *ret)
{
    struct arena *a = sim_memory();
    const struct json_value *body;
    str payment = STR("");
    *ret = (struct object){ .is_refund = is_refund };
    for (size_t i = 0; i < rq->n_headers; i++)
        if (strcmp(rq->headers[i].name, "Idempotency-Key") == 0)
            ret->key = arena_str(a, rq->headers[i].value);
    if (!json_parse(a, arena_str(a, rq->body), &body) || !json_get_i64(body, "amount", &ret->amount) ||
        !json_get_str(body, "reference", &ret->reference))
        return false;
    json_get_str(body, "currency", &ret->currency);
    json_get_str(body, "payment", &payment);
    ret->payment = is_refund ? payment_by_id(payment) : NULL;
    if (ret->payment)
        ret->currency = ret->payment->currency;
    return str_given(ret->key) && (ret->payment || !is_refund);
}

static void order_serve(const struct object *wanted, struct fetch_answer *ret)
{
    enum fate fate = fate_draw();
    if (!fate_arrives(fate, ret))
        return;
    if (fate == FATE_LATE) {
        CHECK(wallet.n_late < OBJECTS_MAX);
        wallet.arrives[wallet.n_late] = instant_add(sim_now(), SECONDS(1 + (int64_t)sim_draw(LATE_MOST_S - 1)));
        wallet.late[wallet.n_late++] = *wanted;
        return;
    }
    const struct object *o = order_do(wanted);
    if (fate != FATE_SILENT)
        *ret = (struct fetch_answer){ .outcome = FETCH_ANSWERED, .status = 200, .body = object_text(o) };
}

static void query_serve(bool is_refund, str key, struct fetch_answer *ret)
{
    const struct object *o = by_key(is_refund, key);
    str body = arena_printf(sim_memory(), "{\"data\":[%.*s]}", STR_ARG(o ? object_text(o) : STR("")));
    if (!query_is_lost())
        *ret = (struct fetch_answer){ .outcome = FETCH_ANSWERED, .status = 200, .body = body };
}

void wallet_serve(const struct fetch_request *rq, str path, struct fetch_answer *ret)
{
    const str payments = STR("/v1/payments"), refunds = STR("/v1/refunds"), by = STR("?key=");
    bool is_refund = str_starts(path, refunds);
    str name = is_refund ? refunds : payments, rest = { path.p + name.n, path.n - name.n };
    struct object wanted;
    *ret = (struct fetch_answer){ .outcome = FETCH_UNKNOWN, .why = STR("simulated") };
    if (!str_starts(path, name))
        complain("a call that the wallet does not know");
    else if (strcmp(rq->method, "POST") != 0 && str_starts(rest, by))
        query_serve(is_refund, (str){ rest.p + by.n, rest.n - by.n }, ret);
    else if (!order_read(is_refund, rq, &wanted))
        complain("an order that the wallet cannot read");
    else
        order_serve(&wanted, ret);
}

/* ---- the rest of the world ---- */

void wallet_tick(void)
{
    for (size_t i = 0; i < wallet.n_late;) {
        if (instant_before(sim_now(), wallet.arrives[i])) {
            i++;
            continue;
        }
        struct object wanted = wallet.late[i];
        wallet.arrives[i] = wallet.arrives[--wallet.n_late];
        wallet.late[i] = wallet.late[wallet.n_late];
        order_do(&wanted);
    }
    for (size_t i = 0; i < wallet.n; i++)
        if (wallet.objects[i].status == PENDING && !instant_before(sim_now(), wallet.objects[i].until))
            decide(&wallet.objects[i], false);
}

bool wallet_is_quiet(void)
{
    return wallet.n_late == 0;
}

bool wallet_answers(bool approves)
{
    for (size_t i = 0; i < wallet.n; i++) {
        if (wallet.objects[i].status != PENDING)
            continue;
        sim_note("the wallet's user answers", approves);
        decide(&wallet.objects[i], approves);
        return true;
    }
    return false;
}

void wallet_books_add(str payment, struct acquirer_books *b)
{
    for (size_t i = 0; i < wallet.n; i++) {
        const struct object *o = &wallet.objects[i];
        if (o->is_refund || o->status != SUCCEEDED || !str_eq(o->reference, payment))
            continue;
        b->captured += o->amount;
        b->refunded += o->refunded;
        b->paid_attempts += o->amount > o->refunded;
    }
}

int64_t wallet_balance(void)
{
    int64_t sum = 0;
    for (size_t i = 0; i < wallet.n; i++)
        if (!wallet.objects[i].is_refund && wallet.objects[i].status == SUCCEEDED)
            sum += wallet.objects[i].amount - wallet.objects[i].refunded;
    return sum;
}

void wallet_effects(settled_visit visit, void *context)
{
    for (size_t i = 0; i < wallet.n; i++) {
        struct object *o = &wallet.objects[i];
        const int64_t fee = o->is_refund ? 0 : (o->amount * FEE_BP + 5000) / 10000;
        if (o->status == SUCCEEDED)
            visit(context, &(struct settled_effect){ o->is_refund ? "refund" : "charge", o->id, o->key,
                                                     o->is_refund ? -o->amount : o->amount, fee, 0, &o->settled });
    }
}
