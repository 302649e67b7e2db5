/* See code_link.h; SURFACES 2.4 P11; decision 0108. */
#include "paysrv/flow/confirmation/code_link.h"

#include "paysrv/app.h"
#include "paysrv/domain/access/caller.h"
#include "paysrv/faults.h"
#include "paysrv/flow/access/partner_standing.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/confirmation/confirmation.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/message/speech_words.h"
#include "paysrv/flow/party/freeze.h"
#include "paysrv/flow/payout/payout.h"
#include "paysrv/flow/payout/payout_fee.h"
#include "paysrv/flow/payout/payout_list.h"
#include "paysrv/flow/payout/payout_list_object.h"
#include "paysrv/flow/payout/payout_schedule.h"
#include "paysrv/store/confirmation.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/payout_list.sql.h"
#include "paysrv/store/payout_schedule.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

static const str CONTEXT = { "code link", 9 };

str code_url(struct task *t, str mail)
{
    const struct app *app = t->app;
    str token = base64url_encode(t->arena, seal(t->arena, &app->sealing_key, bytes_of(mail), CONTEXT));
    return arena_printf(t->arena, "%.*s/confirm/%.*s", STR_ARG(app->config.public_url), STR_ARG(token));
}

err code_is_open(struct task *t, partner_id partner)
{
    const struct partner_find_row *row;
    TRY(partner_find(t, partner, &row));
    return row && row->codes_sealed ? FAIL(t, CODES_SEALED, "the partner's codes are sealed") : OK;
}

/* ---- what the mail says ---- */

static str said(struct task *t, enum text_key key, str first, str second)
{
    return text_filled(t->arena, text_in(t->language, key), (const str[]){ first, second });
}

static void fact_add(struct code_link *link, str fact)
{
    link->facts[link->n_facts++] = (struct confirm_fact){ fact };
}

static void facts_begin(struct task *t, struct code_link *link, size_t most)
{
    link->facts = arena_array(t->arena, struct confirm_fact, most + 1);
    fact_add(link, said(t, TEXT_FACT_REQUEST, link->code->label, STR_NONE));
}

static str fact_to(struct task *t, str account, str holder)
{
    return said(t, str_given(holder) ? TEXT_FACT_TO_HOLDER : TEXT_FACT_TO, account, holder);
}

