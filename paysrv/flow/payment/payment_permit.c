/* See payment_permit.h. */
#include "paysrv/flow/payment/payment_permit.h"

#include "paysrv/app.h"
#include "paysrv/domain/payout/payout_permit.h"
#include "paysrv/faults.h"
#include "paysrv/store/consent.sql.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/store/store.sql.h"
#include "shared/ops/log.h"
#include "shared/text/json_in.h"

/* RFC 6750 section 3, with the error of draft-ietf-oauth-rar-metadata. */
struct failure *permit_refuse(struct task *t, str field, str explain)
{
    const struct app *app = t->app;
    struct failure *f = FAIL_PARAM(t, INSUFFICIENT_AUTHORIZATION_DETAILS, field, explain);
    f->challenge = arena_printf(t->arena,
                                "Bearer error=\"insufficient_authorization_details\", "
                                "resource_metadata=\"%.*s/.well-known/oauth-protected-resource\"",
                                STR_ARG(app->config.public_url));
    return f;
}

err permit_stands(struct task *t, const struct caller *c)
{
    const struct grant_is_withdrawn_row *row;
    TRY(grant_is_withdrawn(t, c->partner, c->subject, str_given(c->grant) ? c->grant : STR(""), &row));
    return row->yes ? permit_refuse(t, STR("authorization_details"), STR("what was allowed here was taken back")) : OK;
}

err permit_key(struct task *t, const struct caller *c, int number, str *ret)
{
    const struct json_value *places = NULL;
    int64_t place;
    *ret = STR_NONE;
    if (!str_given(c->grant) || number < 0)
        return OK;
    if ((str_given(c->places) && !json_parse(t->arena, c->places, &places)) || !permit_place(places, number, &place))
        return FAIL(t, INTERNAL, "the places of a verified token's details cannot be read");
    *ret = arena_printf(t->arena, "%.*s:%lld", STR_ARG(c->grant), (long long)place);
    return OK;
}

/* The example is what a client has to ask the authorization server for. */
static str wanted(struct task *t, const struct permit_wish *w)
{
    return arena_printf(t->arena,
                        "the access token has to allow this payment by authorization_details: [{\"type\":\"payment\","
                        "\"amount\":%lld,\"currency\":\"%.*s\",\"payee\":\"%.*s\"}], once",
                        (long long)w->amount_minor, STR_ARG(w->currency), STR_ARG(w->payee));
}

err payment_permit_use(struct task *t, const struct caller *c, const struct payment_find_row *p,
                       const struct once *once, str *permit)
{
    const struct json_value *details = NULL;
    const struct store_find_row *store;
    const struct payment_permit_take_row *row;
    bool taken[PERMITS_MAX] = { 0 };
    *permit = STR_NONE;
    if (!str_given(c->details) || !json_parse(t->arena, c->details, &details) ||
        !permits_say_anything(details, PERMIT_PAYMENT))
        return OK;
    if (!once->given)
        return FAIL_PARAM(t, IDEMPOTENCY_KEY_REQUIRED, STR("Idempotency-Key"),
                          STR("is required with a token that allows this payment once"));
    TRY(permit_stands(t, c));
    TRY(store_find(t, c->partner, p->store_id, STR_NONE, &store));
    const struct permit_wish wish = { .kind = PERMIT_PAYMENT,
                                      .amount_minor = p->amount,
                                      .currency = p->currency,
                                      .payee = p->store_id.v,
                                      .holder = store ? store->name : STR_NONE,
                                      .purpose = p->description };
    bool is_used = false;
    for (;;) {
        str key;
        TRY(permit_key(t, c, permit_find(details, &wish, taken), &key));
        if (!str_given(key))
            break;
        TRY(payment_permit_take(t, key, c->partner, once->key, p->payment_id, &row));
        if (row) {
            *permit = key;
            return OK;
        }
        is_used = true; /* another detail may say the same */
    }
    return is_used ? FAIL(t, AUTHORIZATION_DETAILS_USED, "by another request")
                   : permit_refuse(t, STR("authorization_details"), wanted(t, &wish));
}

err payment_permit_end(struct task *t, str permit, payment_id payment, err made, const struct answer *answer)
{
    int64_t given_back;
    bool is_unused = made ? made->fault->status < 500 : answer->is_replayed;
    if (!str_given(permit) || !is_unused)
        return made;
    err e = payment_permit_give_back(t, payment, permit, &given_back);
    return made ? failure_first(t, made, e) : e;
}
