/* /operator/settlements/{settlement}: a registry of the acquirer's, line by line, beside what of it did not fit. */
#include "paysrv/faults.h"
#include "paysrv/operator_page.h"
#include "paysrv/routes.h"
#include "paysrv/store/bank.sql.h"
#include "paysrv/store/settlement.sql.h"
#include "paysrv/words.h"
#include "shared/base/num.h"
#include "shared/text/money_text.h"
#include "web/operator/pages.h"
#include "web/text.h"

#define BREAKS 200 /* shown at most: beyond, the lines say which */

static str break_url(struct task *t, int64_t id)
{
    return arena_printf(t->arena, "/operator/bank?no=%lld", (long long)id);
}

static err breaks_read(struct task *t, int64_t settlement, struct page_operator_settlement *page)
{
    const struct bank_break_list_row *rows;
    size_t n;
    TRY(bank_breaks_of_settlement(t, settlement, BREAKS, &rows, &n));
    struct operator_registry_break *items = arena_array(t->arena, struct operator_registry_break, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct bank_break_list_row *b = &rows[i];
        bool is_open = !b->closed_at_given, has_amount = b->amount_given && str_given(b->currency);
        items[i] = (struct operator_registry_break){
            .id = arena_printf(t->arena, "%lld", (long long)b->break_id),
            .url = break_url(t, b->break_id),
            .kind_text = word_of_break(b->kind, b->ref),
            .amount = has_amount ? money_text(t->arena, b->amount, b->currency) : STR_NONE,
            .detail = b->detail,
            .is_open = is_open,
            .assignee = b->assignee,
            .closed_by = b->closed_by,
            .resolution = str_given(b->resolution) ? word_of_resolution(b->resolution) : STR_NONE,
            .note = b->note,
        };
    }
    page->breaks.items = items;
    page->breaks.n = n;
    return operator_names_put(t, &items->closed_by, n, sizeof *items);
}

static struct operator_registry_line line_of(struct task *t, const struct settlement_line_list_row *l, str currency)
{
    str about = str_given(l->payment_id) ? l->payment_id : l->payout_id;
    return (struct operator_registry_line){
        .kind = l->kind,
        .name = l->acquirer_id,
        .about = str_given(about) ? about : l->op_key,
        .about_url = operator_object(t, about),
        .partner = l->partner_id,
        .gross = money_text(t->arena, l->gross, currency),
        .fee = money_text(t->arena, l->fee, currency),
        .outcome = l->outcome,
        .outcome_text = word_of_settlement_line(l->outcome),
        .break_text = l->break_id_given ? word_of_break(l->break_kind, STR_NONE) : STR_NONE,
        .break_url = l->break_id_given ? break_url(t, l->break_id) : STR_NONE,
    };
}

struct lines_in {
    str before; /* the cursor of all of the operator's lists, though these go on */
};

static const struct param lines_params[] = {
    P_STR(struct lines_in, before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
};

static err lines_read(struct task *t, int64_t settlement, str before, str currency,
                      struct page_operator_settlement *page)
{
    const struct operator_list list = {
        .name = "operator registry", .path = arena_printf(t->arena, "/operator/settlements/%lld", (long long)settlement)
    };
    const struct settlement_line_list_row *rows;
    str position;
    size_t found;
    int64_t after = 0;
    TRY(operator_position(t, &list, before, &position));
    if (str_given(position) && !num_parse(position, &after))
        return FAIL(t, INTERNAL, "a sealed cursor that is no number");
    TRY(settlement_line_list(t, settlement, after, OPERATOR_ROWS + 1, &rows, &found));
    size_t n = found < OPERATOR_ROWS ? found : OPERATOR_ROWS;
    struct operator_registry_line *items = arena_array(t->arena, struct operator_registry_line, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = line_of(t, &rows[i], currency);
    page->lines.items = items;
    page->lines.n = n;
    page->more_url = operator_older(t, &list, found > n,
                                    n ? arena_printf(t->arena, "%lld", (long long)rows[n - 1].line_id) : STR_NONE);
    return OK;
}

static err settlement_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct lines_in *in = rq->in;
    const struct settlement_find_row *s;
    int64_t id;
    if (!num_parse(request_path_param(rq, "settlement"), &id))
        return FAIL(t, NOT_FOUND, "no number");
    TRY(settlement_find(t, &id, STR_NONE, STR_NONE, (bytes){ NULL, 0 }, &s));
    if (!s)
        return FAIL(t, NOT_FOUND, "no such registry");
    struct page_operator_settlement page = {
        OPERATOR_FRAME((const struct operator_session *)rq->caller),
        .name = s->acquirer_ref,
        .acquirer = s->acquirer,
        .transfer = s->transfer_ref,
        .status = s->state,
        .status_text = word_of_settlement(s->state),
        .gross = money_text(t->arena, s->gross, s->currency),
        .fee = money_text(t->arena, s->fee, s->currency),
        .net = money_text(t->arena, s->net, s->currency),
        .line_count = s->lines,
        .imported_by = s->imported_by,
        .time = instant_text(t->arena, s->created_at),
        .time_iso = instant_iso(t->arena, s->created_at),
        .paid = s->paid_at_given ? instant_text(t->arena, s->paid_at) : STR_NONE,
        .paid_iso = s->paid_at_given ? instant_iso(t->arena, s->paid_at) : STR_NONE,
    };
    TRY(operator_names_put(t, &page.imported_by, 1, sizeof page));
    TRY(breaks_read(t, id, &page));
    TRY(lines_read(t, id, in->before, s->currency, &page));
    page_operator_settlement(reply_html(rs, 200), &page);
    return OK;
}

const struct route operator_settlement_route = {
    .method = GET,
    .path = "/operator/settlements/{settlement}",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .ignore_unknown = true,
    INPUT(struct lines_in, lines_params),
    .handle = settlement_page,
    .summary = "A registry of the acquirer's, line by line, and what of it did not fit",
};
