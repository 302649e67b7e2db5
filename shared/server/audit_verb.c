/* See audit_verb.h. */
#include "shared/server/audit_verb.h"

#include <stdio.h>

#include "shared/db/audit.h"
#include "shared/ops/cli.h"

int audit_verify_verb(struct task *t, int argc, char **argv)
{
    const char *text = NULL;
    const struct cli_option options[] = { { "--anchor", &text, NULL, NULL } };
    struct audit_link anchor;
    struct audit_state state;
    if (!cli_read(argc, argv, NULL, 0, options, 1))
        return CLI_USAGE;
    if (text && !audit_link_parse(str_of(text), &anchor))
        return cli_misuse("--anchor: SEQ:HASH as an earlier verify printed it");
    err e = audit_verify(t, text ? &anchor : NULL, &state);
    if (e)
        return cli_failed(e);
    if (state.broken_seq > 0) {
        printf("broken at %lld\n", (long long)state.broken_seq);
        return CLI_FAILED;
    }
    printf("%lld links, whole; head %lld:%.*s\n", (long long)state.links, (long long)state.head.seq,
           STR_ARG(state.head.hash));
    printf("%lld entries not chained yet\n", (long long)state.unchained);
    return CLI_DONE;
}
