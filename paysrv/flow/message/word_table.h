/* Tables from the codes of the database to texts of web/text, for those who speak to people. */
#pragma once

#include "shared/base/str.h"
#include "web/text.h"

struct word {
    const char *code;
    enum text_key text;
};

/* WORDS({ "code", TEXT_KEY }, ...) */
#define WORDS(...)                                                                                                     \
    (const struct word[])                                                                                              \
    {                                                                                                                  \
        __VA_ARGS__,                                                                                                   \
        {                                                                                                              \
            NULL, TEXT_BRAND                                                                                           \
        }                                                                                                              \
    }

/* false: the table does not have the code. */
static inline bool word_find(const struct word *words, str code, enum text_key *ret)
{
    for (; words->code; words++)
        if (str_eq(code, str_of(words->code))) {
            *ret = words->text;
            return true;
        }
    return false;
}
