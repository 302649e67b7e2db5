/* See mail_words.h. */
#include "authsrv/domain/mail_words.h"

#include "authsrv/domain/client.h"

#define N(a) (sizeof(a) / sizeof(a)[0])
#define SUBJECT_MAX 120 /* characters */
#define LINE_MAX 200
#define LINES_MAX 6
#define FILLED_MAX_BYTES 8192

static const char *const mail_names_known[] = {
#define X(name) #name,
    BRANDED_MAILS(X)
#undef X
};

static const struct {
    const char *name;
    size_t lines, line_max;
} parts[] = {
    { "subject", 1, SUBJECT_MAX },
    { "intro", LINES_MAX, LINE_MAX },
    { "footer", LINES_MAX, LINE_MAX },
};

/* What a mail program makes a link of: addresses are in the part that is ours. */
static bool has_address(str line)
{
    static const char *const marks[] = { "://", "www.", "mailto:" };
    for (size_t at = 0; at < line.n; at++)
        for (size_t i = 0; i < N(marks); i++) {
            str mark = str_of(marks[i]);
            if (mark.n <= line.n - at && str_eq_nocase((str){ line.p + at, mark.n }, mark))
                return true;
        }
    return false;
}

/* The text up to the next hole goes to out. false: a brace that is no hole. Absent *hole: the end. */
static bool hole_next(str *rest, str *before, str *hole)
{
    str inside;
    *hole = STR_NONE;
    if (!str_cut(rest, '{', before)) {
        *before = *rest;
        *rest = STR("");
        return !memchr(before->p, '}', before->n);
    }
    if (memchr(before->p, '}', before->n) || !str_cut(rest, '}', &inside))
        return false;
    *hole = inside;
    return str_has_word(STR("app partner"), inside);
}

static bool holes_good(str text)
{
    str before, hole;
    do
        if (!hole_next(&text, &before, &hole))
            return false;
    while (str_given(hole));
    return true;
}

static bool line_good(str line, size_t line_max)
{
    return line_valid(line, line_max) && line.p[0] != ' ' && !has_address(line) && holes_good(line);
}

static bool part_good(str text, size_t lines, size_t line_max)
{
    str line;
    for (; lines > 0; lines--) {
        bool more = str_cut(&text, '\n', &line);
        if (!more)
            return line_good(text, line_max);
        if (!line_good(line, line_max) && line.n > 0)
            return false;
    }
    return false;
}

struct place {
    struct arena *a;
    str mail, tag;
    struct branding_problem *problem;
};

static bool wrong(const struct place *p, str member, const char *explain)
{
    str path = STR("mails");
    if (str_given(p->mail))
        path = arena_printf(p->a, "%.*s.%.*s", STR_ARG(path), STR_ARG(p->mail));
    if (str_given(p->tag))
        path = arena_printf(p->a, "%.*s.%.*s", STR_ARG(path), STR_ARG(p->tag));
    if (str_given(member))
        path = arena_printf(p->a, "%.*s.%.*s", STR_ARG(path), STR_ARG(member));
    *p->problem = (struct branding_problem){ path, str_of(explain) };
    return false;
}

static bool part_judge(const struct place *p, str key, const struct json_value *value)
{
    str text;
    for (size_t i = 0; i < N(parts); i++)
        if (str_eq(key, str_of(parts[i].name)))
            return (json_is_str(value, &text) && part_good(text, parts[i].lines, parts[i].line_max)) ||
                   wrong(p, key,
                         parts[i].lines == 1
                             ? "one line of at most 120 visible characters, with {app} and {partner} and no addresses"
                             : "at most 6 lines of 200 visible characters, with {app} and {partner} and no addresses");
    return wrong(p, key, "subject, intro or footer");
}

static bool is_tag(const struct languages *there, str tag)
{
    for (size_t i = 0; i < there->n; i++)
        if (str_eq(there->tags[i], tag))
            return true;
    return false;
}

static bool languages_judge(struct place *p, const struct json_value *of_mail, const struct languages *there)
{
    const struct json_value *words, *value;
    str key;
    if (json_kind(of_mail) != JSON_OBJECT)
        return wrong(p, STR_NONE, "an object of languages");
    for (size_t i = 0; json_member(of_mail, i, &p->tag, &words); i++) {
        if (!is_tag(there, p->tag))
            return wrong(p, STR_NONE, "one of ui_locales_supported, as it is written there");
        if (json_kind(words) != JSON_OBJECT)
            return wrong(p, STR_NONE, "an object of subject, intro and footer");
        for (size_t k = 0; json_member(words, k, &key, &value); k++)
            if (!part_judge(p, key, value))
                return false;
    }
    p->tag = STR_NONE;
    return true;
}

static bool is_known(str name)
{
    for (size_t i = 0; i < N(mail_names_known); i++)
        if (str_eq(name, str_of(mail_names_known[i])))
            return true;
    return false;
}

bool mail_words_judge(struct arena *a, const struct json_value *mails, const struct languages *there,
                      struct branding_problem *problem)
{
    struct place p = { .a = a, .problem = problem };
    const struct json_value *of_mail;
    if (mails && json_kind(mails) != JSON_OBJECT)
        return wrong(&p, STR_NONE, "an object of mails");
    for (size_t i = 0; json_member(mails, i, &p.mail, &of_mail); i++) {
        if (!is_known(p.mail))
            return wrong(&p, STR_NONE, "code, sign_up or approval");
        if (!languages_judge(&p, of_mail, there))
            return false;
    }
    return true;
}

static str filled(struct arena *a, const struct json_value *words, const char *part, const struct mail_names *names)
{
    struct buf out;
    str text, before, hole;
    if (!json_get_str(words, part, &text))
        return STR_NONE;
    buf_init(&out, a, FILLED_MAX_BYTES);
    do {
        if (!hole_next(&text, &before, &hole))
            return STR_NONE;
        buf_add(&out, before);
        if (str_given(hole))
            buf_add(&out, str_eq(hole, STR("app")) ? names->app : names->partner);
    } while (str_given(hole));
    return buf_str(&out);
}

void mail_words_find(struct arena *a, const struct json_value *mails, enum branded_mail mail, str tag,
                     const struct mail_names *names, struct mail_words *ret)
{
    const struct json_value *words = json_get(json_get(mails, mail_names_known[mail]), arena_cstr(a, tag));
    *ret = (struct mail_words){ filled(a, words, "subject", names), filled(a, words, "intro", names),
                                filled(a, words, "footer", names) };
}
