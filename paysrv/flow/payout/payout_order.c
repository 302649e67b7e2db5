/* See payout_order.h; docs/protocol/pay/payouts.md. */
#include "paysrv/flow/payout/payout_order.h"

#include "paysrv/app.h"
#include "paysrv/domain/party/requisite.h"
#include "paysrv/domain/party/verification.h"
#include "paysrv/domain/payout/payout.h"
#include "paysrv/faults.h"
#include "paysrv/flow/acquirer/connector.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/flow/payout/code_limits.h"
#include "paysrv/store/agreement.sql.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/requisite.sql.h"
#include "shared/base/civil.h"
#include "shared/crypto/crypto.h"
#include "shared/text/money_text.h"

#define LABEL_TRIES 200
#define LABEL_OF 8 /* characters */

/* "K7": names the request on the screen and in the mail, so that nobody types one's code into another. Of what is drawn
 * in an id, which stands at its end. */
static str label_of(struct task *t, str id)
{
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    digest d = sha256_str((str){ id.p + id.n - LABEL_OF, LABEL_OF });
    return arena_printf(t->arena, "%c%d", letters[d.b[0] % (sizeof letters - 1)], 2 + d.b[1] % 8);
}

static bool is_among(str label, const str_array *labels)
{
    for (size_t i = 0; i < labels->n; i++)
        if (str_eq(label, labels->items[i]))
            return true;
    return false;
}

/* There are 192 labels. */
str order_id_new(struct task *t, const char *prefix, const str_array *labels, str *label)
{
    str id;
    int tries = 0;
    do {
        id = random_id(t->arena, prefix);
        *label = label_of(t, id);
    } while (is_among(*label, labels) && ++tries < LABEL_TRIES);
    return id;
}

err order_balance(struct task *t, partner_id partner, user_id user, str currency, struct seller_balance *ret)
{
    static const str kinds[] = { { "seller", 6 } };
    const struct balance_list_row *rows;
    size_t n;
    *ret = (struct seller_balance){ .available_minor = 0 };
    TRY(balance_list(t, partner, user, (str_array){ kinds, 1 }, &rows, &n));
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].currency, currency))
            *ret = (struct seller_balance){ rows[i].posted - rows[i].pending_out - rows[i].held,
                                            rows[i].posted - rows[i].pending_out < 0 };
    return OK;
}

err order_is_covered(struct task *t, partner_id partner, user_id user, str currency, int64_t amount_minor)
{
    struct seller_balance balance;
    TRY(order_balance(t, partner, user, currency, &balance));
    if (balance.available_minor >= amount_minor)
        return OK;
    struct failure *f = FAIL(t, INSUFFICIENT_FUNDS, "asked before the code was mailed");
    const int64_t there_minor = balance.available_minor > 0 ? balance.available_minor : 0;
    f->explain = arena_printf(t->arena, "The balance does not hold this amount: %.*s is available.",
                              STR_ARG(money_text(t->arena, there_minor, currency)));
    return f;
}

static err waits_judge(struct task *t, const struct user_find_row *user, str agreement)
{
    if (user->payouts_from_given && instant_before(t->now, user->payouts_from))
        return FAIL_PARAM(
            t, PAYOUTS_COOLING, STR("user"),
            arena_printf(t->arena, "payouts from %.*s on", STR_ARG(instant_text(t->arena, user->payouts_from))));
    if (str_given(agreement))
        return FAIL_PARAM(t, AGREEMENT_NOT_ACCEPTED, STR("user"),
                          arena_printf(t->arena, "has to accept version %.*s", STR_ARG(agreement)));
    return OK;
}

err order_user_may(struct task *t, partner_id partner, const struct user_find_row *user, str_array *labels)
{
    TRY(party_is_active(t, user));
    if (user->payouts_frozen_at_given)
        return FAIL(t, PAYOUTS_FROZEN, "the owner has frozen payouts");
    const struct code_ask ask = { .partner = partner, .user = user->user_id, .recipient = user->email };
    const struct payout_recent_row *recent;
    bool is_spared;
    TRY(codes_judge(t, &ask, &is_spared, &recent));
    *labels = recent->labels;
    return waits_judge(t, user, recent->agreement);
}

err order_user_waits(struct task *t, partner_id partner, const struct user_find_row *user)
{
    const struct agreement_missing_row *missing;
    TRY(agreement_missing(t, partner, user->user_id, &missing));
    return waits_judge(t, user, missing->version);
}

