/* See event_type.h. */
#include "paysrv/domain/message/event_type.h"

/* What they are about. */
SHAPE_TYPE(event_data, "EventData",
           "Payment | PaymentAttempt | TransferCredit | TransferRepayment | Refund | Receipt | Hold | Dispute | "
           "BalanceRelief | Reserve | Settlement | "
           "BankBooking | "
           "Payout | PayoutList | "
           "PayoutFee | PayoutSchedule | Requisite | Invoice | Subscription | SavedCard | Store | StoreTariff | "
           "SplitProfile | User | Confirmation | LegalProfile | AgreementAcceptance | TestClock | WebhookEndpoint | "
           "EventObject")

/* Endpoints that want thin messages get the object's name only. */
#define MESSAGE(type, data, told)                                                                                      \
    { .name = type,                                                                                                    \
      .meaning = told,                                                                                                 \
      .members = "type: '" type "', timestamp: time, sequence?: integer, account?: string | null, store?: string, "    \
                 "livemode?: boolean, data: " data " | EventObject" },

const struct message event_types[] = { EVENT_TYPES(MESSAGE) };
const size_t event_types_n = sizeof event_types / sizeof event_types[0];

bool event_type_exists(str name)
{
    for (size_t i = 0; i < event_types_n; i++)
        if (str_eq(name, str_of(event_types[i].name)))
            return true;
    return false;
}
