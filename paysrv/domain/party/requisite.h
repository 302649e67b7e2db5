/*
 * Where a user is paid out to: a bank account with its holder and a structured address (unstructured ones end in
 * November 2026), by IBAN or in Russia by BIK and number; a card or a wallet that a connector knows by a token. Judged
 * whole before it is stored; what was stored is never edited.
 */
#pragma once

#include <stdint.h>

#include "paysrv/domain/party/ru_account.h"
#include "shared/base/arena.h"
#include "shared/base/bytes.h"

/* How a payout to it goes out: in the bank's file, or by a call of the connector. */
#define RAILS(X)                                                                                                       \
    X(BANK, "bank", "bank_account")                                                                                    \
    X(CARD, "card", "card")                                                                                            \
    X(WALLET, "wallet", "wallet")
#define RAIL_ROW(name, text, kind) RAIL_##name,
enum rail { RAILS(RAIL_ROW) RAIL_COUNT };
#undef RAIL_ROW
str rail_name(enum rail rail);
bool rail_parse(str name, enum rail *ret);
/* The type of requisite that it goes to. */
str rail_kind(enum rail rail);
bool rail_of_kind(str kind, enum rail *ret);

/* By which numbers banks know an account. What of what goes by the bank goes to which is the table in requisite.c. */
enum account_scheme { SCHEME_SEPA, SCHEME_RU };
enum account_scheme account_scheme_of(str bik);

struct bank_account {
    str iban; /* as typed in, electronic format out; absent: a Russian one */
    str bic;  /* absent: the bank finds it */
    struct ru_account ru;
    str holder_name;
    str country, town;              /* of a Russian one they may be absent */
    str street, building, postcode; /* may be absent */
};

struct requisite_verdict {
    bool good;
    str param;   /* which input is wrong */
    str explain; /* what is allowed there */
};

/* Checks and normalises in place. */
struct requisite_verdict requisite_judge(struct arena *a, struct bank_account *account);

/* SHA-256 over what decides where money goes; confirmation codes are bound to it. */
digest requisite_destination(struct arena *a, const struct bank_account *account);
/* The same for the same account, whoever's it is; absent where the IBAN is. */
str requisite_fingerprint(struct arena *a, const struct ru_account *account);
/* "RU•• •••• 0473" */
str requisite_masked_ru(struct arena *a, str account);
/* "•••••3893"; absent as the INN. */
str requisite_inn_masked(struct arena *a, str inn);
digest requisite_destination_by_name(struct arena *a, enum rail rail, str acquirer, str token);
/* As people see it: "DE•• •••• 3000", "Visa •• 4242", "wallet a••@wallet.example", "wallet •• 7Q2K". */
str requisite_masked_card(struct arena *a, str brand, str last4);
str requisite_masked_wallet(struct arena *a, str wallet);
/* What a wallet's name may look like: an address, a number, an id. */
bool requisite_wallet_is_formed(str wallet);
/* "Visa •• 4242, Ada Lovelace"; no name where none is known. */
str requisite_label(struct arena *a, str masked, str holder_name);

/* A card is good to the end of the month that stands on it. */
bool requisite_card_is_over(int64_t exp_month, int64_t exp_year, int64_t month, int64_t year);

/* What goes out at most in one payout, by currency; the last one has no currency. */
struct payout_cap {
    const char *currency;
    int64_t most_minor;
};
/* Of what goes by the bank; that of the others is the connector's. */
const struct payout_cap *bank_payout_caps(enum account_scheme scheme);
/* NULL caps: nothing. 0: not in this currency. */
int64_t payout_most_minor(const struct payout_cap *caps, str currency);
struct requisite_verdict payout_currency_judge(struct arena *a, enum rail rail, const struct payout_cap *caps,
                                               str currency, int64_t amount_minor);

/* A decline after which nothing will ever reach this card or wallet. */
bool requisite_ends_with(str decline_code);
