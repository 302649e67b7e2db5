/* Whom the seller is paid out to. See client.h. */
#include "paysrv/domain/party/requisite.h"
#include "paysrv/store/requisite.sql.h"
#include "tests/sim/client.h"

/* What the bank does with a transfer stands in the name of who gets it. */
static void account_make(struct task *t, struct requisite_insert_args *args, const char *name)
{
    args->kind = rail_kind(RAIL_BANK);
    args->iban = STR("DE75512108001245126199");
    args->holder_name = str_of(name);
    args->country = STR("DE");
    args->town = STR("Berlin");
    args->masked = STR("DE•• •••• 6199");
    args->destination = requisite_destination(
        t->arena, &(struct bank_account){ .iban = args->iban, .bic = args->bic, .holder_name = args->holder_name });
}

/* What becomes of money for a card stands in its token. */
static void card_make(struct task *t, struct requisite_insert_args *args, const char *token)
{
    static const int32_t month = 11, year = 2039;
    args->kind = rail_kind(RAIL_CARD);
    args->acquirer = STR("sandbox");
    args->token = args->fingerprint = str_of(token);
    args->brand = STR("visa");
    args->last4 = STR("4242");
    args->exp_month = &month;
    args->exp_year = &year;
    args->masked = STR("Visa •• 4242");
    args->destination = requisite_destination_by_name(t->arena, RAIL_CARD, args->acquirer, args->token);
}

void payees_make(struct task *t, partner_id p, user_id u, const str *requisites)
{
    static const char *const names[SELLER_REQUISITES] = { "Seller",  "Reject AC04",  "Return AC06",  "Silent",
                                                          "Timeout", "tok_payee_ok", "tok_payee_no", "tok_payee_back" };
    for (size_t i = 0; i < SELLER_REQUISITES; i++) {
        struct requisite_insert_args args = {
            .partner = p, .user = u, .requisite = { requisites[i] }, .usable_from = t->now
        };
        const struct requisite_insert_row *made;
        (i < SELLER_ACCOUNTS ? account_make : card_make)(t, &args, names[i]);
        CHECK_OK(requisite_insert(t, &args, &made));
    }
}
