/* See payment_search.h. Ids sort by when they were made, so a time is a place among ids, which have indexes. */
#include "paysrv/flow/payment/payment_search.h"

#include <string.h>

#include "paysrv/domain/payment/payment.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/store/payment_search.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/text/currency.h"

#define LOOKED 10000           /* payments in one window: some 20 ms */
#define WINDOWS 4              /* in one look */
#define AFTER_ALL STR("pay_z") /* sorts after every payment id, in whatever order of texts */
#define BEFORE_ALL STR("pay_") /* and before */
#define ID_CHARS 26
#define ID_TIME_CHARS 9  /* of an id, its time to 32 ms */
#define APART MINUTES(2) /* between an id and created_at, which are made one after the other, on any server */
#define CARD_DIGITS 4
#define END_OF_TIME 253402300800 /* the year 10000 */

/* Between which ids, and of those which times. */
struct range {
    str least, before;
    instant from, to;
};

/* ---- what is looked for ---- */

static bool is_card_end(str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
    return text.n == CARD_DIGITS;
}

static err wish_check(struct task *t, const struct payment_wish *w)
{
    enum payment_status status;
    if (str_given(w->status) && !payment_status_parse(w->status, &status))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("status"), STR("must be one of:" PAYMENT_STATUSES(STR_LISTED)));
    if (str_given(w->currency) && !currency_find(w->currency))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("currency"), currency_allowed(w->currency));
    if (w->amount_max && w->amount_min > w->amount_max)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("amount_max"), STR("must not be less than amount_min"));
    if (str_given(w->last4) && !is_card_end(w->last4))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("last4"), STR("must be the last four digits of a card"));
    if (str_given(w->last4) && str_given(w->name))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("last4"), STR("not together with an id, which finds it alone"));
    return OK;
}

static err time_read(struct task *t, const char *name, str text, instant *ret)
{
    if (str_given(text) && !instant_parse(text, ret))
        return FAIL_PARAM(t, INVALID_PARAMETER, str_of(name), STR("must be a time like 2026-11-27T10:00:00Z"));
    return OK;
}

/* No payment is older than its store or its seller, whose id has the time in it as its own has. */
static void range_begin(struct task *t, str owner, struct range *r)
{
    str prefix, rest = owner;
    if (!str_given(owner) || !str_cut(&rest, '_', &prefix) || rest.n != ID_CHARS)
        return;
    str born = arena_printf(t->arena, "pay_%.*s", ID_TIME_CHARS, rest.p);
    if (r->least.n < born.n || memcmp(born.p, r->least.p, born.n) > 0)
        r->least = born;
}

/*
 * A sandbox's payments are by its clock and ids by the wall: there the time decides alone. Among those of all partners
 * a sandbox's payment is found by its time only while its clock has not been set forward.
 */
static err range_read(struct task *t, const struct payment_wish *w, str before, struct range *r)
{
    *r = (struct range){ BEFORE_ALL, AFTER_ALL, { 0 }, instant_of_seconds(END_OF_TIME) };
    TRY(time_read(t, "from", w->from, &r->from));
    TRY(time_read(t, "to", w->to, &r->to));
    if (!instant_before(r->from, r->to))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("from"), STR("must be earlier than to"));
    if (clock_is_live(t) && str_given(w->from) && r->from.us > APART.us)
        r->least = random_id_least(t->arena, "pay_", (instant){ r->from.us - APART.us });
    if (clock_is_live(t) && str_given(w->to))
        r->before = random_id_least(t->arena, "pay_", instant_add(r->to, APART));
    range_begin(t, w->store, r);
    range_begin(t, w->seller, r);
    if (str_given(before) && memcmp(before.p, r->before.p, before.n < r->before.n ? before.n : r->before.n) < 0)
        r->before = before;
    return OK;
}

