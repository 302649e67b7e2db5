/* application/x-www-form-urlencoded, for queries and bodies. A name that comes twice is refused (RFC 6749 section 3.1).
 */
#include "shared/text/form.h"

#include "shared/base/buf.h"
#include "shared/text/encode.h"

#define FORM_WORDS_MAX_BYTES 16384

str form_get(const struct form *f, str name)
{
    for (size_t i = 0; i < f->n; i++) {
        if (str_eq(f->fields[i].name, name))
            return f->fields[i].value;
    }
    return STR_NONE;
}

str form_words(struct arena *a, const struct form *f, str name)
{
    struct buf words;
    buf_init(&words, a, FORM_WORDS_MAX_BYTES);
    for (size_t i = 0; i < f->n; i++) {
        str value = f->fields[i].value;
        if (!str_eq(f->fields[i].name, name) || value.n == 0)
            continue;
        if (memchr(value.p, ' ', value.n) || words.n + value.n + 1 > FORM_WORDS_MAX_BYTES)
            return STR_NONE;
        if (words.n > 0)
            buf_add_char(&words, ' ');
        buf_add(&words, value);
    }
    return words.n > 0 ? buf_str(&words) : STR_NONE;
}

static enum form_verdict field_add(struct arena *a, str pair, str repeats, struct form *f, str *bad_name)
{
    str raw_name, name, value;
    if (!str_cut(&pair, '=', &raw_name)) {
        raw_name = pair;
        pair = STR("");
    }
    if (!percent_decode(a, raw_name, true, &name) || !percent_decode(a, pair, true, &value))
        return FORM_BAD_ENCODING;
    if (str_given(form_get(f, name)) && !str_has_word(repeats, name)) {
        *bad_name = name;
        return FORM_DUPLICATE;
    }
    if (f->n == FORM_MAX_FIELDS)
        return FORM_TOO_MANY;
    f->fields[f->n++] = (struct form_field){ name, value };
    return FORM_GOOD;
}

enum form_verdict form_parse(struct arena *a, str text, str repeats, struct form *ret, str *bad_name)
{
    ret->n = 0;
    while (text.n) {
        str pair;
        if (!str_cut(&text, '&', &pair)) {
            pair = text;
            text = STR("");
        }
        if (pair.n == 0)
            continue;
        enum form_verdict v = field_add(a, pair, repeats, ret, bad_name);
        if (v != FORM_GOOD)
            return v;
    }
    return FORM_GOOD;
}
