/* The program of a server: its words, its configuration, and what each verb does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shared/crypto/crypto.h"
#include "shared/ops/cli.h"
#include "shared/server/serve.h"
#include "shared/text/json_in.h"

enum { ARGUMENTS_MAX = 128 };

/* ---- verbs of every server ---- */

struct call {
    const struct server *server;
    const void *config;
    const char *path; /* of the configuration; NULL: none */
    struct session *session;
};

static int verb_serve(const struct call *c)
{
    return server_serve(c->server, c->config, c->path);
}

static int rows_make(struct task *t, int argc, char **argv)
{
    (void)argc, (void)argv;
    const struct service *s = t->app;
    err e = s->server->migrated(t);
    return e ? cli_failed(e) : CLI_DONE;
}

static int verb_migrate(const struct call *c)
{
    const struct service bare = { .server = c->server, .settings = c->server->settings_of(c->config) };
    struct db_config db = service_database(&bare);
    if (!migrate_up(&db, c->server->migrations, c->server->n_migrations))
        return CLI_FAILED;
    int code = session_provide(c->session);
    if (code != CLI_DONE || !c->server->migrated)
        return code;
    static const struct verb rows = { .word = "migrate", .second = "", .run = rows_make, .arguments = "", .help = "" };
    return session_run(c->session, &rows, 0, NULL);
}

static int verb_check_config(const struct call *c)
{
    (void)c;
    puts("the configuration is good");
    return CLI_DONE;
}

static int verb_shell(const struct call *c);

static const struct common_verb {
    const char *word;
    int (*run)(const struct call *c);
    const char *help;
} common_verbs[] = {
    { "serve", verb_serve, "run the server" },
    { "migrate", verb_migrate, "bring the database schema up to this version" },
    { "check-config", verb_check_config, "say whether the configuration is good" },
    { "shell", verb_shell, "run commands from standard input, a line each: words, or a JSON array of words" },
};
#define N_COMMON_VERBS (sizeof common_verbs / sizeof common_verbs[0])

static void verb_help(const struct verb *v, FILE *out)
{
    fprintf(out, "  %s%s%s %s\n  %20s %s\n", v->word, *v->second ? " " : "", v->second, v->arguments, "", v->help);
}

static int help(const struct server *s, FILE *out)
{
    fprintf(out, "usage: %s VERB [ARGUMENTS] [--then VERB [ARGUMENTS]]... --config FILE\n       %s VERB --help\n\n",
            s->name, s->name);
    for (size_t i = 0; i < N_COMMON_VERBS; i++)
        fprintf(out, "  %-20s %s\n", common_verbs[i].word, common_verbs[i].help);
    for (const struct verb *v = s->verbs; v < s->verbs + s->n_verbs; v++)
        verb_help(v, out);
    fprintf(out, "\nConfiguration, in the file as `key = value` or in the environment as %s_KEY:\n\n", s->prefix);
    config_help(s->items, s->n_items, s->prefix, out);
    return out == stdout ? CLI_DONE : CLI_USAGE;
}

/* ---- words ---- */

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

static const struct common_verb *common_verb_find(const struct words *w)
{
    for (size_t i = 0; i < N_COMMON_VERBS; i++)
        if (w->argc == 1 && strcmp(common_verbs[i].word, w->argv[0]) == 0)
            return &common_verbs[i];
    return NULL;
}

static const struct verb *verb_find(const struct server *s, const struct words *w)
{
    for (const struct verb *v = s->verbs; v < s->verbs + s->n_verbs; v++) {
        bool second = *v->second == '\0' || (w->argc > 1 && strcmp(v->second, w->argv[1]) == 0);
        if (second && strcmp(v->word, w->argv[0]) == 0)
            return v;
    }
    return NULL;
}

/* The command that these words begin with, or all that begin with the first of them. false: there is none. */
static bool help_with(const struct server *s, const struct words *w, FILE *out)
{
    const struct verb *one = verb_find(s, w);
    bool any = false;
    for (const struct verb *v = s->verbs; v < s->verbs + s->n_verbs; v++) {
        if (one ? v != one : strcmp(v->word, w->argv[0]) != 0)
            continue;
        verb_help(v, out);
        any = true;
    }
    return any;
}

static int no_such_command(const struct server *s, const struct words *w)
{
    fprintf(stderr, "%s: no such command: %s%s%s (%s --help lists all)\n", s->name, w->argv[0], w->argc > 1 ? " " : "",
            w->argc > 1 ? w->argv[1] : "", s->name);
    help_with(s, w, stderr);
    return CLI_USAGE;
}

/* Cuts the next command off the front: the words up to a `--then`, or all. false: there is none. */
static bool command_next(struct words *rest, struct words *ret)
{
    *ret = (struct words){ .config_path = rest->config_path };
    int taken = 0;
    while (taken < rest->argc && strcmp(rest->argv[taken], "--then") != 0)
        ret->argv[ret->argc++] = rest->argv[taken++];
    bool more = taken < rest->argc;
    rest->argc -= taken + more;
    memmove(rest->argv, rest->argv + taken + more, (size_t)rest->argc * sizeof *rest->argv);
    return ret->argc > 0;
}

