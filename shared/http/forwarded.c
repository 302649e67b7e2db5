/* See forwarded.h. Whatever cannot be read is absent, and the connection's own facts stay. SECURITY case 224. */
#include "shared/http/forwarded.h"

#include <arpa/inet.h>

static str trim(str s)
{
    while (s.n && (*s.p == ' ' || *s.p == '\t'))
        s = (str){ s.p + 1, s.n - 1 };
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

/* 192.0.2.1, 192.0.2.1:4711, 2001:db8::1, [2001:db8::1], [2001:db8::1]:4711 */
static str address_of(str node)
{
    str address = trim(node), after = address;
    if (address.n && *address.p == '[') {
        after = (str){ after.p + 1, after.n - 1 };
        if (!str_cut(&after, ']', &address))
            return STR_NONE;
    } else if (str_cut(&after, ':', &address) && memchr(after.p, ':', after.n)) {
        address = trim(node); /* two colons: an IPv6 address without brackets */
    }
    char text[INET6_ADDRSTRLEN];
    unsigned char parsed[16];
    if (address.n == 0 || address.n >= sizeof text)
        return STR_NONE;
    memcpy(text, address.p, address.n);
    text[address.n] = '\0';
    return inet_pton(AF_INET, text, parsed) == 1 || inet_pton(AF_INET6, text, parsed) == 1 ? address : STR_NONE;
}

static str last_item(str list)
{
    str head;
    while (str_cut(&list, ',', &head))
        continue;
    return trim(list);
}

/* Cuts at c, but not inside of a quoted string. false: no c. */
static bool cut_unquoted(str *rest, char c, str *head)
{
    bool quoted = false;
    for (size_t i = 0; i < rest->n; i++) {
        char at = rest->p[i];
        if (at == '"')
            quoted = !quoted;
        else if (at == '\\' && quoted)
            i++;
        else if (at == c && !quoted) {
            *head = (str){ rest->p, i };
            *rest = (str){ rest->p + i + 1, rest->n - i - 1 };
            return true;
        }
    }
    return false;
}

/* A node, scheme or host needs no escapes, so a value with one is not read. */
static str unquoted(str value)
{
    if (value.n < 2 || *value.p != '"')
        return value;
    value = (str){ value.p + 1, value.n - 1 };
    if (value.p[value.n - 1] != '"' || memchr(value.p, '\\', value.n))
        return STR_NONE;
    return (str){ value.p, value.n - 1 };
}

static void pair_take(str pair, struct forwarded *ret)
{
    str value = trim(pair), name;
    if (!str_cut(&value, '=', &name))
        return;
    value = unquoted(value);
    if (str_eq_nocase(name, STR("for")))
        ret->peer = address_of(value);
    else if (str_eq_nocase(name, STR("proto")))
        ret->proto = value;
    else if (str_eq_nocase(name, STR("host")))
        ret->host = value;
}

/* The header may come in several lines; the last of them ends with the last hop. */
static str last_line(const struct request *rq, str name)
{
    str found = STR_NONE;
    for (size_t i = 0; i < rq->n_headers; i++)
        if (str_eq_nocase(rq->headers[i].name, name))
            found = rq->headers[i].value;
    return found;
}

void forwarded_read(const struct request *rq, bool is_rfc7239, struct forwarded *ret)
{
    *ret = (struct forwarded){ STR_NONE, STR_NONE, STR_NONE };
    if (!is_rfc7239) {
        ret->peer = address_of(last_item(request_header(rq, "x-forwarded-for")));
        ret->proto = request_header(rq, "x-forwarded-proto");
        ret->host = request_header(rq, "x-forwarded-host");
        return;
    }
    str hop = last_line(rq, STR("forwarded")), pair;
    while (cut_unquoted(&hop, ',', &pair))
        continue;
    while (cut_unquoted(&hop, ';', &pair))
        pair_take(pair, ret);
    pair_take(hop, ret);
}
