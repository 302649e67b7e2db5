/* Who gets what by an entry that waits for a second operator: /v1/operator/manual_entries/{entry}/payees, and a page.
 */
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/ledger/manual_entry.h"
#include "paysrv/guards.h"
#include "paysrv/operator_page.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/words.h"
#include "shared/text/money_text.h"
#include "shared/text/shape.h"
#include "web/operator/pages.h"

#define LIST "entry payees"
#define ALL ((partner_id){ STR("") })

struct payees_in {
    PAGE_FIELDS
};

static const struct param payees_params[] = { PAGE_PARAMS(struct payees_in) };

SHAPE(entry_payee, "EntryPayee",
      "id: string, object: 'entry_payee', kind: 'payout' | 'refund', partner_name: string, user_name: string | null, "
      "holder_name: string | null, destination: string, amount: integer, currency: string, status: string, "
      "account_shared_with: integer")

static void payee_write(struct json *j, struct arena *a, const struct manual_entry_payees_row *p)
{
    json_str(j, "id", p->id);
    json_str(j, "object", STR("entry_payee"));
    json_str(j, "kind", p->is_refund ? STR("refund") : STR("payout"));
    json_str(j, "partner_name", p->partner_name);
    json_str_or_null(j, "user_name", p->user_name);
    json_str_or_null(j, "holder_name", p->holder_name);
    json_str(j, "destination", manual_entry_payee_account(a, p));
    json_i64(j, "amount", p->amount);
    json_str(j, "currency", p->currency);
    json_str(j, "status", p->status);
    json_i64(j, "account_shared_with", p->shared_with);
}

static err payees(struct task *t, const struct request *rq, struct response *rs)
{
    const struct payees_in *in = rq->in;
    const struct manual_entry_payees_row *rows;
    str entry = request_path_param(rq, "entry"), position;
    size_t limit = page_limit(in->limit), n;
    TRY(cursor_read(t, LIST, ALL, in->cursor, &position));
    TRY(manual_entry_payees_read(t, entry, position, limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        payee_write(j, t->arena, &rows[i]);
        json_close(j);
    }
    page_end(t, j, LIST, ALL, n > limit, shown ? manual_entry_payee_position(t->arena, &rows[shown - 1]) : STR_NONE);
    return OK;
}

const struct route entry_payee_page_route = {
    .method = GET,
    .path = "/v1/operator/manual_entries/{entry}/payees",
    .guard = &GUARD_OPERATOR,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct payees_in, payees_params),
    .handle = payees,
    .answer = "Page<EntryPayee>",
    .summary = "Who gets what by the order, batch or payout that an entry is about, the largest first",
};

/* ---- /operator/entries/{entry} ---- */

struct page_in {
    str before;
};

static const struct param page_params[] = {
    P_STR(struct page_in, before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
};

static struct operator_payee_row payee_row(struct task *t, const struct manual_entry_payees_row *p)
{
    return (struct operator_payee_row){ .id = p->id,
                                        .url = p->is_refund ? STR_NONE : operator_link(t, "payouts", p->id),
                                        .partner_name = p->partner_name,
                                        .user_name = p->user_name,
                                        .holder_name = p->holder_name,
                                        .destination = manual_entry_payee_account(t->arena, p),
                                        .amount = money_text(t->arena, p->amount, p->currency),
                                        .status = p->status,
                                        .status_text = word_of_payout(p->status),
                                        .shared_with = p->shared_with };
}

static err payees_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct page_in *in = rq->in;
    const struct manual_entry_payees_row *rows;
    str entry = request_path_param(rq, "entry"), position;
    const struct operator_list list = { .name = "operator entry", .path = operator_link(t, "entries", entry) };
    size_t found;
    TRY(operator_position(t, &list, in->before, &position));
    TRY(manual_entry_payees_read(t, entry, position, OPERATOR_ROWS + 1, &rows, &found));
    size_t n = found < OPERATOR_ROWS ? found : OPERATOR_ROWS;
    struct operator_payee_row *items = arena_array(t->arena, struct operator_payee_row, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = payee_row(t, &rows[i]);
    const struct page_operator_entry page = {
        OPERATOR_FRAME((const struct operator_session *)rq->caller),
        .entry = entry,
        .payees = { items, n },
        .older_url =
            operator_older(t, &list, found > n, n ? manual_entry_payee_position(t->arena, &rows[n - 1]) : STR_NONE),
    };
    page_operator_entry(reply_html(rs, 200), &page);
    return OK;
}

const struct route operator_entry_route = {
    .method = GET,
    .path = "/operator/entries/{entry}",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct page_in, page_params),
    .handle = payees_page,
    .summary = "Who gets what by an entry that waits for a second operator",
};
