/* Tables from code to text. See words.h. */
#include "paysrv/words.h"

#include "paysrv/domain/anomaly.h"
#include "paysrv/domain/settlement/settlement.h"
#include "paysrv/flow/message/word_table.h"
#include "paysrv/flow/report/paper_words.h"

static str word_named(const struct word *words, str code)
{
    enum text_key found;
    return word_find(words, code, &found) ? text_of(found) : code;
}

str word_of_payment(str status)
{
    return word_named(
        WORDS({ "requires_payment_method", TEXT_STATUS_REQUIRES_PAYMENT_METHOD },
              { "processing", TEXT_STATUS_PROCESSING }, { "requires_action", TEXT_STATUS_REQUIRES_ACTION },
              { "requires_capture", TEXT_STATUS_REQUIRES_CAPTURE }, { "succeeded", TEXT_STATUS_SUCCEEDED },
              { "canceled", TEXT_STATUS_CANCELED }, { "expired", TEXT_STATUS_EXPIRED }),
        status);
}

str word_of_capture(str status)
{
    return word_named(WORDS({ "pending", TEXT_REFUND_PENDING }, { "succeeded", TEXT_CAPTURE_SUCCEEDED },
                            { "failed", TEXT_REFUND_FAILED }),
                      status);
}

str word_of_attempt(str state)
{
    return word_named(WORDS({ "ok", TEXT_ATTEMPT_OK }, { "declined", TEXT_ATTEMPT_DECLINED },
                            { "action", TEXT_STATUS_REQUIRES_ACTION }, { "intent", TEXT_STATUS_PROCESSING },
                            { "sent", TEXT_STATUS_PROCESSING }, { "unknown", TEXT_STATUS_PROCESSING }),
                      state);
}

str word_of_reversal(str op)
{
    return word_named(WORDS({ "late_refund", TEXT_OP_REVERSAL_REFUND }, { "late_void", TEXT_OP_REVERSAL_VOID }), op);
}

str word_of_reversal_decision(str decision)
{
    return word_named(WORDS({ "retried", TEXT_OP_REVERSAL_RETRIED }, { "acquirer", TEXT_OP_REVERSAL_SETTLED_ACQUIRER },
                            { "bank", TEXT_OP_REVERSAL_SETTLED_BANK },
                            { "platform", TEXT_OP_REVERSAL_SETTLED_PLATFORM },
                            { "booked", TEXT_OP_REVERSAL_SETTLED_BOOKED }),
                      decision);
}

str word_of_refund(str status)
{
    return word_named(WORDS({ "pending", TEXT_REFUND_PENDING }, { "succeeded", TEXT_REFUND_SUCCEEDED },
                            { "failed", TEXT_REFUND_FAILED }),
                      status);
}

str word_of_payout(str status)
{
    return word_named(WORDS({ "awaiting_code", TEXT_STATUS_AWAITING_CODE }, { "confirmed", TEXT_STATUS_CONFIRMED },
                            { "sent", TEXT_STATUS_SENT }, { "paid", TEXT_STATUS_PAID },
                            { "awaiting_approval", TEXT_STATUS_AWAITING_APPROVAL }, { "unknown", TEXT_STATUS_UNKNOWN },
                            { "returned", TEXT_STATUS_RETURNED }, { "rejected", TEXT_STATUS_REJECTED },
                            { "failed", TEXT_STATUS_FAILED }, { "canceled", TEXT_STATUS_CANCELED },
                            { "expired", TEXT_STATUS_EXPIRED }),
                      status);
}

str word_of_party(str party)
{
    return word_named(WORDS({ "platform", TEXT_PARTY_PLATFORM }, { "partner", TEXT_PARTY_PARTNER },
                            { "seller", TEXT_PARTY_SELLER }, { "user", TEXT_PARTY_USER }),
                      party);
}

