/*
 * request-load PORT MODE FILE CONNECTIONS SECONDS: requests that stand in FILE, each a line "LENGTH OFFSET" and
 * then so many bytes. OFFSET is where something of an earlier answer is written into the request, which has its place
 * kept free.
 *   cycle    in turn, again and again
 *   once     in turn, each a single time
 *   code     in pairs, a pair for each connection: an authorization, then the redemption of the code that it gave
 *   refresh  one for each connection: the refresh token of the answer is that of the next request
 * What is counted: answers 2xx; with code and refresh only those that bring an access token as well.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/load.h"

enum { CODE_BYTES = 43 };

struct entry {
    char *text;
    size_t n, offset;
};

static struct entry *entries;
static size_t entries_n, entries_room, next_entry;
static bool redeeming[LOAD_CONNECTIONS_MAX];

static bool entry_read(FILE *f)
{
    struct entry e;
    if (fscanf(f, "%zu %zu", &e.n, &e.offset) != 2 || fgetc(f) != '\n')
        return false;
    e.text = malloc(e.n + 1);
    if (!e.text || fread(e.text, 1, e.n, f) != e.n)
        load_give_up("a request is cut off");
    if (entries_n == entries_room) {
        entries_room = entries_room ? entries_room * 2 : 1024;
        entries = realloc(entries, entries_room * sizeof *entries);
        if (!entries)
            load_give_up("memory");
    }
    entries[entries_n++] = e;
    return true;
}

static void entries_read(const char *path)
{
    FILE *f = fopen(path, "r");
    if (!f)
        load_give_up(path);
    while (entry_read(f))
        continue;
    fclose(f);
    if (entries_n == 0)
        load_give_up("no requests");
}

static void entry_send(struct load_connection *c, size_t i)
{
    load_send(c, entries[i].text, entries[i].n);
}

/* Copies what follows the mark in the answer to its place in a request. */
static bool carry(const struct load_connection *c, const char *mark, size_t n, const struct entry *to)
{
    const char *found = strstr(c->text, mark);
    if (!found || strlen(found + strlen(mark)) < n || to->offset + n > to->n)
        return false;
    memcpy(to->text + to->offset, found + strlen(mark), n);
    return true;
}

static bool is_good(const struct load_connection *c)
{
    return strncmp(c->text, "HTTP/1.1 2", 10) == 0;
}

static void judge(const struct load_connection *c, bool good)
{
    if (good)
        load_done(c);
    else
        load_failed(c);
}

/* ---- cycle and once ---- */

static void cycle_begin(struct load_connection *c)
{
    c->begun_us = load_now_us();
    entry_send(c, next_entry++ % entries_n);
}

static void cycle_answered(struct load_connection *c)
{
    judge(c, is_good(c));
    cycle_begin(c);
}

static void once_begin(struct load_connection *c)
{
    if (next_entry < entries_n)
        cycle_begin(c);
}

static void once_answered(struct load_connection *c)
{
    judge(c, is_good(c));
    once_begin(c);
}

/* ---- code ---- */

static void code_begin(struct load_connection *c)
{
    c->begun_us = load_now_us();
    redeeming[c->index] = false;
    entry_send(c, (size_t)c->index * 2 % entries_n);
}

static void code_answered(struct load_connection *c)
{
    size_t redemption = ((size_t)c->index * 2 + 1) % entries_n;
    if (!redeeming[c->index] && carry(c, "?code=", CODE_BYTES, &entries[redemption])) {
        redeeming[c->index] = true;
        entry_send(c, redemption);
        return;
    }
    judge(c,
          redeeming[c->index] && is_good(c) && strstr(c->text, "\"access_token\"") && strstr(c->text, "\"id_token\""));
    code_begin(c);
}

/* ---- refresh ---- */

static void refresh_begin(struct load_connection *c)
{
    c->begun_us = load_now_us();
    entry_send(c, (size_t)c->index % entries_n);
}

static void refresh_answered(struct load_connection *c)
{
    const struct entry *e = &entries[(size_t)c->index % entries_n];
    judge(c, is_good(c) && carry(c, "\"refresh_token\":\"", e->n - e->offset, e)); /* the last of the request */
    refresh_begin(c);
}

static const struct mode {
    const char *name;
    void (*begin)(struct load_connection *c);
    void (*answered)(struct load_connection *c);
} modes[] = {
    { "cycle", cycle_begin, cycle_answered },
    { "once", once_begin, once_answered },
    { "code", code_begin, code_answered },
    { "refresh", refresh_begin, refresh_answered },
};

static const struct mode *mode_of(const char *name)
{
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (strcmp(modes[i].name, name) == 0)
            return &modes[i];
    return NULL;
}

int main(int argc, char **argv)
{
    const struct mode *mode = argc == 6 ? mode_of(argv[2]) : NULL;
    if (!mode) {
        fputs("usage: request-load PORT cycle|once|code|refresh FILE CONNECTIONS SECONDS\n", stderr);
        return 2;
    }
    entries_read(argv[3]);
    int result = load_run(&(struct load){ .what = mode->name,
                                          .port = (int)strtol(argv[1], NULL, 10),
                                          .connections = (int)strtol(argv[4], NULL, 10),
                                          .seconds = (int)strtol(argv[5], NULL, 10),
                                          .begin = mode->begin,
                                          .answered = mode->answered });
    for (size_t i = 0; i < entries_n; i++)
        free(entries[i].text);
    free(entries);
    return result;
}
