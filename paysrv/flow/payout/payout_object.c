/* See payout_object.h and docs/protocol/pay/payouts.md. */
#include "paysrv/flow/payout/payout_object.h"

#include "paysrv/domain/payout/payout.h"
#include "paysrv/flow/clock.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES 4096

static void time_or_null(struct json *j, const char *key, bool given, instant at)
{
    if (given)
        json_time(j, key, at);
    else
        json_null(j, key);
}

SHAPE(payout, "Payout",
      "id: string, object: 'payout', livemode: boolean, status: 'awaiting_code' | 'awaiting_approval' "
      "| 'confirmed' | 'sent' | 'unknown' | 'paid' | 'returned' | 'rejected' | 'failed' | 'canceled' "
      "| 'expired', label: string, amount: integer, fee?: integer, currency: string, user: string, requisite: "
      "string, external_id: string | null, rail: 'bank' | 'card' | 'wallet', list: string | null, schedule: string | "
      "null, destination: string, "
      "created_at: time, "
      "expires_at?: time, attempts_left?: integer, confirmed_at: time | null, sent_at: time | null, "
      "paid_at: time | null, returned_at: time | null, waits_for: 'review' | 'account_check' | 'owner_stopped' | "
      "null, waiting_since: time | null, "
      "reason: string | null")

/* What holds it up. */
enum wait { WAITS_FOR_NOTHING, WAITS_FOR_REVIEW, WAITS_FOR_OWNER, WAITS_FOR_ACCOUNT };

static const str wait_names[] = { [WAITS_FOR_NOTHING] = { NULL, 0 },
                                  [WAITS_FOR_REVIEW] = STR("review"),
                                  [WAITS_FOR_OWNER] = STR("owner_stopped"),
                                  [WAITS_FOR_ACCOUNT] = STR("account_check") };

static enum wait wait_of(const struct payout_find_row *row)
{
    if (str_eq(row->status, payout_state_name(PAYOUT_AWAITING_APPROVAL)))
        return WAITS_FOR_REVIEW;
    if (!str_eq(row->status, payout_state_name(PAYOUT_CONFIRMED)))
        return WAITS_FOR_NOTHING;
    if (row->owner_stopped_at_given)
        return WAITS_FOR_OWNER;
    return row->account_held_at_given ? WAITS_FOR_ACCOUNT : WAITS_FOR_NOTHING;
}

/* What holds it up here, and since when. For what reason operators look at one stays theirs: it would tell how not to
 * be looked at. */
static void wait_write(struct json *j, const struct payout_find_row *row)
{
    enum wait wait = wait_of(row);
    instant since = row->confirmed_at;
    if (wait == WAITS_FOR_OWNER && instant_before(since, row->owner_stopped_at))
        since = row->owner_stopped_at;
    if (wait == WAITS_FOR_ACCOUNT && instant_before(since, row->account_held_at))
        since = row->account_held_at;
    json_str_or_null(j, "waits_for", wait_names[wait]);
    time_or_null(j, "waiting_since", wait != WAITS_FOR_NOTHING && row->confirmed_at_given, since);
}

void payout_write(struct json *j, struct task *t, const struct payout_find_row *row)
{
    bool waiting = str_eq(row->status, payout_state_name(PAYOUT_AWAITING_CODE));
    bool expired = waiting && !instant_before(t->now, row->expires_at);
    json_str(j, "id", row->payout_id.v);
    json_str(j, "object", STR("payout"));
    json_bool(j, "livemode", clock_is_live(t));
    json_str(j, "status", expired ? payout_state_name(PAYOUT_EXPIRED) : row->status);
    json_str(j, "label", row->label);
    json_i64(j, "amount", row->amount);
    if (row->fee > 0)
        json_i64(j, "fee", row->fee);
    json_str(j, "currency", row->currency);
    json_str(j, "user", row->user_id.v);
    json_str(j, "requisite", row->requisite_id.v);
    json_str_or_null(j, "external_id", row->external_id);
    json_str(j, "rail", row->rail);
    json_str_or_null(j, "list", row->list_id);
    json_str_or_null(j, "schedule", row->schedule_id);
    json_str(j, "destination", row->masked);
    json_time(j, "created_at", row->created_at);
    if (waiting && !expired)
        json_time(j, "expires_at", row->expires_at);
    if (waiting && !expired && !str_given(row->list_id)) {
        json_i64(j, "attempts_left", row->attempts_left_given ? row->attempts_left : 0);
    }
    time_or_null(j, "confirmed_at", row->confirmed_at_given, row->confirmed_at);
    time_or_null(j, "sent_at", row->sent_at_given, row->sent_at);
    time_or_null(j, "paid_at", row->paid_at_given, row->paid_at);
    time_or_null(j, "returned_at", row->returned_at_given, row->returned_at);
    wait_write(j, row);
    json_str_or_null(j, "reason", row->reason);
}

str payout_document(struct task *t, const struct payout_find_row *row)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    payout_write(&j, t, row);
    json_end(&j);
    return buf_str(&out);
}
