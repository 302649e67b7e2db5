/* /operator/ledger: how far it is sealed, whether it balances, its accounts with their sums; one payment as T-accounts.
 */
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/operator_page.h"
#include "paysrv/routes.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/ledger_head.sql.h"
#include "paysrv/store/operator_ledger.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/store/user.sql.h"
#include "paysrv/words.h"
#include "shared/ops/log.h"
#include "shared/text/encode.h"
#include "shared/text/money_text.h"
#include "web/operator/pages.h"
#include "web/text.h"

#define COUNTED 10000 /* beyond, "more than" has to do */

static str debit_of(struct task *t, int64_t minor, str currency)
{
    return minor > 0 ? money_text(t->arena, minor, currency) : STR_NONE;
}

static str credit_of(struct task *t, int64_t minor, str currency)
{
    return minor < 0 ? money_text(t->arena, -minor, currency) : STR_NONE;
}

/* ---- /operator/ledger ---- */

static err head_read(struct task *t, struct page_operator_ledger *page)
{
    const struct ledger_head_list_row *rows;
    size_t n;
    TRY(ledger_head_list(t, 1, &rows, &n));
    if (n == 0)
        return OK;
    page->published_day = rows[0].day;
    page->published_head =
        arena_printf(t->arena, "%lld:%.*s", (long long)rows[0].seal_id, STR_ARG(hex_encode(t->arena, rows[0].hash)));
    page->heads_url = STR("/ledger/heads");
    return OK;
}

struct ledger_in {
    str partner, check;
};

static const struct param ledger_params[] = {
    P_STR(struct ledger_in, partner, .need = OPTIONAL, .set = LINE, .max = 63),
    P_STR(struct ledger_in, check, .need = OPTIONAL, .set = ID, .max = 10),
};

static err seals_read(struct task *t, struct page_operator_ledger *page)
{
    const struct ledger_sealed_row *s;
    TRY(ledger_sealed(t, COUNTED + 1, &s));
    page->seal = s->seal_id;
    page->last_entry = s->last_entry;
    page->hash = s->hash;
    page->sealed = s->sealed_at_given ? instant_text(t->arena, s->sealed_at) : STR_NONE;
    page->sealed_iso = s->sealed_at_given ? instant_iso(t->arena, s->sealed_at) : STR_NONE;
    page->is_many = s->unsealed > COUNTED;
    page->unsealed = page->is_many ? COUNTED : s->unsealed;
    page->looked = s->looked_at_given ? instant_text(t->arena, s->looked_at) : STR_NONE;
    page->looked_iso = s->looked_at_given ? instant_iso(t->arena, s->looked_at) : STR_NONE;
    page->broken = s->broken_seal_given ? s->broken_seal : 0;
    page->broken_first = s->broken_first_given ? s->broken_first : 0;
    page->broken_last = s->broken_last_given ? s->broken_last : 0;
    return OK;
}

static err check_read(struct task *t, struct page_operator_ledger *page)
{
    const struct invariants_broken_row *rows;
    size_t n;
    TRY(operator_rules_check(t, &rows, &n, &page->is_checked));
    struct operator_broken_rule *items = arena_array(t->arena, struct operator_broken_rule, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct operator_broken_rule){ .rule = rows[i].rule, .subject = rows[i].subject };
    page->broken_rules.items = items;
    page->broken_rules.n = n;
    page->checked_at = instant_text(t->arena, t->now);
    page->checked_iso = instant_iso(t->arena, t->now);
    page->is_asked = true;
    return OK;
}

static str leaves_url(struct task *t, str partner, str kind)
{
    const struct operator_query queries[] = { { "partner", partner }, { "account", kind } };
    return operator_url(t, STR("/operator/ledger/accounts"), queries, 2);
}

/* Rows of one currency stand together. *rest: how many are left. */
static struct operator_currency_tree tree_of(struct task *t, str partner, const struct account_tree_row *rows, size_t n,
                                             size_t *taken)
{
    str currency = rows[0].currency;
    struct operator_tree_row *items = arena_array(t->arena, struct operator_tree_row, n);
    int64_t debit = 0, credit = 0;
    size_t i = 0;
    for (; i < n && str_eq(rows[i].currency, currency); i++) {
        const struct account_tree_row *r = &rows[i];
        debit += r->amount > 0 ? r->amount : 0;
        credit += r->amount < 0 ? r->amount : 0;
        items[i] = (struct operator_tree_row){ .currency = currency,
                                               .account = r->kind,
                                               .account_text = word_of_account(r->kind),
                                               .url = leaves_url(t, partner, r->kind),
                                               .accounts = r->accounts,
                                               .debit = debit_of(t, r->amount, currency),
                                               .credit = credit_of(t, r->amount, currency) };
    }
    *taken = i;
    return (struct operator_currency_tree){ .currency = currency,
                                            .rows = { items, i },
                                            .debit = money_text(t->arena, debit, currency),
                                            .credit = money_text(t->arena, -credit, currency),
                                            .is_balanced = debit + credit == 0 };
}

