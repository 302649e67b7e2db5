/* See settlement_book.h; docs/decisions/0052. */
#include "paysrv/flow/settlement/settlement_book.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/acquirer/acquirer.h"
#include "paysrv/flow/acquirer/connector_bank.h"
#include "paysrv/flow/bank/bank_line.h"
#include "paysrv/flow/bank/bank_return.h"
#include "paysrv/flow/ledger/manual_entry.h"
#include "paysrv/flow/settlement/settlement_entry.h"
#include "paysrv/store/bank.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/settlement.sql.h"
#include "paysrv/store/transfer.sql.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

#define CREDIT_REF "credit " /* before the id of a buyer's credit that a break is about */

/* ---- a line beside our books ---- */

static int64_t agreed_fee(const struct app *app, enum settlement_kind kind,
                          const struct settlement_lines_open_row *line)
{
    const struct settlement_rates *rates = line->clearing.n ? &app->wallet_rates : &app->acquirer_rates;
    const struct settlement_rate *rate = settlement_rate_of(rates, line->currency);
    switch (kind) {
    case SETTLEMENT_CHARGE:
    case SETTLEMENT_CAPTURE:
        return rate ? settlement_fee(rate, line->our_gross) : -1;
    case SETTLEMENT_REFUND:
    case SETTLEMENT_REFUND_RETURN:
        return rate ? 0 : -1;
    case SETTLEMENT_CHARGEBACK:
        return line->booked_fee;
    case SETTLEMENT_CHARGEBACK_REVERSAL:
        return 0;
    case SETTLEMENT_PUSH: /* nothing is agreed in the configuration */
    case SETTLEMENT_PUSH_RETURN:
    case SETTLEMENT_ADJUSTMENT:
    case SETTLEMENT_KIND_COUNT:
        break;
    }
    return -1;
}

struct settlement_case settlement_case_of(const struct task *t, const struct settlement_lines_open_row *line)
{
    struct settlement_case c = {
        .said = { .kind = SETTLEMENT_ADJUSTMENT,
                  .gross_minor = line->gross,
                  .fee_minor = line->fee,
                  .is_repeated = line->is_repeated },
        .ours = { .is_known = str_given(line->op),
                  .is_final = line->is_final,
                  .is_written_off = line->is_written_off,
                  .gross_minor = line->our_gross,
                  .booked_fee_minor = line->booked_fee },
    };
    (void)settlement_kind_parse(line->kind, &c.said.kind);
    c.ours.fee_minor = agreed_fee(t->app, c.said.kind, line);
    c.verdict = settlement_judge(&c.said, &c.ours);
    return c;
}

/* ---- what matched ---- */

/* Two acquirers may call their registries the same. */
static str entry_ref(struct task *t, const struct settlement_lock_row *s)
{
    return s->clearing.n ? arena_printf(t->arena, "%.*s/%.*s", STR_ARG(s->clearing), STR_ARG(s->acquirer_ref))
                         : s->acquirer_ref;
}

/* Whose cost it is is agreed for a partner and currency (`paysrv reconcile cost`). */
static err cost_bearer(struct task *t, partner_id partner, str currency, struct settlement_sums *sums)
{
    const struct acquirer_cost_find_row *row;
    TRY(acquirer_cost_find(t, partner, currency, &row));
    sums->is_partners_cost = row->is_partners;
    return OK;
}

static err part_book(struct task *t, const struct settlement_lock_row *s, const struct settlement_parts_row *part)
{
    struct settlement_sums sums = { .gross_minor = part->gross,
                                    .fee_minor = part->fee,
                                    .expected_minor = part->expected,
                                    .booked_fee_minor = part->gross - part->expected };
    struct settlement_made m = { .partner = part->partner_id,
                                 .kind = STR("settlement"),
                                 .ref = entry_ref(t, s),
                                 .currency = s->currency,
                                 .clearing = s->clearing,
                                 .type = STR("settlement.booked"),
                                 .object = s->acquirer_ref,
                                 .settlement = &s->settlement_id,
                                 .shown_minor = part->gross };
    int64_t entry;
    TRY(cost_bearer(t, part->partner_id, s->currency, &sums));
    if (!posting_of_settlement(&sums, STR("settlement"), STR_NONE, &m.posting))
        return FAIL(t, INTERNAL, "settlement %.*s cannot be posted", STR_ARG(s->acquirer_ref));
    return m.posting.n ? settlement_entry_write(t, &m, &entry) : OK;
}

