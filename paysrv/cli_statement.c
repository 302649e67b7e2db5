/* paysrv payouts explain: what is in a payout, as CSV. */
#include <stdio.h>

#include "paysrv/flow/payout_statement.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"

#define LINES 500
#define ASIDE_MAX_BYTES ((size_t)32 << 20)
#define CSV_MAX_BYTES ((size_t)8 << 20)

struct explaining {
    partner_id partner;
    payout_id payout;
    struct statement_place place;
    bool is_begun, is_done;
};

/* A page at a time, whose memory ends with it. */
static err page_print(struct task *t, void *context)
{
    struct explaining *x = context;
    struct statement_page page;
    struct buf out;
    TRY(payout_statement_read(t, x->partner, x->payout, STR_NONE, x->is_begun ? &x->place : NULL, LINES, &page));
    buf_init(&out, t->arena, CSV_MAX_BYTES);
    payout_statement_csv(t, &page, !x->is_begun, &out);
    fwrite(out.p, 1, out.n, stdout);
    x->place = page.to;
    x->is_begun = true;
    x->is_done = page.is_last;
    return OK;
}

int payouts_explain(struct task *t, int argc, char **argv)
{
    const char *names[2] = { NULL, NULL };
    if (!cli_read(argc, argv, names, 2, NULL, 0))
        return CLI_USAGE;
    struct explaining x = { .partner = { str_of(names[0]) }, .payout = { str_of(names[1]) } };
    while (!x.is_done) {
        err e = task_aside(t, ASIDE_MAX_BYTES, page_print, &x);
        if (e)
            return cli_failed(e);
    }
    return CLI_DONE;
}
