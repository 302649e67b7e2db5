/*
 * POST /v1/payments and the reads (docs/protocol/pay/payments.md): what is sold, for how much, and who gets what
 * of it is fixed here: by the store's rules, or by those that the partner names for this payment.
 */
#include "paysrv/app.h"
#include "paysrv/domain/money.h"
#include "paysrv/domain/party/party_text.h"
#include "paysrv/domain/payment/refund.h"
#include "paysrv/faults.h"
#include "paysrv/flow/acquirer/acquirer.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/flow/payment/charge.h"
#include "paysrv/flow/payment/new_payment.h"
#include "paysrv/flow/payment/payment_permit.h"
#include "paysrv/flow/payment/payment_search.h"
#include "paysrv/flow/payment/receipt.h"
#include "paysrv/flow/payment/saved_card.h"
#include "paysrv/flow/stores/store_cache.h"
#include "paysrv/flow/stores/store_domain.h"
#include "paysrv/flow/stores/store_state.h"
#include "paysrv/guards.h"
#include "paysrv/hold_request.h"
#include "paysrv/means_request.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/split_request.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/store/saved_card.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/text/currency.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"

#define ORIGINS_MAX 10
#define METADATA_MAX 4096
#define NO_KEY_ROUTE STR("none") /* of payments made without a key: no request can name it */

/* ---- create ---- */

struct save_in {
    str buyer;
    str email;
    bool required;
};

static const struct param save_params[] = {
    P_STR(struct save_in, buyer, .need = REQUIRED, .set = TOKEN, .min = 1, .max = 200),
    P_STR(struct save_in, email, .need = REQUIRED, .set = EMAIL, .max = 254),
    P_BOOL(struct save_in, required, .need = OPTIONAL),
};

struct create_in {
    str store;
    int64_t amount;
    str currency;
    str description;
    str external_id;
    str return_url;
    const struct json_value *origins;
    const struct json_value *metadata;
    str capture_method;
    str split_profile;
    struct list split;
    str locale;
    const struct save_in *save_card;
    const struct hold_in *hold;
    const struct json_value *receipt;
    const struct means_in *confirm;
};

static const struct param create_params[] = {
    P_STR(struct create_in, store, .need = REQUIRED, .set = ID, .max = 40),
    P_I64(struct create_in, amount, .need = REQUIRED, .low = 1, .high = MONEY_MAX_MINOR),
    P_STR(struct create_in, currency, .need = REQUIRED, .set = CURRENCY, .min = 3, .max = 3),
    P_STR(struct create_in, description, .need = REQUIRED, .set = LINE, .max = 500, .in_characters = true),
    P_STR(struct create_in, external_id, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 200),
    P_STR(struct create_in, return_url, .need = OPTIONAL, .set = URI, .max = 2000),
    P_VALUE(struct create_in, origins, .need = OPTIONAL, .type = "string[]"),
    P_VALUE(struct create_in, metadata, .need = OPTIONAL, .type = "texts"),
    P_STR(struct create_in, capture_method, .need = OPTIONAL, .set = ID, .min = 1, .max = 20,
          .words = "automatic manual"),
    P_STR(struct create_in, split_profile, .need = OPTIONAL, .set = ID, .min = 1, .max = 40),
    P_STR(struct create_in, locale, .need = OPTIONAL, .set = TOKEN, .min = 2, .max = 35),
    P_OBJECT(struct create_in, save_card, struct save_in, save_params, .need = OPTIONAL),
    P_OBJECT(struct create_in, hold, struct hold_in, hold_params, .need = OPTIONAL),
    P_VALUE(struct create_in, receipt, .need = OPTIONAL, .type = RECEIPT_TYPE),
    P_OBJECT(struct create_in, confirm, struct means_in, means_params, .need = OPTIONAL),
    P_OBJECTS(struct create_in, split, struct rule_in, rule_params, .need = OPTIONAL, .min = 1, .max = SPLIT_RULES_MAX),
};