#define FILTERS(w, r, limit)                                                                                           \
    .before = (r)->before, .partner = (w)->partner, .store = (w)->store, .seller = (w)->seller, .status = (w)->status, \
    .currency = (w)->currency, .amount_min = (w)->amount_min,                                                          \
    .amount_max = (w)->amount_max ? (w)->amount_max : INT64_MAX, .created_from = (r)->from, .created_to = (r)->to,     \
    .most = (int64_t)(limit)

static str_array ids_of(struct task *t, const struct payment_search_row *rows, size_t n)
{
    str *ids = arena_array(t->arena, str, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = rows[i].payment_id.v;
    return (str_array){ ids, n };
}

/* ---- looking ---- */

/* What a name is of: few, each found by an index of its own. */
static err named_look(struct task *t, const struct payment_wish *w, const struct range *r, size_t most,
                      struct payment_found *ret)
{
    const struct payment_search_row *rows;
    size_t n = 0;
    if (str_given(w->label)) {
        TRY(payment_labeled(t, (partner_id){ w->partner }, w->label, &rows));
        n = rows ? 1 : 0;
    } else {
        TRY(payment_named(t, w->name, &rows, &n));
    }
    const struct payment_among_args args = { FILTERS(w, r, most + 1), .payments = ids_of(t, rows, n) };
    TRY(payment_among(t, &args, &rows, &n));
    *ret = (struct payment_found){ .payments = ids_of(t, rows, n < most ? n : most),
                                   .next = n > most ? rows[most - 1].payment_id.v : STR_NONE };
    return OK;
}

static bool is_picky(const struct payment_wish *w)
{
    return str_given(w->store) || str_given(w->seller) || str_given(w->status) || str_given(w->currency) ||
           str_given(w->last4) || w->amount_min || w->amount_max || str_given(w->from) || str_given(w->to);
}

/* The window is fixed before it is looked through: what is made meanwhile moves neither its end nor the next one. */
static err window_look(struct task *t, const struct payment_wish *w, struct range *r, size_t most,
                       const struct payment_search_row **rows, size_t *n, const struct payment_window_row **end)
{
    int64_t looked = is_picky(w) && most < LOOKED ? LOOKED : (int64_t)most;
    TRY(payment_window(t, w->partner, r->before, r->least, looked, end));
    if (*end)
        r->least = (*end)->payment_id.v;
    const struct payment_search_args args = { FILTERS(w, r, most), .last4 = w->last4, .least = r->least,
                                              .looked = looked + 1 };
    return payment_search(t, &args, rows, n);
}

/* Window after window, until there are enough, or what one look may go through is looked through. */
static err windows_look(struct task *t, const struct payment_wish *w, struct range *r, size_t most,
                        struct payment_found *ret)
{
    const str least = r->least;
    str *ids = arena_array(t->arena, str, most + 1);
    size_t n = 0;
    for (unsigned window = 0; window < WINDOWS && n < most; window++) {
        const struct payment_search_row *rows;
        const struct payment_window_row *end = NULL;
        size_t found, more = most - n;
        r->least = least;
        TRY(window_look(t, w, r, more + 1, &rows, &found, &end));
        for (size_t i = 0; i < found && i < more; i++)
            ids[n++] = rows[i].payment_id.v;
        *ret = (struct payment_found){ .payments = { ids, n } };
        if (found > more)
            ret->next = ids[n - 1];
        else if (end) {
            ret->next = r->before = end->payment_id.v;
            ret->looked_until = n < most ? end->created_at : (instant){ 0 };
        }
        if (found > more || !end)
            break;
    }
    return OK;
}

err payment_look(struct task *t, const struct payment_wish *w, str before, size_t most, struct payment_found *ret)
{
    struct range r;
    TRY(wish_check(t, w));
    TRY(range_read(t, w, before, &r));
    if (str_given(w->name) || str_given(w->label))
        TRY(named_look(t, w, &r, most, ret));
    else
        TRY(windows_look(t, w, &r, most, ret));
    ret->has_more = str_given(ret->next);
    return OK;
}
