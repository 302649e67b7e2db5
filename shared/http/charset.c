/* One predicate over bytes per set; URLs and addresses are parsed. */
#include "shared/http/charset.h"

#include "shared/text/encode.h"
#include "shared/text/url.h"

#define UPPER_LETTER(c) ((c) >= 'A' && (c) <= 'Z')
#define LOWER_LETTER(c) ((c) >= 'a' && (c) <= 'z')
#define DIGIT(c) ((c) >= '0' && (c) <= '9')

static bool all(str s, bool (*is)(unsigned char c))
{
    for (size_t i = 0; i < s.n; i++)
        if (!is((unsigned char)s.p[i]))
            return false;
    return true;
}

static bool is_text(unsigned char c)
{
    return (c >= 0x20 && c != 0x7f) || c == '\t' || c == '\n' || c == '\r';
}

static bool is_token(unsigned char c)
{
    return c > 0x20 && c < 0x7f;
}

static bool is_unreserved(unsigned char c)
{
    return UPPER_LETTER(c) || LOWER_LETTER(c) || DIGIT(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static bool is_base64url(unsigned char c)
{
    return UPPER_LETTER(c) || LOWER_LETTER(c) || DIGIT(c) || c == '-' || c == '_';
}

static bool is_digit(unsigned char c)
{
    return DIGIT(c);
}

static bool is_capital(unsigned char c)
{
    return UPPER_LETTER(c);
}

static bool is_id(unsigned char c)
{
    return LOWER_LETTER(c) || DIGIT(c) || c == '_';
}

/* RFC 6749 section 3.3: %x21 / %x23-5B / %x5D-7E, and single spaces between words. */
static bool is_words(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == ' ' && i > 0 && i + 1 < s.n && s.p[i - 1] != ' ')
            continue;
        if (!is_token(c) || c == '"' || c == '\\')
            return false;
    }
    return true;
}

/* Deliberately plain: one '@', a dotted host of letters, digits and hyphens, no quotes, no comments. */
static bool is_email(str s)
{
    str local, host = s;
    if (s.n > 254 || !str_cut(&host, '@', &local) || local.n == 0 || local.n > 64 || host.n < 3)
        return false;
    for (size_t i = 0; i < local.n; i++) {
        unsigned char c = (unsigned char)local.p[i];
        if (!is_token(c) || strchr("\"(),:;<>@[\\]", c))
            return false;
    }
    if (local.p[0] == '.' || local.p[local.n - 1] == '.')
        return false;
    bool dotted = false;
    for (size_t i = 0; i < host.n; i++) {
        unsigned char c = (unsigned char)host.p[i];
        bool edge = i == 0 || i + 1 == host.n || host.p[i - 1] == '.';
        if (!(is_base64url(c) && c != '_') && !(c == '.' && !edge))
            return false;
        dotted |= c == '.';
    }
    return dotted;
}

static bool is_uri(str s)
{
    struct url url;
    return url_parse(s, &url);
}

bool charset_holds(enum param_set set, str s)
{
    switch (set) {
    case TEXT:
        return all(s, is_text) && utf8_valid(s);
    case LINE:
        return utf8_is_line(s);
    case TOKEN:
        return all(s, is_token);
    case UNRESERVED:
        return all(s, is_unreserved);
    case BASE64URL:
        return all(s, is_base64url);
    case DIGITS:
        return all(s, is_digit);
    case URI:
        return is_uri(s);
    case EMAIL:
        return is_email(s);
    case CURRENCY:
        return s.n == 3 && all(s, is_capital);
    case WORDS:
        return is_words(s);
    case ID:
        return all(s, is_id);
    }
    return false;
}

const char *charset_name(enum param_set set)
{
    switch (set) {
    case TEXT:
        return "of text";
    case LINE:
        return "of text on one line, without controls and what turns its direction";
    case TOKEN:
        return "of printable ASCII without spaces";
    case UNRESERVED:
        return "of letters, digits, '-', '.', '_' and '~'";
    case BASE64URL:
        return "of base64url";
    case DIGITS:
        return "that are digits";
    case URI:
        return "that are a URL";
    case EMAIL:
        return "that are an e-mail address";
    case CURRENCY:
        return "that are an ISO 4217 currency code";
    case WORDS:
        return "that are words separated by single spaces";
    case ID:
        return "of lower-case letters, digits and '_'";
    }
    return "";
}
