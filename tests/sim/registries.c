/* See registries.h. */
#include "tests/sim/registries.h"

#include "paysrv/store/settlement.sql.h"
#include "shared/base/buf.h"
#include "tests/sim/client.h"
#include "tests/sim/database.h"
#include "tests/sim/judge.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"

#define REGISTRY_MAX_BYTES 65536
#define MISSING_AFTER HOURS(98)
#define ROUNDS 4
#define COSTS_MAX 10

enum settler { CARDS, WALLET, SETTLERS };
static const char *const queries[SETTLERS] = { "", "acquirer=sandbox_wallet" };
static void (*const effects[SETTLERS])(settled_visit visit, void *context) = { acquirer_effects, wallet_effects };

static struct {
    bool is_used, is_exact, is_all; /* all: with what was given up */
    const char *only;               /* kinds; NULL: all */
    int n;
    int64_t net, fees; /* of all that was said, right or wrong */
    str last, last_query;
    int64_t old_breaks; /* of the worlds before */
    /* Whose cost it was up to which entry, the platform's and the partner's in turn. */
    int64_t costs[COSTS_MAX];
    size_t n_costs;
} settled;

void registries_begin(void)
{
    QUESTION(sim_breaks_before, "select coalesce(max(break_id), 0) from bank_break");
    QUESTION(sim_mark,
             "insert into reconcile_mark (name, position) select 'entries', coalesce(max(entry_id), 0) from entry"
             " on conflict (name) do update set position = excluded.position returning position");
    settled = (typeof(settled)){ .old_breaks = question_ask(sim_outside(), &sim_breaks_before) };
    (void)question_ask(sim_outside(), &sim_mark); /* theirs are not missing in this one */
}

static bool is_partners_cost(void)
{
    return settled.n_costs % 2 == 1;
}

void registries_cost_change(void)
{
    QUESTION(sim_newest_entry, "select coalesce(max(entry_id), 0) from entry");
    int64_t affected;
    if (settled.n_costs == COSTS_MAX)
        return;
    sim_run();
    settled.costs[settled.n_costs++] = question_ask(sim_outside(), &sim_newest_entry);
    CHECK_OK(acquirer_cost_set(sim_outside(), (partner_id){ client_seller()->partner }, client_currency(),
                               is_partners_cost() ? STR("partner") : STR("platform"), STR("test"), &affected));
    sim_note("costs", is_partners_cost());
}

bool registries_are_used(void)
{
    return settled.is_used;
}

static bool is_banks(void)
{
    return str_eq(client_currency(), STR("EUR"));
}

/* ---- a registry ---- */

struct registry {
    struct buf text;
    str name;
    int64_t gross, fee;
    int n;
};

static void line_write(struct registry *r, const char *type, str id, str key, int64_t gross, int64_t fee)
{
    buf_printf(&r->text, "%.*s,%s,%.*s,%.*s,,%.*s,%lld,%lld,%lld,\r\n", STR_ARG(r->name), type, STR_ARG(id),
               STR_ARG(key), STR_ARG(client_currency()), (long long)gross, (long long)fee, (long long)(gross - fee));
}

static void line_say(struct registry *r, const struct settled_effect *e, int64_t gross, int64_t fee)
{
    line_write(r, e->kind, e->id, e->key, gross, fee);
    r->gross += gross;
    r->fee += fee;
    r->n++;
    settled.fees += fee;
}

static bool is_passed_over(const struct settled_effect *e)
{
    if (settled.only && !str_has_word(str_of(settled.only), str_of(e->kind)))
        return true;
    if (*e->settled == SETTLED_NEVER && !settled.is_all)
        return settled.is_exact || sim_draw(4);
    return *e->settled == SETTLED;
}

/* As it should be; later, never, twice, of another amount, for another fee. */
static void effect_settle(void *context, const struct settled_effect *e)
{
    struct registry *r = context;
    const size_t how = settled.is_exact ? 99 : sim_draw(24);
    const int64_t off = 1 + (int64_t)sim_draw(300);
    if (is_passed_over(e))
        return;
    sim_note(e->kind, (int64_t)how);
    if (how == 0)
        return;
    *e->settled = how == 1 ? SETTLED_NEVER : SETTLED;
    if (how == 1)
        return;
    line_say(r, e, e->gross_minor + (how == 2 ? off : 0), e->fee_minor + (how == 3 ? off : 0));
    if (how == 4)
        line_say(r, e, e->gross_minor, e->fee_minor);
}

static void stranger_add(struct registry *r)
{
    const struct settled_effect e = { .kind = sim_draw(2) ? "charge" : "adjustment",
                                      .id = arena_printf(sim_memory(), "none_%d_%d", sim_number(), settled.n),
                                      .key = STR("") };
    line_say(r, &e, (int64_t)sim_draw(900) - 450, (int64_t)sim_draw(20));
}