/* Millions of accounts take longer than a page may: then it says so. */
static err tree_read(struct task *t, str partner, struct page_operator_ledger *page)
{
    const struct account_tree_row *rows = NULL;
    size_t n = 0, trees = 0, taken;
    err e = account_tree(t, (partner_id){ partner }, &rows, &n);
    if (e && !err_is(e, &FAULT_UNAVAILABLE))
        return e;
    page->has_tree = true;
    page->is_counted = !e;
    if (e)
        log_failure(t, e);
    struct operator_currency_tree *items = arena_array(t->arena, struct operator_currency_tree, n + 1);
    for (size_t at = 0; at < n; at += taken)
        items[trees++] = tree_of(t, partner, rows + at, n - at, &taken);
    page->trees.items = items;
    page->trees.n = trees;
    return OK;
}

static err partner_read(struct task *t, str partner, struct page_operator_ledger *page)
{
    const struct partner_find_row *found;
    str_array partners;
    TRY(operator_partners(t, &partners));
    page->partners.items = partners.items;
    page->partners.n = partners.n;
    if (!partner.n)
        return OK;
    TRY(partner_find(t, (partner_id){ partner }, &found));
    if (found)
        return tree_read(t, partner, page);
    page->problem = text_of(TEXT_OP_NO_PARTNER);
    return OK;
}

static err ledger_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct ledger_in *in = rq->in;
    const struct operator_query checked[] = { { "check", STR("now") }, { "partner", in->partner } };
    struct page_operator_ledger page = {
        OPERATOR_FRAME((const struct operator_session *)rq->caller),
        .partner = in->partner,
        .check_url = operator_url(t, STR("/operator/ledger"), checked, 2),
    };
    TRY(seals_read(t, &page));
    TRY(head_read(t, &page));
    if (in->check.n)
        TRY(check_read(t, &page));
    TRY(partner_read(t, in->partner, &page));
    page_operator_ledger(reply_html(rs, 200), &page);
    return OK;
}

#define LEDGER_ROUTE                                                                                                   \
    .method = GET, .guard = &GUARD_OPERATOR_SESSION, .body = BODY_NONE, .run = RUN_WORKER, .errors = ERRORS_PAGE,      \
    .no_store = true

const struct route operator_ledger_route = { LEDGER_ROUTE, INPUT(struct ledger_in, ledger_params),
                                             .path = "/operator/ledger", .handle = ledger_page,
                                             .summary = "The ledger: seals, check, accounts with their sums" };

/* ---- /operator/ledger/accounts ---- */

struct accounts_in {
    str partner, account, before;
};