/* Origins that may frame the checkout; without any, the origin of return_url. */
static err origins_read(struct task *t, const struct create_in *in, str_array *ret)
{
    static const char allowed[] = "must be a list of at most 10 origins such as https://shop.example (http only for "
                                  "loopback addresses and localhost)";
    size_t n = in->origins ? json_size(in->origins) : 0;
    str *items = arena_array(t->arena, str, n ? n : 1);
    struct url url;
    if (in->origins && (json_kind(in->origins) != JSON_ARRAY || n > ORIGINS_MAX))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("origins"), str_of(allowed));
    for (size_t i = 0; i < n; i++) {
        if (!json_is_str(json_item(in->origins, i), &items[i]) || !url_parse(items[i], &url) || !url_is_safe(&url) ||
            !str_eq(url_origin(t->arena, &url), items[i]))
            return FAIL_PARAM(t, INVALID_PARAMETER, STR("origins"), str_of(allowed));
    }
    if (n == 0 && str_given(in->return_url) && url_parse(in->return_url, &url)) {
        items[0] = url_origin(t->arena, &url);
        n = 1;
    }
    *ret = (str_array){ items, n };
    return OK;
}

static err metadata_read(struct task *t, const struct create_in *in, str *ret)
{
    if (!in->metadata)
        return OK;
    bool flat = json_kind(in->metadata) == JSON_OBJECT;
    str key, text;
    const struct json_value *value;
    for (size_t i = 0; flat && json_member(in->metadata, i, &key, &value); i++)
        flat = json_is_str(value, &text);
    str document = flat ? json_canonical(t->arena, in->metadata) : STR_NONE;
    if (!flat || document.n > METADATA_MAX)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("metadata"),
                          STR("must be an object of text values, at most 4096 bytes"));
    *ret = document;
    return OK;
}

/* A currency that is in use, is the store's, and holds this amount in one payment. */
static err amount_check(struct task *t, int64_t amount, str currency, str of_store)
{
    const struct app *app = t->app;
    const struct money_limit limit = money_limit_of(&app->limits, currency);
    if (!currency_is_taken(currency))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("currency"), currency_allowed(currency));
    if (!str_eq(currency, of_store))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("currency"),
                          arena_printf(t->arena, "must be the store's, %.*s", STR_ARG(of_store)));
    if (amount < limit.low_minor || amount > limit.high_minor)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("amount"),
                          arena_printf(t->arena, "must be from %lld to %lld minor units of %.*s",
                                       (long long)limit.low_minor, (long long)limit.high_minor, STR_ARG(currency)));
    return OK;
}

/* The rules that this payment is made under: its own, a profile that it names, or those of its store. */
static err rules_of(struct task *t, const struct create_in *in, const struct payment_store_row *store,
                    struct payment_find_row *p, struct split_profile *ret)
{
    const struct split_choice choice = { &in->split, in->split_profile };
    TRY(split_choice_read(t, p->partner_id, &choice, p->currency, ret, &p->split_profile_id));
    if (str_given(p->split_profile_id))
        return OK;
    return payment_store_rules(t, store, p, ret);
}

/* Who gets what of it, for ever. */
static err payment_split(struct task *t, const struct create_in *in, const struct payment_store_row *store,
                         struct payment_find_row *p)
{
    struct split_profile split;
    TRY(rules_of(t, in, store, p, &split));
    return payment_share(t, &split, in->split.n ? "split" : "split_profile", p);
}

