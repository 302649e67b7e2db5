/* See undeliverable.h. */
#include "paysrv/flow/confirmation/undeliverable.h"

#include "paysrv/domain/payout/payout.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/confirmation/confirmation.h"
#include "paysrv/flow/payout/payout_list.h"
#include "paysrv/flow/payout/payout_schedule.h"
#include "paysrv/flow/payout/payout_step.h"
#include "paysrv/store/mail.sql.h"
#include "shared/ops/log.h"

static err subject_end(struct task *t, const struct mail_code_lock_row *of)
{
    bool done;
    const struct payout_closing closing = { .to = PAYOUT_CANCELED,
                                            .from = payout_state_name(PAYOUT_AWAITING_CODE),
                                            .reason = CODE_UNDELIVERABLE };
    if (str_eq(of->kind, STR("payout")))
        return payout_step_close(t, of->partner_id, (payout_id){ of->subject }, &closing, &done, NULL);
    if (str_eq(of->kind, STR("payout_list")))
        return payout_list_end(t, of->partner_id, of->subject, CODE_UNDELIVERABLE);
    if (str_eq(of->kind, STR("payout_schedule")))
        return schedule_end(t, of->partner_id, of->subject, CODE_UNDELIVERABLE);
    return confirmation_fail(t, of->partner_id, of->subject, CODE_UNDELIVERABLE);
}

/* Locked first and asked then: whoever confirms it, or mails another code for it, is done by now. */
err undeliverable_end(struct task *t, str mail)
{
    const struct mail_code_lock_row *of;
    const struct mail_code_waits_row *code;
    TRY(mail_code_lock(t, mail, &of));
    if (!of)
        return OK;
    TRY(mail_code_waits(t, mail, &code));
    if (!code->waits)
        return OK;
    TRY(clock_enter(t, of->partner_id));
    TRY(subject_end(t, of));
    log_warn(t, "code.undeliverable", L_STR("mail", mail), L_STR("partner", of->partner_id.v), L_STR("kind", of->kind),
             L_STR("subject", of->subject));
    return OK;
}
