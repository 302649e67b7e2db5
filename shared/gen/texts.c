/* The English texts: "key = text" lines with named holes. See texts.h. */
#include "shared/gen/texts.h"

#define ENTRIES_MAX 2000

static str trim(str s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = (str){ s.p + 1, s.n - 1 };
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r'))
        s.n--;
    return s;
}

static bool args_find(struct text_entry *e, str text, struct gen_complaints *c, struct gen_place at)
{
    str before, name;
    while (str_cut(&text, '{', &before)) {
        if (!str_cut(&text, '}', &name) || !gen_is_name(name))
            return gen_complain(c, at, "a hole is written {name}");
        bool known = false;
        for (size_t i = 0; i < e->n_args; i++)
            known = known || str_eq(e->args[i], name);
        if (!known && e->n_args == TEXT_ARGS_MAX)
            return gen_complain(c, at, "more than %d holes", TEXT_ARGS_MAX);
        if (!known)
            e->args[e->n_args++] = name;
    }
    return true;
}

static bool entry_parse(str line, const struct texts *texts, struct gen_complaints *c, struct gen_place at,
                        struct text_entry *ret)
{
    str text = line, key, one;
    if (!str_cut(&text, '=', &key))
        return gen_complain(c, at, "a line is written \"key = text\", or begins with #");
    *ret = (struct text_entry){ .key = trim(key), .text = trim(text) };
    if (!gen_is_word(ret->key))
        return gen_complain(c, at, "\"%.*s\" is not a name (a-z, 0-9, _)", STR_ARG(ret->key));
    if (str_cut(&text, '|', &one)) {
        ret->text = trim(one);
        ret->plural = trim(text);
    }
    if (ret->text.n == 0 || (str_given(ret->plural) && ret->plural.n == 0))
        return gen_complain(c, at, "the text is empty");
    if (gen_has_control(line))
        return gen_complain(c, at, "control characters are not allowed");
    for (size_t i = 0; i < texts->n; i++) {
        if (str_eq(texts->entries[i].key, ret->key))
            return gen_complain(c, at, "the key %.*s stands here twice", STR_ARG(ret->key));
    }
    return args_find(ret, ret->text, c, at) && args_find(ret, ret->plural, c, at);
}

bool texts_parse(struct arena *a, const struct gen_file *file, bool only_english, struct gen_complaints *c,
                 struct texts *ret)
{
    if (!ret->entries)
        ret->entries = arena_array(a, struct text_entry, ENTRIES_MAX);
    str rest = file->text;
    for (int number = 1; rest.n; number++) {
        str line = rest;
        if (!str_cut(&rest, '\n', &line))
            rest.n = 0;
        line = trim(line);
        if (line.n == 0 || line.p[0] == '#')
            continue;
        struct gen_place at = { file->path, number };
        if (ret->n == ENTRIES_MAX)
            return gen_complain(c, at, "more than %d texts", ENTRIES_MAX);
        if (!entry_parse(line, ret, c, at, &ret->entries[ret->n]))
            return false;
        ret->entries[ret->n++].only_english = only_english;
    }
    return true;
}
