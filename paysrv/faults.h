/* The whole public error surface of paysrv beyond the platform's: status, stable code, public sentence. */
#pragma once

#include "shared/base/faults.h"

#define PAYSRV_FAULTS(X)                                                                                               \
    X(UNAUTHORIZED, 401, "unauthorized", "This address needs an access token.")                                        \
    X(INVALID_TOKEN, 401, "invalid_token", "The access token is expired, revoked, or not meant for this service.")     \
    X(INSUFFICIENT_SCOPE, 403, "insufficient_scope", "The access token does not allow this.")                          \
    X(INSUFFICIENT_USER_AUTHENTICATION, 401, "insufficient_user_authentication",                                       \
      "For this the user has to log in more strongly, or again; WWW-Authenticate says how.")                           \
    X(INSUFFICIENT_AUTHORIZATION_DETAILS, 403, "insufficient_authorization_details",                                   \
      "The access token does not allow this; its user has to allow it by itself.")                                     \
    X(AUTHORIZATION_DETAILS_USED, 403, "authorization_details_used",                                                   \
      "What the user has allowed was done already, and is allowed once.")                                              \
    X(NO_PARTNER, 403, "no_partner", "The client of this access token belongs to no partner.")                         \
    X(PARTNER_SUSPENDED, 403, "partner_suspended", "Nothing new can be done in the name of this partner at present.")  \
    X(USER_TOKEN_REQUIRED, 403, "user_token_required", "Only the user in person may do this.")                         \
    X(API_VERSION_UNKNOWN, 400, "api_version_unknown", "There is no such version of the API.")                         \
    X(INVALID_PARAMETER, 422, "invalid_parameter", "A field holds a value that is not allowed there.")                 \
    X(IDEMPOTENCY_KEY_REQUIRED, 400, "idempotency_key_required",                                                       \
      "This call needs the header Idempotency-Key, 1 to 255 printable ASCII characters.")                              \
    X(IDEMPOTENCY_KEY_INVALID, 400, "idempotency_key_invalid",                                                         \
      "The header Idempotency-Key must hold 1 to 255 printable ASCII characters, once.")                               \
    X(IDEMPOTENCY_MISMATCH, 422, "idempotency_mismatch", "This idempotency key was used before with another request.") \
    X(IDEMPOTENCY_IN_PROGRESS, 409, "idempotency_in_progress",                                                         \
      "The first request with this idempotency key is still running.")                                                 \
    X(EXTERNAL_ID_TAKEN, 409, "external_id_taken", "There is already an object with this external_id.")                \
    X(PAYMENT_STATE, 409, "payment_state", "The payment is in a state in which this cannot be done.")                  \
    X(PAYMENT_USED, 409, "payment_used", "This payment has paid for another subscription.")                            \
    X(SUBSCRIPTION_STATE, 409, "subscription_state", "The subscription is in a state in which this cannot be done.")   \
    X(INVOICE_STATE, 409, "invoice_state", "The invoice is in a state in which this cannot be done.")                  \
    X(NO_SANDBOX, 409, "no_sandbox", "No sandbox partner is linked to this partner.")                                  \
    X(STORE_STATE, 409, "store_state", "The store is in a state in which this cannot be done.")                        \
    X(PAYMENT_EXPIRED, 409, "payment_expired", "The payment has expired.")                                             \
    X(CARD_DECLINED, 402, "card_declined", "The card was declined.")                                                   \
    X(PAYMENT_DECLINED, 402, "payment_declined", "The payment was declined.")                                          \
    X(CAPTURE_DECLINED, 402, "capture_declined", "The capture was declined.")                                          \
    X(ACQUIRER_REFUSES, 422, "acquirer_refuses", "This cannot be done with the acquirer in use.")                      \
    X(METHOD_UNAVAILABLE, 422, "method_unavailable", "This payment cannot be paid this way.")                          \
    X(CAPTURE_TOO_LARGE, 409, "capture_too_large", "The capture is larger than what is left of the authorization.")    \
    X(AUTHORIZATION_EXPIRED, 409, "authorization_expired", "The authorization has expired.")                           \
    X(CANCEL_DECLINED, 402, "cancel_declined", "The acquirer did not release the authorization.")                      \
    X(REFUND_DECLINED, 402, "refund_declined", "The refund was declined.")                                             \
    X(REFUND_TOO_LARGE, 409, "refund_too_large", "The refund is larger than what is left of the payment.")             \
    X(REFUND_WINDOW, 409, "refund_window", "The time in which this payment could be refunded is over.")                \
    X(RELEASE_TOO_LARGE, 409, "release_too_large", "The release is larger than what is held of the payment.")          \
    X(INSUFFICIENT_FUNDS, 409, "insufficient_funds", "The balance does not hold this amount.")                         \
    X(DISPUTE_STATE, 409, "dispute_state", "The dispute is in a state in which this cannot be done.")                  \
    X(SPLIT_PROFILE_IN_USE, 409, "split_profile_in_use", "A store or the partner still uses this split profile.")      \
    X(WEBHOOK_DISABLED, 409, "webhook_disabled", "This webhook endpoint is disabled; nothing is delivered to it.")     \
    X(SIGNATURE_REFUSED, 401, "signature_refused", "The message's signature could not be verified.")                   \
    X(PAYOUT_STATE, 409, "payout_state", "The payout is in a state in which this cannot be done.")                     \
    X(USER_STATE, 409, "user_state", "The user is in a state in which this cannot be done.")                           \
    X(CONFIRMATION_STATE, 409, "confirmation_state", "This is confirmed already, or does not wait any more.")          \
    X(CODE_REFUSED, 422, "code_refused", "The code was not accepted.")                                                 \
    X(CODES_SEALED, 403, "codes_sealed",                                                                               \
      "The owner types this code on the page that the link in the mail leads to; it is taken nowhere else.")           \
    X(NO_VERIFIED_EMAIL, 409, "no_verified_email", "The owner has no verified e-mail address to send a code to.")      \
    X(PAYOUTS_FROZEN, 409, "payouts_frozen", "The owner has frozen the payouts of this account.")                      \
    X(CONSENT_IS_WITHDRAWN, 409, "consent_withdrawn", "The user has taken back what this partner was allowed.")        \
    X(PAYOUTS_COOLING, 409, "payouts_cooling", "After a change of the e-mail address payouts wait for a while.")       \
    X(AGREEMENT_NOT_ACCEPTED, 409, "agreement_not_accepted", "The seller has not accepted the agreement in force.")    \
    X(RESEND_LIMIT, 409, "resend_limit", "No further code can be sent for this payout; request it again.")             \
    X(PAYOUT_LIMIT, 409, "payout_limit", "The payout is outside of the limits of this account.")                       \
    X(FOUR_EYES, 409, "four_eyes", "Another operator has to decide on this.")                                          \
    X(REQUISITE_COOLING, 409, "requisite_cooling", "A changed account cannot be used yet.")                            \
    X(REQUISITE_PENDING, 409, "requisite_pending", "The owner has not confirmed this account yet.")                    \
    X(REQUISITE_MISMATCH, 409, "requisite_mismatch", "The bank knows the holder of this account by another name.")     \
    X(REQUISITE_STATE, 409, "requisite_state", "There is nothing to agree to: the bank has not said another name.")    \
    X(REQUISITE_DISABLED, 409, "requisite_disabled", "Nothing is paid out to this account any more; use another one.") \
    X(BANK_FILE_REFUSED, 422, "bank_file_refused", "The bank's file cannot be taken.")                                 \
    X(CURSOR_EXPIRED, 410, "cursor_expired", "The list does not go back that far any more.")                           \
    X(BOUNCE_REFUSED, 422, "bounce_refused", "This is no report that a mail from here has failed for good.")           \
    X(SETTLEMENT_REFUSED, 422, "settlement_refused", "The acquirer's registry cannot be taken.")                       \
    X(LABEL_TAKEN, 503, "unavailable", "Too many payouts of this user are asked for at this moment; try again.")       \
    X(MANUAL_ENTRY_STATE, 409, "manual_entry_state",                                                                   \
      "This entry is decided, or cannot be booked as it was asked for.")                                               \
    X(BREAK_STATE, 409, "break_state", "This break is closed, or nothing of it can be booked.")                        \
    X(ANOMALY_STATE, 409, "anomaly_state", "This anomaly is closed.")                                                  \
    X(CALL_STATE, 409, "call_state", "How this operation ended cannot be said by an operator.")                        \
    X(REVERSAL_STATE, 409, "reversal_state", "Somebody has decided about this reversal.")                              \
    X(DEBTOR_MISSING, 409, "debtor_missing", "The configuration names no valid debtor account for bank payouts.")      \
    X(LIVE_PARTNER, 409, "live_partner", "Only a sandbox partner can do this.")                                        \
    X(TEST_CLOCK_ADVANCING, 409, "test_clock_advancing", "The test clock is on its way; wait until it is ready.")      \
    X(TEST_ACQUIRER_MISSING, 409, "test_acquirer_missing",                                                             \
      "This server has no test acquirer, and a sandbox partner's payments go to no other.")                            \
    X(LOGIN_REFUSED, 403, "login_refused",                                                                             \
      "The log-in did not succeed, or this account may not see the operator's pages.")                                 \
    X(SESSION_ENDED, 401, "session_ended",                                                                             \
      "You are not signed in any more. Nothing was done: sign in, and do it again.")                                   \
    X(FORM_REFUSED, 403, "form_refused",                                                                               \
      "This form is not of your session, but of another one or of before. Nothing was done: open its page again.")

FAULTS_DECLARE(PAYSRV_FAULTS)
