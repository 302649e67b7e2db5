/* See journal.h. */
#include "paysrv/sandbox/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shared/base/faults.h"
#include "shared/base/task.h"
#include "shared/ops/log.h"

#define LINE_MAX_BYTES 65536

static bool complain(const char *what, str path)
{
    log_error(NULL, "journal.failed", L_STR("what", str_of(what)), L_STR("path", path),
              L_STR("why", str_of(strerror(errno))));
    return false;
}

/* false: the line is torn, and with it all that follows. */
static bool line_apply(struct arena *a, str line, void (*apply)(void *arg, const struct json_value *line), void *arg)
{
    const struct json_value *v;
    bool is_whole = line.n && line.p[line.n - 1] == '\n' && json_parse(a, line, &v);
    if (is_whole)
        apply(arg, v);
    arena_reset(a);
    return is_whole;
}

static int64_t replay(FILE *in, void (*apply)(void *arg, const struct json_value *line), void *arg)
{
    struct arena *a = arena_create(16384, (size_t)4 << 20);
    char line[LINE_MAX_BYTES];
    int64_t good = 0;
    while (fgets(line, sizeof line, in)) {
        str text = str_of(line);
        if (!line_apply(a, text, apply, arg))
            break;
        good += (int64_t)text.n;
    }
    arena_destroy(a);
    return good;
}

bool journal_open(struct journal *j, str directory, void (*apply)(void *arg, const struct json_value *line), void *arg)
{
    struct arena *a = arena_create(4096, 1 << 16);
    str path = arena_printf(a, "%.*s/journal", STR_ARG(directory));
    bool opened = false;
    if (mkdir(arena_cstr(a, directory), 0700) != 0 && errno != EEXIST)
        complain("cannot make the directory", directory);
    j->fd = open(arena_cstr(a, path), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    FILE *in = j->fd >= 0 ? fopen(arena_cstr(a, path), "re") : NULL;
    if (!in) {
        complain("cannot open", path);
    } else {
        j->bytes = replay(in, apply, arg);
        opened = ftruncate(j->fd, j->bytes) == 0 || complain("cannot cut a torn end", path);
        fclose(in);
    }
    arena_destroy(a);
    return opened;
}

err journal_append(struct journal *j, struct task *t, str lines)
{
    ssize_t n = write(j->fd, lines.p, lines.n);
    if (n == (ssize_t)lines.n) {
        j->bytes += n;
        return OK;
    }
    if (ftruncate(j->fd, j->bytes) != 0)
        log_error(t, "journal.not_cut", L_STR("why", str_of(strerror(errno))));
    return FAIL(t, UNAVAILABLE, "journal: %s", n < 0 ? strerror(errno) : "disk full");
}

void journal_close(struct journal *j)
{
    if (j->fd >= 0)
        close(j->fd);
    j->fd = -1;
}

void line_begin(struct json *j, struct buf *out, const char *kind)
{
    json_begin(j, out);
    json_str(j, "e", str_of(kind));
}

void line_end(struct json *j)
{
    json_end(j);
    buf_add_char(j->out, '\n');
}

str line_text(const struct json_value *line, const char *key)
{
    str s = STR_NONE;
    json_get_str(line, key, &s);
    return s;
}

int64_t line_number(const struct json_value *line, const char *key)
{
    int64_t v = 0;
    json_get_i64(line, key, &v);
    return v;
}