static err part_pay(struct task *t, const struct settlement_lock_row *s, const struct settlement_on_the_way_row *part)
{
    struct settlement_made m = { .partner = part->partner_id,
                                 .kind = STR("settlement_paid"),
                                 .ref = entry_ref(t, s),
                                 .currency = s->currency,
                                 .clearing = s->clearing,
                                 .type = STR("settlement.paid"),
                                 .object = s->acquirer_ref,
                                 .settlement = &s->settlement_id,
                                 .shown_minor = part->told };
    int64_t entry;
    if (!posting_of_settlement_paid(part->amount, &m.posting))
        return FAIL(t, INTERNAL, "settlement %.*s cannot be posted", STR_ARG(s->acquirer_ref));
    return settlement_entry_write(t, &m, &entry);
}

static err parts_pay(struct task *t, const struct settlement_lock_row *s)
{
    const struct settlement_on_the_way_row *parts;
    size_t n;
    int64_t affected;
    TRY(settlement_on_the_way(t, s->settlement_id, &parts, &n));
    for (size_t i = 0; i < n; i++)
        TRY(part_pay(t, s, &parts[i]));
    CRASH_POINT("settlement.before_paid");
    return settlement_paid(t, s->settlement_id, &affected);
}

static err book_in_tx(struct task *t, void *context)
{
    const struct settlement_lock_row *s;
    const struct settlement_parts_row *parts;
    size_t n;
    int64_t affected;
    TRY(settlement_lock(t, *(const int64_t *)context, &s));
    if (!s || !str_eq(s->state, STR("open")) || s->has_open_lines)
        return OK;
    TRY(settlement_parts(t, s->settlement_id, &parts, &n));
    for (size_t i = 0; i < n; i++)
        TRY(part_book(t, s, &parts[i]));
    CRASH_POINT("settlement.before_booked");
    TRY(settlement_booked(t, s->settlement_id, &affected));
    return s->net == 0 ? parts_pay(t, s) : OK; /* the bank shows no transfer of nothing */
}

err settlement_book(struct task *t, int64_t settlement)
{
    TRY(db_tx(t, book_in_tx, &settlement));
    CRASH_POINT("settlement.after_booked");
    return OK;
}

/* ---- the bank ---- */

struct paying {
    int64_t settlement, bank_line;
};

static err pay_in_tx(struct task *t, void *context)
{
    const struct paying *p = context;
    const struct settlement_lock_row *s;
    const struct settlement_bank_line_row *line;
    TRY(settlement_lock(t, p->settlement, &s));
    if (!s || !str_eq(s->state, STR("booked")))
        return OK;
    TRY(settlement_bank_line(t, STR("applied"), s->settlement_id, p->bank_line, &line));
    return line->taken ? parts_pay(t, s) : OK; /* not: that money is another's by now */
}

err settlement_pay(struct task *t, int64_t settlement, int64_t bank_line)
{
    struct paying p = { settlement, bank_line };
    return db_tx(t, pay_in_tx, &p);
}

/* ---- breaks ---- */

struct resolving {
    struct break_resolution *by_hand; /* empty: it has healed */
    int64_t break_id;
    bool heals;
};

static err partner_of(struct task *t, const struct resolving *r, str found, partner_id *ret)
{
    const struct partner_find_row *partner;
    *ret = (partner_id){ str_given(found) ? found : r->by_hand->partner };
    if (!str_given(ret->v))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("partner"), STR("the line names nothing of ours: say whose it is"));
    TRY(partner_find(t, *ret, &partner));
    return partner ? OK : FAIL_PARAM(t, INVALID_PARAMETER, STR("partner"), STR("is no partner"));
}

/* The posting of a line that did not fit; a difference goes where the operator says. */
static err line_post(struct task *t, const struct resolving *r, const struct settlement_lines_open_row *line,
                     struct settlement_made *m)
{
    const struct settlement_case c = settlement_case_of(t, line);
    bool is_owed = c.verdict == SETTLEMENT_OTHER_AMOUNT || settlement_is_matched(c.verdict);
    struct settlement_sums sums = { .gross_minor = line->gross,
                                    .fee_minor = line->fee,
                                    .expected_minor = is_owed ? settlement_expected(&c.ours) : 0,
                                    .booked_fee_minor = is_owed ? c.ours.booked_fee_minor : 0 };
    str cash = str_eq(line->settlement_state, STR("paid")) ? STR("bank") : STR("settlement");
    if (r->heals && !settlement_is_matched(c.verdict))
        return FAIL(t, BREAK_STATE, "the line does not fit any more");
    if (str_eq(line->settlement_state, STR("open")) || line->is_pending)
        return FAIL(t, BREAK_STATE, "the registry is being taken up, or the operation has no outcome yet");
    TRY(partner_of(t, r, line->partner_id, &m->partner));
    TRY(cost_bearer(t, m->partner, m->currency, &sums));
    if (!posting_of_settlement(&sums, cash, r->heals ? STR_NONE : r->by_hand->as, &m->posting))
        return FAIL(t, INTERNAL, "line %lld cannot be posted", (long long)line->line_id);
    m->shown_minor = line->gross;
    m->debt = is_owed ? line->debt : STR_NONE;
    m->settled_minor = sums.expected_minor;
    return OK;
}

