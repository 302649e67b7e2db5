/* See invoice_attempt.h. */
#include "paysrv/flow/subscription/invoice_attempt.h"

#include "paysrv/domain/acquirer/decline.h"
#include "paysrv/store/invoice.sql.h"
#include "shared/crypto/crypto.h"

str invoice_attempt_key(struct task *t, const struct invoice_list_row *i)
{
    return arena_printf(t->arena, "%.*s:%d", STR_ARG(i->invoice_id.v), i->attempt);
}

digest invoice_attempt_digest(struct task *t, str key, saved_card_id card)
{
    return typed_digest("invoice_attempt", arena_printf(t->arena, "%.*s %.*s", STR_ARG(key), STR_ARG(card.v)));
}

static bool is_of(struct task *t, const struct invoice_refusals_row *refusal, saved_card_id card)
{
    const digest with_card = invoice_attempt_digest(t, refusal->key, card);
    return str_given(refusal->card) ? str_eq(refusal->card, card.v)
                                    : refusal->fingerprint_given && equal_digest(&refusal->fingerprint, &with_card);
}

err invoice_refusal_find(struct task *t, const struct invoice_list_row *i, saved_card_id card, str *decline_code)
{
    const struct invoice_refusals_row *rows;
    size_t n;
    *decline_code = STR_NONE;
    TRY(invoice_refusals(t, i->invoice_id, i->attempt, &rows, &n));
    for (size_t k = 0; k < n; k++)
        if (decline_class_of(rows[k].decline_code) != DECLINE_SOFT && is_of(t, &rows[k], card))
            *decline_code = rows[k].decline_code;
    return OK;
}
