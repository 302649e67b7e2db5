/* /ledger/heads: the head of the ledger's seals at the end of each day, for everybody to keep. */
#include "paysrv/guards.h"
#include "paysrv/routes.h"
#include "paysrv/store/ledger_head.sql.h"
#include "shared/text/encode.h"
#include "shared/text/shape.h"

#define DAYS_SHOWN 400

SHAPE(ledger_head, "LedgerHead", "object: 'ledger_head', day: string, head: string")

static err heads_list(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    const struct ledger_head_list_row *rows;
    size_t n;
    TRY(ledger_head_list(t, DAYS_SHOWN, &rows, &n));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("list"));
    json_array(j, "data");
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        json_str(j, "object", STR("ledger_head"));
        json_str(j, "day", rows[i].day);
        json_str(j, "head",
                 arena_printf(t->arena, "%lld:%.*s", (long long)rows[i].seal_id,
                              STR_ARG(hex_encode(t->arena, rows[i].hash))));
        json_close(j);
    }
    json_close(j);
    return OK;
}

const struct route ledger_head_list_route = {
    .method = GET,
    .path = "/ledger/heads",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .cors = CORS_ANY,
    .cache_s = 300,
    .ignore_unknown = true,
    .handle = heads_list,
    .answer = "List<LedgerHead>",
    .summary = "Heads of the ledger's seals, one a day, newest first, to be kept elsewhere",
};
