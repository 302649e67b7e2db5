/* /v1/operator/settlements/{settlement}/lines: what a registry of the acquirer's says line by line, and what became of
 * each. */
#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/settlement.sql.h"
#include "shared/base/num.h"
#include "shared/text/shape.h"

#define LIST "settlement lines"

static const partner_id ALL = { { "", 0 } }; /* the operator's lists belong to no partner */

SHAPE(settlement_line, "SettlementLine",
      "id: integer, object: 'settlement_line', type: string, acquirer_ref: string, key: string | null, "
      "currency: string, gross: integer, fee: integer, status: 'waiting' | 'matched' | 'break' | 'resolved', "
      "partner: string | null, payment: string | null, payout: string | null, break: integer | null, "
      "break_kind: string | null, break_open: boolean, resolution: string | null")

static void line_write(struct json *j, const struct settlement_line_list_row *l, str currency)
{
    json_i64(j, "id", l->line_id);
    json_str(j, "object", STR("settlement_line"));
    json_str(j, "type", l->kind);
    json_str(j, "acquirer_ref", l->acquirer_id);
    json_str_or_null(j, "key", l->op_key);
    json_str(j, "currency", currency);
    json_i64(j, "gross", l->gross);
    json_i64(j, "fee", l->fee);
    json_str(j, "status", str_given(l->outcome) ? l->outcome : STR("waiting"));
    json_str_or_null(j, "partner", l->partner_id);
    json_str_or_null(j, "payment", l->payment_id);
    json_str_or_null(j, "payout", l->payout_id);
    if (l->break_id_given)
        json_i64(j, "break", l->break_id);
    else
        json_null(j, "break");
    json_str_or_null(j, "break_kind", l->break_kind);
    json_bool(j, "break_open", l->is_open);
    json_str_or_null(j, "resolution", l->resolution);
}

struct list_in {
    PAGE_FIELDS
};

static const struct param list_params[] = { PAGE_PARAMS(struct list_in) };

static err line_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    const struct settlement_find_row *s;
    const struct settlement_line_list_row *rows;
    size_t limit = page_limit(in->limit), n;
    int64_t id, after = 0;
    str position;
    if (!num_parse(request_path_param(rq, "settlement"), &id))
        return FAIL(t, NOT_FOUND, "no number");
    TRY(settlement_find(t, &id, STR_NONE, STR_NONE, (bytes){ NULL, 0 }, &s));
    if (!s)
        return FAIL(t, NOT_FOUND, "no such registry");
    TRY(cursor_read(t, LIST, ALL, in->cursor, &position));
    if (str_given(position) && !num_parse(position, &after))
        return FAIL(t, INTERNAL, "a sealed cursor that is no number");
    TRY(settlement_line_list(t, id, after, (int64_t)limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        line_write(j, &rows[i], s->currency);
        json_close(j);
    }
    str last = shown ? arena_printf(t->arena, "%lld", (long long)rows[shown - 1].line_id) : STR_NONE;
    page_end(t, j, LIST, ALL, n > limit, last);
    return OK;
}

const struct route settlement_line_page_route = {
    .method = GET,
    .path = "/v1/operator/settlements/{settlement}/lines",
    .guard = &GUARD_OPERATOR,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct list_in, list_params),
    .handle = line_page,
    .answer = "Page<SettlementLine>",
    .summary = "Lines of a registry as the acquirer wrote them, and what became of each",
};
