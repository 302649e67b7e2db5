/* The acquirer. See network.h. */
#include <string.h>

#include "shared/text/json_in.h"
#include "tests/sim/life.h"
#include "tests/sim/reversals.h"
#include "tests/sim/shop.h"

#define LATE_MOST_S 9 /* under what the reconciler takes for the longest way */
#define AUTHORIZED_FOR DAYS(7)
#define COMES_BACK_AFTER DAYS(2)

const char *const kind_names[] = { "charge", "refund", "capture", "void", "push" };
static const char *const paths[] = { "/v1/charges", "/v1/refunds", "/v1/captures", "/v1/voids", "/v1/pushes" };
static const char *const status_names[] = { "", "requires_action", "succeeded", "authorized", "declined", "returned" };

struct shop shop;

void network_begin(void)
{
    memset(&shop, 0, sizeof shop);
    bank_begin();
    disputes_begin();
    kept_begin();
    reversals_begin();
    wallet_begin();
}

void network_next(enum fate fate)
{
    shop.next = fate;
}

void network_rates(unsigned per_mille)
{
    shop.rate = per_mille;
}

void network_declines(unsigned per_mille)
{
    shop.declines = per_mille;
}

const char *network_complaint(void)
{
    return shop.complaint;
}

void complain(const char *why)
{
    if (!shop.complaint)
        shop.complaint = why;
    sim_note(why, 0);
}

/* ---- objects ---- */

static struct object *charge_by_id(str id)
{
    for (size_t i = 0; i < shop.n_objects; i++)
        if (shop.objects[i].kind == CHARGE && str_eq(shop.objects[i].id, id))
            return &shop.objects[i];
    return NULL;
}

static str object_text(const struct object *o)
{
    struct arena *a = sim_memory();
    str more = STR("");
    if (o->status == ACTION)
        more = arena_printf(a, ",\"action_url\":\"http://acquirer/3ds/%.*s\"", STR_ARG(o->id));
    if (o->status == DECLINED || o->status == RETURNED)
        more = arena_printf(a, ",\"decline_code\":\"%s\"", o->is_lost ? "lost_card" : "generic_decline");
    if (o->status == AUTHORIZED)
        more = arena_printf(a, ",\"capture_before\":%lld", (long long)instant_seconds(o->until));
    if (o->kind == CHARGE && o->status != ACTION && o->amount % 2)
        more = arena_printf(a, "%.*s,\"three_d_secure\":{\"trans_status\":\"%c\"}", STR_ARG(more),
                            o->status == DECLINED ? 'N' : 'Y');
    if (o->charge)
        more = arena_printf(a, "%.*s,\"charge\":\"%.*s\"", STR_ARG(more), STR_ARG(o->charge->id));
    return arena_printf(a,
                        "{\"id\":\"%.*s\",\"object\":\"%s\",\"status\":\"%s\",\"amount\":%lld,\"currency\":\"%.*s\","
                        "\"reference\":\"%.*s\",\"key\":\"%.*s\"%.*s}",
                        STR_ARG(o->id), kind_names[o->kind], status_names[o->status], (long long)o->amount,
                        STR_ARG(o->currency), STR_ARG(o->reference), STR_ARG(o->key), STR_ARG(more));
}

void acquirer_say(str type, str data)
{
    static int n;
    if (shop.n_messages == WAITING_MAX)
        return;
    shop.messages[shop.n_messages++] = arena_printf(
        sim_memory(), "{\"id\":\"evt_%d_%d\",\"type\":\"%.*s\",\"account\":\"\",\"mode\":\"test\",\"data\":%.*s}",
        sim_number(), ++n, STR_ARG(type), STR_ARG(data));
}

static void tell(const struct object *o)
{
    if (o->status != ACTION)
        acquirer_say(arena_printf(sim_memory(), "%s.%s", kind_names[o->kind], status_names[o->status]), object_text(o));
}

/* ---- what is asked for ---- */

bool decline_is_drawn(void)
{
    return sim_chance(shop.declines);
}

bool query_is_lost(void)
{
    return sim_chance(shop.rate);
}

static void refund_do(struct object *o)
{
    struct object *c = o->charge;
    o->status = DECLINED;
    if (!c || o->amount > c->captured - c->refunded) {
        complain("a refund of more than was taken");
        return;
    }
    if (decline_is_drawn() || reversal_is_refused(o->key, c->id) ||
        o->amount > c->captured - c->refunded - bank_has_taken(c->id))
        return; /* a dispute may have come in between */
    c->refunded += o->amount;
    o->status = SUCCEEDED;
}

