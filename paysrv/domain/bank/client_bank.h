/*
 * The text exchange between a firm and its bank in Russia, 1CClientBankExchange 1.02 and 1.03: payment orders to the
 * bank (1c_to_kl.txt) and statements of our account (kl_to_1c.txt). Lines of NAME=VALUE in sections; windows-1251,
 * cp866 or UTF-8, as the header says. It knows roubles only.
 */
#pragma once

#include "paysrv/domain/bank/bank_draft.h"
#include "paysrv/domain/bank/bank_file.h"

#define ROUBLES STR("RUB")

/* Of the file's first bytes; what follows may still be refused. */
bool client_bank_is(str document);
/* One account's statement into the draft, or a refusal in it. */
bool client_bank_read(struct bank_draft *d, str document);
/* The orders of the file. It must have passed bank_file_sum. */
void client_bank_write(struct arena *a, const struct bank_file *file, struct buf *out);

/*
 * The number of an order in its place, from 0 on: six digits of which the last three are never 000, as the rules of the
 * central bank want it. Places are used up in order, and begin anew after the last.
 */
#define CLIENT_BANK_PLACES 999000
int64_t client_bank_number(int64_t place);
/* -1: no order of ours has this number. */
int64_t client_bank_place(int64_t number);
