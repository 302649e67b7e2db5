/* See host.h. Letters are folded as UTS 46 folds them: NFKC and case. */
#include "shared/text/host.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "shared/base/buf.h"

#define HOST_MAX 253
#define LABEL_MAX 63
#define POINTS_MAX 64

/* ---- RFC 3492 with the parameters of section 5 ---- */

enum { BASE = 36, TMIN = 1, TMAX = 26, SKEW = 38, DAMP = 700, INITIAL_BIAS = 72, INITIAL_N = 128 };

static char digit_of(uint32_t d)
{
    return (char)(d < 26 ? 'a' + d : '0' + (d - 26));
}

static uint32_t adapt(uint32_t delta, uint32_t points, bool is_first)
{
    uint32_t k = 0;
    delta = is_first ? delta / DAMP : delta / 2;
    delta += delta / points;
    for (; delta > ((BASE - TMIN) * TMAX) / 2; k += BASE)
        delta /= BASE - TMIN;
    return k + (BASE - TMIN + 1) * delta / (delta + SKEW);
}

static void variable_length(struct buf *out, uint32_t delta, uint32_t bias)
{
    uint32_t q = delta;
    for (uint32_t k = BASE;; k += BASE) {
        uint32_t t = k <= bias ? TMIN : k >= bias + TMAX ? TMAX : k - bias;
        if (q < t)
            break;
        buf_add_char(out, digit_of(t + (q - t) % (BASE - t)));
        q = (q - t) / (BASE - t);
    }
    buf_add_char(out, digit_of(q));
}

static uint32_t next_above(const utf8proc_int32_t *points, size_t n, uint32_t least)
{
    uint32_t found = UINT32_MAX;
    for (size_t i = 0; i < n; i++)
        if ((uint32_t)points[i] >= least && (uint32_t)points[i] < found)
            found = (uint32_t)points[i];
    return found;
}

/* Numbers stay small: at most 64 code points of 21 bits. */
static void punycode(struct buf *out, const utf8proc_int32_t *points, size_t n)
{
    uint32_t at = INITIAL_N, delta = 0, bias = INITIAL_BIAS, basic = 0;
    for (size_t i = 0; i < n; i++)
        if (points[i] < 128) {
            buf_add_char(out, (char)points[i]);
            basic++;
        }
    uint32_t handled = basic;
    if (basic)
        buf_add_char(out, '-');
    while (handled < n) {
        uint32_t next = next_above(points, n, at);
        delta += (next - at) * (handled + 1);
        at = next;
        for (size_t i = 0; i < n; i++) {
            if ((uint32_t)points[i] < at)
                delta++;
            if ((uint32_t)points[i] != at)
                continue;
            variable_length(out, delta, bias);
            bias = adapt(delta, handled + 1, handled == basic);
            delta = 0;
            handled++;
        }
        delta++;
        at++;
    }
}

/* ---- labels ---- */

/* Letters, their marks, digits and the hyphen. */
static bool point_is_allowed(utf8proc_int32_t c)
{
    utf8proc_category_t kind = utf8proc_category(c);
    if (c < 128)
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    return kind == UTF8PROC_CATEGORY_LL || kind == UTF8PROC_CATEGORY_LO || kind == UTF8PROC_CATEGORY_LM ||
           kind == UTF8PROC_CATEGORY_MN || kind == UTF8PROC_CATEGORY_MC || kind == UTF8PROC_CATEGORY_ND;
}

static bool points_of(str label, utf8proc_int32_t *points, size_t *n, bool *is_ascii)
{
    *n = 0;
    *is_ascii = true;
    for (size_t at = 0; at < label.n;) {
        utf8proc_int32_t c;
        utf8proc_ssize_t used =
            utf8proc_iterate((const utf8proc_uint8_t *)label.p + at, (utf8proc_ssize_t)(label.n - at), &c);
        if (used <= 0 || *n == POINTS_MAX || !point_is_allowed(c))
            return false;
        *is_ascii = *is_ascii && c < 128;
        points[(*n)++] = c;
        at += (size_t)used;
    }
    return *n > 0;
}

static bool label_add(struct buf *out, str label)
{
    utf8proc_int32_t points[POINTS_MAX];
    size_t n, before = buf_str(out).n;
    bool is_ascii;
    if (!points_of(label, points, &n, &is_ascii) || points[0] == '-' || points[n - 1] == '-')
        return false;
    bool has_prefix = n >= 4 && points[2] == '-' && points[3] == '-';
    if (has_prefix && (!is_ascii || !str_starts(label, STR("xn--"))))
        return false;
    if (is_ascii) {
        buf_add(out, label);
    } else {
        buf_add(out, STR("xn--"));
        punycode(out, points, n);
    }
    return buf_str(out).n - before <= LABEL_MAX;
}

static bool is_number(str label)
{
    for (size_t i = 0; i < label.n; i++)
        if (label.p[i] < '0' || label.p[i] > '9')
            return false;
    return true;
}

/* Folded, with the full stop of other scripts as ours. */
static bool fold(struct arena *a, str text, str *ret)
{
    struct buf b;
    utf8proc_uint8_t *made = NULL;
    utf8proc_ssize_t n =
        utf8proc_map((const utf8proc_uint8_t *)text.p, (utf8proc_ssize_t)text.n, &made,
                     UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    if (n < 0)
        return false;
    buf_init(&b, a, (size_t)n + 1);
    for (utf8proc_ssize_t i = 0; i < n; i++) {
        if (n - i >= 3 && memcmp(made + i, "\xe3\x80\x82", 3) == 0) {
            buf_add_char(&b, '.');
            i += 2;
        } else {
            buf_add_char(&b, (char)made[i]);
        }
    }
    free(made);
    *ret = buf_str(&b);
    return true;
}

bool host_normal(struct arena *a, str text, str *ret)
{
    struct buf out;
    str rest, label = STR_NONE;
    size_t labels = 0;
    if (text.n == 0 || text.n > 4 * HOST_MAX || !fold(a, text, &rest))
        return false;
    if (rest.n && rest.p[rest.n - 1] == '.')
        rest.n--;
    buf_init(&out, a, 8 * HOST_MAX);
    for (bool more = true; more; labels++) {
        more = str_cut(&rest, '.', &label);
        if (!more)
            label = rest;
        if (labels)
            buf_add_char(&out, '.');
        if (!label_add(&out, label) || buf_str(&out).n > HOST_MAX)
            return false;
    }
    if (labels < 2 || is_number(label))
        return false;
    *ret = buf_str(&out);
    return true;
}

bool host_is_within(str host, str domain)
{
    if (host.n <= domain.n)
        return str_eq_nocase(host, domain);
    str tail = { host.p + host.n - domain.n, domain.n };
    return domain.n > 0 && host.p[host.n - domain.n - 1] == '.' && str_eq_nocase(tail, domain);
}