/* Beside those that papers show, which move no party's balance. */
str word_of_entry(str kind)
{
    return word_named(
        WORDS({ "late_charge", TEXT_ENTRY_LATE_CHARGE }, { "late_refund", TEXT_ENTRY_LATE_REFUND },
              { "late_returned", TEXT_ENTRY_LATE_RETURNED }, { "dispute_lose", TEXT_ENTRY_DISPUTE_LOSE },
              { "settlement_paid", TEXT_ENTRY_SETTLEMENT_PAID }, { "transfer_credit", TEXT_ENTRY_TRANSFER_CREDIT },
              { "transfer_reversed", TEXT_ENTRY_TRANSFER_REVERSED }, { "repayment", TEXT_ENTRY_REPAYMENT },
              { "repayment_returned", TEXT_ENTRY_REPAYMENT_RETURNED }),
        paper_entry_word(LANGUAGE_EN, kind));
}

str word_of_account(str kind)
{
    return word_named(WORDS({ "acquirer_receivable", TEXT_ACCOUNT_ACQUIRER_RECEIVABLE },
                            { "suspense", TEXT_ACCOUNT_SUSPENSE }, { "disputed", TEXT_ACCOUNT_DISPUTED },
                            { "payout_transit", TEXT_ACCOUNT_PAYOUT_TRANSIT }, { "bank", TEXT_ACCOUNT_BANK },
                            { "settlement", TEXT_ACCOUNT_SETTLEMENT }, { "acquirer_fee", TEXT_ACCOUNT_ACQUIRER_FEE }),
                      paper_account_word(LANGUAGE_EN, kind));
}

str word_of_anomaly(str kind)
{
    static const struct word words[] = {
#define ANOMALY_WORD(name, text, about, rest) { text, TEXT_ANOMALY_##name },
        ANOMALIES(ANOMALY_WORD){ NULL, TEXT_BRAND }
    };
    return word_named(words, kind);
}

str word_of_break(str kind, str ref)
{
    if (str_eq(kind, STR("missing")) && settlement_debt_is_return(ref))
        return text_of(TEXT_BREAK_MISSING_RETURN);
    return word_named(WORDS({ "unmatched", TEXT_BREAK_UNMATCHED }, { "amount", TEXT_BREAK_AMOUNT },
                            { "duplicate", TEXT_BREAK_DUPLICATE }, { "state", TEXT_BREAK_STATE },
                            { "order_duplicate", TEXT_BREAK_ORDER_DUPLICATE }, { "unanswered", TEXT_BREAK_UNANSWERED },
                            { "gap", TEXT_BREAK_GAP }, { "changed", TEXT_BREAK_CHANGED },
                            { "refused", TEXT_BREAK_REFUSED }, { "fee", TEXT_BREAK_FEE },
                            { "missing", TEXT_BREAK_MISSING }, { "unreturnable", TEXT_BREAK_UNRETURNABLE },
                            { "reversed", TEXT_BREAK_REVERSED }),
                      kind);
}

str word_of_resolution(str resolution)
{
    return word_named(WORDS({ "platform", TEXT_BREAK_AS_PLATFORM }, { "suspense", TEXT_BREAK_AS_SUSPENSE },
                            { "partner", TEXT_BREAK_AS_PARTNER }, { "own_sales", TEXT_BREAK_AS_OWN_SALES },
                            { "returned", TEXT_BREAK_AS_RETURNED }, { "matched", TEXT_BREAK_AS_MATCHED }),
                      resolution);
}

/* Absent: nobody has looked at it. */
str word_of_settlement_line(str outcome)
{
    if (!str_given(outcome))
        return text_of(TEXT_OP_LINE_WAITING);
    return word_named(WORDS({ "matched", TEXT_OP_LINE_MATCHED }, { "break", TEXT_OP_LINE_BROKEN },
                            { "resolved", TEXT_OP_LINE_RESOLVED }),
                      outcome);
}

str word_of_bank_file(str state)
{
    return word_named(
        WORDS({ "waiting", TEXT_BANK_FILE_WAITING }, { "open", TEXT_BANK_FILE_OPEN }, { "done", TEXT_BANK_FILE_DONE }),
        state);
}

str word_of_settlement(str state)
{
    return word_named(
        WORDS({ "open", TEXT_BANK_FILE_OPEN }, { "booked", TEXT_SETTLEMENT_BOOKED }, { "paid", TEXT_SETTLEMENT_PAID }),
        state);
}

