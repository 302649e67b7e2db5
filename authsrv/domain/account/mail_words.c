/* See mail_words.h. */
#include "authsrv/domain/account/mail_words.h"

#include "authsrv/domain/client/client.h"

#define N(a) (sizeof(a) / sizeof(a)[0])
#define SUBJECT_MAX 120 /* characters */
#define LINE_MAX 200
#define LINES_MAX 6
#define ALLOWED ", with {app} and {partner} and no addresses; "

static const char *const mail_names_known[] = {
#define X(name) #name,
    BRANDED_MAILS(X)
#undef X
};

struct part {
    const char *name;
    size_t lines, line_max, bytes_max;
    const char *allowed;
};
static const struct part parts[] = {
    { "subject", 1, SUBJECT_MAX, MAIL_SUBJECT_MAX_BYTES,
      "one line of at most 120 visible characters" ALLOWED "with the longest names at most 900 bytes" },
    { "intro", LINES_MAX, LINE_MAX, MAIL_WORDS_MAX_BYTES,
      "at most 6 lines of 200 visible characters" ALLOWED "with the longest names at most 4096 bytes" },
    { "footer", LINES_MAX, LINE_MAX, MAIL_WORDS_MAX_BYTES,
      "at most 6 lines of 200 visible characters" ALLOWED "with the longest names at most 4096 bytes" },
};

/* A letter of a host's label, of any script; braces, since a name comes there. */
static bool is_label_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80 || c == '{' || c == '}';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Before the slash stands a host: evil.example/verify. */
static bool is_host_before(str text, size_t slash)
{
    for (size_t at = slash; at-- > 0 && !strchr(" \n/", text.p[at]);) {
        bool later = at + 1 < slash && is_label_letter(text.p[at + 1]);
        char before = at > 0 ? text.p[at - 1] : '.';
        if (text.p[at] == '.' && later && (is_label_letter(before) || is_digit(before)))
            return true;
    }
    return false;
}

/* What a mail program makes a link of: addresses are in the part that is ours. */
static bool has_address(str text)
{
    static const char *const marks[] = { "://", "www.", "mailto:" };
    for (size_t at = 0; at < text.n; at++) {
        if (text.p[at] == '/' && is_host_before(text, at))
            return true;
        for (size_t i = 0; i < N(marks); i++) {
            str mark = str_of(marks[i]);
            if (mark.n <= text.n - at && str_eq_nocase((str){ text.p + at, mark.n }, mark))
                return true;
        }
    }
    return false;
}

/*
 * Mail programs make links of bare names as well: evil.example. A dot between a label and one of two letters or more
 * is one; abbreviations (z.B., U.S.A.) and numbers are none. Names in holes are the operator's, and not looked at.
 */
static bool has_bare_host(str text)
{
    for (size_t at = 1; at + 2 < text.n; at++) {
        char before = text.p[at - 1];
        if (text.p[at] == '.' && (is_label_letter(before) || is_digit(before)) && is_label_letter(text.p[at + 1]) &&
            is_label_letter(text.p[at + 2]))
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

/* How long it is with names of so many bytes in its holes. false: a brace that is no hole. */
static bool filled_measure(str text, size_t app_bytes, size_t partner_bytes, size_t *ret)
{
    str before, hole;
    *ret = 0;
    do {
        if (!hole_next(&text, &before, &hole))
            return false;
        *ret += before.n;
        if (str_given(hole))
            *ret += str_eq(hole, STR("app")) ? app_bytes : partner_bytes;
    } while (str_given(hole));
    return true;
}

/* What begins with a blank would stand apart in the letter, as codes and links do (letter.h). */
static bool line_good(str line, size_t line_max)
{
    return line_valid(line, line_max) && line.p[0] != ' ' && !has_address(line) && !has_bare_host(line);
}

static bool lines_good(str text, const struct part *part)
{
    str line;
    for (size_t left = part->lines; left > 0; left--) {
        bool more = str_cut(&text, '\n', &line);
        if (!more)
            return line_good(text, part->line_max);
        if (!line_good(line, part->line_max) && line.n > 0)
            return false;
    }
    return false;
}

/* Names are chosen later than the words: a part has to be good with all of them. */
static bool part_good(str text, const struct part *part)
{
    size_t worst;
    return lines_good(text, part) && filled_measure(text, MAIL_NAME_MAX_BYTES, MAIL_NAME_MAX_BYTES, &worst) &&
           worst <= part->bytes_max;
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
            return (json_is_str(value, &text) && part_good(text, &parts[i])) || wrong(p, key, parts[i].allowed);
    return wrong(p, key, "subject, intro or footer");
}

static bool languages_judge(struct place *p, const struct json_value *of_mail, const struct languages *there)
{
    const struct json_value *words, *value;
    str key;
    if (json_kind(of_mail) != JSON_OBJECT)
        return wrong(p, STR_NONE, "an object of languages");
    for (size_t i = 0; json_member(of_mail, i, &p->tag, &words); i++) {
        if (!language_is_there(there, p->tag))
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

static bool begins_with_blank(str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == ' ' && (i == 0 || text.p[i - 1] == '\n'))
            return true;
    return false;
}

/* Absent also where it is longer than is allowed now, or a name makes an address of it or a line that stands apart. */
static str filled(struct arena *a, const struct json_value *words, const struct part *part,
                  const struct mail_names *names)
{
    struct buf out;
    str text, before, hole;
    size_t size;
    if (!json_get_str(words, part->name, &text) || !filled_measure(text, names->app.n, names->partner.n, &size) ||
        size > part->bytes_max)
        return STR_NONE;
    buf_init(&out, a, part->bytes_max);
    while (hole_next(&text, &before, &hole)) {
        buf_add(&out, before);
        if (!str_given(hole))
            break;
        buf_add(&out, str_eq(hole, STR("app")) ? names->app : names->partner);
    }
    return has_address(buf_str(&out)) || begins_with_blank(buf_str(&out)) ? STR_NONE : buf_str(&out);
}

void mail_words_find(struct arena *a, const struct json_value *mails, enum branded_mail mail, str tag,
                     const struct mail_names *names, struct mail_words *ret)
{
    const struct json_value *words = json_get(json_get(mails, mail_names_known[mail]), arena_cstr(a, tag));
    *ret = (struct mail_words){ filled(a, words, &parts[0], names), filled(a, words, &parts[1], names),
                                filled(a, words, &parts[2], names) };
}
