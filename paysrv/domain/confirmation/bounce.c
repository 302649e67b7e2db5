/* See bounce.h. Lines end in LF or CRLF: mail systems hand a mail over in either. */
#include "paysrv/domain/confirmation/bounce.h"

#define FIELD_MAX_BYTES 4000
#define BOUNDARY_MAX_BYTES 70
#define ID_PREFIX "mail_"
#define ID_CHARS 26 /* of random_id */

struct report {
    struct arena *arena;
    str why;
    struct bounce found;
    bool has_status, has_recipient;
};

static bool refuse(struct report *r, const char *why)
{
    if (!str_given(r->why))
        r->why = str_of(why);
    return false;
}

/* ---- lines and fields ---- */

static bool line_next(str *rest, str *line)
{
    if (rest->n == 0)
        return false;
    if (!str_cut(rest, '\n', line)) {
        *line = *rest;
        rest->n = 0;
    }
    if (line->n > 0 && line->p[line->n - 1] == '\r')
        line->n--;
    return true;
}

static str trimmed(str s)
{
    while (s.n > 0 && (*s.p == ' ' || *s.p == '\t')) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

/*
 * One field with the lines that continue it, off *rest; its value as it stands. false: the empty line, which is taken,
 * or the end. Nothing is copied here: anybody may send such a mail, and one of a great many small lines has to cost no
 * more than another.
 */
static bool field_next(str *rest, str *name, str *value)
{
    str line, next;
    if (!line_next(rest, &line) || line.n == 0)
        return false;
    *value = line;
    for (str after = *rest; line_next(&after, &next) && next.n > 0 && (*next.p == ' ' || *next.p == '\t');
         after = *rest) {
        value->n = (size_t)(next.p + next.n - value->p);
        *rest = after;
    }
    if (!str_cut(value, ':', name))
        *name = *value = STR("");
    *name = trimmed(*name);
    *value = trimmed(*value);
    return true;
}

/* Without the ends of its lines. */
static str unfolded(struct arena *a, str value)
{
    if (value.n > FIELD_MAX_BYTES)
        return STR("");
    if (value.n == 0 || !memchr(value.p, '\n', value.n))
        return value;
    char *text = arena_alloc(a, value.n);
    size_t n = 0;
    for (size_t i = 0; i < value.n; i++) {
        bool is_end = value.p[i] == '\n' || (value.p[i] == '\r' && i + 1 < value.n && value.p[i + 1] == '\n');
        if (!is_end)
            text[n++] = value.p[i];
    }
    return (str){ text, n };
}

/* The first field of that name; the header's end is where *body begins. */
static str field_of(struct arena *a, str message, const char *wanted, str *body)
{
    str name, value, found = STR_NONE;
    while (field_next(&message, &name, &value))
        if (!str_given(found) && str_eq_nocase(name, str_of(wanted)))
            found = value;
    *body = message;
    return str_given(found) ? unfolded(a, found) : STR_NONE;
}

/* ---- types ---- */

/* "multipart/report; report-type=...; boundary=...": whether it is of that type. */
static bool is_type(str content_type, const char *type)
{
    str rest = content_type, main;
    if (!str_cut(&rest, ';', &main))
        main = content_type;
    return str_given(content_type) && str_eq_nocase(trimmed(main), str_of(type));
}

static str unquoted(str s)
{
    bool is_quoted = s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"';
    return is_quoted ? (str){ s.p + 1, s.n - 2 } : s;
}

/* No parameter that matters here has a ';' in it. */
static str parameter(str content_type, const char *wanted)
{
    str rest = content_type, part, name;
    for (bool is_last = false; !is_last;) {
        if (!str_cut(&rest, ';', &part)) {
            part = rest;
            is_last = true;
        }
        if (str_cut(&part, '=', &name) && str_eq_nocase(trimmed(name), str_of(wanted)))
            return unquoted(trimmed(part));
    }
    return STR_NONE;
}

/* ---- which mail ---- */

static bool is_id_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

/* The id in <mail_...@domain>, bounces+mail_...@domain or mail_... */
static str id_in(str text)
{
    const size_t n = sizeof ID_PREFIX - 1 + ID_CHARS;
    const char *at = text.n ? memmem(text.p, text.n, ID_PREFIX, sizeof ID_PREFIX - 1) : NULL;
    if (!at || (size_t)(text.p + text.n - at) < n)
        return STR_NONE;
    for (size_t i = sizeof ID_PREFIX - 1; i < n; i++)
        if (!is_id_char(at[i]))
            return STR_NONE;
    bool is_longer = at + n < text.p + text.n && is_id_char(at[n]);
    return is_longer ? STR_NONE : (str){ at, n };
}

static bool mail_note(struct report *r, str text)
{
    str id = id_in(text);
    if (!str_given(id))
        return true;
    if (str_given(r->found.mail) && !str_eq(r->found.mail, id))
        return refuse(r, "it names two mails");
    r->found.mail = id;
    return true;
}

/* ---- the status ---- */

/* "5.1.1", class 5. */
static bool is_for_good(str status)
{
    size_t digits = 0, parts = 1;
    for (size_t i = 0; i < status.n; i++) {
        if (status.p[i] == '.' && digits > 0) {
            parts++;
            digits = 0;
        } else if (status.p[i] < '0' || status.p[i] > '9' || ++digits > 3) {
            return false;
        }
    }
    return parts == 3 && digits > 0 && status.p[0] == '5' && status.p[1] == '.';
}

/* Behind the code some systems say in brackets what they mean. */
static str first_word(str s)
{
    str word = s;
    return str_next_word(&s, &word) ? word : STR("");
}

static bool recipient_read(struct report *r, str group)
{
    str name, value, action = STR_NONE, status = STR_NONE;
    while (field_next(&group, &name, &value)) {
        if (str_eq_nocase(name, STR("Action")))
            action = value;
        else if (str_eq_nocase(name, STR("Status")))
            status = value;
    }
    if (!str_given(action) || !str_given(status))
        return refuse(r, "a recipient has no Action or no Status");
    action = unfolded(r->arena, action);
    status = first_word(unfolded(r->arena, status));
    if (!str_eq_nocase(action, STR("failed")) || !is_for_good(status))
        return refuse(r, "it tells of no failure for good");
    r->found.status = status;
    r->has_recipient = true;
    return true;
}

/* The fields of the message, then a group for each recipient, of whom our mails have one. */
static bool status_read(struct report *r, str body)
{
    str nothing, line;
    if (r->has_status)
        return refuse(r, "it has more than one delivery status");
    r->has_status = true;
    if (!mail_note(r, field_of(r->arena, body, "Original-Envelope-Id", &nothing)))
        return false;
    for (str rest = nothing; rest.n > 0;) {
        str before = rest;
        if (!line_next(&rest, &line) || line.n == 0)
            continue;
        if (r->has_recipient)
            return refuse(r, "it tells of more than one recipient");
        if (!recipient_read(r, before))
            return false;
        field_of(r->arena, before, "", &rest);
    }
    return true;
}

/* ---- parts ---- */

static bool part_read(struct report *r, str part)
{
    str body, nothing;
    str type = field_of(r->arena, part, "Content-Type", &body);
    str coding = field_of(r->arena, part, "Content-Transfer-Encoding", &nothing);
    if (is_type(type, "message/delivery-status") || is_type(type, "message/global-delivery-status")) {
        if (str_given(coding) && !str_eq_nocase(coding, STR("7bit")) && !str_eq_nocase(coding, STR("8bit")))
            return refuse(r, "its delivery status is encoded");
        return status_read(r, body);
    }
    if (is_type(type, "message/rfc822") || is_type(type, "text/rfc822-headers") || is_type(type, "message/global") ||
        is_type(type, "message/global-headers"))
        return mail_note(r, field_of(r->arena, body, "Message-ID", &nothing));
    return true;
}

static bool is_delimiter(str line, str boundary, bool *is_end)
{
    if (line.n < boundary.n + 2 || memcmp(line.p, "--", 2) != 0 || memcmp(line.p + 2, boundary.p, boundary.n) != 0)
        return false;
    str after = trimmed((str){ line.p + 2 + boundary.n, line.n - 2 - boundary.n });
    *is_end = str_eq(after, STR("--"));
    return *is_end || after.n == 0;
}

static bool parts_read(struct report *r, str body, str boundary)
{
    str line, part = STR_NONE;
    bool is_end = false;
    for (str rest = body; !is_end;) {
        const char *at = rest.p;
        if (!line_next(&rest, &line))
            return refuse(r, "its last part does not end");
        if (!is_delimiter(line, boundary, &is_end))
            continue;
        if (str_given(part) && !part_read(r, (str){ part.p, (size_t)(at - part.p) }))
            return false;
        part = rest;
    }
    return true;
}

static bool report_read(struct report *r, str message)
{
    str body, nothing;
    str type = field_of(r->arena, message, "Content-Type", &body);
    str boundary = parameter(type, "boundary");
    if (!is_type(type, "multipart/report") || !str_eq_nocase(parameter(type, "report-type"), STR("delivery-status")))
        return refuse(r, "it is no multipart/report of a delivery-status");
    if (boundary.n == 0 || boundary.n > BOUNDARY_MAX_BYTES)
        return refuse(r, "its boundary is missing or too long");
    if (!mail_note(r, field_of(r->arena, message, "To", &nothing)) || !parts_read(r, body, boundary))
        return false;
    if (!r->has_recipient)
        return refuse(r, "it has no delivery status");
    return str_given(r->found.mail) || refuse(r, "it does not say which mail it is about");
}

bool bounce_read(struct arena *a, str message, struct bounce *ret, str *why)
{
    struct report r = { .arena = a };
    bool good = message.n <= BOUNCE_MAX_BYTES ? report_read(&r, message) : refuse(&r, "it is too large");
    *why = r.why;
    if (good)
        *ret = (struct bounce){ arena_str(a, r.found.mail), arena_str(a, r.found.status) };
    return good;
}