/* What no registry has: nobody will give it any more. */
static err missing_post(struct task *t, const struct resolving *r, const struct break_lock_row *b,
                        struct settlement_made *m)
{
    const struct settlement_sums sums = { .expected_minor = b->amount };
    if (!posting_of_settlement(&sums, STR("settlement"), r->by_hand->as, &m->posting))
        return FAIL(t, INTERNAL, "break %lld cannot be posted", (long long)b->break_id);
    m->shown_minor = b->amount;
    m->object = settlement_debt_op(b->ref);
    m->clearing = acquirer_clearing(b->acquirer);
    return partner_of(t, r, b->partner_id, &m->partner);
}

static str credit_of_break(str ref)
{
    size_t before = sizeof CREDIT_REF - 1;
    return ref.n > before ? (str){ ref.p + before, ref.n - before } : STR("");
}

/* What the bank took back of a buyer's transfer that had paid: somebody else than the sellers bears it. */
static err reversed_post(struct task *t, const struct resolving *r, const struct break_lock_row *b,
                         struct settlement_made *m)
{
    const struct credit_held_row *held;
    const struct transfer_lock_row *locked;
    str credit = credit_of_break(b->ref);
    TRY(credit_held(t, credit, &held));
    if (!held)
        return FAIL(t, INTERNAL, "break %lld is of no credit", (long long)b->break_id);
    TRY(transfer_lock(t, held->call_id, &locked));
    TRY(credit_held(t, credit, &held)); /* as it is now that nobody else changes it */
    if (!held || !held->is_reversed || held->held >= 0)
        return FAIL(t, BREAK_STATE, "it was made good: the payment was refunded");
    const struct settlement_sums sums = { .expected_minor = -held->held };
    if (!posting_of_settlement(&sums, STR("settlement"), r->by_hand->as, &m->posting))
        return FAIL(t, INTERNAL, "break %lld cannot be posted", (long long)b->break_id);
    m->shown_minor = -held->held;
    m->clearing = STR(BANK_CONNECTOR);
    m->given_up = credit;
    return partner_of(t, r, held->partner_id.v, &m->partner);
}

static bool is_own_sales(str as)
{
    return str_eq(as, STR("own_sales"));
}

static bool is_partners(str as)
{
    return is_own_sales(as) || str_eq(as, STR("partner"));
}

/* The account that somebody who resolves a break has named: what the partner sells itself is its seller without a user.
 */
static str account_named(str as)
{
    return is_own_sales(as) ? STR("seller") : as;
}

/* The account is kept to the moment, and what is on its way or held back in it is not the partner's to have. */
static err own_sales_hold(struct task *t, partner_id partner, str currency, int64_t moved_minor)
{
    const struct own_sales_lock_row *account;
    TRY(own_sales_lock(t, partner, currency, &account));
    if (!account)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("as"), STR("the partner sells nothing itself in this currency"));
    return account->available + moved_minor >= 0 ? OK : FAIL(t, INSUFFICIENT_FUNDS, "own sales do not hold it");
}

/* What has moved at the bank and is nothing that was ordered or waited for here: the bank's own fees, the partner's
 * reward that the operator has paid. */
