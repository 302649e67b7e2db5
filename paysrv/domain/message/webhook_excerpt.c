/* See webhook_excerpt.h. */
#include "paysrv/domain/message/webhook_excerpt.h"

#include <string.h>
#include <strings.h>

#include "shared/base/buf.h"
#include "shared/text/encode.h"

#define LOOKED_MAX_BYTES 2000
#define LEFT_OUT STR("[...]")
#define CARD_DIGITS 12    /* as long are numbers of cards and accounts */
#define KEY_CHARACTERS 16 /* with a digit among them */
#define KEY_LETTERS 32

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What keys, tokens, addresses and paths are made of; and other alphabets. */
static bool is_of_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) ||
           memchr("_+/.~@%-", c, 8) != NULL;
}

static bool holds(str s, const char *part)
{
    size_t n = strlen(part);
    for (size_t i = 0; i + n <= s.n; i++)
        if (strncasecmp(s.p + i, part, n) == 0)
            return true;
    return false;
}

static bool is_text(str media_type)
{
    return holds(media_type, "text/") || holds(media_type, "json");
}

static size_t word_length(str s)
{
    size_t n = 0;
    while (n < s.n && is_of_word(s.p[n]))
        n++;
    return n;
}

/* The length of a number in groups, "4242 4242 4242 4242", if it is a long one; else 0. */
static size_t number_length(str s)
{
    size_t n = 0, digits = 0, last = 0;
    for (; n < s.n && (is_digit(s.p[n]) || (digits > 0 && (s.p[n] == ' ' || s.p[n] == '-'))); n++)
        if (is_digit(s.p[n])) {
            digits++;
            last = n + 1;
        }
    return digits >= CARD_DIGITS ? last : 0;
}

/* "password: x", "Authorization: Bearer x": what comes behind such a word. */
static bool is_label(str word)
{
    static const char *const labels[] = { "pass", "pwd",    "secret",  "token",      "key",    "auth",
                                          "sign", "cookie", "session", "credential", "bearer", "basic" };
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (holds(word, labels[i]))
            return true;
    return false;
}

/* Keys are of the letters of ASCII; others make long words. */
static bool is_left_out(str word)
{
    bool has_digit = false;
    size_t n = 0;
    for (size_t i = 0; i < word.n; i++) {
        has_digit = has_digit || is_digit(word.p[i]);
        n += !(word.p[i] & 0x80);
    }
    return holds(word, "@") || n >= KEY_LETTERS || (has_digit && n >= KEY_CHARACTERS);
}

struct looking {
    struct buf out;
    bool is_behind_label, is_assigned; /* the word before, and what stands between */
};

static void word_take(struct looking *l, str word)
{
    bool is_value = l->is_behind_label && l->is_assigned;
    bool is_scheme = holds(word, "bearer") || (is_value && holds(word, "basic"));
    bool is_hidden = is_value && !is_scheme;
    buf_add(&l->out, is_hidden || is_left_out(word) ? LEFT_OUT : word);
    l->is_behind_label = is_hidden || is_label(word);
    l->is_assigned = is_scheme;
}

static void between_take(struct looking *l, char c)
{
    l->is_assigned = l->is_assigned || c == ':' || c == '=';
    if (c != ' ' || (l->out.n > 0 && l->out.p[l->out.n - 1] != ' '))
        buf_add_char(&l->out, c);
}

/* What is looked at: a line, without a word that would be cut. */
static str beginning(struct arena *a, str body)
{
    str head = { body.p, body.n < LOOKED_MAX_BYTES ? body.n : LOOKED_MAX_BYTES };
    head.n = utf8_prefix(head);
    while (head.n > 0 && body.n > LOOKED_MAX_BYTES && is_of_word(head.p[head.n - 1]))
        head.n--;
    return utf8_to_line(a, head);
}

str webhook_excerpt(struct arena *a, str media_type, str body)
{
    if (!is_text(media_type))
        return STR_NONE;
    struct looking l = { .is_assigned = false };
    str rest = beginning(a, body);
    buf_init(&l.out, a, WEBHOOK_EXCERPT_MAX_BYTES + LOOKED_MAX_BYTES);
    while (rest.n > 0 && l.out.n < WEBHOOK_EXCERPT_MAX_BYTES) {
        size_t n = number_length(rest), n_word = n ? 0 : word_length(rest);
        if (n)
            buf_add(&l.out, LEFT_OUT);
        else if (n_word)
            word_take(&l, (str){ rest.p, n_word });
        else
            between_take(&l, rest.p[0]);
        n = n ? n : n_word ? n_word : 1;
        rest = (str){ rest.p + n, rest.n - n };
    }
    str said = buf_str(&l.out);
    said.n = said.n < WEBHOOK_EXCERPT_MAX_BYTES ? said.n : WEBHOOK_EXCERPT_MAX_BYTES;
    said.n = utf8_prefix(said);
    return said.n == 0 || utf8_is_blank(said) ? STR_NONE : said;
}
