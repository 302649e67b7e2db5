/* See secrets_verb.h. */
#include "shared/server/secrets_verb.h"

#include <stdio.h>
#include <string.h>

#include "shared/db/secret_slot.h"
#include "shared/ops/cli.h"
#include "shared/ops/config_value.h"
#include "shared/server/secrets.h"
#include "shared/server/server.h"

static const struct service *service_of(const struct task *t)
{
    return t->app;
}

static const struct open_secret *secret_named(const struct service *s, str name)
{
    for (size_t i = 0; i < s->server->n_slotted; i++)
        if (str_eq(name, str_of(s->secrets[i].name)))
            return &s->secrets[i];
    return NULL;
}

static int no_such_secret(const struct service *s, const char *name)
{
    fprintf(stderr, "%s: no secret %s is kept in slots; there are:", s->server->name, name);
    for (size_t i = 0; i < s->server->n_slotted; i++)
        fprintf(stderr, " %s", s->secrets[i].name);
    fputc('\n', stderr);
    return CLI_USAGE;
}

int secrets_list_verb(struct task *t, int argc, char **argv)
{
    const struct secret_slot *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = secret_slot_list(t, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++) {
        const struct open_secret *of = secret_named(service_of(t), rows[i].name);
        bool is_ours = of && str_eq(of->slot, rows[i].slot);
        printf("%.*s\t%.*s\t%.*s\t%s\t%s\n", STR_ARG(rows[i].name), STR_ARG(rows[i].slot),
               STR_ARG(instant_iso(t->arena, rows[i].created_at)), is_ours ? "opened by this configuration" : "",
               rows[i].is_held ? "opened by a server that runs" : "");
    }
    return CLI_DONE;
}

/* By the rules that the setting has. */
static bool file_read(struct task *t, const struct open_secret *of, const char *path, secret *ret)
{
    const struct server *server = service_of(t)->server;
    str setting = arena_printf(t->arena, "%s_file", of->name), why;
    for (const struct config_item *i = server->items; i < server->items + server->n_items; i++) {
        struct config_item item = *i;
        item.offset = 0;
        if (!str_eq(setting, str_of(i->name)))
            continue;
        if (config_value_set(t->arena, &item, str_of(path), ret, &why))
            return true;
        fprintf(stderr, "%s: --file: %.*s%smust be %.*s\n", server->name, STR_ARG(why), str_given(why) ? "; " : "",
                STR_ARG(config_value_allowed(t->arena, &item)));
    }
    return false;
}

int secrets_add_verb(struct task *t, int argc, char **argv)
{
    const char *name = NULL, *path = NULL;
    const struct cli_option options[] = { { "--file", &path, NULL, NULL } };
    secret file;
    str slot;
    if (!cli_read(argc, argv, &name, 1, options, 1))
        return CLI_USAGE;
    const struct open_secret *of = secret_named(service_of(t), str_of(name));
    if (!of)
        return no_such_secret(service_of(t), name);
    if (!path)
        return cli_misuse("--file: the new file");
    if (!file_read(t, of, path, &file))
        return CLI_USAGE;
    err e = secret_slot_add(t, of, file, &slot);
    if (e)
        return cli_failed(e);
    printf("%.*s\n", STR_ARG(slot));
    fprintf(stderr, "Name the file in %s_file on every node and restart them, then `secrets remove %s %.*s`.\n", name,
            name, STR_ARG(of->slot));
    return CLI_DONE;
}

int secrets_remove_verb(struct task *t, int argc, char **argv)
{
    const char *words[2] = { NULL, NULL };
    if (!cli_read(argc, argv, words, 2, NULL, 0))
        return CLI_USAGE;
    const struct open_secret *of = secret_named(service_of(t), str_of(words[0]));
    if (!of)
        return no_such_secret(service_of(t), words[0]);
    err e = secret_slot_remove(t, of, str_of(words[1]));
    if (e)
        return cli_failed(e);
    puts("removed");
    return CLI_DONE;
}
