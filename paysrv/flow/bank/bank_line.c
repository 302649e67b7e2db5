/* See bank_line.h. */
#include "paysrv/flow/bank/bank_line.h"

#include "paysrv/app.h"
#include "paysrv/domain/bank/bank_match.h"
#include "paysrv/faults.h"
#include "paysrv/store/bank.sql.h"
#include "shared/ops/log.h"

enum bank_line_kind bank_line_kind_of(bank_row *line)
{
    for (unsigned i = 0; i < BANK_LINE_COUNT; i++)
        if (str_eq(line->kind, bank_line_name((enum bank_line_kind)i)))
            return (enum bank_line_kind)i;
    return BANK_LINE_CREDIT;
}

/* A fee off what comes back is for a bank to say, by its codes. In a statement as text only words say that a credit is
 * a return, and anybody who pays us can write them. */
int64_t bank_line_kept(const struct task *t, bank_row *line, int64_t paid_minor, str currency)
{
    const struct app *app = t->app;
    bool is_text = str_eq(line->message, bank_message_name(BANK_TEXT_STATEMENT));
    return str_eq(line->currency, currency)
               ? bank_return_kept(paid_minor, line->amount, is_text ? 0 : app->config.bank_return_fee_max)
               : -1;
}

err bank_line_finish(struct task *t, bank_row *line, const char *outcome, str payout, enum bank_outcome counted)
{
    int64_t affected;
    pay_metrics_bank_line(t, counted);
    return bank_line_done(t, str_of(outcome), payout, line->line_id, &affected);
}

static str part(struct task *t, const char *name, str value)
{
    return value.n ? arena_printf(t->arena, "%s%.*s", name, STR_ARG(value)) : STR("");
}

/* What the bank says of it, as far as it says anything. */
static str detail_of(struct task *t, const bank_row *line, str why)
{
    return arena_printf(t->arena, "%.*s %.*s: %.*s%.*s%.*s%.*s%.*s%.*s", STR_ARG(line->message), STR_ARG(line->kind),
                        STR_ARG(why), STR_ARG(part(t, "; order ", line->order_id)),
                        STR_ARG(part(t, "; transfer ", line->end_to_end)),
                        STR_ARG(part(t, "; booking ", line->reference)), STR_ARG(part(t, "; reason ", line->reason)),
                        STR_ARG(part(t, "; ", line->note)));
}

/* is_taken: the line is taken up as this break. */
static err line_break(struct task *t, bank_row *line, str kind, str payout, str why, bool is_taken)
{
    const struct bank_break_open_args args = {
        .payout = payout,
        .line = is_taken ? &line->line_id : NULL,
        .kind = kind,
        .ref = arena_printf(t->arena, "line %lld", (long long)line->line_id),
        .file = &line->file_id,
        .amount = &line->amount,
        .currency = line->currency,
        .detail = detail_of(t, line, why),
    };
    int64_t affected;
    log_warn(t, "bank.break", L_STR("kind", args.kind), L_STR("payout", payout), L_STR("why", why));
    return bank_break_open(t, &args, &affected);
}

err bank_line_break(struct task *t, bank_row *line, const char *kind, str payout, const char *why)
{
    const struct bank_line_told_row *told;
    TRY(bank_line_told(t, line->line_id, &told));
    if (told->so)
        return bank_line_finish(t, line, "noted", payout, LINE_NOTED);
    pay_metrics_bank_line(t, LINE_BREAK);
    return line_break(t, line, str_of(kind), payout, str_of(why), true);
}

err bank_line_point_out(struct task *t, bank_row *line, str payout, str why)
{
    return line_break(t, line, STR("state"), payout, why, false);
}

err bank_line_unbooked(struct task *t, int64_t line)
{
    const struct bank_booking_left_row *left;
    TRY(bank_booking_left(t, line, &left));
    if (left->unbooked > left->coming)
        return OK;
    return FAIL_PARAM(t, BREAK_STATE, STR("break"),
                      left->unbooked > 0 ? STR("another message of the bank's tells of it, and is being taken up")
                                         : STR("another message of the bank's has booked it"));
}