static err bank_line_post(struct task *t, const struct resolving *r, const struct break_lock_row *b,
                          struct settlement_made *m)
{
    const struct bank_break_list_row *shown;
    str as = r->by_hand->as;
    if (b->line_id_given)
        TRY(bank_line_unbooked(t, b->line_id));
    TRY(bank_break_find(t, b->break_id, &shown));
    if (!shown || !shown->moved_given)
        return FAIL(t, BREAK_STATE, "nothing of this break can be booked; it is closed with a note");
    if (!posting_of_bank_line(shown->moved, account_named(as), &m->posting))
        return FAIL(t, INTERNAL, "break %lld cannot be posted", (long long)b->break_id);
    m->kind = STR("bank_booking");
    m->type = STR("bank.booked");
    m->object = m->ref;
    m->account = as;
    m->clearing = STR("");
    m->shown_minor = shown->moved;
    m->pays = shown->pays_given ? &shown->pays : NULL;
    TRY(partner_of(t, r, STR_NONE, &m->partner));
    return is_own_sales(as) ? own_sales_hold(t, m->partner, m->currency, shown->moved) : OK;
}

static err post(struct task *t, const struct resolving *r, const struct break_lock_row *b, struct settlement_made *m)
{
    const struct settlement_lines_open_row *line;
    const struct settlement_lock_row *s;
    bool is_of_bank = str_eq(b->source, STR("bank")) && !str_eq(b->kind, STR("reversed"));
    if (is_of_bank)
        return bank_line_post(t, r, b, m);
    if (is_partners(r->by_hand->as))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("as"),
                          STR("platform or suspense: the partner's accounts take only what the bank has moved"));
    if (str_eq(b->kind, STR("missing")) && !r->heals)
        return missing_post(t, r, b, m);
    if (str_eq(b->kind, STR("reversed")) && !r->heals)
        return reversed_post(t, r, b, m);
    if (!b->settlement_line_given || !b->settlement_id_given || str_eq(b->kind, STR("fee")))
        return FAIL(t, BREAK_STATE, "nothing of this break can be booked; it is closed with a note");
    TRY(settlement_lock(t, b->settlement_id, &s));
    TRY(settlement_line_find(t, b->settlement_line, &line));
    if (!s || !line)
        return FAIL(t, INTERNAL, "break %lld has no line", (long long)b->break_id);
    m->object = s->acquirer_ref;
    m->clearing = s->clearing;
    m->line = &b->settlement_line;
    return line_post(t, r, line, m);
}

static err same_answer(struct task *t, const struct resolving *r, const struct break_lock_row *b)
{
    bool is_same = str_eq(b->resolution, r->by_hand->as) && str_eq(b->closed_by, r->by_hand->by) &&
                   str_eq(b->note, r->by_hand->reason);
    return r->heals || is_same ? OK : FAIL(t, BREAK_STATE, "it is closed");
}

/* From an amount on another operator has to approve what goes to nobody's account. */
static err approval_ask(struct task *t, const struct resolving *r, const struct settlement_made *m)
{
    struct break_resolution *x = r->by_hand;
    int64_t moved = posting_amount_of(&m->posting, account_named(x->as));
    int64_t difference = moved < 0 ? -moved : moved;
    const struct manual_entry entry = { .kind = "resolve",
                                        .object = m->ref,
                                        .partner = m->partner,
                                        .currency = m->currency,
                                        .amount_minor = difference,
                                        .borne_by = x->as,
                                        .reason = x->reason,
                                        .by = x->by,
                                        .by_name = x->by_name };
    if (r->heals || x->approved_minor == difference || difference == 0)
        return OK;
    if (x->approved_minor)
        return FAIL(t, MANUAL_ENTRY_STATE, "what would be booked is not what was asked for");
    return manual_entry_ask(t, &entry, &x->waits);
}

/* The bank has kept a part of the acquirer's transfer, or it was another amount: the registry is paid as it was booked,
 * and the entry of the break is what is apart. */
static err otherwise_paid(struct task *t, int64_t settlement, const struct break_lock_row *b)
{
    const struct settlement_lock_row *s;
    const struct settlement_bank_line_row *taken;
    TRY(settlement_lock(t, settlement, &s));
    if (!s || !str_eq(s->state, STR("booked")))
        return FAIL(t, BREAK_STATE, "the registry was paid meanwhile");
    TRY(settlement_bank_line(t, STR("applied"), settlement, b->line_id, &taken));
    return taken->taken ? parts_pay(t, s) : FAIL(t, BREAK_STATE, "its line was taken up meanwhile");
}

