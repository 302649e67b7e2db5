/*
 * The effects of the money core: everything that charges, captures, voids, refunds and the reconciler do to the world
 * goes through one struct of function pointers, so that the same code can run in a simulation (SECURITY 5.2).
 */
#pragma once

#include "paysrv/flow/acquirer/acquirer.h"
#include "paysrv/flow/acquirer/acquirer_dispute.h"
#include "paysrv/flow/payment/steps.h"
#include "paysrv/store/anomaly.sql.h"
#include "paysrv/store/attempt.sql.h"
#include "paysrv/store/capture.sql.h"
#include "paysrv/store/charge.sql.h"
#include "paysrv/store/dispute.sql.h"
#include "paysrv/store/holdback.sql.h"
#include "paysrv/store/idempotency.sql.h"
#include "paysrv/store/negative.sql.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/store/refund.sql.h"
#include "paysrv/store/saved_card.sql.h"
#include "paysrv/store/split.sql.h"

struct pay_env {
    /* database: each is one statement, atomic by itself */
    err (*payment_any)(struct task *, payment_id, const struct payment_find_row **);
    err (*idempotency_find)(struct task *, partner_id, str route, str key, const struct idempotency_find_row **);
    err (*payment_create)(struct task *, struct step_create *);
    err (*charge_begin)(struct task *, struct step_begin *);
    err (*charge_succeed)(struct task *, struct step_succeed *);
    err (*charge_decline)(struct task *, const struct charge_decline_args *, const struct charge_decline_row **);
    err (*charge_challenge)(struct task *, const struct charge_challenge_args *, const struct charge_challenge_row **);
    err (*charge_authorize)(struct task *, const struct charge_authorize_args *, const struct charge_authorize_row **);
    err (*attempt_abandon)(struct task *, payment_id, partner_id, str charge, int64_t *affected);
    err (*attempt_authenticated)(struct task *, str three_d_secure, str call, int64_t *affected);
    err (*clearing_open)(struct task *, partner_id, str clearing, str currency, int64_t *affected);
    err (*suspense_open)(struct task *, partner_id, str currency, int64_t *affected);
    err (*late_success)(struct task *, const struct late_success_args *, const struct late_success_row **);
    err (*late_reversed)(struct task *, str ref, str call, event_id, str data, str note_id, str note,
                         const struct late_reversed_row **);
    err (*late_refused)(struct task *, const struct late_refused_args *, const struct late_refused_row **);
    err (*capture_begin)(struct task *, const struct capture_begin_args *, const struct capture_begin_row **);
    err (*capture_succeed)(struct task *, const struct capture_succeed_args *, const struct capture_succeed_row **);
    err (*capture_decline)(struct task *, const struct capture_decline_args *, const struct capture_decline_row **);
    err (*capture_find)(struct task *, str capture, const struct capture_find_row **);
    err (*void_begin)(struct task *, const struct void_begin_args *, const struct void_begin_row **);
    err (*void_succeed)(struct task *, str ref, str call, event_id, str data, str note_id, str note,
                        const struct void_succeed_row **);
    err (*void_decline)(struct task *, const struct void_decline_args *, const struct void_decline_row **);
    err (*refund_begin)(struct task *, const struct refund_begin_args *, const struct refund_begin_row **);
    err (*refund_succeed)(struct task *, const struct refund_succeed_args *, const struct refund_succeed_row **);
    err (*refund_decline)(struct task *, const struct refund_decline_args *, const struct refund_decline_row **);
    err (*refund_find)(struct task *, refund_id, const struct refund_find_row **);
    err (*charge_reference)(struct task *, payment_id, const struct charge_reference_row **);
    err (*dispute_subject)(struct task *, payment_id, const struct dispute_subject_row **);
    err (*dispute_find)(struct task *, str dispute, str acquirer_ref, str partner, str owner,
                        const struct dispute_find_row **);
    err (*dispute_others_hold)(struct task *, payment_id, dispute_id, const struct dispute_others_hold_row **);
    err (*dispute_open)(struct task *, const struct dispute_open_args *, const struct dispute_open_row **);
    err (*dispute_move)(struct task *, const struct dispute_move_args *, const struct dispute_move_row **);
    err (*dispute_ask)(struct task *, str asked, str by, instant due, dispute_id, int64_t *affected);
    err (*dispute_unask)(struct task *, dispute_id, int64_t sequence, int64_t *affected);
    err (*dispute_remind)(struct task *, dispute_id, event_id, str data, str mail, str recipient, bytes content,
                          const struct dispute_remind_row **);
    err (*dispute_rest)(struct task *, const instant *due, dispute_id, int64_t sequence, str booked, int64_t *affected);
    err (*dispute_book)(struct task *, const struct dispute_book_args *, const struct dispute_book_row **);
    err (*dispute_files)(struct task *, dispute_id, const struct dispute_files_row **, size_t *);
    err (*dispute_file_content)(struct task *, dispute_id, str file, const struct dispute_file_content_row **);
    err (*disputed_open)(struct task *, partner_id, str currency, int64_t *affected);
    err (*disputes_due)(struct task *, int64_t step_s, const struct disputes_due_row **, size_t *);
    err (*balance_relieve)(struct task *, const struct balance_relieve_args *, const struct balance_relieve_row **);
    err (*settlements_due)(struct task *, int64_t most, instant lease, const struct settlements_due_row **, size_t *);
    err (*settlement_make)(struct task *, const struct settlement_make_args *, const struct settlement_make_row **);
    err (*holdbacks_returned)(struct task *, payment_id, str after, int64_t most,
                              const struct holdbacks_returned_row **, size_t *);
    err (*holdbacks_adjust)(struct task *, payment_id, int64_t version, i64_array holdbacks, i64_array helds, bool over,
                            const struct holdbacks_adjust_row **);
    err (*holdbacks_due)(struct task *, instant after_day, int64_t after, int64_t most,
                         const struct holdbacks_due_row **, size_t *);
    err (*holdbacks_release)(struct task *, i64_array holdbacks, const struct holdbacks_release_row **);
    err (*split_profile_find)(struct task *, partner_id, str split_profile, const struct split_profile_find_row **);
    err (*call_find)(struct task *, str call, const struct call_find_row **);
    err (*call_sent)(struct task *, instant due, str call, str from, int64_t *affected);
    err (*call_unknown)(struct task *, instant due, str call, int64_t *affected);
    err (*calls_due)(struct task *, int64_t step_s, const struct call_find_row **, size_t *);
    err (*anomaly_report)(struct task *, str partner, str kind, str ref, str detail, const instant *rests_since,
                          int64_t *affected);
    err (*saved_card_charge)(struct task *, saved_card_id, payment_id, const struct saved_card_charge_row **);
    /* acquirer */
    void (*order)(struct task *, const struct acquirer_ask *, struct acquirer_said *);
    void (*query)(struct task *, const struct acquirer_ask *, struct acquirer_said *);
    void (*card)(struct task *, str token, struct acquirer_card *);
    bool (*dispute_tell)(struct task *, const struct dispute_letter *, struct acquirer_dispute *, str *why);
    /* clock and randomness */
    instant (*now)(void);
    void (*pause)(duration d);
    str (*new_id)(struct arena *a, const char *prefix);
};

extern const struct pay_env pay_env_live;
