/* The JSON writer (RFC 8259). Nothing is built in memory but the text; nesting is kept in two bit masks. */
#include "shared/text/json_out.h"

#include "shared/base/panic.h"
#include "shared/text/encode.h"

#define MAX_LEVELS 32

/* What takes the place of bytes that are not UTF-8: U+FFFD. */
#define REPLACEMENT STR("\xEF\xBF\xBD")

static void control_add(struct buf *out, unsigned char c)
{
    static const char HEX[] = "0123456789abcdef";
    static const char SHORT[] = "\bb\ff\nn\rr\tt\"\"\\\\";
    for (const char *s = SHORT; *s; s += 2) {
        if ((unsigned char)s[0] == c) {
            buf_add(out, (str){ (char[]){ '\\', s[1] }, 2 });
            return;
        }
    }
    buf_add(out, (str){ (char[]){ '\\', 'u', '0', '0', HEX[c >> 4], HEX[c & 15] }, 6 });
}

/* s is valid UTF-8 but for NUL. */
static void escaped_add(struct buf *out, str s)
{
    size_t start = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_add(out, (str){ s.p + start, i - start });
        control_add(out, c);
        start = i + 1;
    }
    buf_add(out, (str){ s.p + start, s.n - start });
}

/* Nearly every text: printable ASCII, which stands as it is. */
static bool is_plain(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\')
            return false;
    }
    return true;
}

static void quoted_add(struct buf *out, str s)
{
    buf_add_char(out, '"');
    if (is_plain(s)) {
        buf_add(out, s);
        s.n = 0;
    }
    while (s.n) {
        size_t good = utf8_prefix(s);
        escaped_add(out, (str){ s.p, good });
        s = (str){ s.p + good, s.n - good };
        if (s.n == 0)
            break;
        if (s.p[0] == '\0')
            control_add(out, 0);
        else
            buf_add(out, REPLACEMENT);
        s = (str){ s.p + 1, s.n - 1 };
    }
    buf_add_char(out, '"');
}

/* The comma and the key; checks that there is a key exactly in an object. */
static void item_begin(struct json *j, const char *key)
{
    if (j->depth == 0)
        panic("json: a value outside the document");
    uint32_t level = UINT32_C(1) << (j->depth - 1);
    if ((key == NULL) != ((j->is_array & level) != 0))
        panic("json: a key in an array, or none in an object");
    if (j->has_item & level)
        buf_add_char(j->out, ',');
    j->has_item |= level;
    if (key) {
        quoted_add(j->out, str_of(key));
        buf_add_char(j->out, ':');
    }
}

static void level_open(struct json *j, bool is_array)
{
    if (j->depth == MAX_LEVELS)
        panic("json: nested too deeply");
    uint32_t level = UINT32_C(1) << j->depth++;
    j->has_item &= ~level;
    j->is_array = is_array ? j->is_array | level : j->is_array & ~level;
    buf_add_char(j->out, is_array ? '[' : '{');
}

static void level_close(struct json *j)
{
    uint32_t level = UINT32_C(1) << --j->depth;
    buf_add_char(j->out, j->is_array & level ? ']' : '}');
}

void json_begin(struct json *j, struct buf *out)
{
    *j = (struct json){ .out = out };
    level_open(j, false);
}

void json_end(struct json *j)
{
    if (j->depth != 1)
        panic("json: ended with something open");
    level_close(j);
}

void json_object(struct json *j, const char *key)
{
    item_begin(j, key);
    level_open(j, false);
}

void json_array(struct json *j, const char *key)
{
    item_begin(j, key);
    level_open(j, true);
}

void json_close(struct json *j)
{
    if (j->depth < 2)
        panic("json: closed more than was opened");
    level_close(j);
}

void json_str(struct json *j, const char *key, str value)
{
    if (!str_given(value))
        return;
    item_begin(j, key);
    quoted_add(j->out, value);
}

void json_str_or_null(struct json *j, const char *key, str value)
{
    if (str_given(value))
        json_str(j, key, value);
    else
        json_null(j, key);
}

void json_i64(struct json *j, const char *key, int64_t value)
{
    item_begin(j, key);
    buf_add_i64(j->out, value);
}

void json_bool(struct json *j, const char *key, bool value)
{
    item_begin(j, key);
    buf_add(j->out, value ? STR("true") : STR("false"));
}

void json_null(struct json *j, const char *key)
{
    item_begin(j, key);
    buf_add(j->out, STR("null"));
}

void json_time(struct json *j, const char *key, instant value)
{
    json_str(j, key, instant_iso(j->out->arena, value));
}

void json_words(struct json *j, const char *key, str words)
{
    str word;
    json_array(j, key);
    while (str_next_word(&words, &word))
        json_str(j, NULL, word);
    json_close(j);
}

void json_raw(struct json *j, const char *key, str document)
{
    item_begin(j, key);
    buf_add(j->out, document);
}
