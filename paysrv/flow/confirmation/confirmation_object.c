/* See confirmation_object.h and docs/protocol/pay/confirmations.md. */
#include "paysrv/flow/confirmation/confirmation_object.h"

#include "paysrv/domain/confirmation/confirmation.h"
#include "paysrv/domain/payout/payout.h"
#include "paysrv/flow/clock.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES 16384

SHAPE(confirmation, "Confirmation",
      "id: string, object: 'confirmation', livemode: boolean, type: 'email_code', operation: 'user' | 'requisite' | "
      "'store' | 'store_connection' | 'user_email' | 'requisite_name', status: 'awaiting_code' | 'confirmed' | "
      "'canceled' | 'expired', "
      "label: string, user: string, subject: string, masked_address: string, summary: { name?: string, email?: string, "
      "old_email?: "
      "string, country?: string, account?: string, bic?: string, bik?: string, inn?: string, holder_name?: string, "
      "matched_name?: string, town?: string, store?: string, "
      "currency?: string, url?: string }, created_at: time, expires_at?: time, attempts_left?: integer, resend_after?: "
      "time | null, confirmed_at: "
      "time | null, reason: string | null")

/* Who asks for another partner's store learns nothing of it, not even whether there is one, before its owner has
 * agreed. */
bool confirmation_is_hidden(const struct confirmation_find_row *row)
{
    return str_eq(row->operation, confirmation_operation_name(CONFIRM_STORE_CONNECTION)) && !row->confirmed_at_given;
}

/* What is only true while it waits. */
static void waiting_write(struct json *j, const struct confirmation_find_row *row)
{
    json_time(j, "expires_at", row->expires_at);
    json_i64(j, "attempts_left", row->attempts_left_given ? row->attempts_left : 0);
    if (row->coded_at_given && row->resends < PAYOUT_RESENDS)
        json_time(j, "resend_after", instant_add(row->coded_at, SECONDS(PAYOUT_RESEND_PAUSE_S)));
    else
        json_null(j, "resend_after");
}

void confirmation_write(struct json *j, struct task *t, const struct confirmation_find_row *row)
{
    bool waits = str_eq(row->status, STR("awaiting_code"));
    bool expired = waits && !instant_before(t->now, row->expires_at);
    json_str(j, "id", row->confirmation_id);
    json_str(j, "object", STR("confirmation"));
    json_bool(j, "livemode", clock_is_live(t));
    json_str(j, "type", STR("email_code"));
    json_str(j, "operation", row->operation);
    json_str(j, "status", expired ? STR("expired") : row->status);
    json_str(j, "label", row->label);
    json_str(j, "user", row->user_id.v);
    json_str(j, "subject", row->object_id);
    json_str(j, "masked_address", confirmation_is_hidden(row) ? STR("•••") : email_masked(t->arena, row->recipient));
    json_raw(j, "summary", confirmation_is_hidden(row) ? STR("{}") : row->summary);
    json_time(j, "created_at", row->created_at);
    if (waits && !expired)
        waiting_write(j, row);
    if (row->confirmed_at_given)
        json_time(j, "confirmed_at", row->confirmed_at);
    else
        json_null(j, "confirmed_at");
    json_str_or_null(j, "reason", row->reason);
}

str confirmation_document(struct task *t, const struct confirmation_find_row *row)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    confirmation_write(&j, t, row);
    json_end(&j);
    return buf_str(&out);
}
