/* See webhook.h. */
#include "paysrv/domain/webhook.h"

#include "shared/text/shape.h"

#define DAY_S (24 * 3600)

static const int64_t pauses_s[WEBHOOK_TRIES - 1] = { 5,         5 * 60,    30 * 60,   2 * 3600, 5 * 3600,
                                                     10 * 3600, 14 * 3600, 20 * 3600, DAY_S };

/* What the types below are about. */
SHAPE_TYPE(event_data, "EventData",
           "Payment | PaymentAttempt | Refund | Receipt | Hold | Dispute | BalanceRelief | Reserve | Settlement | "
           "Payout | PayoutList | "
           "PayoutFee | PayoutSchedule | Requisite | Invoice | Subscription | SavedCard | Store | StoreTariff | "
           "SplitProfile | User | Confirmation | LegalProfile | AgreementAcceptance | TestClock | WebhookEndpoint | "
           "EventObject")

static const char *const types[] = {
    "payment.succeeded",
    "payment.failed",
    "payment.requires_action",
    "payment.authorized",
    "payment.captured",
    "payment.capture_failed",
    "payment.authorization_expiring",
    "payment.canceled",
    "payment.expired",
    "payment.cancel_failed",
    "payment.transfer_received",
    "payment.transfer_reversed",
    "payment.transfer_expired",
    "payment.transfer_repaid",
    "payment.transfer_repayment_returned",
    "payment_attempt.succeeded_late",
    "payment_attempt.reversed",
    "payment_attempt.settled",
    "refund.succeeded",
    "refund.failed",
    "refund.queued",
    "refund.canceled",
    "receipt.sale",
    "receipt.refund",
    "hold.released",
    "hold.ended",
    "hold.return_failed",
    "dispute.opened",
    "dispute.updated",
    "dispute.evidence_due",
    "dispute.won",
    "dispute.lost",
    "dispute.closed",
    "dispute.funds_withdrawn",
    "dispute.funds_returned",
    "dispute.funds_lost",
    "balance.covered",
    "reserve.set",
    "reserve.filled",
    "reserve.used",
    "reserve.released",
    "settlement.booked",
    "settlement.paid",
    "settlement.corrected",
    "balance.written_off",
    "balance.recovered",
    "payout.confirmation_required",
    "payout.confirmed",
    "payout.sent",
    "payout.paid",
    "payout.canceled",
    "payout.awaiting_approval",
    "payout.returned",
    "payout.rejected",
    "payout.failed",
    "payout.unknown",
    "payout.fee_charged",
    "payout.fee_returned",
    "payout_list.confirmation_required",
    "payout_list.confirmed",
    "payout_list.canceled",
    "payout_schedule.confirmation_required",
    "payout_schedule.confirmed",
    "payout_schedule.paused",
    "payout_schedule.active",
    "payout_schedule.ended",
    "requisite.created",
    "requisite.activated",
    "requisite.disabled",
    "requisite.verified",
    "confirmation.required",
    "confirmation.confirmed",
    "confirmation.canceled",
    "confirmation.expired",
    "legal_profile.created",
    "agreement.accepted",
    "invoice.created",
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.action_required",
    "invoice.uncollectible",
    "invoice.void",
    "invoice.disputed",
    "invoice.dispute_won",
    "invoice.dispute_lost",
    "subscription.created",
    "subscription.updated",
    "subscription.past_due",
    "subscription.paused",
    "subscription.resumed",
    "subscription.unpaid",
    "subscription.canceled",
    "subscription.price_announced",
    "subscription.price_agreed",
    "subscription.renewal_upcoming",
    "subscription.trial_ending",
    "subscription.card_expiring",
    "saved_card.created",
    "saved_card.withdrawn",
    "saved_card.blocked",
    "saved_card.unblocked",
    "store.created",
    "store.updated",
    "store.moved",
    "store.tariff_planned",
    "store.tariff_canceled",
    "split_profile.created",
    "user.created",
    "user.activated",
    "user.updated",
    "user.closed",
    "user.reopened",
    "user.erased",
    "test_clock.advanced",
};

enum webhook_outcome webhook_judge(int status, int attempt)
{
    if (status >= 200 && status < 300)
        return WEBHOOK_DELIVERED;
    if (status == 410)
        return WEBHOOK_GONE;
    return attempt < WEBHOOK_TRIES ? WEBHOOK_TRY_AGAIN : WEBHOOK_GIVEN_UP;
}

duration webhook_pause(int attempt, unsigned char luck, int64_t retry_after_s)
{
    int index = attempt < 1 ? 0 : attempt > WEBHOOK_TRIES - 1 ? WEBHOOK_TRIES - 2 : attempt - 1;
    int64_t us = pauses_s[index] * 1000000;
    us += us / 10 * luck / 255;
    int64_t asked_s = retry_after_s > DAY_S ? DAY_S : retry_after_s;
    int64_t asked_us = asked_s > 0 ? asked_s * 1000000 : 0;
    return (duration){ asked_us > us ? asked_us : us };
}

duration webhook_endpoint_rest(int failures)
{
    if (failures <= 0)
        return SECONDS(0);
    return failures < 3 ? SECONDS(5) : failures < 10 ? SECONDS(30) : MINUTES(5);
}

bool webhook_type_exists(str type)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (str_eq(type, str_of(types[i])))
            return true;
    return str_eq(type, WEBHOOK_PING);
}
