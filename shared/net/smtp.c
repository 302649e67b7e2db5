/* Mail over libcurl's SMTP and MIME. See smtp.h. The relay is configuration, so the guard of fetch() is not in the way.
 */
#include "shared/net/smtp.h"

#include <curl/curl.h>
#include <string.h>

#include "shared/base/buf.h"
#include "shared/base/panic.h"
#include "shared/net/mail_text.h"
#include "shared/net/vendor.h"
#include "shared/text/url.h"

#define LIMIT_MS 15000L

struct envelope {
    str from, to, subject, date, id;
    str sender; /* whom a relay tells that it cannot deliver */
};

static bool is_id(str id)
{
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '_' && c != '-' && c != '.')
            return false;
    }
    return id.n > 0 && id.n <= 100;
}

/* ---- what the server says ---- */

static size_t digits_in(str s, size_t from)
{
    size_t n = 0;
    while (from + n < s.n && s.p[from + n] >= '0' && s.p[from + n] <= '9')
        n++;
    return n;
}

/* "5.1.1" (RFC 3463), if it stands there; how long it is. */
static size_t enhanced_in(str s, size_t from)
{
    size_t at = from;
    for (int part = 0; part < 3; part++) {
        size_t n = digits_in(s, at);
        if (n < 1 || n > 3)
            return 0;
        at += n;
        if (part < 2 && (at == s.n || s.p[at++] != '.'))
            return 0;
    }
    return at - from;
}

/* 552 is "full", which passes (RFC 5321 section 4.5.3.1.10); 530, 534, 535 and 538 are about how we sign in. */
bool smtp_refuses(str line, str *code)
{
    static const char *const passing[] = { "552", "530", "534", "535", "538" };
    if (digits_in(line, 0) != 3 || line.p[0] != '5' || (line.n > 3 && !memchr(" -\r\n", line.p[3], 4)))
        return false;
    for (size_t i = 0; i < sizeof passing / sizeof passing[0]; i++)
        if (memcmp(line.p, passing[i], 3) == 0)
            return false;
    size_t enhanced = enhanced_in(line, 4);
    *code = (str){ line.p, enhanced ? 4 + enhanced : 3 };
    return true;
}

enum { CODE_MAX = 20 };
struct dialogue {
    bool is_about_mail; /* the last command was RCPT or DATA */
    char refusal[CODE_MAX];
};

static bool begins(str line, const char *word)
{
    size_t n = strlen(word);
    return line.n >= n && memcmp(line.p, word, n) == 0;
}

static int dialogue_hear(CURL *easy, curl_infotype type, char *data, size_t n, void *context)
{
    (void)easy;
    struct dialogue *d = context;
    str line = { data, n }, code;
    if (type == CURLINFO_HEADER_OUT)
        d->is_about_mail = begins(line, "RCPT") || begins(line, "DATA");
    else if (type == CURLINFO_HEADER_IN && d->is_about_mail && !d->refusal[0] && smtp_refuses(line, &code))
        memcpy(d->refusal, code.p, code.n);
    if (d->refusal[0] && d->refusal[3])
        d->refusal[3] = ' '; /* the first line of several has "550-5.1.1" */
    return 0;
}

/* ---- the mail ---- */

static const char *envelope_make(struct task *t, const struct smtp_config *config, const struct mail *m,
                                 struct envelope *ret)
{
    if (!mail_address_of(config->from, &ret->from))
        return "the sender is no plain mail address";
    if (!mail_address_is_safe(m->to))
        return "the recipient is no plain mail address";
    if (!mail_header_encode(t->arena, m->subject, &ret->subject))
        return "the subject holds control characters, or is too long";
    if (!is_id(m->id))
        return "the id of the mail may hold letters, digits, '-', '_' and '.' only";
    ret->to = m->to;
    ret->date = mail_date(t->arena, t->now);
    str domain = ret->from, local;
    str_cut(&domain, '@', &local);
    ret->id = arena_printf(t->arena, "<%.*s@%.*s>", STR_ARG(m->id), STR_ARG(domain));
    ret->sender = ret->from;
    if (!str_given(config->bounces) || config->bounces.n == 0)
        return NULL;
    domain = config->bounces;
    if (!mail_address_is_safe(domain) || !str_cut(&domain, '@', &local))
        return "the address for bounces is no plain mail address";
    ret->sender = arena_printf(t->arena, "%.*s+%.*s@%.*s", STR_ARG(local), STR_ARG(m->id), STR_ARG(domain));
    return NULL;
}

static void free_list(void *list)
{
    curl_slist_free_all(list);
}

static struct curl_slist *list_add(struct task *t, struct curl_slist *list, str line)
{
    struct curl_slist *more = curl_slist_append(list, arena_cstr(t->arena, line));
    if (!more)
        panic("out of memory");
    return more;
}

/*
 * The same once or twice, the plainest first (RFC 2046 section 5.1.4); of this kind also with one part: what libcurl
 * makes of itself, mixed, is what mail programs show a paper clip for.
 */
#define ALTERNATIVES STR("Content-Type: multipart/alternative")

