/* paysrv requests list PARTNER; paysrv requests show PARTNER REQUEST. */
#include <stdio.h>

#include "paysrv/faults.h"
#include "paysrv/flow/request_log.h"
#include "paysrv/store/request_log.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"

#define ROWS 200

static void line_print(struct task *t, const struct request_log_find_row *row)
{
    printf("%.*s  %.*s  %.*s %.*s  %d  %lld us", STR_ARG(instant_iso(t->arena, row->created_at)),
           STR_ARG(row->request_id), STR_ARG(row->method), STR_ARG(row->path), (int)row->status,
           (long long)row->elapsed_us);
    if (str_given(row->code))
        printf("  %.*s", STR_ARG(row->code));
    if (str_given(row->object_id))
        printf("  %.*s", STR_ARG(row->object_id));
    printf("\n");
}

int requests_list(struct task *t, int argc, char **argv)
{
    const char *partner = NULL, *status = NULL, *method = NULL, *path = NULL, *code = NULL, *object = NULL, *key = NULL,
               *from = NULL, *to = NULL;
    const struct cli_option options[] = {
        { "--status", &status, NULL }, { "--method", &method, NULL }, { "--path", &path, NULL },
        { "--code", &code, NULL },     { "--object", &object, NULL }, { "--key", &key, NULL },
        { "--from", &from, NULL },     { "--to", &to, NULL },
    };
    struct request_found found;
    struct request_place place;
    size_t printed = 0;
    if (!cli_read(argc, argv, &partner, 1, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    const struct request_wish wish = { .method = str_of(method),
                                       .path = str_of(path),
                                       .code = str_of(code),
                                       .object = str_of(object),
                                       .key = str_of(key),
                                       .status = str_of(status),
                                       .from = str_of(from),
                                       .to = str_of(to) };
    const struct request_place *before = NULL;
    do {
        err e = request_log_search(t, (partner_id){ str_of(partner) }, &wish, before, ROWS - printed, &found);
        if (e)
            return cli_failed(e);
        for (size_t i = 0; i < found.n; i++)
            line_print(t, &found.rows[i]);
        printed += found.n;
        place = found.next;
        before = &place;
    } while (found.has_more && printed < ROWS);
    return cli_listed(printed, ROWS);
}

int requests_show(struct task *t, int argc, char **argv)
{
    const char *words[2] = { NULL, NULL };
    const struct request_log_find_row *row;
    if (!cli_read(argc, argv, words, 2, NULL, 0))
        return CLI_USAGE;
    err e = request_log_find(t, str_of(words[1]), (partner_id){ str_of(words[0]) }, &row);
    if (e)
        return cli_failed(e);
    if (!row)
        return cli_failed(FAIL(t, NOT_FOUND, "no such request of this partner in the last 30 days"));
    line_print(t, row);
    printf("route %.*s, client %.*s, acting %.*s, idempotency key %.*s\n", STR_ARG(row->route), STR_ARG(row->client_id),
           STR_ARG(str_given(row->actor) ? row->actor : STR("nobody else")),
           STR_ARG(str_given(row->idem_key) ? row->idem_key : STR("none")));
    if (str_given(row->problem))
        printf("%.*s\n", STR_ARG(row->problem));
    return CLI_DONE;
}
