/* See account_sums.h. */
#include "paysrv/flow/ledger/account_sums.h"

#include "paysrv/faults.h"
#include "shared/base/num.h"

#define PAGE_ACCOUNTS 500
#define NAME_MAX_BYTES 200
#define ROUND_MAX_BYTES ((size_t)1 << 20)
#define ASIDE_MAX_BYTES ((size_t)8 << 20)
#define LONG_ROUNDS 4 /* so much took long to add up */

/* Some accounts that are added up together, each as far as it got. */
struct adding {
    struct account_sum *sums;
    int64_t *places;
    size_t n;
    int64_t to, at_once;
    bool is_done;
};

static struct trial_account trial_of(const struct account_sum *s)
{
    return (struct trial_account){ .opening_minor = s->opening_minor,
                                   .debits_minor = s->debits_minor,
                                   .credits_minor = s->credits_minor };
}

bool account_sum_closing(const struct account_sum *sum, int64_t *ret)
{
    const struct trial_account a = trial_of(sum);
    return trial_closing(&a, ret);
}

static err does_not_fit(struct task *t, const struct account_sum *s)
{
    return FAIL(t, INTERNAL, "the sums of account %lld do not fit a number", (long long)s->account);
}

static bool moved_add(struct account_sum *s, const struct account_moved_row *row)
{
    return num_add(s->debits_minor, row->debits, &s->debits_minor) &&
           num_add(s->credits_minor, row->credits, &s->credits_minor) && num_add(s->entries, row->entries, &s->entries);
}

/* Most accounts have little and are done with the first statement; the others share what the next ones look at. */
static err round_add(struct task *t, void *context)
{
    struct adding *a = context;
    int64_t *accounts = arena_array(t->arena, int64_t, a->n), *places = arena_array(t->arena, int64_t, a->n);
    size_t *open = arena_array(t->arena, size_t, a->n), n = 0, n_rows;
    const struct account_moved_row *rows;
    for (size_t i = 0; i < a->n; i++)
        if (a->places[i] < a->to) {
            accounts[n] = a->sums[i].account;
            places[n] = a->places[i];
            open[n++] = i;
        }
    a->is_done = !n;
    if (!n)
        return OK;
    int64_t most = a->at_once / (int64_t)n;
    TRY(account_moved(t, (i64_array){ accounts, n }, (i64_array){ places, n }, a->to, most ? most : 1, &rows, &n_rows));
    for (size_t i = 0; i < n_rows; i++) {
        if (!moved_add(&a->sums[open[i]], &rows[i]))
            return does_not_fit(t, &a->sums[open[i]]);
        a->places[open[i]] = rows[i].until;
    }
    return OK;
}

static err add_up_to(struct task *t, struct adding *a, int64_t to)
{
    a->to = to;
    a->is_done = false;
    while (!a->is_done)
        TRY(task_aside(t, ROUND_MAX_BYTES, round_add, a));
    return OK;
}

/* Of the accounts on which so many postings were added up. */
static err closings_keep(struct task *t, const struct account_sum *sums, size_t n, int64_t place, int64_t least)
{
    int64_t *accounts = arena_array(t->arena, int64_t, n + 1), *balances = arena_array(t->arena, int64_t, n + 1);
    int64_t closing_minor, affected;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (sums[i].entries < least)
            continue;
        if (!account_sum_closing(&sums[i], &closing_minor))
            return does_not_fit(t, &sums[i]);
        accounts[kept] = sums[i].account;
        balances[kept++] = sums[i].side * closing_minor;
    }
    if (!kept)
        return OK;
    return account_closings_keep(t, place, (i64_array){ accounts, kept }, (i64_array){ balances, kept }, &affected);
}