static void import(str text, str query)
{
    struct call *c = call_make("/v1/operator/settlements", NULL);
    c->key = STR_NONE;
    c->body = text;
    c->query = query;
    call_finish(c);
    if (c->status != 200 && c->status != 201)
        test_fail(__FILE__, __LINE__, "a registry is refused: %.*s\n%.*s", STR_ARG(c->answer), STR_ARG(text));
}

static struct registry registry_open(void)
{
    struct registry r = { .name = arena_printf(sim_memory(), "ST%dX%d", sim_number(), ++settled.n) };
    buf_init(&r.text, sim_memory(), REGISTRY_MAX_BYTES);
    buf_add(&r.text, STR("settlement,type,id,key,charge,currency,gross,fee,net,created\r\n"));
    return r;
}

static void registry_send(struct registry *r, enum settler who)
{
    line_write(r, "payout", r->name, STR(""), r->gross, r->fee);
    settled.net += r->gross - r->fee;
    settled.last = buf_str(&r->text);
    settled.last_query = str_of(queries[who]);
    sim_note("a registry", r->gross);
    bool is_paid_first = sim_draw(2), is_paid = is_banks() && r->gross != r->fee;
    if (is_paid_first && is_paid)
        bank_settles(r->name, r->gross - r->fee);
    import(settled.last, settled.last_query);
    if (!is_paid_first && is_paid)
        bank_settles(r->name, r->gross - r->fee);
}

/* Nothing is missing of who has never settled anything. In the first world of a database that is nobody in the others.
 */
static void settlers_come(void)
{
    if (settled.is_used)
        return;
    settled.is_used = true;
    for (enum settler who = CARDS; who < SETTLERS; who++) {
        struct registry empty = registry_open();
        registry_send(&empty, who);
    }
}

/* Of the whole day. Paid to our bank, which knows euros. */
static void day_settle(enum settler who)
{
    struct registry r = registry_open();
    settlers_come();
    effects[who](effect_settle, &r);
    if (!settled.is_exact && sim_draw(6) == 0)
        stranger_add(&r);
    if (r.n > 0)
        registry_send(&r, who);
}

/* ---- an operator ---- */

/* The n-th break of the acquirer's that is open; 0: there are not so many. */
static int64_t open_break(const char *kinds, size_t n)
{
    QUESTION_ABOUT(
        sim_break_open,
        "select coalesce((select break_id from bank_break where closed_at is null and source = 'acquirer'"
        "   and break_id > split_part($1, ' ', 1)::bigint and (kind = 'fee') = (split_part($1, ' ', 2) = 'fee')"
        " order by break_id offset split_part($1, ' ', 3)::bigint limit 1), 0)");
    return question_about(sim_outside(), &sim_break_open,
                          arena_printf(sim_memory(), "%lld %s %zu", (long long)settled.old_breaks, kinds, n));
}

static int break_post(int64_t id, const char *verb, str body)
{
    str path = arena_printf(sim_memory(), "/v1/operator/bank/breaks/%lld/%s", (long long)id, verb);
    struct call *c = call_make(arena_cstr(sim_memory(), path), arena_cstr(sim_memory(), body));
    c->key = STR_NONE;
    call_finish(c);
    sim_note(verb, c->status);
    return c->status;
}

/* It may wait for an outcome, or for its registry to be taken up. */
static bool break_resolve_some(size_t n)
{
    const int64_t id = open_break("other", n);
    if (id)
        break_post(id, "resolve",
                   arena_printf(sim_memory(), "{\"as\":\"%s\",\"reason\":\"agreed\",\"partner\":\"%.*s\"}",
                                sim_draw(2) ? "platform" : "suspense", STR_ARG(client_seller()->partner)));
    return id != 0;
}

static bool fee_accept(void)
{
    const int64_t id = open_break("fee", 0);
    if (id)
        CHECK_I64(break_post(id, "close", STR("{\"note\":\"agreed\"}")), 200);
    return id != 0;
}

static bool is_of_these_worlds(void)
{
    return !client_is_sandbox(); /* whose money the acquirer settles with nobody */
}

void registries_act(void)
{
    if (!is_of_these_worlds())
        return;
    const size_t what = sim_draw(6);
    if (what < 2)
        day_settle(what ? CARDS : WALLET);
    else if (what == 2 && str_given(settled.last))
        import(settled.last, settled.last_query);
    else if (what == 3)
        fee_accept();
    else
        break_resolve_some(sim_draw(4));
}

/* ---- what must hold at the end ---- */

static void breaks_end(void)
{
    int tries = 0;
    while (fee_accept() || break_resolve_some(0))
        if (++tries > 200)
            test_fail(__FILE__, __LINE__, "a break cannot be resolved: %lld", (long long)open_break("other", 0));
}

static int64_t partners(const struct db_statement *question)
{
    return question_about(sim_outside(), question, client_seller()->partner);
}

