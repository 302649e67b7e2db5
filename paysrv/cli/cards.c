/* paysrv cards list STORE; paysrv cards withdraw CARD. */
#include <stdio.h>

#include "paysrv/flow/clock.h"
#include "paysrv/flow/payment/saved_card.h"
#include "paysrv/store/saved_card.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"

int cards_list(struct task *t, int argc, char **argv)
{
    const char *store = NULL;
    const struct saved_card_find_row *rows;
    size_t n;
    if (!cli_read(argc, argv, &store, 1, NULL, 0))
        return CLI_USAGE;
    err e = saved_cards_of_store(t, (store_id){ str_of(store) }, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++) {
        const struct saved_card_find_row *c = &rows[i];
        printf("%.*s\t%.*s\t%.*s\t%.*s\t%.*s %.*s\t%.*s %.*s\n", STR_ARG(c->saved_card_id.v), STR_ARG(c->state),
               STR_ARG(saved_card_shown(t, c)), STR_ARG(c->buyer), STR_ARG(instant_iso(t->arena, c->consented_at)),
               STR_ARG(c->mandate_id), STR_ARG(c->consent_version),
               STR_ARG(str_given(c->locale) ? c->locale : STR("-")));
    }
    return cli_listed(n, CLI_ROWS_MAX);
}

int cards_withdraw(struct task *t, int argc, char **argv)
{
    const char *id = NULL;
    const struct saved_card_find_row *card;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return CLI_USAGE;
    err e = saved_card_any(t, (saved_card_id){ str_of(id) }, &card);
    if (!e && !card) {
        fprintf(stderr, "paysrv: no saved card %s\n", id);
        return CLI_FAILED;
    }
    if (!e)
        e = clock_enter(t, card->partner_id);
    if (!e)
        e = saved_card_end(t, card, STR("operator"));
    if (e)
        return cli_failed(e);
    printf("%s: withdrawn\n", id);
    return CLI_DONE;
}
