/* The live effects: PostgreSQL, the acquirer over HTTP, the wall clock, the system's randomness. */
#include "paysrv/flow/env.h"

#include <time.h>

#include "shared/crypto/crypto.h"

static void pause_live(duration d)
{
    const struct timespec wait = { .tv_sec = d.us / 1000000, .tv_nsec = d.us % 1000000 * 1000 };
    nanosleep(&wait, NULL);
}

const struct pay_env pay_env_live = {
    .payment_any = payment_any,
    .idempotency_find = idempotency_find,
    .charge_begin = step_begin,
    .charge_sent = step_sent,
    .charge_succeed = step_succeed,
    .charge_decline = charge_decline,
    .charge_challenge = charge_challenge,
    .charge_authorize = charge_authorize,
    .attempt_abandon = attempt_abandon,
    .clearing_open = clearing_open,
    .suspense_open = suspense_open,
    .late_success = late_success,
    .late_reversed = late_reversed,
    .late_refused = late_refused,
    .capture_begin = capture_begin,
    .capture_succeed = capture_succeed,
    .capture_decline = capture_decline,
    .capture_find = capture_find,
    .void_begin = void_begin,
    .void_succeed = void_succeed,
    .void_decline = void_decline,
    .refund_begin = refund_begin,
    .refund_succeed = refund_succeed,
    .refund_decline = refund_decline,
    .refund_find = refund_find,
    .charge_reference = charge_reference,
    .dispute_subject = dispute_subject,
    .dispute_find = dispute_find,
    .dispute_others_hold = dispute_others_hold,
    .dispute_open = dispute_open,
    .dispute_move = dispute_move,
    .dispute_ask = dispute_ask,
    .dispute_unask = dispute_unask,
    .dispute_remind = dispute_remind,
    .dispute_rest = dispute_rest,
    .dispute_book = dispute_book,
    .dispute_files = dispute_files,
    .dispute_file_content = dispute_file_content,
    .disputed_open = disputed_open,
    .disputes_due = disputes_due,
    .balance_relieve = balance_relieve,
    .settlements_due = settlements_due,
    .settlement_make = settlement_make,
    .holdbacks_returned = holdbacks_returned,
    .holdbacks_adjust = holdbacks_adjust,
    .holdbacks_release = holdbacks_release,
    .split_profile_find = split_profile_find,
    .call_find = call_find,
    .call_sent = call_sent,
    .call_unknown = call_unknown,
    .calls_due = calls_due,
    .anomaly_report = anomaly_report,
    .saved_card_charge = saved_card_charge,
    .order = acquirer_order,
    .query = acquirer_query,
    .card = acquirer_card,
    .dispute_tell = acquirer_dispute_tell,
    .now = wall_clock_now,
    .pause = pause_live,
    .new_id = random_id,
};
