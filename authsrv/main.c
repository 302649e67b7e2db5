/*
 * authsrv, the authorization server: commands and their arguments. Exit codes: 0 done, 1 failed, 2 usage or
 * configuration.
 */
#include <stdio.h>

#include "authsrv/flow/keys.h"
#include "authsrv/serve.h"
#include "authsrv/store/migrations.h"
#include "authsrv/verbs.h"
#include "shared/crypto/crypto.h"
#include "shared/db/migrate.h"
#include "shared/ops/cli.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

enum { ARGUMENTS_MAX = 64 };

/* A schema without keys could not serve: the first ones belong to it. */
static int keys_make(struct task *t, int argc, char **argv)
{
    (void)argc;
    (void)argv;
    err e = keys_housekeep(t);
    return e ? cli_failed(e) : CLI_DONE;
}

static int verb_migrate(const struct config *config, const char *path)
{
    (void)path;
    struct db_config db = database_of(config);
    if (!migrate_up(&db, authsrv_migrations, authsrv_migrations_n))
        return CLI_FAILED;
    return command_run(config, "migrate", keys_make, 0, NULL);
}

static int verb_check_config(const struct config *config, const char *path)
{
    (void)config;
    (void)path;
    puts("the configuration is good");
    return CLI_DONE;
}

struct plain_verb {
    const char *word;
    int (*run)(const struct config *config, const char *path);
    const char *help;
};

static const struct plain_verb plain_verbs[] = {
    { "serve", serve, "run the server" },
    { "migrate", verb_migrate, "bring the database schema up to this version" },
    { "check-config", verb_check_config, "say whether the configuration is good" },
};

struct verb {
    const char *word, *second;
    int (*run)(struct task *t, int argc, char **argv);
    const char *arguments, *help;
};

#define VERB_ROW(word_, second_, run_, arguments_, help_) { word_, second_, run_, arguments_, help_ },
static const struct verb verbs[] = { AUTHSRV_VERBS(VERB_ROW){ 0 } };

static int help(FILE *out)
{
    fputs("usage: authsrv VERB [ARGUMENTS] --config FILE\n\n", out);
    for (size_t i = 0; i < sizeof plain_verbs / sizeof plain_verbs[0]; i++)
        fprintf(out, "  %-20s %s\n", plain_verbs[i].word, plain_verbs[i].help);
    for (const struct verb *v = verbs; v->word; v++)
        fprintf(out, "  %s%s%s %s\n  %20s %s\n", v->word, *v->second ? " " : "", v->second, v->arguments, "", v->help);
    fputs("\nConfiguration, in the file as `key = value` or in the environment as AUTHSRV_KEY:\n\n", out);
    config_help_print(out);
    return out == stdout ? CLI_DONE : CLI_USAGE;
}

struct words {
    const char *config_path;
    int argc;
    char *argv[ARGUMENTS_MAX];
};

/* Takes --config FILE out of the arguments. */
static bool words_read(int argc, char **argv, struct words *ret)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--config") == 0) {
            if (i + 1 == argc || ret->config_path)
                return false;
            ret->config_path = argv[++i];
        } else if (ret->argc == ARGUMENTS_MAX) {
            return false;
        } else {
            ret->argv[ret->argc++] = argv[i];
        }
    }
    return ret->argc > 0;
}

static const struct plain_verb *plain_verb_find(const struct words *w)
{
    for (size_t i = 0; i < sizeof plain_verbs / sizeof plain_verbs[0]; i++)
        if (w->argc == 1 && strcmp(plain_verbs[i].word, w->argv[0]) == 0)
            return &plain_verbs[i];
    return NULL;
}

static const struct verb *verb_find(const struct words *w)
{
    for (const struct verb *v = verbs; v->word; v++) {
        bool second = *v->second == '\0' || (w->argc > 1 && strcmp(v->second, w->argv[1]) == 0);
        if (second && strcmp(v->word, w->argv[0]) == 0)
            return v;
    }
    return NULL;
}

static int run(struct words *w, struct arena *arena)
{
    const struct plain_verb *plain = plain_verb_find(w);
    const struct verb *verb = plain ? NULL : verb_find(w);
    if (!plain && !verb) {
        fprintf(stderr, "authsrv: no such command: %s (authsrv --help lists them)\n", w->argv[0]);
        return CLI_USAGE;
    }
    struct config config = { 0 };
    if (!config_read(arena, w->config_path, &config))
        return CLI_USAGE;
    enum log_level level = LOG_INFO_LEVEL;
    if (log_level_parse(config.log_level, &level))
        log_set_level(level);
    if (plain)
        return plain->run(&config, w->config_path);
    int skip = *verb->second ? 2 : 1;
    return command_run(&config, verb->word, verb->run, w->argc - skip, w->argv + skip);
}

int main(int argc, char **argv)
{
    struct words w = { 0 };
    if (!words_read(argc, argv, &w))
        return help(stderr);
    if (strcmp(w.argv[0], "--help") == 0)
        return help(stdout);
    if (strcmp(w.argv[0], "--version") == 0) {
        puts("authsrv " STOA_VERSION);
        return CLI_DONE;
    }
    process_init();
    crypto_init();
    struct arena *arena = arena_create(16384, 1 << 20);
    int code = run(&w, arena);
    arena_destroy(arena);
    return code;
}