str word_of_dispute(str status)
{
    return word_named(WORDS({ "needs_response", TEXT_DISPUTE_NEEDS_RESPONSE },
                            { "under_review", TEXT_DISPUTE_UNDER_REVIEW }, { "won", TEXT_DISPUTE_WON },
                            { "lost", TEXT_DISPUTE_LOST }, { "closed", TEXT_DISPUTE_CLOSED }),
                      status);
}

str word_of_dispute_phase(str phase)
{
    return word_named(WORDS({ "inquiry", TEXT_DISPUTE_INQUIRY }, { "chargeback", TEXT_DISPUTE_CHARGEBACK }), phase);
}

str word_of_party_status(str status)
{
    return word_named(WORDS({ "pending", TEXT_STATUS_AWAITING_CODE }, { "active", TEXT_STATE_ACTIVE },
                            { "closed", TEXT_STATE_CLOSED }),
                      status);
}

str word_of_store(str status)
{
    return word_named(WORDS({ "pending_confirmation", TEXT_STATUS_AWAITING_CODE }, { "draft", TEXT_STATE_DRAFT },
                            { "review", TEXT_STATE_REVIEW }, { "active", TEXT_STATE_ACTIVE },
                            { "suspended", TEXT_STATE_SUSPENDED }, { "closed", TEXT_STATE_CLOSED }),
                      status);
}

str word_of_tariff(str state)
{
    return word_named(WORDS({ "planned", TEXT_TARIFF_PLANNED }, { "in_force", TEXT_TARIFF_IN_FORCE },
                            { "past", TEXT_TARIFF_PAST }, { "canceled", TEXT_STATUS_CANCELED }),
                      state);
}

str word_of_schedule(str status)
{
    return word_named(WORDS({ "awaiting_code", TEXT_STATUS_AWAITING_CODE }, { "active", TEXT_STATE_ACTIVE },
                            { "paused", TEXT_STATE_PAUSED }, { "ended", TEXT_STATE_ENDED }),
                      status);
}

str word_of_subscription_status(str status)
{
    return word_named(WORDS({ "trialing", TEXT_STATE_TRIALING }, { "active", TEXT_STATE_ACTIVE },
                            { "past_due", TEXT_STATE_PAST_DUE }, { "paused", TEXT_STATE_PAUSED },
                            { "unpaid", TEXT_STATE_UNPAID }, { "canceled", TEXT_STATUS_CANCELED }),
                      status);
}

str word_of_invoice_status(str status)
{
    return word_named(WORDS({ "open", TEXT_STATE_OPEN }, { "paid", TEXT_STATUS_SUCCEEDED },
                            { "uncollectible", TEXT_STATE_UNCOLLECTIBLE }, { "void", TEXT_STATE_VOID }),
                      status);
}

str word_of_billing_reason(str reason)
{
    return word_named(WORDS({ "not_paid", TEXT_OP_REASON_NOT_PAID },
                            { "payment_canceled", TEXT_OP_REASON_PAYMENT_CANCELED },
                            { "unsplittable", TEXT_OP_REASON_UNSPLITTABLE },
                            { "subscription_canceled", TEXT_OP_REASON_SUBSCRIPTION_CANCELED },
                            { "store_state", TEXT_OP_REASON_STORE_STATE },
                            { "method_unavailable", TEXT_OP_REASON_METHOD_UNAVAILABLE },
                            { "disputed", TEXT_OP_REASON_DISPUTED }, { "forgiven", TEXT_OP_REASON_FORGIVEN }),
                      reason);
}

str word_of_invoice_dispute(str dispute)
{
    return word_named(
        WORDS({ "open", TEXT_OP_DISPUTED_OPEN }, { "won", TEXT_OP_DISPUTED_WON }, { "lost", TEXT_OP_DISPUTED_LOST }),
        dispute);
}

str word_of_delivery(str status)
{
    return word_named(WORDS({ "pending", TEXT_STATE_WAITING }, { "delivered", TEXT_STATE_DELIVERED },
                            { "failed", TEXT_ATTEMPT_GIVEN_UP }),
                      status);
}

