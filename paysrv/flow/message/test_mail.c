/* See test_mail.h. */
#include "paysrv/flow/message/test_mail.h"

#include "paysrv/domain/confirmation/code.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/store/mail.sql.h"
#include "shared/net/smtp.h"

static void mail_read(struct task *t, const struct test_mail_list_row *row, struct test_mail *ret)
{
    struct mail mail = { 0 };
    bool is_open = mail_open(t, row->content, row->mail_id, &mail);
    *ret = (struct test_mail){ .id = row->mail_id,
                               .kind = row->kind,
                               .to = row->recipient,
                               .subject = mail.subject,
                               .text = mail.text,
                               .failure = row->failure,
                               .unreadable = is_open ? STR_NONE : STR("sealed with another key"),
                               .created_at = row->created_at };
    if (is_open && (str_eq(row->kind, STR("payout_code")) || str_eq(row->kind, STR("confirmation_code"))))
        ret->code = code_in_text(t->arena, mail.text);
}

err test_mails_read(struct task *t, partner_id partner, str recipient, str before, size_t limit,
                    const struct test_mail **ret, size_t *n)
{
    const struct test_mail_list_row *rows;
    if (clock_is_live(t))
        return FAIL_PARAM(t, LIVE_PARTNER, STR("partner"),
                          arena_printf(t->arena, "%.*s is no sandbox partner", STR_ARG(partner.v)));
    TRY(test_mail_list(t, partner, recipient, before, (int64_t)limit, &rows, n));
    struct test_mail *mails = arena_array(t->arena, struct test_mail, *n);
    for (size_t i = 0; i < *n; i++)
        mail_read(t, &rows[i], &mails[i]);
    *ret = mails;
    return OK;
}