static void books_have_what_was_said(void)
{
#define SETTLED_POSTINGS                                                                                               \
    "select coalesce(sum(q.amount), 0)::bigint from posting q join entry e on e.entry_id = q.entry_id"                 \
    "  join account a on a.account_id = q.account_id where e.partner_id = $1 and e.kind like 'settlement%' and "       \
    "a.kind in "
    QUESTION_ABOUT(sim_settled_cash, SETTLED_POSTINGS "('settlement', 'bank')");
    QUESTION_ABOUT(sim_settled_fees, SETTLED_POSTINGS "('acquirer_fee', 'partner')");
    QUESTION_ABOUT(sim_booked_fees, "select coalesce(sum(d.fee), 0)::bigint from dispute d join settlement_line l"
                                    " on l.kind = 'chargeback' and l.acquirer_id = d.acquirer_ref"
                                    " where d.partner_id = $1 and l.expected <> 0");
    QUESTION_ABOUT(
        sim_still_owed,
        "select coalesce(sum(abs(b.posted)), 0)::bigint from balance b join account a on a.account_id = b.account_id"
        " where a.partner_id = $1 and a.kind = 'acquirer_receivable'"
        "   and a.user_id in ('', 'sandbox_wallet')");
    QUESTION_ABOUT(
        sim_on_the_way,
        "select coalesce(sum(abs(b.posted)), 0)::bigint from balance b join account a on a.account_id = b.account_id"
        " where a.partner_id = $1 and a.kind = 'settlement'");
    CHECK_I64(partners(&sim_settled_cash), settled.net);
    CHECK_I64(partners(&sim_settled_fees), settled.fees - partners(&sim_booked_fees)); /* which are no cost again */
    CHECK_I64(partners(&sim_still_owed), 0);
    if (is_banks())
        CHECK_I64(partners(&sim_on_the_way), 0);
}

/* What is owed, and what disputes hold, is what by its debts is not settled. */
static void owed_is_explained(void)
{
#define OWED_POSTINGS                                                                                                  \
    "(select coalesce(sum(q.amount), 0)::bigint from posting q join entry e on e.entry_id = q.entry_id"                \
    "  join account a on a.account_id = q.account_id left join payment p on e.kind = 'charge' and p.payment_id = "     \
    "e.ref cross join lateral (select debt_of(e.kind, coalesce(p.charge_id, e.ref)) as debt) d"                        \
    "  where e.partner_id = $1 and a.kind in ('acquirer_receivable', 'disputed') and a.user_id <> 'bank'"
    QUESTION_ABOUT(sim_unexplained,
                   "select " OWED_POSTINGS ") - " OWED_POSTINGS " and e.kind not like 'settlement%'"
                   "  and not exists (select from settlement_line_debt x where x.debt = d.debt and x.is_settled)"
                   "  and not exists (select from bank_break b where b.kind = 'missing' and b.ref = d.debt"
                   "                     and b.entry_id is not null))");
    CHECK_I64(partners(&sim_unexplained), 0);
}

static void days_end(void)
{
    sim_pass(MISSING_AFTER);
    judge_settle();
    bank_day_ends();
    judge_settle();
    owed_is_explained();
}

static void settle_rest(void)
{
    settled.is_exact = true;
    day_settle(CARDS);
    day_settle(WALLET);
    for (int i = 0; i < ROUNDS; i++) {
        days_end();
        breaks_end();
    }
}

void registries_settle(const char *kinds)
{
    settled.is_exact = true;
    settled.only = kinds;
    settlers_come();
    day_settle(CARDS);
    days_end();
    settled.only = NULL;
}

/* Whoever's cost it was not has none in what was booked then. */
void registries_costs_judge(void)
{
    QUESTION_ABOUT(sim_wrong_costs,
                   "select count(*) from entry e join posting q using (entry_id) join account a using (account_id)"
                   " where e.partner_id = split_part($1, ' ', 1) and e.kind like 'settlement%'"
                   "   and e.entry_id > split_part($1, ' ', 2)::bigint and e.entry_id <= split_part($1, ' ', 3)::bigint"
                   "   and a.kind = split_part($1, ' ', 4)");
    for (size_t i = 0; i <= settled.n_costs; i++) {
        const int64_t from = i ? settled.costs[i - 1] : 0, until = i < settled.n_costs ? settled.costs[i] : INT64_MAX;
        str about = arena_printf(sim_memory(), "%.*s %lld %lld %s", STR_ARG(client_seller()->partner), (long long)from,
                                 (long long)until, i % 2 ? "acquirer_fee" : "partner");
        const int64_t n = question_about(sim_outside(), &sim_wrong_costs, about);
        if (n)
            test_fail(__FILE__, __LINE__, "%lld costs are the %s's, and it was not agreed so", (long long)n,
                      i % 2 ? "platform" : "partner");
    }
}

void registries_judge(void)
{
    if (!settled.is_used)
        return;
    settle_rest();
    settled.is_all = sim_draw(3) == 0; /* what was given up comes after all */
    if (settled.is_all)
        settle_rest();
    judge_settle();
    life_ends();
    books_have_what_was_said();
    registries_costs_judge();
}
