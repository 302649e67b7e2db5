/* The database that all worlds of a run share, as `paysrv migrate` makes it; and what only a simulation asks it. */
#pragma once

#include "shared/base/task.h"
#include "shared/db/db.h"

struct db_config database_make(void);

/* A question that the server has none like, answered by one number. Prepared by its address, so it is a static. */
#define QUESTION(word, text)                                                                                           \
    static const struct db_statement word = { .name = #word,                                                           \
                                              .sql = text,                                                             \
                                              .file = __FILE__,                                                        \
                                              .cardinality = DB_ONE,                                                   \
                                              .n_columns = 1,                                                          \
                                              .columns = &question_column,                                             \
                                              .row_size = sizeof(int64_t) }
/* The same with a text in it, $1. */
#define QUESTION_ABOUT(word, text)                                                                                     \
    static const struct db_statement word = { .name = #word,                                                           \
                                              .sql = text,                                                             \
                                              .file = __FILE__,                                                        \
                                              .cardinality = DB_ONE,                                                   \
                                              .n_params = 1,                                                           \
                                              .param_types = &question_param,                                          \
                                              .param_names = "about",                                                  \
                                              .n_columns = 1,                                                          \
                                              .columns = &question_column,                                             \
                                              .row_size = sizeof(int64_t) }
extern const struct db_column question_column;
extern const enum db_type question_param;
int64_t question_ask(struct task *t, const struct db_statement *question);
int64_t question_about(struct task *t, const struct db_statement *question, str about);