static void capture_do(struct object *o)
{
    struct object *c = o->charge;
    o->status = DECLINED;
    if (!c || c->status != AUTHORIZED || o->amount > c->amount - c->captured) {
        complain("a capture of more than was authorised");
        return;
    }
    if (c->is_released || !instant_before(sim_now(), c->until) || decline_is_drawn())
        return;
    c->captured += o->amount;
    c->is_released = o->is_final;
    o->status = SUCCEEDED;
}

static void void_do(struct object *o)
{
    struct object *c = o->charge;
    o->status = DECLINED;
    if (!c || c->status != AUTHORIZED || o->amount != object_left(c)) {
        complain("a void of another amount than is held");
        return;
    }
    if (reversal_is_refused(o->key, c->id))
        return;
    c->is_released = true;
    o->status = SUCCEEDED;
}

static void charge_decide(struct object *o, bool approves)
{
    o->status = !approves ? DECLINED : o->is_authorize ? AUTHORIZED : SUCCEEDED;
    o->until = instant_add(sim_now(), AUTHORIZED_FOR);
    if (o->status == SUCCEEDED)
        o->captured = o->amount;
}

static void charge_do(struct object *o)
{
    enum kept_mood kept = str_eq(o->token, STR("tok_ok_kept")) ? kept_charge(o->reference) : KEPT_GOOD;
    o->is_lost = kept == KEPT_LOST;
    if (str_starts(o->token, STR("tok_act")) || kept == KEPT_HOLDER)
        o->status = ACTION;
    else
        charge_decide(o, str_starts(o->token, STR("tok_ok")) && kept == KEPT_GOOD);
}

static void push_do(struct object *o)
{
    o->status = str_eq(o->token, STR("tok_payee_no")) || decline_is_drawn() ? DECLINED : SUCCEEDED;
    o->until = instant_add(sim_now(), COMES_BACK_AFTER);
}

static void pushes_come_back(void)
{
    for (size_t i = 0; i < shop.n_objects; i++) {
        struct object *o = &shop.objects[i];
        if (o->kind != PUSH || o->status != SUCCEEDED || !str_eq(o->token, STR("tok_payee_back")) ||
            instant_before(sim_now(), o->until))
            continue;
        o->status = RETURNED;
        tell(o);
    }
}

static struct object *order_do(const struct object *wanted)
{
    struct object *o = object_by_key(wanted->kind, wanted->key);
    if (o) {
        if (o->amount != wanted->amount || o->charge != wanted->charge)
            complain("one key for two different orders");
        return o;
    }
    CHECK(shop.n_objects < OBJECTS_MAX);
    o = &shop.objects[shop.n_objects++];
    *o = *wanted;
    o->id = arena_printf(sim_memory(), "%s_%d_%zu", kind_names[o->kind], sim_number(), shop.n_objects);
    if (o->charge)
        o->currency = o->charge->currency;
    static void (*const doing[])(struct object *) = { charge_do, refund_do, capture_do, void_do, push_do };
    doing[o->kind](o);
    sim_note(status_names[o->status], o->amount);
    tell(o);
    return o;
}

static bool order_read(enum kind kind, const struct fetch_request *rq, struct object *ret)
{
    struct arena *a = sim_memory();
    const struct json_value *body;
    str charge = STR(""), token = STR("");
    *ret = (struct object){ .kind = kind, .currency = STR("") };
    for (size_t i = 0; i < rq->n_headers; i++)
        if (strcmp(rq->headers[i].name, "Idempotency-Key") == 0)
            ret->key = arena_str(a, rq->headers[i].value);
    if (!json_parse(a, arena_str(a, rq->body), &body) || !json_get_i64(body, "amount", &ret->amount) ||
        !json_get_str(body, "reference", &ret->reference))
        return false;
    json_get_str(body, "currency", &ret->currency);
    json_get_str(body, "token", &token);
    json_get_str(body, "charge", &charge);
    json_get_bool(body, "authorize_only", &ret->is_authorize);
    json_get_bool(body, "final", &ret->is_final);
    ret->token = token;
    ret->charge = kind == CHARGE || kind == PUSH ? NULL : charge_by_id(charge);
    return str_given(ret->key);
}

/* ---- the wire ---- */

enum fate fate_draw(void)
{
    enum fate fate = shop.next;
    shop.next = FATE_DRAWN;
    if (fate != FATE_DRAWN)
        return fate;
    return sim_chance(shop.rate) ? (enum fate)(FATE_LOST + sim_draw(FATE_COUNT - FATE_LOST)) : FATE_GOOD;
}

static void answered(struct fetch_answer *ret, str body)
{
    *ret = (struct fetch_answer){ .outcome = FETCH_ANSWERED, .status = 200, .body = body };
}

static void lost(struct fetch_answer *ret, enum fetch_outcome outcome)
{
    *ret = (struct fetch_answer){ .outcome = outcome, .why = STR("simulated") };
}