static const struct param accounts_params[] = {
    P_STR(struct accounts_in, partner, .need = REQUIRED, .set = LINE, .min = 1, .max = 63),
    P_STR(struct accounts_in, account, .need = REQUIRED, .set = ID, .min = 1, .max = 40),
    P_STR(struct accounts_in, before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
};

static struct operator_leaf_row leaf_of(struct task *t, const struct account_leaves_row *r)
{
    return (struct operator_leaf_row){ .url =
                                           str_given(r->user_name) ? operator_link(t, "sellers", r->user_id) : STR_NONE,
                                       .name = r->user_name,
                                       .id = r->user_id,
                                       .currency = r->currency,
                                       .debit = debit_of(t, r->amount, r->currency),
                                       .credit = credit_of(t, r->amount, r->currency) };
}

static err accounts_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct accounts_in *in = rq->in;
    const struct operator_query queries[] = { { "partner", in->partner }, { "account", in->account } };
    const struct operator_list list = {
        .name = "operator accounts", .path = STR("/operator/ledger/accounts"), .queries = queries, .n_queries = 2
    };
    const struct account_leaves_row *rows;
    str position, currency = STR(""), user = STR("");
    size_t found;
    TRY(operator_position(t, &list, in->before, &position));
    if (str_given(position)) {
        user = position;
        if (!str_cut(&user, ' ', &currency))
            return FAIL(t, INTERNAL, "a sealed cursor without a currency");
    }
    TRY(account_leaves(t, (partner_id){ in->partner }, in->account, user, currency, OPERATOR_ROWS + 1, &rows, &found));
    size_t n = found < OPERATOR_ROWS ? found : OPERATOR_ROWS;
    struct operator_leaf_row *items = arena_array(t->arena, struct operator_leaf_row, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = leaf_of(t, &rows[i]);
    str last =
        n ? arena_printf(t->arena, "%.*s %.*s", STR_ARG(rows[n - 1].currency), STR_ARG(rows[n - 1].user_id)) : STR_NONE;
    const struct page_operator_accounts page = {
        OPERATOR_FRAME((const struct operator_session *)rq->caller),
        .partner = in->partner,
        .account = in->account,
        .account_text = word_of_account(in->account),
        .tree_url = operator_url(t, STR("/operator/ledger"), queries, 1),
        .leaves = { items, n },
        .older_url = operator_older(t, &list, found > n, last),
    };
    page_operator_accounts(reply_html(rs, 200), &page);
    return OK;
}

const struct route operator_accounts_route = { LEDGER_ROUTE, INPUT(struct accounts_in, accounts_params),
                                               .path = "/operator/ledger/accounts", .handle = accounts_page,
                                               .summary = "Accounts of one kind, with what each has" };

/* ---- /operator/payments/{payment}/journal ---- */

struct t_account {
    const struct payment_postings_row *first; /* whose account it is says any of its lines */
    struct operator_t_line *lines;
    size_t n;
    int64_t debit_minor, credit_minor;
};

static struct t_account *t_account_of(struct task *t, struct t_account *all, size_t *n,
                                      const struct payment_postings_row *p, size_t most)
{
    for (size_t i = 0; i < *n; i++)
        if (str_eq(all[i].first->account, p->account) && str_eq(all[i].first->user_id, p->user_id) &&
            str_eq(all[i].first->currency, p->currency))
            return &all[i];
    all[*n] = (struct t_account){ .first = p, .lines = arena_array(t->arena, struct operator_t_line, most) };
    return &all[(*n)++];
}

static void line_add(struct task *t, struct t_account *a, const struct payment_postings_row *p)
{
    a->lines[a->n++] = (struct operator_t_line){ .entry = arena_printf(t->arena, "%lld", (long long)p->entry_id.v),
                                                 .kind = p->kind,
                                                 .kind_text = word_of_entry(p->kind),
                                                 .time = instant_text(t->arena, p->created_at),
                                                 .time_iso = instant_iso(t->arena, p->created_at),
                                                 .debit = debit_of(t, p->amount, p->currency),
                                                 .credit = credit_of(t, p->amount, p->currency) };
    if (p->amount > 0)
        a->debit_minor += p->amount;
    else
        a->credit_minor -= p->amount;
}

/* A name where there is one: of acquirer_receivable it is the acquirer's. */
static err owner_of(struct task *t, partner_id partner, str user, str *ret)
{
    const struct user_find_row *u = NULL;
    *ret = user.n ? user : STR_NONE;
    if (user.n)
        TRY(user_find(t, partner, (user_id){ user }, &u));
    if (u)
        *ret = u->name;
    return OK;
}

static err t_account_show(struct task *t, partner_id partner, const struct t_account *a, size_t place,
                          struct operator_t_account *ret)
{
    str currency = a->first->currency;
    int64_t balance_minor = a->debit_minor - a->credit_minor;
    *ret = (struct operator_t_account){
        .id = arena_printf(t->arena, "account-%zu", place + 1),
        .account = a->first->account,
        .account_text = word_of_account(a->first->account),
        .currency = currency,
        .lines = { a->lines, a->n },
        .debit = money_text(t->arena, a->debit_minor, currency),
        .credit = money_text(t->arena, a->credit_minor, currency),
        .balance = money_text(t->arena, balance_minor < 0 ? -balance_minor : balance_minor, currency),
        .is_debit = balance_minor > 0,
    };
    return owner_of(t, partner, a->first->user_id, &ret->owner);
}

static err journal_page(struct task *t, const struct request *rq, struct response *rs)
{
    const payment_id id = { request_path_param(rq, "payment") };
    const struct payment_find_row *p;
    const struct payment_postings_row *rows;
    size_t n, accounts = 0;
    TRY(payment_any(t, id, &p));
    if (!p)
        return FAIL(t, NOT_FOUND, "no such payment");
    TRY(payment_postings(t, id, p->partner_id, &rows, &n));
    struct t_account *all = arena_array(t->arena, struct t_account, n + 1);
    for (size_t i = 0; i < n; i++)
        line_add(t, t_account_of(t, all, &accounts, &rows[i], n), &rows[i]);
    struct operator_t_account *items = arena_array(t->arena, struct operator_t_account, accounts + 1);
    for (size_t i = 0; i < accounts; i++)
        TRY(t_account_show(t, p->partner_id, &all[i], i, &items[i]));
    const struct page_operator_journal page = {
        OPERATOR_FRAME((const struct operator_session *)rq->caller),
        .id = id.v,
        .description = p->description,
        .payment_url = operator_link(t, "payments", id.v),
        .accounts = { items, accounts },
    };
    page_operator_journal(reply_html(rs, 200), &page);
    return OK;
}

const struct route operator_journal_route = { LEDGER_ROUTE, .path = "/operator/payments/{payment}/journal",
                                              .handle = journal_page, .ignore_unknown = true,
                                              .summary = "What the ledger says of a payment, as T-accounts" };