static struct curl_slist *headers_make(struct task *t, const struct smtp_config *config, const struct envelope *e)
{
    struct arena *a = t->arena;
    struct curl_slist *list = list_add(t, NULL, arena_printf(a, "Date: %.*s", STR_ARG(e->date)));
    list_add(t, list, arena_printf(a, "From: %.*s", STR_ARG(config->from)));
    list_add(t, list, arena_printf(a, "To: <%.*s>", STR_ARG(e->to)));
    list_add(t, list, arena_printf(a, "Subject: %.*s", STR_ARG(e->subject)));
    list_add(t, list, arena_printf(a, "Message-ID: %.*s", STR_ARG(e->id)));
    list_add(t, list, STR("Auto-Submitted: auto-generated"));
    list_add(t, list, ALTERNATIVES);
    arena_defer(a, free_list, list);
    return list;
}

/* Lines end in CRLF in a mail; a line break alone would be taken for data and encoded. */
static str with_crlf(struct arena *a, str text)
{
    struct buf out;
    str line;
    buf_init(&out, a, 2 * text.n + 2);
    while (str_cut(&text, '\n', &line)) {
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        buf_add(&out, line);
        buf_add(&out, STR("\r\n"));
    }
    buf_add(&out, text);
    return buf_str(&out);
}

static bool part_add(curl_mime *mime, str text, const char *type)
{
    curl_mimepart *part = curl_mime_addpart(mime);
    return part && curl_mime_data(part, text.p, text.n) == CURLE_OK && curl_mime_type(part, type) == CURLE_OK &&
           curl_mime_encoder(part, "quoted-printable") == CURLE_OK;
}

static curl_mime *body_make(struct arena *a, CURL *easy, const struct mail *m)
{
    curl_mime *mime = curl_mime_init(easy);
    bool made = mime && part_add(mime, with_crlf(a, m->text), "text/plain; charset=utf-8");
    if (made && str_given(m->html))
        made = part_add(mime, with_crlf(a, m->html), "text/html; charset=utf-8");
    if (!made)
        panic("out of memory");
    return mime;
}

static void free_mime(void *mime)
{
    curl_mime_free(mime);
}

static void free_easy(void *easy)
{
    curl_easy_cleanup(easy);
}

/* What stands between "//" and the next '/'. */
static str authority_of(str url)
{
    str rest = url, skipped, authority;
    str_cut(&rest, '/', &skipped);
    str_cut(&rest, '/', &skipped);
    return str_cut(&rest, '/', &authority) ? authority : rest;
}

/* Credentials only over TLS; a relay on this machine is spoken to as it is; elsewhere TLS when it is offered. */
static long tls_need(str url)
{
    str rest = authority_of(url), host;
    if (str_cut(&rest, '@', &host))
        return (long)CURLUSESSL_ALL;
    if (!str_cut(&rest, ':', &host))
        host = rest;
    return (long)(url_host_is_loopback(host) ? CURLUSESSL_NONE : CURLUSESSL_TRY);
}

#define SET(option, value)                                                                                             \
    do {                                                                                                               \
        if (curl_easy_setopt(easy, (option), (value)) != CURLE_OK)                                                     \
            panic("libcurl lacks an option that mail needs");                                                          \
    } while (0)

static void options_set(struct task *t, CURL *easy, const struct smtp_config *config, const struct envelope *e)
{
    struct curl_slist *to = list_add(t, NULL, arena_printf(t->arena, "<%.*s>", STR_ARG(e->to)));
    arena_defer(t->arena, free_list, to);
    SET(CURLOPT_URL, arena_cstr(t->arena, config->url));
    SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NOPROXY, "*");
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_TIMEOUT_MS, LIMIT_MS);
    SET(CURLOPT_USE_SSL, tls_need(config->url));
    SET(CURLOPT_MAIL_FROM, arena_cstr(t->arena, arena_printf(t->arena, "<%.*s>", STR_ARG(e->sender))));
    SET(CURLOPT_MAIL_RCPT, to);
    SET(CURLOPT_HTTPHEADER, headers_make(t, config, e));
}

enum smtp_result smtp_send(struct task *t, const struct smtp_config *config, const struct mail *m, str *why)
{
    struct envelope e;
    struct dialogue said = { .is_about_mail = false };
    const char *wrong = envelope_make(t, config, m, &e);
    if (wrong) {
        *why = str_of(wrong);
        return mail_address_is_safe(m->to) ? SMTP_POSTPONED : SMTP_REFUSED;
    }
    vendor_init();
    CURL *easy = curl_easy_init();
    if (!easy)
        panic("out of memory");
    curl_mime *mime = body_make(t->arena, easy, m);
    /* Run in reverse: the handle goes before the parts that it sends. */
    arena_defer(t->arena, free_mime, mime);
    arena_defer(t->arena, free_easy, easy);
    options_set(t, easy, config, &e);
    SET(CURLOPT_MIMEPOST, mime);
    SET(CURLOPT_DEBUGFUNCTION, dialogue_hear);
    SET(CURLOPT_DEBUGDATA, &said);
    SET(CURLOPT_VERBOSE, 1L);
    CURLcode code = curl_easy_perform(easy);
    *why = code == CURLE_OK ? STR_NONE : str_of(curl_easy_strerror(code));
    if (code == CURLE_OK || !said.refusal[0])
        return code == CURLE_OK ? SMTP_SENT : SMTP_POSTPONED;
    *why = arena_str(t->arena, str_of(said.refusal));
    return SMTP_REFUSED;
}