/* A payment in two steps counts what is captured; one in a single step has no count. */
static err capture_method_read(struct task *t, str text, bool *is_manual)
{
    *is_manual = str_eq(text, STR("manual"));
    if (str_given(text) && !*is_manual && !str_eq(text, STR("automatic")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("capture_method"), STR("must be automatic or manual"));
    return OK;
}

/* The payment as it will be: everything about it is decided here, before the one statement that makes it. */
static err payment_plan(struct task *t, const struct caller *caller, const struct create_in *in,
                        const struct payment_store_row *store, struct payment_find_row *ret)
{
    const struct app *app = t->app;
    TRY(amount_check(t, in->amount, in->currency, store->currency));
    if (str_given(in->locale) && !locale_is_tag(in->locale))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("locale"), LOCALE_ALLOWED);
    *ret = (struct payment_find_row){
        .payment_id = { app->env->new_id(t->arena, "pay_") },
        .partner_id = caller->partner,
        .store_id = { in->store },
        .user_id = store->user_id,
        .currency = in->currency,
        .amount = in->amount,
        .platform_bp = store->platform_bp,
        .partner_bp = store->partner_bp,
        .status = STR("requires_payment_method"),
        .description = in->description,
        .external_id = in->external_id,
        .return_url = in->return_url,
        .created_at = t->now,
        .expires_at = instant_add(t->now, PAYMENT_LIFE),
        .methods = store->methods,
    };
    TRY(payment_split(t, in, store, ret));
    TRY(capture_method_read(t, in->capture_method, &ret->captured_given));
    TRY(acquirer_methods_fix(t, ret));
    TRY(return_url_check(t, in->return_url));
    TRY(origins_read(t, in, &ret->origins));
    TRY(store_domains_check(t, store, in->return_url, ret->origins));
    return metadata_read(t, in, &ret->metadata);
}

/* A receipt tells of what was paid at once: in two steps each capture says which positions it is of. */
static err receipt_read(struct task *t, const struct create_in *in, const struct payment_find_row *p)
{
    if (!in->receipt)
        return OK;
    if (p->captured_given)
        return FAIL_PARAM(
            t, INVALID_PARAMETER, STR("receipt"),
            STR("only of a payment that is captured automatically; in two steps each capture has its own"));
    return receipt_take(t, p->partner_id, p->payment_id.v, in->receipt, p->amount, false);
}

static err payment_make(struct task *t, const struct payment_find_row *p, struct step_create *step,
                        const struct once *once, struct answer *ret)
{
    const struct app *app = t->app;
    bool found = true;
    *ret = (struct answer){ .status = 201, .body = payment_document(t, p, PAYMENT_REQUIRES_PAYMENT_METHOD) };
    step->body = ret->body;
    TRY(app->env->payment_create(t, step));
    if (!step->created)
        TRY(charge_stored(t, p->partner_id, once, &found, ret));
    return found ? OK : FAIL(t, UNAVAILABLE, "the key was taken and given back meanwhile");
}

/* A card that was kept for this store, and no other's. What was answered before it ended is answered again. */
static err kept_card_check(struct task *t, const struct charge_order *o, const struct once *once, bool *is_answered,
                           struct answer *ret)
{
    const struct saved_card_is_of_store_row *row = NULL;
    *is_answered = false;
    if (saved_card_is_id(o->token))
        TRY(saved_card_is_of_store(t, (saved_card_id){ o->token }, o->partner, o->making->payment->store_id, &row));
    if (!row || row->yes)
        return OK;
    TRY(charge_stored(t, o->partner, once, is_answered, ret));
    return *is_answered ? OK
                        : FAIL_PARAM(t, INVALID_PARAMETER, STR("confirm.payment_token"),
                                     STR("is no saved card of this payment's store that may still be charged"));
}

/* Made and confirmed by one request, under one key. */
static err payment_pay(struct task *t, const struct create_in *in, const struct step_create *step,
                       const struct once *once, struct answer *ret)
{
    bool is_answered;
    const struct payment_find_row *p = step->payment;
    struct charge_order order = {
        .partner = p->partner_id,
        .payment = p->payment_id,
        .route = step->route,
        .key = step->key,
        .fingerprint = step->fingerprint,
        .token = in->confirm->payment_token,
        .making = step,
    };
    TRY(means_read(t, in->confirm, "confirm.", &order.method));
    TRY(kept_card_check(t, &order, once, &is_answered, ret));
    return is_answered ? OK : charge_run(t, &order, ret);
}