str words_of_approval_reasons(struct arena *a, str_array reasons)
{
    const struct word *words =
        WORDS({ "amount", TEXT_APPROVAL_AMOUNT }, { "frequent", TEXT_APPROVAL_FREQUENT },
              { "new_account", TEXT_APPROVAL_NEW_ACCOUNT }, { "screening", TEXT_APPROVAL_SCREENING });
    str all = STR_NONE;
    for (size_t i = 0; i < reasons.n; i++) {
        str one = word_named(words, reasons.items[i]);
        all = i ? arena_printf(a, "%.*s; %.*s", STR_ARG(all), STR_ARG(one)) : one;
    }
    return all;
}

str word_of_failure(str code)
{
    enum text_key found;
    const struct word *words = WORDS(
        { "AC01", TEXT_OP_WHY_AC01 }, { "AC02", TEXT_OP_WHY_AC02 }, { "AC03", TEXT_OP_WHY_AC03 },
        { "AC04", TEXT_OP_WHY_AC04 }, { "AC05", TEXT_OP_WHY_AC05 }, { "AC06", TEXT_OP_WHY_AC06 },
        { "AC07", TEXT_OP_WHY_AC07 }, { "AC13", TEXT_OP_WHY_AC13 }, { "AC14", TEXT_OP_WHY_AC14 },
        { "AG01", TEXT_OP_WHY_AG01 }, { "AG02", TEXT_OP_WHY_AG02 }, { "AM01", TEXT_OP_WHY_AM01 },
        { "AM02", TEXT_OP_WHY_AM02 }, { "AM03", TEXT_OP_WHY_AM03 }, { "AM04", TEXT_OP_WHY_AM04 },
        { "AM05", TEXT_OP_WHY_AM05 }, { "AM09", TEXT_OP_WHY_AM09 }, { "AM10", TEXT_OP_WHY_AM10 },
        { "BE01", TEXT_OP_WHY_BE01 }, { "BE04", TEXT_OP_WHY_BE04 }, { "BE05", TEXT_OP_WHY_BE05 },
        { "BE06", TEXT_OP_WHY_BE06 }, { "CNOR", TEXT_OP_WHY_CNOR }, { "CURR", TEXT_OP_WHY_CURR },
        { "CUST", TEXT_OP_WHY_CUST }, { "DNOR", TEXT_OP_WHY_DNOR }, { "DS02", TEXT_OP_WHY_DS02 },
        { "DT01", TEXT_OP_WHY_DT01 }, { "DU01", TEXT_OP_WHY_DU01 }, { "DU02", TEXT_OP_WHY_DU02 },
        { "DU03", TEXT_OP_WHY_DU03 }, { "DU04", TEXT_OP_WHY_DU04 }, { "DU05", TEXT_OP_WHY_DU05 },
        { "ED05", TEXT_OP_WHY_ED05 }, { "FF01", TEXT_OP_WHY_FF01 }, { "FOCR", TEXT_OP_WHY_FOCR },
        { "FR01", TEXT_OP_WHY_FR01 }, { "FRAD", TEXT_OP_WHY_FRAD }, { "MD07", TEXT_OP_WHY_MD07 },
        { "MS02", TEXT_OP_WHY_MS02 }, { "MS03", TEXT_OP_WHY_MS03 }, { "NARR", TEXT_OP_WHY_NARR },
        { "NOAS", TEXT_OP_WHY_NOAS }, { "RC01", TEXT_OP_WHY_RC01 }, { "RC03", TEXT_OP_WHY_RC03 },
        { "RC04", TEXT_OP_WHY_RC04 }, { "RF01", TEXT_OP_WHY_RF01 }, { "RR01", TEXT_OP_WHY_RR01 },
        { "RR02", TEXT_OP_WHY_RR02 }, { "RR03", TEXT_OP_WHY_RR03 }, { "RR04", TEXT_OP_WHY_RR04 },
        { "SL01", TEXT_OP_WHY_SL01 }, { "TECH", TEXT_OP_WHY_TECH }, { "TM01", TEXT_OP_WHY_TM01 },
        { "bank_refused", TEXT_OP_WHY_BANK_REFUSED }, { "operator", TEXT_OP_WHY_OPERATOR },
        { "screening", TEXT_OP_WHY_SCREENING }, { "requisite_disabled", TEXT_OP_WHY_REQUISITE_DISABLED },
        { "rail_unavailable", TEXT_OP_WHY_RAIL_UNAVAILABLE }, { "code_undeliverable", TEXT_OP_WHY_CODE_UNDELIVERABLE },
        { "account_blocked", TEXT_OP_WHY_ACCOUNT_BLOCKED }, { "card_closed", TEXT_OP_WHY_CARD_CLOSED },
        { "do_not_honor", TEXT_OP_WHY_DO_NOT_HONOR }, { "expired_card", TEXT_OP_WHY_EXPIRED_CARD },
        { "insufficient_funds", TEXT_OP_WHY_INSUFFICIENT_FUNDS }, { "lost_card", TEXT_OP_WHY_LOST_CARD },
        { "stolen_card", TEXT_OP_WHY_STOLEN_CARD }, { "not_push_eligible", TEXT_OP_WHY_NOT_PUSH_ELIGIBLE },
        { "token_unusable", TEXT_OP_WHY_TOKEN_UNUSABLE }, { "wallet_closed", TEXT_OP_WHY_WALLET_CLOSED },
        { "wallet_unknown", TEXT_OP_WHY_WALLET_UNKNOWN });
    return word_find(words, code, &found) ? text_of(found) : STR_NONE;
}

