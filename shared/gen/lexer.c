/* See lexer.h. */
#include "shared/gen/lexer.h"

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

static struct token cut(struct lexer *l, enum token_kind kind, size_t skip, size_t n, size_t after)
{
    struct token t = { kind, { l->rest.p + skip, n } };
    l->rest = (str){ l->rest.p + skip + n + after, l->rest.n - skip - n - after };
    return t;
}

struct token lexer_next(struct lexer *l)
{
    while (l->rest.n && (l->rest.p[0] == ' ' || l->rest.p[0] == '\n' || l->rest.p[0] == '\t'))
        l->rest = (str){ l->rest.p + 1, l->rest.n - 1 };
    if (l->rest.n == 0)
        return (struct token){ TOKEN_END, STR("the end") };
    char c = l->rest.p[0];
    if (c == '"') {
        const char *end = memchr(l->rest.p + 1, '"', l->rest.n - 1);
        if (!end)
            return (struct token){ TOKEN_BAD, l->rest };
        return cut(l, TOKEN_STRING, 1, (size_t)(end - l->rest.p) - 1, 1);
    }
    size_t n = 0;
    while (n < l->rest.n && is_word_char(l->rest.p[n]))
        n++;
    if (n)
        return cut(l, TOKEN_WORD, 0, n, 0);
    if (c == '(' || c == ')' || c == '[' || c == ']' || c == ',')
        return cut(l, TOKEN_MARK, 0, 1, 0);
    return (struct token){ TOKEN_BAD, { l->rest.p, 1 } };
}

struct token lexer_peek(const struct lexer *l)
{
    struct lexer ahead = *l;
    return lexer_next(&ahead);
}

bool lexer_take(struct lexer *l, char mark)
{
    struct token t = lexer_peek(l);
    if (t.kind != TOKEN_MARK || t.text.p[0] != mark)
        return false;
    lexer_next(l);
    return true;
}

bool lexer_take_word(struct lexer *l, str word)
{
    struct token t = lexer_peek(l);
    if (t.kind != TOKEN_WORD || !str_eq(t.text, word))
        return false;
    lexer_next(l);
    return true;
}

bool lexer_at_end(const struct lexer *l)
{
    return lexer_peek(l).kind == TOKEN_END;
}
