/* Judging a configuration beyond the declared limits: what may not start, does not start. */
#include "paysrv/config.h"

#include "paysrv/domain/bank/bank_file.h"
#include "paysrv/domain/money.h"
#include "paysrv/domain/party/ru_account.h"
#include "paysrv/domain/settlement/settlement.h"
#include "paysrv/flow/acquirer/connector.h"
#include "shared/net/mail_text.h"

static bool complain(const char *what)
{
    fprintf(stderr, "paysrv: %s\n", what);
    return false;
}

static bool is_whole(struct acquirer_door door)
{
    return (door.base.n > 0) == (door.key.n > 0) && (door.base.n > 0) == (door.secret.n > 0);
}

static bool wallet_judge(const struct config *config)
{
    const struct acquirer_door live = acquirer_door(config, METHOD_WALLET, true),
                               test = acquirer_door(config, METHOD_WALLET, false);
    const struct connector *wallet = connector_named(config->wallet);
    if (config->wallet.n > 0 && (!wallet || wallet->method != METHOD_WALLET))
        return complain("wallet: must be sandbox_wallet, or empty");
    if (!is_whole(live) || (config->wallet.n > 0) != (live.base.n > 0))
        return complain("wallet, wallet_url, wallet_key_file and wallet_webhook_secret_file: all four or none");
    if (!is_whole(test))
        return complain("test_wallet_url, test_wallet_key_file and test_wallet_webhook_secret_file: all three or none");
    if (config->wallet_settlements && (!wallet || !wallet->settlements))
        return complain("wallet_settlements: there is no wallet with registries that could be fetched");
    const char *wrong = wallet ? wallet->config_wrong(config) : NULL;
    return wrong ? complain(wrong) : true;
}

/* None at all, or an account in roubles that is whole. */
static bool roubles_judge(const struct config *c)
{
    const struct ru_account account = { .bik = c->debtor_bik,
                                        .account = c->debtor_account,
                                        .correspondent = c->debtor_correspondent.n ? c->debtor_correspondent : STR_NONE,
                                        .inn = c->debtor_inn };
    if (c->debtor_account.n + c->debtor_bik.n + c->debtor_correspondent.n + c->debtor_inn.n == 0)
        return true;
    return c->debtor_name.n > 0 && ru_account_judge(&account) == RU_GOOD;
}

#define LOCAL_PART_MAX 64 /* RFC 5321 section 4.5.3.1.1 */
#define MAIL_ID_CHARS 31  /* "mail_" and what random_id makes */

static bool bounces_judge(const struct config *c)
{
    str rest = c->mail_bounces, local;
    return rest.n == 0 ||
           (mail_address_is_safe(rest) && str_cut(&rest, '@', &local) && local.n + 1 + MAIL_ID_CHARS <= LOCAL_PART_MAX);
}

bool config_judge(const void *settings)
{
    const struct config *config = settings;
    struct money_limits limits;
    struct settlement_rates rates;
    bool has_test = config->test_acquirer_url.n > 0;
    if (has_test != (config->test_acquirer_key_file.hidden.n > 0) ||
        has_test != (config->test_acquirer_webhook_secret_file.hidden.n > 0))
        return complain("test_acquirer_url, test_acquirer_key_file and test_acquirer_webhook_secret_file: all three or "
                        "none");
    if ((config->screening_url.n > 0) != (config->screening_secret_file.hidden.n > 0))
        return complain("screening_url and screening_secret_file: both or none");
    const struct connector *acquirer = connector_named(config->acquirer);
    if (!acquirer || acquirer->method != METHOD_CARD)
        return complain("acquirer: must be sandbox or stripe");
    const char *wrong = acquirer->config_wrong(config);
    if (wrong)
        return complain(wrong);
    wrong = config->bank_transfers ? connector_bank.config_wrong(config) : NULL;
    if (wrong)
        return complain(wrong);
    if (config->acquirer_settlements && !acquirer->settlements)
        return complain("acquirer_settlements: this acquirer has no registries that could be fetched; import them");
    if (!wallet_judge(config))
        return false;
    if (!bounces_judge(config))
        return complain("mail_bounces: must be a mail address without a name, of which the part before the @ has at "
                        "most 32 letters, as the id of a mail is added to it");
    enum bank_format format;
    if (!bank_format_parse(config->rouble_orders, &format))
        return complain("rouble_orders: must be pain.001, 1c or 1c-utf8");
    if (!roubles_judge(config))
        return complain("debtor_account, debtor_bik, debtor_correspondent, debtor_inn: an account in roubles, of which "
                        "the key fits the BIK, and debtor_name");
    if (!money_limits_parse(config->payment_limits, &limits))
        return complain("payment_limits: must be like EUR 50 1000000, JPY 50 2000000: each currency once, the least "
                        "and the most of a payment in its minor unit");
    if (!settlement_rates_parse(config->wallet_fees, &rates))
        return complain(
            "wallet_fees: must be like EUR 200 0: each currency once, basis points and a fixed amount in its "
            "minor unit");
    if (!settlement_rates_parse(config->acquirer_fees, &rates))
        return complain("acquirer_fees: must be like EUR 140 25, JPY 180 0: each currency once, basis points and a "
                        "fixed amount in its minor unit");
    return true;
}
