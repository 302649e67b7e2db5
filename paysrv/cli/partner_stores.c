/* paysrv partners stores: how a partner's stores are opened, and where their buyers may be led back to. */
#include <stdio.h>

#include "paysrv/store/partner.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"

int partners_stores(struct task *t, int argc, char **argv)
{
    const char *slug = NULL, *opening = NULL, *domains = NULL;
    const struct cli_option options[] = { { "--opening", &opening, NULL }, { "--domains", &domains, NULL } };
    int64_t n;
    if (!cli_read(argc, argv, &slug, 1, options, 2))
        return CLI_USAGE;
    if (opening && strcmp(opening, "active") != 0 && strcmp(opening, "review") != 0)
        return cli_misuse("--opening: active or review");
    if (domains && strcmp(domains, "required") != 0 && strcmp(domains, "free") != 0)
        return cli_misuse("--domains: required or free");
    bool required = domains && strcmp(domains, "required") == 0;
    err e = partner_stores_set(t, opening ? str_of(opening) : STR_NONE, domains ? &required : NULL,
                               (partner_id){ str_of(slug) }, &n);
    if (e)
        return cli_failed(e);
    if (n == 0) {
        fprintf(stderr, "paysrv: no partner %s\n", slug);
        return CLI_FAILED;
    }
    printf("%s: set; servers know it within 5 s\n", slug);
    return CLI_DONE;
}
