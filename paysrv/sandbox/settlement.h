/*
 * What the acquirer, or the wallet, pays out (docs/protocol/acquirer.md, Settlements): all that moved money and was not
 * settled before goes into one registry for each currency, whose net amount is transferred to the bank. Somebody says
 * when. The journal has one line for each; what is in it follows from the state, now and after a restart.
 */
#pragma once

#include "paysrv/sandbox/sandbox.h"

struct settlement {
    str id, currency;
    int64_t number, lines, gross_minor, fee_minor;
    bool is_wallet; /* the wallet's, not that of the acquirer of cards */
    instant at;
    struct settlement *next;
};

void settlement_write_line(struct buf *out, bool is_wallet, str id, str currency, instant at);
void settlement_apply(struct app *app, const struct json_value *line);
/* Settles what there is of this currency; NULL: there is nothing. */
const struct settlement *settlement_close(struct app *app, bool is_wallet, str id, str currency, instant at);
/* A currency of which something is to be settled by now, absent when there is none. */
str settlement_due(struct app *app, bool is_wallet, instant now);
/* The registry as a file. */
void settlement_file_write(struct app *app, const struct settlement *s, struct buf *out, struct arena *a);