static err begin_at_closings(struct task *t, struct adding *a, int64_t place)
{
    int64_t *accounts = arena_array(t->arena, int64_t, a->n + 1);
    const struct account_closings_row *rows;
    size_t n;
    for (size_t i = 0; i < a->n; i++)
        accounts[i] = a->sums[i].account;
    TRY(account_closings(t, (i64_array){ accounts, a->n }, place, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        a->sums[i] = (struct account_sum){ .account = accounts[i],
                                           .side = rows[i].side,
                                           .opening_minor = rows[i].side * rows[i].balance };
        a->places[i] = rows[i].entry_id;
    }
    return OK;
}

/* What moved until there is what they had there. */
static err open_at(struct task *t, struct adding *a, int64_t place)
{
    for (size_t i = 0; i < a->n; i++) {
        struct account_sum *s = &a->sums[i];
        if (!account_sum_closing(s, &s->opening_minor))
            return does_not_fit(t, s);
        s->debits_minor = s->credits_minor = s->entries = 0;
        a->places[i] = place;
    }
    return OK;
}

err account_sums_read(struct task *t, const struct account_span *span, struct account_sum *sums, size_t n)
{
    struct adding a = {
        .sums = sums, .places = arena_array(t->arena, int64_t, n + 1), .n = n, .at_once = account_span_at_once(span)
    };
    TRY(begin_at_closings(t, &a, span->from_entry));
    TRY(add_up_to(t, &a, span->from_entry));
    TRY(closings_keep(t, sums, n, span->from_entry, LONG_ROUNDS * a.at_once));
    TRY(open_at(t, &a, span->from_entry));
    return add_up_to(t, &a, span->to_entry);
}

/* ---- of a partner ---- */

/* Where the next page begins; outlives the memory of the one before. */
struct place {
    char bytes[3][NAME_MAX_BYTES];
    str kind, user, currency;
};

struct pages {
    const struct account_range *range;
    account_page_fn *page;
    void *context;
    struct place place;
    bool is_done;
};

static str kept(char *into, str text)
{
    if (text.n)
        memcpy(into, text.p, text.n);
    return (str){ into, text.n };
}

/* false: the names do not fit, and the page after would begin too early. */
static bool place_set(struct place *p, const struct account_page_row *last)
{
    if (last->kind.n > NAME_MAX_BYTES || last->user_id.n > NAME_MAX_BYTES || last->currency.n > NAME_MAX_BYTES)
        return false;
    p->kind = kept(p->bytes[0], last->kind);
    p->user = kept(p->bytes[1], last->user_id);
    p->currency = kept(p->bytes[2], last->currency);
    return true;
}

static err accounts_read(struct task *t, const struct pages *p, const struct account_page_row **rows, size_t *n)
{
    const struct account_page_args args = { .partner = p->range->partner,
                                            .after_kind = p->place.kind,
                                            .after_user = p->place.user,
                                            .after_currency = p->place.currency,
                                            .kinds = p->range->kinds,
                                            .currency = p->range->currency,
                                            .limit = PAGE_ACCOUNTS };
    return account_page(t, &args, rows, n);
}

static err page_read(struct task *t, void *context)
{
    struct pages *p = context;
    const struct account_range *range = p->range;
    const struct account_page_row *rows;
    size_t n;
    TRY(accounts_read(t, p, &rows, &n));
    p->is_done = n < PAGE_ACCOUNTS;
    if (!n)
        return OK;
    struct account_sum *sums = arena_array(t->arena, struct account_sum, n);
    for (size_t i = 0; i < n; i++)
        sums[i].account = rows[i].account_id;
    TRY(account_sums_read(t, &range->span, sums, n));
    if (range->is_closed)
        TRY(closings_keep(t, sums, n, range->span.to_entry, 1));
    TRY(p->page(t, p->context, rows, sums, n));
    if (!place_set(&p->place, &rows[n - 1]))
        return FAIL(t, INTERNAL, "the name of account %lld is too long", (long long)rows[n - 1].account_id);
    return OK;
}

err account_pages_read(struct task *t, const struct account_range *range, account_page_fn *page, void *context)
{
    struct pages p = { .range = range,
                       .page = page,
                       .context = context,
                       .place = { .kind = STR(""), .user = STR(""), .currency = STR("") } };
    while (!p.is_done)
        TRY(task_aside(t, ASIDE_MAX_BYTES, page_read, &p));
    return OK;
}
