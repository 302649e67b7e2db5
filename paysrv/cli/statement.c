/* paysrv payouts explain: what is in a payout, as CSV. */
#include <stdio.h>

#include "paysrv/faults.h"
#include "paysrv/flow/payout/payout_statement.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"

static err put(struct task *t, void *context, str piece)
{
    (void)context;
    return fwrite(piece.p, 1, piece.n, stdout) == piece.n ? OK : FAIL(t, UNAVAILABLE, "the output takes no more");
}

int payouts_explain(struct task *t, int argc, char **argv)
{
    const char *names[2] = { NULL, NULL };
    const struct sink sink = { put, NULL };
    if (!cli_read(argc, argv, names, 2, NULL, 0))
        return CLI_USAGE;
    err e = payout_statement_write(t, (partner_id){ str_of(names[0]) }, (payout_id){ str_of(names[1]) }, &sink);
    return e ? cli_failed(e) : CLI_DONE;
}