/* Its message overtakes the answer. */
static void message_overtakes(void)
{
    if (shop.n_messages == 0 || !sim_is_actor() || !sim_has_room())
        return;
    const bool *is_taken = message_deliver(shop.messages[shop.n_messages - 1]);
    for (int i = 0; i < 400 && !*is_taken; i++)
        sim_yield();
}

static void order_serve(const struct object *wanted, struct fetch_answer *ret)
{
    enum fate fate = fate_draw();
    if (!fate_arrives(fate, ret))
        return;
    if (fate == FATE_LATE) {
        CHECK(shop.n_late < OBJECTS_MAX);
        instant arrives = instant_add(sim_now(), SECONDS(1 + (int64_t)sim_draw(LATE_MOST_S - 1)));
        shop.late[shop.n_late++] = (struct order){ *wanted, arrives };
        return;
    }
    const struct object *o = order_do(wanted);
    if (fate != FATE_SILENT)
        answered(ret, object_text(o));
    if (fate == FATE_MESSAGE_FIRST)
        message_overtakes();
}

static void dispute_serve(const struct fetch_request *rq, str rest, struct fetch_answer *ret)
{
    str id = rest, text;
    const char *slash = memchr(rest.p, '/', rest.n);
    id.n = slash ? (size_t)(slash - rest.p) : rest.n;
    if (strcmp(rq->method, "POST") != 0 || !dispute_answer(id, str_ends(rest, STR("/accept")), &text))
        complain("a dispute that the acquirer does not know");
    else if (!sim_chance(shop.rate))
        answered(ret, text);
}

bool acquirer_was_paid_with(str token)
{
    for (size_t i = 0; i < shop.n_objects; i++)
        if (shop.objects[i].kind == CHARGE && shop.objects[i].captured > 0 && str_eq(shop.objects[i].token, token))
            return true;
    return false;
}

void acquirer_serve(const struct fetch_request *rq, str path, struct fetch_answer *ret)
{
    const str disputed = STR("/v1/disputes/"), card = STR("/v1/cards/");
    struct object wanted;
    lost(ret, FETCH_UNKNOWN);
    if (str_starts(path, disputed)) {
        dispute_serve(rq, (str){ path.p + disputed.n, path.n - disputed.n }, ret);
        return;
    }
    if (str_starts(path, card)) {
        card_serve((str){ path.p + card.n, path.n - card.n }, ret);
        return;
    }
    if (str_eq(path, STR("/v1/card_sessions"))) {
        answered(ret, STR("{\"url\":\"https://acquirer.example/cards/1\"}"));
        return;
    }
    for (enum kind kind = CHARGE; kind <= PUSH; kind++) {
        str name = str_of(paths[kind]);
        if (!str_starts(path, name))
            continue;
        str rest = { path.p + name.n, path.n - name.n };
        if (strcmp(rq->method, "POST") == 0) {
            if (!order_read(kind, rq, &wanted))
                complain("an order that cannot be read");
            else
                order_serve(&wanted, ret);
            return;
        }
        if (!str_starts(rest, STR("?key=")))
            break;
        const struct object *o = object_by_key(kind, (str){ rest.p + 5, rest.n - 5 });
        answered(ret, arena_printf(sim_memory(), "{\"data\":[%.*s]}", STR_ARG(o ? object_text(o) : STR(""))));
        if (query_is_lost())
            lost(ret, FETCH_UNKNOWN);
        return;
    }
    complain("a call that the acquirer does not know");
    lost(ret, FETCH_UNKNOWN);
}

/* ---- the rest of the world ---- */

void acquirer_tick(void)
{
    pushes_come_back();
    for (size_t i = 0; i < shop.n_late;) {
        if (instant_before(sim_now(), shop.late[i].arrives)) {
            i++;
            continue;
        }
        struct object wanted = shop.late[i].wanted;
        shop.late[i] = shop.late[--shop.n_late];
        order_do(&wanted);
    }
}

bool acquirer_message(str *body)
{
    if (shop.n_messages == 0)
        return false;
    *body = shop.messages[sim_draw(shop.n_messages)];
    return true;
}

void acquirer_message_taken(str body)
{
    for (size_t i = 0; i < shop.n_messages; i++)
        if (shop.messages[i].p == body.p && !sim_chance(shop.rate)) {
            shop.messages[i] = shop.messages[--shop.n_messages];
            return;
        }
}

bool acquirer_is_quiet(void)
{
    return shop.n_messages == 0 && shop.n_late == 0;
}

bool buyer_answers(bool approves)
{
    for (size_t i = 0; i < shop.n_objects; i++) {
        struct object *o = &shop.objects[i];
        if (o->status != ACTION)
            continue;
        charge_decide(o, approves);
        sim_note("the buyer answers", approves);
        tell(o);
        return true;
    }
    return false;
}