str word_of_screening(str state)
{
    return word_named(WORDS({ "open", TEXT_SCREENING_OPEN }, { "review", TEXT_SCREENING_REVIEW },
                            { "allow", TEXT_SCREENING_ALLOW }, { "deny", TEXT_SCREENING_DENY }),
                      state);
}

str word_of_verification(str status)
{
    return word_named(WORDS({ "unknown", TEXT_PAYEE_UNKNOWN }, { "match", TEXT_PAYEE_MATCH },
                            { "close_match", TEXT_PAYEE_CLOSE_MATCH }, { "no_match", TEXT_PAYEE_NO_MATCH },
                            { "not_possible", TEXT_PAYEE_NOT_POSSIBLE }),
                      status);
}

str word_of_method(str method)
{
    return word_named(WORDS({ "card", TEXT_METHOD_CARD }, { "wallet", TEXT_METHOD_WALLET },
                            { "bank_transfer", TEXT_METHOD_BANK_TRANSFER }),
                      method);
}

str word_of_cancellation(str reason)
{
    return word_named(WORDS({ "requested", TEXT_CANCELED_REQUESTED }, { "operator", TEXT_CANCELED_OPERATOR },
                            { "authorization_expired", TEXT_CANCELED_AUTHORIZATION_EXPIRED },
                            { "subscription_canceled", TEXT_CANCELED_SUBSCRIPTION },
                            { "invoice_uncollectible", TEXT_CANCELED_UNCOLLECTIBLE },
                            { "invoice_void", TEXT_CANCELED_VOID }, { "card_checked", TEXT_CANCELED_CHECKED },
                            { "method_unavailable", TEXT_CANCELED_UNPAYABLE }),
                      reason);
}

str word_of_three_d_secure_flow(enum three_d_secure_flow flow)
{
    switch (flow) {
    case FLOW_UNTOLD:
        break;
    case FLOW_FRICTIONLESS:
        return text_of(TEXT_SECURE_FRICTIONLESS);
    case FLOW_CHALLENGE:
        return text_of(TEXT_SECURE_CHALLENGE);
    }
    return STR_NONE;
}

str word_of_three_d_secure(enum three_d_secure_result result)
{
    switch (result) {
    case THREE_D_SECURE_NONE:
        break;
    case THREE_D_SECURE_AUTHENTICATED:
        return text_of(TEXT_SECURE_AUTHENTICATED);
    case THREE_D_SECURE_ATTEMPTED:
        return text_of(TEXT_SECURE_ATTEMPTED);
    case THREE_D_SECURE_EXEMPTED:
        return text_of(TEXT_SECURE_EXEMPTED);
    case THREE_D_SECURE_UNAVAILABLE:
        return text_of(TEXT_SECURE_UNAVAILABLE);
    case THREE_D_SECURE_FAILED:
        return text_of(TEXT_SECURE_FAILED);
    case THREE_D_SECURE_REJECTED:
        return text_of(TEXT_SECURE_REJECTED);
    }
    return STR_NONE;
}
