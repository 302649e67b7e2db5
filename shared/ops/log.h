/*
 * JSON lines on stderr: log_info(t, "token.issued", L_STR("client", id), L_I64("ms", 3)). Events are noun.verb_past.
 * Values are escaped and capped; a secret has no L_ macro and cannot be logged.
 */
#pragma once

#include "shared/base/task.h"

enum log_level { LOG_DEBUG_LEVEL = 1, LOG_INFO_LEVEL, LOG_WARN_LEVEL, LOG_ERROR_LEVEL };

struct log_field {
    const char *name;
    bool is_text;
    str text;
    int64_t number;
};

#define L_STR(name, value) ((struct log_field){ (name), true, (value), 0 })
#define L_I64(name, value) ((struct log_field){ (name), false, { NULL, 0 }, (value) })

void log_set_level(enum log_level level);
bool log_level_parse(str s, enum log_level *ret); /* debug, info, warn, error */
void log_write(const struct task *t, enum log_level level, const char *event, const struct log_field *fields, size_t n);

#define LOG_FIELDS(...)                                                                                                \
    (const struct log_field[])                                                                                         \
    {                                                                                                                  \
        { NULL, false, { NULL, 0 }, 0 }, ##__VA_ARGS__                                                                 \
    }
#define LOG_AT(t, level, event, ...)                                                                                   \
    log_write((t), (level), (event), LOG_FIELDS(__VA_ARGS__) + 1,                                                      \
              sizeof(LOG_FIELDS(__VA_ARGS__)) / sizeof(struct log_field) - 1)
#define log_debug(t, event, ...) LOG_AT(t, LOG_DEBUG_LEVEL, event, ##__VA_ARGS__)
#define log_info(t, event, ...) LOG_AT(t, LOG_INFO_LEVEL, event, ##__VA_ARGS__)
#define log_warn(t, event, ...) LOG_AT(t, LOG_WARN_LEVEL, event, ##__VA_ARGS__)
#define log_error(t, event, ...) LOG_AT(t, LOG_ERROR_LEVEL, event, ##__VA_ARGS__)
/* One line for a failure: fault, detail, place, causes. Error: 5xx, and what is too large; else info. */
void log_failure(const struct task *t, const struct failure *f);
/* For a round that one failure must not end: it fails with the first, and what came after that is logged here. */
err failure_first(const struct task *t, err first, err e);