/* All are looked up before the first is run. */
static bool commands_exist(const struct server *server, struct words rest)
{
    struct words w;
    while (command_next(&rest, &w)) {
        if (!common_verb_find(&w) && !verb_find(server, &w)) {
            no_such_command(server, &w);
            return false;
        }
    }
    return true;
}

static int command_run(const struct call *c, struct words *w)
{
    const struct common_verb *common = common_verb_find(w);
    if (common)
        return common->run(c);
    const struct verb *verb = verb_find(c->server, w);
    int skip = *verb->second ? 2 : 1;
    return session_run(c->session, verb, w->argc - skip, w->argv + skip);
}

/* Until one fails. */
static int commands_run(const struct call *c, struct words *rest)
{
    struct words w;
    int code = CLI_USAGE;
    while (command_next(rest, &w)) {
        code = command_run(c, &w);
        if (code != CLI_DONE)
            break;
    }
    return code;
}

static int run(const struct server *server, struct words *rest, struct arena *arena)
{
    if (!commands_exist(server, *rest))
        return CLI_USAGE;
    void *config = arena_alloc(arena, server->config_bytes);
    enum log_level level;
    if (!server_configure(server, arena, rest->config_path, config, &level))
        return CLI_USAGE;
    log_set_level(level);
    struct session *session = session_open(server, config);
    int code = commands_run(&(struct call){ server, config, rest->config_path, session }, rest);
    session_close(session);
    return code;
}

/* ---- the shell ---- */

#define LINE_MAX_BYTES 262144
#define END_OF_ANSWER '\x1e' /* the record separator of ASCII, which no command prints */

static bool word_add(struct words *w, struct arena *a, str word)
{
    if (w->argc == ARGUMENTS_MAX || memchr(word.p, 0, word.n))
        return false;
    w->argv[w->argc++] = arena_cstr(a, word);
    return true;
}

static bool line_array(struct arena *a, str line, struct words *ret)
{
    const struct json_value *all;
    if (!json_parse(a, line, &all) || json_kind(all) != JSON_ARRAY)
        return false;
    for (size_t i = 0; i < json_size(all); i++) {
        str word;
        if (!json_is_str(json_item(all, i), &word) || !word_add(ret, a, word))
            return false;
    }
    return true;
}

static bool line_words(struct arena *a, str line, struct words *ret)
{
    for (size_t i = 0; i < line.n;) {
        size_t begin = i;
        while (i < line.n && line.p[i] != ' ' && line.p[i] != '\t')
            i++;
        if (i > begin && !word_add(ret, a, (str){ line.p + begin, i - begin }))
            return false;
        i += i == begin;
    }
    return true;
}

/* A shell serves nobody and has no shell in it. */
static bool runs_in_shell(const struct words *w)
{
    for (int i = 0; i < w->argc; i++)
        if ((i == 0 || strcmp(w->argv[i - 1], "--then") == 0) &&
            (strcmp(w->argv[i], "serve") == 0 || strcmp(w->argv[i], "shell") == 0))
            return false;
    return w->argc > 0;
}

static int line_run(const struct call *c, str line)
{
    struct arena *a = arena_create(4096, (size_t)4 << 20);
    struct words w = { 0 };
    int code = CLI_USAGE;
    if (!(line.p[0] == '[' ? line_array(a, line, &w) : line_words(a, line, &w)) || !runs_in_shell(&w))
        fprintf(stderr, "%s: a line is words with blanks between them, or a JSON array of words\n", c->server->name);
    else if (commands_exist(c->server, w))
        code = commands_run(c, &w);
    arena_destroy(a);
    return code;
}

/* For programs: the end of each answer on both outputs, with the exit code on the first. */
static void answer_end(int code)
{
    fprintf(stderr, "%c", END_OF_ANSWER);
    fflush(stderr);
    printf("%c%d\n", END_OF_ANSWER, code);
    fflush(stdout);
}

static ssize_t line_read(const struct call *c, bool prompts, char **line, size_t *room)
{
    if (prompts)
        fprintf(stderr, "%s> ", c->server->name);
    return getline(line, room, stdin);
}

static int verb_shell(const struct call *c)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    int code = CLI_DONE;
    bool prompts = isatty(STDIN_FILENO);
    while ((n = line_read(c, prompts, &line, &room)) > 0) {
        n -= line[n - 1] == '\n';
        if (n == 0)
            continue;
        code = n > LINE_MAX_BYTES ? CLI_USAGE : line_run(c, (str){ line, (size_t)n });
        if (!prompts)
            answer_end(code);
    }
    free(line);
    return code;
}

int server_main(const struct server *server, int argc, char **argv)
{
    struct words w = { 0 };
    if (!words_read(argc, argv, &w))
        return help(server, stderr);
    if (strcmp(w.argv[0], "--help") == 0)
        return help(server, stdout);
    if (strcmp(w.argv[0], "--version") == 0) {
        printf("%s %s\n", server->name, STOA_VERSION);
        return CLI_DONE;
    }
    if (strcmp(w.argv[w.argc - 1], "--help") == 0)
        return help_with(server, &w, stdout) ? CLI_DONE : no_such_command(server, &w);
    process_init();
    crypto_init();
    struct arena *arena = arena_create(16384, 1 << 20);
    int code = run(server, &w, arena);
    arena_destroy(arena);
    return code;
}