static err payout_facts(struct task *t, struct code_link *link)
{
    const struct payout_find_row *row;
    TRY(payout_find(t, link->code->partner_id, (payout_id){ link->code->subject }, STR_NONE, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such payout");
    str amount = payout_fee_text(t, t->language, row);
    link->title = said(t, TEXT_MAIL_PAYOUT_SUBJECT, amount, row->label);
    link->hello = text_in(t->language, TEXT_MAIL_PAYOUT_HELLO);
    facts_begin(t, link, 2);
    fact_add(link, said(t, TEXT_FACT_AMOUNT, amount, STR_NONE));
    fact_add(link, fact_to(t, row->masked, row->holder_name));
    return OK;
}

static void payee_add(struct task *t, struct code_link *link, const struct payout_find_row *payout)
{
    bool has_holder = str_given(payout->holder_name);
    const str values[] = { payout_fee_text(t, t->language, payout), payout->masked, payout->holder_name };
    fact_add(link, text_filled(t->arena, text_in(t->language, has_holder ? TEXT_FACT_PAYEE_HOLDER : TEXT_FACT_PAYEE),
                               values));
}

static err list_facts(struct task *t, struct code_link *link)
{
    const struct payout_list_find_row *row;
    struct payout_list list = { .n = 0 };
    TRY(payout_list_find(t, link->code->partner_id, link->code->subject, STR_NONE, &row));
    TRY(payouts_of_list(t, link->code->partner_id, link->code->subject, &list.payouts, &list.n));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such list");
    list.row = *row;
    str totals = payout_list_totals_text(t, t->language, &list);
    link->title = said(t, TEXT_MAIL_PAYOUT_LIST_SUBJECT, totals, row->label);
    link->hello = text_in(t->language, TEXT_MAIL_PAYOUT_LIST_HELLO);
    facts_begin(t, link, 2 + list.n);
    fact_add(link, said(t, TEXT_FACT_COUNT, arena_printf(t->arena, "%zu", list.n), STR_NONE));
    fact_add(link, said(t, TEXT_FACT_TOTAL, totals, STR_NONE));
    for (size_t i = 0; i < list.n; i++)
        payee_add(t, link, &list.payouts[i]);
    return OK;
}

static err schedule_facts(struct task *t, struct code_link *link)
{
    const struct payout_schedule_find_row *row;
    TRY(payout_schedule_find(t, link->code->partner_id, link->code->subject, STR_NONE, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such schedule");
    link->title = said(t, TEXT_MAIL_SCHEDULE_SUBJECT, row->label, STR_NONE);
    link->hello = text_in(t->language, TEXT_MAIL_SCHEDULE_HELLO);
    facts_begin(t, link, 3);
    fact_add(link, said(t, TEXT_FACT_WHEN, schedule_words(t, t->language, row), STR_NONE));
    fact_add(link, said(t, TEXT_FACT_MINIMUM, money_in(t, t->language, row->minimum, row->currency), STR_NONE));
    fact_add(link, fact_to(t, row->masked, row->holder_name));
    return OK;
}

/* Of a store that goes to another partner its owner reads the mail, and stops his own payouts. */
static err confirmation_facts(struct task *t, struct code_link *link)
{
    const struct confirmation_find_row *row;
    struct confirmation_lines lines = { .n = 0 };
    TRY(confirmation_find(t, link->code->partner_id, link->code->subject, STR_NONE, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such confirmation");
    const struct confirmation_of of = { row->partner_id, row->user_id, row->object_id, row->recipient, NULL };
    const struct confirmation_kind *kind = confirmation_kind_in(row);
    TRY(kind->lines(t, &of, &lines));
    if (confirmation_is_elsewhere(row, &lines)) /* the mail of who owned it */
        link->state = CODE_OVER;
    if (str_given(lines.user.v))
        link->not_me_url = freeze_url(t, lines.partner, lines.user);
    link->title = said(t, TEXT_MAIL_CONFIRMATION_SUBJECT, text_in(t->language, kind->title), row->label);
    link->hello = text_in(t->language, TEXT_MAIL_CONFIRMATION_HELLO);
    facts_begin(t, link, lines.n);
    for (size_t i = 0; i < lines.n; i++)
        fact_add(link, said(t, TEXT_FACT_NAMED, text_in(t->language, lines.words[i]), lines.items[i].value));
    return OK;
}

/* ---- which of them ---- */

struct subject_kind {
    const char *prefix; /* of its id */
    err (*facts)(struct task *t, struct code_link *link);
    err (*confirm)(struct task *t, const struct caller *c, str id, str typed, const struct once *once,
                   struct answer *ret);
};

static err kind_of(struct task *t, str subject, const struct subject_kind **ret)
{
    static const struct subject_kind kinds[] = {
        { "po_", payout_facts, payouts_confirm },
        { "pol_", list_facts, payout_lists_confirm },
        { "pos_", schedule_facts, schedules_confirm },
        { "cnf_", confirmation_facts, confirmations_confirm },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (str_starts(subject, str_of(kinds[i].prefix))) {
            *ret = &kinds[i];
            return OK;
        }
    return FAIL(t, INTERNAL, "a code for %.*s", STR_ARG(subject));
}

/* Of a store that another partner asks for, the reader is its owner and no user of who asks: as long as the store is
 * his, confirmation_facts knows him. */
static err not_me_find(struct task *t, struct code_link *link)
{
    const struct code_of_mail_row *code = link->code;
    const struct confirmation_find_row *row = NULL;
    if (str_starts(code->subject, STR("cnf_")))
        TRY(confirmation_find(t, code->partner_id, code->subject, STR_NONE, &row));
    if (!row || !str_eq(row->operation, confirmation_operation_name(CONFIRM_STORE_CONNECTION)))
        link->not_me_url = freeze_url(t, code->partner_id, code->user_id);
    return OK;
}

/* His language, his partner's name, and how to say that it was not him. */
static err reader_meet(struct task *t, struct code_link *link)
{
    const struct code_of_mail_row *code = link->code;
    const struct partner_find_row *partner;
    const struct user_find_row *user;
    TRY(partner_find(t, code->partner_id, &partner));
    TRY(user_find(t, code->partner_id, code->user_id, &user));
    link->partner_name = partner ? partner->name : code->partner_id.v;
    if (user)
        speech_prefer(t, user->locale);
    return not_me_find(t, link);
}

err code_link_open(struct task *t, str token, struct code_link *ret)
{
    const struct app *app = t->app;
    const struct subject_kind *kind;
    bytes sealed, mail;
    *ret = (struct code_link){ .code = NULL };
    if (!base64url_decode(t->arena, token, &sealed) || !unseal(t->arena, &app->sealing_key, sealed, CONTEXT, &mail))
        return FAIL(t, NOT_FOUND, "no link of ours");
    TRY(code_of_mail(t, (str){ (const char *)mail.p, mail.n }, &ret->code));
    if (!ret->code)
        return FAIL(t, NOT_FOUND, "a link to what is gone");
    TRY(clock_enter(t, ret->code->partner_id));
    TRY(reader_meet(t, ret));
    const struct code_standing standing = { ret->code->is_waiting, ret->code->is_used, ret->code->is_replaced,
                                            ret->code->attempts_left, ret->code->expires_at };
    ret->state = code_state_judge(&standing, t->now);
    if (ret->state != CODE_WAITS)
        return OK;
    TRY(kind_of(t, ret->code->subject, &kind));
    return kind->facts(t, ret);
}

err code_link_confirm(struct task *t, const struct code_link *link, str typed)
{
    const struct caller reader = { .partner = link->code->partner_id, .client_id = STR("link:confirm") };
    const struct once nothing = { .given = false };
    const struct subject_kind *kind;
    struct answer answer;
    TRY(partner_in_good_standing(t, reader.partner));
    TRY(kind_of(t, link->code->subject, &kind));
    return kind->confirm(t, &reader, link->code->subject, typed, &nothing, &answer);
}
