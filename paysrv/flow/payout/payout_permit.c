/* See payout_permit.h. */
#include "paysrv/flow/payout/payout_permit.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/payment/payment_permit.h"
#include "paysrv/store/approval.sql.h"
#include "paysrv/store/payout.sql.h"
#include "shared/base/num.h"
#include "shared/text/json_in.h"

err permits_open(struct task *t, const struct caller *c, struct payout_permits *ret)
{
    const struct json_value *details = NULL;
    *ret = (struct payout_permits){ 0 };
    if (str_given(c->details) && !json_parse(t->arena, c->details, &details))
        return FAIL(t, INTERNAL, "the details of a verified token cannot be read");
    if (permits_say_anything(details, PERMIT_PAYOUT))
        ret->details = details;
    return OK;
}

/* With what he has asked for today: many small ones are as good as a large one. */
static err is_demanded(struct task *t, const struct caller *c, const struct limits_case *of,
                       const struct payout_limits *limits, int64_t amount_minor, bool *ret)
{
    const struct payouts_asked_row *row;
    const struct user_login nothing = { 0 };
    int64_t sum;
    if (*ret || !limits->details_from_minor)
        return OK;
    TRY(payouts_asked(t, c->partner, of->user, payout_step_up_since(&(struct payout_limits){ 0 }, &nothing, t->now),
                      of->currency, c->subject, &row));
    *ret = !num_add(amount_minor, of->beside_minor, &sum) || !num_add(sum, row->amount, &sum) ||
           sum >= limits->details_from_minor;
    return OK;
}

/* The example is what a client has to ask the authorization server for. */
static str wanted(struct task *t, const struct permit_wish *w)
{
    return arena_printf(t->arena,
                        "the access token has to allow this payout by authorization_details: [{\"type\":\"payout\","
                        "\"amount\":%lld,\"currency\":\"%.*s\",\"destination\":\"%.*s\"}], once",
                        (long long)w->amount_minor, STR_ARG(w->currency), STR_ARG(w->payee));
}

err permit_take(struct task *t, const struct caller *c, struct payout_permits *p, const struct limits_case *of,
                const struct limits_found *limits, const struct requisite_find_row *requisite, int64_t amount_minor,
                str *permit)
{
    const struct permit_wish wish = { .kind = PERMIT_PAYOUT,
                                      .amount_minor = amount_minor,
                                      .currency = of->currency,
                                      .payee = requisite->requisite_id.v,
                                      .holder = requisite->holder_name,
                                      .masked = requisite->masked };
    bool demanded = false;
    *permit = STR_NONE;
    if (!p->details) {
        if (str_given(c->subject)) { /* a partner's own token is of nobody who could have allowed anything */
            TRY(is_demanded(t, c, of, &limits->seller, amount_minor, &demanded));
            TRY(is_demanded(t, c, of, &limits->all, amount_minor, &demanded));
        }
        return demanded ? permit_refuse(t, STR("amount"), wanted(t, &wish)) : OK;
    }
    TRY(permit_stands(t, c));
    TRY(permit_key(t, c, permit_find(p->details, &wish, p->taken), permit));
    return str_given(*permit) ? OK : permit_refuse(t, STR("authorization_details"), wanted(t, &wish));
}

err permit_schedule(struct task *t, const struct caller *c, const struct limits_found *limits)
{
    bool is_demanded = limits->seller.details_from_minor || limits->all.details_from_minor;
    return is_demanded && str_given(c->subject)
               ? permit_refuse(t, STR("currency"),
                               STR("a schedule pays out what nobody has allowed by authorization_details, which this "
                                   "currency's limits demand (details_from)"))
               : OK;
}

err permit_own(struct task *t, const struct caller *c, str subject)
{
    struct payout_permits p;
    const struct payouts_permitted_row *row;
    TRY(permits_open(t, c, &p));
    if (!p.details)
        return OK;
    TRY(payouts_permitted(t, subject, c->partner, str_given(c->grant) ? c->grant : STR(""), &row));
    return row->others == 0 ? OK
                            : permit_refuse(t, STR("authorization_details"),
                                            STR("this payout was not requested with what the access token allows"));
}
