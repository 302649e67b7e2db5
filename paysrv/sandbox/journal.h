/*
 * An append-only file of JSON lines. A line is in the file before its answer leaves (a kill -9 loses nothing; a power
 * cut may lose the last seconds: it is a sandbox). A torn last line is cut off when the file is opened again.
 */
#pragma once

#include "shared/base/buf.h"
#include "shared/base/err.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"

struct journal {
    int fd;
    int64_t bytes;
};

/* Opens DIR/journal, replays every line and cuts a torn end. false: cannot; the reason was logged. */
bool journal_open(struct journal *j, str directory, void (*apply)(void *arg, const struct json_value *line), void *arg);
/* Appends whole lines in one write. */
MUST_USE err journal_append(struct journal *j, struct task *t, str lines);
void journal_close(struct journal *j);

/* One line of it: what it is about, members, its end; and what a line says. Absent, 0: it does not. */
void line_begin(struct json *j, struct buf *out, const char *kind);
void line_end(struct json *j);
str line_text(const struct json_value *line, const char *key);
int64_t line_number(const struct json_value *line, const char *key);
