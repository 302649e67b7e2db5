/*
 * Buyers who pay by bank transfer: in parts, too much, to the wrong name, without a name, and some take it back; and
 * the operator who finds out what it was for. See terms.h.
 */
#include "tests/sim/client.h"
#include "tests/sim/database.h"
#include "tests/sim/judge.h"
#include "tests/sim/network.h"
#include "tests/sim/terms.h"

#define TOLD_MAX 6
#define SENT_MAX 30
#define ASKED_MINOR 1001
#define ALL_IS_OVER                                                                                                    \
    DAYS(6) /* with what the judge has waited before: the time to pay, and that for what is on its way */

struct sent {
    str reference, name, payer;
    int64_t amount;
    bool is_back, is_unnamed; /* unnamed: its reference says nothing */
};

static struct {
    str told[TOLD_MAX], payments[TOLD_MAX];
    struct sent sent[SENT_MAX];
    size_t n_asked, n_told, n_sent; /* asked: who has had no answer may have a transfer that waits as well */
    int64_t old_breaks;             /* of the worlds before */
} buyers;

static const str payers[] = { { "DE75512108001245126199", 22 }, { "DE02120300000000202051", 22 } };

void remitters_begin(void)
{
    QUESTION(sim_breaks_of_others, "select coalesce(max(break_id), 0) from bank_break");
    buyers.n_asked = buyers.n_told = buyers.n_sent = 0;
    buyers.old_breaks = question_ask(sim_outside(), &sim_breaks_of_others);
}

/* It knows our account by the first transfer to it; before that its days have nothing to say. */
static void day_ends(void)
{
    if (buyers.n_sent > 0)
        bank_day_ends();
}

static void be_told(void)
{
    if (buyers.n_told == TOLD_MAX)
        return;
    struct call *made = payment_ask(arena_cstr(sim_memory(), terms_split()));
    call_finish(made);
    if (made->status != 201)
        return; /* who would share in it is gone */
    str payment = call_member(made, "id");
    buyers.n_asked++;
    if (client_post(payment, "confirm", "{\"method\":\"bank_transfer\"}")->status != 200)
        return;
    struct call read = { .method = GET,
                         .path = arena_printf(sim_memory(), "/v1/payments/%.*s/transfer", STR_ARG(payment)) };
    call_finish(&read);
    buyers.payments[buyers.n_told] = payment;
    buyers.told[buyers.n_told++] = call_member(&read, "reference");
}

static void remit(void)
{
    static const int64_t amounts[] = { ASKED_MINOR, ASKED_MINOR, 500, 501, 1200, 1 };
    if (buyers.n_told == 0 || buyers.n_sent == SENT_MAX)
        return;
    struct sent *s = &buyers.sent[buyers.n_sent++];
    *s = (struct sent){ .reference = sim_draw(4) ? buyers.told[sim_draw(buyers.n_told)] : STR(""),
                        .payer = payers[sim_draw(2)],
                        .amount = amounts[sim_draw(sizeof amounts / sizeof amounts[0])] };
    s->is_unnamed = s->reference.n == 0;
    s->name = bank_credit(&(struct bank_credit){ s->reference, s->amount, s->payer, STR_NONE });
}

static void take_back(void)
{
    if (buyers.n_sent == 0)
        return;
    struct sent *s = &buyers.sent[sim_draw(buyers.n_sent)];
    if (s->is_back)
        return;
    s->is_back = true;
    day_ends(); /* banks do not take back what they have not booked */
    bank_credit(&(struct bank_credit){ s->reference, s->amount, s->payer, s->name });
}

/* ---- an operator ---- */

/* What came in and named nothing, or was taken back so; 0: nothing like that is open. */
static int64_t unnamed(const char *kind)
{
    QUESTION_ABOUT(sim_unnamed,
                   "select coalesce(min(b.break_id), 0) from bank_break b join bank_line l on l.line_id = b.line_id"
                   " where b.kind = 'unmatched' and b.closed_at is null and b.source = 'bank'"
                   "   and l.payer_name = 'Buyer'"
                   "   and l.kind = split_part($1, ' ', 2) and b.break_id > split_part($1, ' ', 1)::bigint");
    return question_about(sim_outside(), &sim_unnamed,
                          arena_printf(sim_memory(), "%lld %s", (long long)buyers.old_breaks, kind));
}

/* To the payment that it may be for, or to any, which then has too much. */
static bool unnamed_give(void)
{
    const int64_t id = unnamed("credit");
    if (id == 0 || buyers.n_told == 0)
        return false;
    str path = arena_printf(sim_memory(), "/v1/operator/bank/breaks/%lld/credit", (long long)id);
    str body = arena_printf(sim_memory(), "{\"payment\":\"%.*s\",\"note\":\"it is for that\"}",
                            STR_ARG(buyers.payments[sim_draw(buyers.n_told)]));
    struct call *c = call_make(arena_cstr(sim_memory(), path), arena_cstr(sim_memory(), body));
    c->key = STR_NONE;
    call_finish(c);
    sim_note("given to a payment", c->status);
    return c->status == 200;
}

/* What the bank has taken back before that is nobody's. */
static void noted(const char *kind)
{
    for (int64_t id; (id = unnamed(kind)) != 0;) {
        str path = arena_printf(sim_memory(), "/v1/operator/bank/breaks/%lld/close", (long long)id);
        struct call *c = call_make(arena_cstr(sim_memory(), path), "{\"note\":\"came and went\"}");
        c->key = STR_NONE;
        call_finish(c);
        CHECK_I64(c->status, 200);
    }
}

static void look(void)
{
    (void)unnamed_give();
}

void remitter_acts(void)
{
    static void (*const acts[])(void) = { be_told, be_told, remit, remit, remit, take_back, look };
    if (client_is_sandbox() || !str_eq(client_currency(), STR("EUR")))
        return; /* the bank never hears of it, and has no other money */
    acts[sim_draw(sizeof acts / sizeof acts[0])]();
    if (sim_draw(2))
        day_ends();
}

int64_t remitted(void)
{
    int64_t sum = 0;
    for (size_t i = 0; i < buyers.n_sent; i++)
        sum += buyers.sent[i].is_back ? 0 : buyers.sent[i].amount;
    return sum;
}

void remitters_end(void)
{
    if (buyers.n_asked == 0)
        return;
    day_ends();
    judge_settle();
    while (unnamed_give())
        judge_settle();
    sim_pass(ALL_IS_OVER);
    for (int i = 0; i < 4; i++) {
        judge_settle();
        day_ends();
    }
    judge_settle();
    noted("credit");
    noted("reversal");
}
