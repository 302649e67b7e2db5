/* See payout_schedule_object.h and docs/protocol/pay/payouts.md. */
#include "paysrv/flow/payout/payout_schedule_object.h"

#include "paysrv/domain/payout/payout_schedule.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES ((size_t)32 << 10)

SHAPE(payout_schedule, "PayoutSchedule",
      "id: string, object: 'payout_schedule', status: 'awaiting_code' | 'active' | 'paused' | "
      "'ended', reason: string | null, label: string, user: string, requisite: string, destination: "
      "string, currency: string, every: 'day' | 'week' | 'month', day: integer | null, at: string, "
      "zone: string, banking_days: boolean, minimum: integer, created_at: time, expires_at?: time, "
      "attempts_left?: integer, next_at: time | null, runs?: { due_at: time, outcome: string, payout: "
      "string | null, amount: integer, created_at: time }[]")

void schedule_write(struct json *j, struct task *t, const struct payout_schedule_find_row *row)
{
    bool waits = str_eq(row->status, STR("awaiting_code"));
    json_str(j, "id", row->schedule_id);
    json_str(j, "object", STR("payout_schedule"));
    json_str(j, "status", row->status);
    json_str_or_null(j, "reason", row->reason);
    json_str(j, "label", row->label);
    json_str(j, "user", row->user_id.v);
    json_str(j, "requisite", row->requisite_id.v);
    json_str(j, "destination", row->masked);
    json_str(j, "currency", row->currency);
    json_str(j, "every", row->unit);
    if (row->day)
        json_i64(j, "day", row->day);
    else
        json_null(j, "day");
    json_str(j, "at", schedule_time_text(t->arena, row->minute));
    json_str(j, "zone", row->zone);
    json_bool(j, "banking_days", row->settles);
    json_i64(j, "minimum", row->minimum);
    json_time(j, "created_at", row->created_at);
    if (waits) {
        json_time(j, "expires_at", row->expires_at);
        json_i64(j, "attempts_left", row->attempts_left_given ? row->attempts_left : 0);
    }
    if (row->next_at_given)
        json_time(j, "next_at", row->next_at);
    else
        json_null(j, "next_at");
}

str schedule_document(struct task *t, const struct payout_schedule_find_row *row,
                      const struct payout_schedule_runs_row *runs, size_t n)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    schedule_write(&j, t, row);
    if (runs)
        json_array(&j, "runs");
    for (size_t i = 0; runs && i < n; i++) {
        json_object(&j, NULL);
        json_time(&j, "due_at", runs[i].due_at);
        json_str(&j, "outcome", runs[i].outcome);
        json_str_or_null(&j, "payout", runs[i].payout_id);
        json_i64(&j, "amount", runs[i].amount);
        json_time(&j, "created_at", runs[i].created_at);
        json_close(&j);
    }
    if (runs)
        json_close(&j);
    json_end(&j);
    return buf_str(&out);
}
