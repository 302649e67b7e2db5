/* Buyers who pay by bank transfer: in parts, too much, to the wrong name, and some take it back. See terms.h. */
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
    bool is_back;
};

static struct {
    str told[TOLD_MAX];
    struct sent sent[SENT_MAX];
    size_t n_told, n_sent;
} buyers;

static const str payers[] = { { "DE75512108001245126199", 22 }, { "DE02120300000000202051", 22 } };

void remitters_begin(void)
{
    buyers.n_told = buyers.n_sent = 0;
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
    str payment = payment_make(arena_cstr(sim_memory(), terms_split()));
    if (client_post(payment, "confirm", "{\"method\":\"bank_transfer\"}")->status != 200)
        return;
    struct call read = { .method = GET,
                         .path = arena_printf(sim_memory(), "/v1/payments/%.*s/transfer", STR_ARG(payment)) };
    call_finish(&read);
    buyers.told[buyers.n_told++] = call_member(&read, "reference");
}

static void remit(void)
{
    static const int64_t amounts[] = { ASKED_MINOR, ASKED_MINOR, 500, 501, 1200, 1 };
    if (buyers.n_told == 0 || buyers.n_sent == SENT_MAX)
        return;
    struct sent *s = &buyers.sent[buyers.n_sent++];
    *s = (struct sent){ .reference = buyers.told[sim_draw(buyers.n_told)],
                        .payer = payers[sim_draw(2)],
                        .amount = amounts[sim_draw(sizeof amounts / sizeof amounts[0])] };
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

void remitter_acts(void)
{
    static void (*const acts[])(void) = { be_told, be_told, remit, remit, remit, take_back };
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
    if (buyers.n_told == 0)
        return;
    day_ends();
    judge_settle();
    sim_pass(ALL_IS_OVER);
    for (int i = 0; i < 4; i++) {
        judge_settle();
        day_ends();
    }
    judge_settle();
}