static err payment_make_or_pay(struct task *t, const struct create_in *in, const struct payment_find_row *p,
                               int64_t settlement_terms, const struct once *once, struct answer *ret)
{
    struct step_create step = {
        .payment = p,
        .settlement_terms = settlement_terms,
        .route = once->given ? once->route : NO_KEY_ROUTE,
        .key = once->given ? once->key : p->payment_id.v,
        .fingerprint = once->fingerprint,
        .locale = in->locale,
    };
    return in->confirm ? payment_pay(t, in, &step, once, ret) : payment_make(t, p, &step, once, ret);
}

/* A user's store, and whether an external_id is free, are not for the cache. */
static err store_find(struct task *t, const struct caller *caller, const struct create_in *in,
                      struct payment_store_row *ret)
{
    const struct app *app = t->app;
    const struct payment_store_row *row;
    bool plain = !str_given(caller->subject) && !str_given(in->external_id);
    if (plain && store_cache_find(t, app->stores, caller->partner, (store_id){ in->store }, ret))
        return OK;
    TRY(payment_store(t, in->external_id, caller->partner, (store_id){ in->store }, caller->subject, &row));
    if (!row)
        return FAIL_PARAM(t, NOT_FOUND, STR("store"), STR("there is no such store"));
    *ret = *row;
    if (plain)
        store_cache_keep(t, app->stores, caller->partner, (store_id){ in->store }, row);
    return OK;
}

/* All that can be wrong with it now; none of that matters to what was answered under the same key before. */
static err payment_prepare(struct task *t, const struct caller *caller, const struct create_in *in,
                           struct payment_store_row *store, struct payment_find_row *ret)
{
    int64_t affected;
    if (store->external_id_taken)
        return FAIL_PARAM(t, EXTERNAL_ID_TAKEN, STR("external_id"), STR("names another payment"));
    TRY(store_sells(t, store->status));
    TRY(payment_plan(t, caller, in, store, ret));
    TRY(hold_request_terms(t, caller, in->hold, ret->store_id, &store->settlement_terms));
    if (!store->accounts_open)
        TRY(accounts_open(t, ret->user_id, ret->partner_id, ret->currency, &affected));
    if (in->save_card)
        TRY(card_offer_make(t, ret->payment_id, in->save_card->buyer, in->save_card->email, in->save_card->required,
                            &affected));
    return receipt_read(t, in, ret);
}

static err create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct create_in *in = rq->in;
    const struct caller *caller = caller_of(rq);
    struct payment_store_row store;
    struct payment_find_row payment;
    struct answer answer;
    struct once once;
    str permit = STR_NONE;
    bool found = false;
    TRY(once_of(t, rq, in->confirm != NULL, &once));
    TRY(split_choice_check(t, caller, &(struct split_choice){ &in->split, in->split_profile }));
    TRY(store_find(t, caller, in, &store));
    err wrong = payment_prepare(t, caller, in, &store, &payment);
    if (!wrong && str_given(caller->details)) {
        TRY(charge_stored(t, caller->partner, &once, &found, &answer)); /* used by this very request */
        if (!found)
            wrong = payment_permit_use(t, caller, &payment, &once, &permit);
    }
    if (wrong) /* also by its twin, at this moment */
        TRY(charge_stored(t, caller->partner, &once, &found, &answer));
    if (wrong && !found)
        return wrong;
    if (!found) {
        err made = payment_make_or_pay(t, in, &payment, store.settlement_terms, &once, &answer);
        TRY(payment_permit_end(t, permit, payment.payment_id, made, &answer));
    }
    answer_send(rs, &answer);
    return OK;
}

const struct route payments_create_route = {
    .method = POST,
    .path = "/v1/payments",
    .guard = &GUARD_PAYMENTS,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct create_in, create_params),
    .handle = create,
    .answer = "Payment",
    .done = "200 201 202",
    .summary = "Create a payment for a store; with `confirm` it is charged at once",
};

