/* The wallet's API for money that goes to people: accounts, payouts (docs/protocol/wallet.md). See pushes.h. */
#include "paysrv/sandbox/pushes.h"
#include "paysrv/sandbox/sandbox.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

#define AMOUNT_MOST 1000000

/* The wallet's test users as payees; anybody else has no account. */
static const struct {
    str name;
    enum card_takes takes;
} accounts[] = {
    { STR("buyer@wallet.example"), TAKES_PUSHES },     { STR("poor@wallet.example"), TAKES_PUSHES },
    { STR("late@wallet.example"), TAKES_PUSHES },      { STR("twice@wallet.example"), TAKES_PUSHES },
    { STR("declined@wallet.example"), TAKES_NOT_NOW }, { STR("gone@wallet.example"), TAKES_NEVER },
    { STR("closed@wallet.example"), TAKES_NO_PUSHES }, { STR("silent@wallet.example"), TAKES_SILENTLY },
    { STR("stuck@wallet.example"), TAKES_SOMETIME },   { STR("returned@wallet.example"), TAKES_AND_RETURNS },
};

static struct payee account_find(struct app *app, str name)
{
    (void)app;
    for (size_t i = 0; i < sizeof accounts / sizeof accounts[0]; i++)
        if (str_eq(accounts[i].name, name))
            return (struct payee){ true, accounts[i].takes };
    return (struct payee){ false, TAKES_PUSHES };
}

/* ---- accounts ---- */

static err account_show(struct task *t, const struct request *rq, struct response *rs)
{
    str name = request_path_param(rq, "account");
    const struct app *app = t->app;
    const struct payee payee = account_find(NULL, name);
    if (!payee.is_known)
        return FAIL(t, NOT_FOUND, "no account of this name");
    digest d = hmac_sha256(bytes_of(app->config.key_file.hidden), bytes_of(name));
    struct json *j = reply_json(rs, 200);
    json_str(j, "id", name);
    json_str(j, "object", STR("account"));
    json_bool(j, "receives", payee.takes != TAKES_NO_PUSHES);
    json_str(j, "fingerprint", hex_encode(t->arena, (bytes){ d.b, 12 }));
    return OK;
}

/* ---- payouts ---- */

static const struct param payout_params[] = {
    P_I64(struct push_in, amount, .need = REQUIRED, .low = 1, .high = AMOUNT_MOST),
    P_STR(struct push_in, currency, .need = REQUIRED, .set = CURRENCY, .min = 3, .max = 3),
    P_STR(struct push_in, token, .need = REQUIRED, .set = LINE, .max = 100),
    P_STR(struct push_in, reference, .need = REQUIRED, .set = LINE, .max = 200),
};
static const struct param find_params[] = { PUSH_FIND_PARAMS };

static err payout_make(struct task *t, const struct request *rq, struct response *rs)
{
    return push_answer(t, rq, rs, rq->in, true, account_find);
}

#define WALLET_ROUTE .guard = &GUARD_WALLET_MERCHANT, .run = RUN_INLINE, .errors = ERRORS_PROBLEM
const struct route wallet_account_route = {
    WALLET_ROUTE,      .method = GET,          .path = "/wallet/v1/accounts/{account}",
    .body = BODY_NONE, .handle = account_show, .summary = "Whether somebody can be paid to."
};
const struct route wallet_payout_create_route = { WALLET_ROUTE,
                                                  .method = POST,
                                                  .path = "/wallet/v1/payouts",
                                                  .body = BODY_JSON,
                                                  INPUT(struct push_in, payout_params),
                                                  .handle = payout_make,
                                                  .summary = "Pays to an account once per Idempotency-Key." };
const struct route wallet_payout_find_route = { WALLET_ROUTE,
                                                .method = GET,
                                                .path = "/wallet/v1/payouts",
                                                .body = BODY_NONE,
                                                INPUT(struct push_find_in, find_params),
                                                .handle = push_by_key,
                                                .summary = "The payout of a key, or an empty list." };