static err resolve_in_tx(struct task *t, void *context)
{
    const struct resolving *r = context;
    const struct break_lock_row *b;
    int64_t entry = 0, affected;
    r->by_hand->waits = STR_NONE;
    TRY(break_lock(t, r->break_id, &b));
    if (!b)
        return FAIL(t, NOT_FOUND, "no such break");
    if (!b->is_open)
        return same_answer(t, r, b);
    if (str_eq(r->by_hand->as, STR("returned")))
        return bank_return_by_hand(t, r->by_hand);
    struct settlement_made m = { .kind = r->heals ? STR("settlement_late") : STR("settlement_break"),
                                 .ref = arena_printf(t->arena, "%lld", (long long)b->break_id),
                                 .currency = b->currency,
                                 .type = STR("settlement.corrected"),
                                 .object = b->ref,
                                 .settlement = b->settlement_id_given ? &b->settlement_id : NULL };
    TRY(post(t, r, b, &m));
    TRY(approval_ask(t, r, &m));
    if (str_given(r->by_hand->waits))
        return OK;
    if (m.line)
        TRY(settlement_line_resolve(t, m.partner, m.settled_minor, *m.line, &affected));
    if (str_given(m.debt))
        TRY(break_missing_close(t, m.debt, &affected));
    if (m.pays)
        TRY(otherwise_paid(t, *m.pays, b));
    if (m.posting.n)
        TRY(settlement_entry_write(t, &m, &entry));
    if (str_given(m.given_up))
        TRY(credit_give_up(t, m.shown_minor, m.given_up, &affected));
    const int64_t *made = m.posting.n && !r->heals ? &entry : NULL;
    return break_resolved(t, r->heals ? STR("paysrv") : r->by_hand->by,
                          r->heals ? STR("our side has come to what the line says") : r->by_hand->reason,
                          r->heals ? STR("matched") : r->by_hand->as, made, m.partner.v, r->break_id, &affected);
}

err settlement_heal(struct task *t, int64_t break_id)
{
    struct break_resolution none = { 0 };
    struct resolving r = { .by_hand = &none, .break_id = break_id, .heals = true };
    err e = db_tx(t, resolve_in_tx, &r);
    return err_is(e, &FAULT_BREAK_STATE) ? OK : e;
}

err break_resolve_in_tx(struct task *t, struct break_resolution *resolution)
{
    struct resolving r = { .by_hand = resolution, .break_id = resolution->break_id };
    return resolve_in_tx(t, &r);
}

err break_resolve(struct task *t, struct break_resolution *x)
{
    struct resolving r = { .by_hand = x, .break_id = x->break_id };
    if (!str_has_word(STR("platform suspense partner own_sales returned"), x->as))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("as"), STR("platform, suspense, partner, own_sales or returned"));
    TRY(db_tx(t, resolve_in_tx, &r));
    if (!str_given(x->waits))
        log_warn(t, "break.resolved", L_I64("break", r.break_id), L_STR("as", x->as), L_STR("by", x->by),
                 L_STR("reason", x->reason));
    return OK;
}

/* A buyer's money that nobody was given, or that the bank took back, is not forgotten with a note. */
static err money_is_left(struct task *t, int64_t id)
{
    const struct bank_break_list_row *row;
    const struct credit_held_row *held = NULL;
    TRY(bank_break_find(t, id, &row));
    if (row && (str_eq(row->kind, STR("unreturnable")) || str_eq(row->kind, STR("reversed"))))
        TRY(credit_held(t, credit_of_break(row->ref), &held));
    if (!held || row->closed_at_given || held->held == 0)
        return OK;
    return FAIL_PARAM(t, BREAK_STATE, STR("break"),
                      held->held > 0 ? STR("a buyer's money is held: paysrv transfers send says where it goes")
                                     : STR("the bank took it back: refund the payment, or resolve it by an entry"));
}

err break_look(struct task *t, int64_t id, str name, str seen)
{
    const struct bank_break_list_row *row;
    int64_t taken;
    TRY(break_take(t, name, id, seen, &taken));
    if (taken)
        return OK;
    TRY(bank_break_find(t, id, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such break");
    if (row->closed_at_given)
        return FAIL(t, BREAK_STATE, "it is closed");
    return FAIL_PARAM(
        t, BREAK_STATE, STR("break"),
        arena_printf(t->arena, "%.*s looks at it meanwhile; press again to take it over", STR_ARG(row->assignee)));
}

err break_end(struct task *t, int64_t id, str by, str note)
{
    const struct bank_break_list_row *row;
    int64_t closed;
    TRY(money_is_left(t, id));
    TRY(bank_break_close(t, by, note, id, &closed));
    if (closed)
        return OK;
    TRY(bank_break_find(t, id, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such break");
    bool is_same = str_eq(row->closed_by, by) && str_eq(row->note, note) && !str_given(row->resolution);
    return is_same ? OK : FAIL(t, BREAK_STATE, "it is closed");
}