static err card_judge(struct task *t, const struct requisite_find_row *r)
{
    struct civil_date today = civil_of_days(instant_seconds(t->now) / 86400);
    if (r->exp_year_given && requisite_card_is_over(r->exp_month, r->exp_year, today.month, today.year))
        return FAIL_PARAM(t, REQUISITE_DISABLED, STR("requisite"), STR("must be a card that has not expired"));
    return OK;
}

/* The test bank, which sandbox partners have, pays to all of them. */
err order_scheme(struct task *t, enum account_scheme scheme)
{
    const struct app *app = t->app;
    if (scheme == SCHEME_RU && app->config.debtor_account.n == 0 && clock_is_live(t))
        return FAIL_PARAM(t, ACQUIRER_REFUSES, STR("bik"), STR("nothing is paid out to Russian accounts here"));
    return OK;
}

err order_rail(struct task *t, str rail, str acquirer, str bik, const struct payout_cap **caps)
{
    enum rail by = RAIL_BANK;
    const struct connector *c = NULL;
    *caps = NULL;
    if (!rail_parse(rail, &by))
        return OK;
    if (by == RAIL_BANK) {
        *caps = bank_payout_caps(account_scheme_of(bik));
        return order_scheme(t, account_scheme_of(bik));
    }
    TRY(payout_connector(t, by, &c));
    if (!str_eq(acquirer, str_of(c->name)))
        return FAIL_PARAM(t, REQUISITE_DISABLED, STR("requisite"), STR("must be one of the acquirer in use"));
    *caps = c->payout_caps;
    return OK;
}

static err rail_judge(struct task *t, const struct requisite_find_row *r, const struct payout_order *order)
{
    enum rail by = RAIL_BANK;
    const struct payout_cap *caps;
    TRY(card_judge(t, r));
    TRY(order_rail(t, r->rail, r->acquirer, r->bik, &caps));
    rail_parse(r->rail, &by);
    struct requisite_verdict verdict = payout_currency_judge(t->arena, by, caps, order->currency, order->amount_minor);
    return verdict.good ? OK : FAIL_PARAM(t, INVALID_PARAMETER, verdict.param, verdict.explain);
}

err order_judge(struct task *t, const struct caller *c, const struct payout_order *order,
                const struct user_find_row *user, const struct requisite_find_row **requisite)
{
    TRY(requisite_find(t, c->partner, (requisite_id){ order->requisite }, requisite));
    if (!*requisite || !str_eq((*requisite)->user_id.v, user->user_id.v))
        return FAIL_PARAM(t, NOT_FOUND, STR("requisite"), STR("there is no such requisite of this user"));
    if ((*requisite)->disabled_at_given)
        return FAIL_PARAM(t, REQUISITE_DISABLED, STR("requisite"), STR("must be one that is not disabled"));
    if ((*requisite)->needs_code && !(*requisite)->confirmed_at_given)
        return FAIL_PARAM(t, REQUISITE_PENDING, STR("requisite"), STR("must be one that its owner has confirmed"));
    if ((*requisite)->usable_from_given && instant_before(t->now, (*requisite)->usable_from))
        return FAIL_PARAM(t, REQUISITE_COOLING, STR("requisite"),
                          arena_printf(t->arena, "can be used from %.*s on",
                                       STR_ARG(instant_text(t->arena, (*requisite)->usable_from))));
    if (verification_differs((*requisite)->verification) && !(*requisite)->accepted_at_given)
        return FAIL_PARAM(t, REQUISITE_MISMATCH, STR("requisite"),
                          STR("must be in the name that the bank knows, or its owner accepts the difference"));
    return rail_judge(t, *requisite, order);
}

struct payout_find_row order_payout(struct task *t, const struct payout_order *order,
                                    const struct requisite_find_row *requisite, const str_array *labels)
{
    const struct app *app = t->app;
    struct payout_find_row p = {
        .user_id = requisite->user_id,
        .requisite_id = requisite->requisite_id,
        .amount = order->amount_minor,
        .currency = order->currency,
        .destination = requisite->destination,
        .external_id = order->external_id,
        .rail = requisite->rail,
        .status = payout_state_name(PAYOUT_AWAITING_CODE),
        .masked = requisite->masked,
        .holder_name = requisite->holder_name,
        .attempts_left = PAYOUT_CODE_ATTEMPTS,
        .attempts_left_given = true,
        .created_at = t->now,
        .expires_at = instant_add(t->now, app->config.payout_code_ttl),
    };
    p.payout_id = (payout_id){ order_id_new(t, "po_", labels, &p.label) };
    return p;
}