/* ---- read ---- */

static err read_one(struct task *t, const struct request *rq, struct response *rs)
{
    const struct caller *caller = caller_of(rq);
    const struct payment_find_row *p;
    payment_id id = { request_path_param(rq, "payment") };
    TRY(payment_find(t, id, caller->partner, caller->subject, &p));
    if (!p)
        return FAIL(t, NOT_FOUND, "no such payment for this caller");
    payment_write(t, reply_json(rs, 200), p, payment_status_at(p->status, p->expires_at, t->now));
    return OK;
}

const struct route payments_read_route = {
    .method = GET,
    .path = "/v1/payments/{payment}",
    .guard = &GUARD_PAYMENTS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = read_one,
    .answer = "Payment",
    .summary = "Read a payment",
};

struct list_in {
    str store, user, status, currency, external_id, from, to;
    int64_t amount_min, amount_max;
    PAGE_FIELDS
};

static const struct param list_params[] = {
    P_STR(struct list_in, store, .need = OPTIONAL, .set = ID, .max = 40),
    P_STR(struct list_in, user, .need = OPTIONAL, .set = ID, .max = 40),
    P_STR(struct list_in, status, .need = OPTIONAL, .set = ID, .max = 40, .words = PAYMENT_STATUSES(STR_LISTED)),
    P_STR(struct list_in, currency, .need = OPTIONAL, .set = CURRENCY, .min = 3, .max = 3),
    P_STR(struct list_in, external_id, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 200),
    P_STR(struct list_in, from, .need = OPTIONAL, .set = LINE, .max = 40),
    P_STR(struct list_in, to, .need = OPTIONAL, .set = LINE, .max = 40),
    P_I64(struct list_in, amount_min, .need = OPTIONAL, .low = 1, .high = MONEY_MAX_MINOR),
    P_I64(struct list_in, amount_max, .need = OPTIONAL, .low = 1, .high = MONEY_MAX_MINOR),
    PAGE_PARAMS(struct list_in),
};

/* With a user's token: those of his stores; who sells nothing here has none. */
static err seller_of_list(struct task *t, const struct caller *caller, str named, str *ret)
{
    const struct user_find_row *user;
    *ret = STR_NONE;
    if (!str_given(named) && !str_given(caller->subject))
        return OK;
    if (str_given(named))
        TRY(party_user(t, caller, named, &user));
    else
        TRY(user_of_subject(t, caller->partner, caller->subject, &user));
    *ret = user ? user->user_id.v : STR("nobody");
    return OK;
}

static err list(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    const struct caller *caller = caller_of(rq);
    const struct payment_find_row *rows;
    struct payment_wish wish = { .partner = caller->partner.v,
                                 .store = in->store,
                                 .status = in->status,
                                 .currency = in->currency,
                                 .label = in->external_id,
                                 .from = in->from,
                                 .to = in->to,
                                 .amount_min = in->amount_min,
                                 .amount_max = in->amount_max };
    struct payment_found found;
    str before;
    size_t n;
    TRY(cursor_read(t, "payments", caller->partner, in->cursor, &before));
    TRY(seller_of_list(t, caller, in->user, &wish.seller));
    TRY(payment_look(t, &wish, before, page_limit(in->limit), &found));
    TRY(payment_list(t, found.payments, &rows, &n));
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        payment_write(t, j, &rows[i], payment_status_at(rows[i].status, rows[i].expires_at, t->now));
        json_close(j);
    }
    page_end(t, j, "payments", caller->partner, found.has_more, found.next);
    return OK;
}

const struct route payments_list_route = {
    .method = GET,
    .path = "/v1/payments",
    .guard = &GUARD_PAYMENTS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct list_in, list_params),
    .handle = list,
    .answer = "Page<Payment>",
    .summary = "List payments, newest first",
};
