/* The words inside {{ }}. */
#pragma once

#include "shared/gen/gen_text.h"

enum token_kind { TOKEN_WORD = 1, TOKEN_STRING, TOKEN_MARK, TOKEN_END, TOKEN_BAD };

struct token {
    enum token_kind kind;
    str text; /* a word with its dots, a string without quotes, one mark of ( ) [ ] , */
};

struct lexer {
    str rest;
    struct gen_place at;
};

struct token lexer_next(struct lexer *l);
struct token lexer_peek(const struct lexer *l);
/* Takes the mark when it comes next. */
bool lexer_take(struct lexer *l, char mark);
bool lexer_take_word(struct lexer *l, str word);
bool lexer_at_end(const struct lexer *l);
