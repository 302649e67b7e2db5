/* See sheet.h. */
#include "paysrv/domain/report/sheet.h"

#include "shared/base/buf.h"
#include "shared/text/compose.h"
#include "shared/text/encode.h"

#define TEXT_MAX_CHARACTERS 2000
#define SUBSTITUTE 0xFFFD
#define NARROW_SPACE 0x202F /* between the thousands of French numbers */

/* ---- characters ---- */

/* Left to right, one glyph after the other: Latin, Greek, Cyrillic, Armenian, Georgian and their punctuation. */
static bool is_simple(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        { 0x20, 0x7E },     { 0xA0, 0xAC },     { 0xAE, 0x2FF },    { 0x370, 0x482 },
        { 0x48A, 0x52F },   { 0x531, 0x58A },   { 0x10A0, 0x10FF }, { 0x1E00, 0x1FFF },
        { 0x2010, 0x2027 }, { 0x202F, 0x205E }, { 0x20A0, 0x20CF }, { 0x2100, 0x214F },
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

bool sheet_script_is_simple(str text)
{
    while (text.n)
        if (!is_simple(utf8_next(&text)))
            return false;
    return true;
}

static bool can_show(const struct sheet *s, uint32_t c)
{
    return is_simple(c) && s->advance(s->font, c) >= 0;
}

str sheet_shown(struct sheet *s, str text)
{
    struct buf out;
    str substitute = s->advance(s->font, SUBSTITUTE) >= 0 ? STR("\uFFFD") : STR("?");
    /* Marks put over a letter would overlap it; as one character the font has them. */
    str rest = text_composed(s->arena, (str){ text.p, text.p ? utf8_prefix(text) : 0 });
    buf_init(&out, s->arena, (size_t)TEXT_MAX_CHARACTERS * 4 + 4);
    for (size_t i = 0; rest.n && i < TEXT_MAX_CHARACTERS; i++) {
        str character = rest;
        uint32_t c = utf8_next(&rest);
        character.n -= rest.n;
        if (c == '\t' || c == '\n' || c == '\r') {
            buf_add_char(&out, ' ');
        } else if (can_show(s, c)) {
            buf_add(&out, character);
        } else if (c == NARROW_SPACE) {
            buf_add(&out, STR("\u00a0"));
        } else {
            buf_add(&out, substitute);
            s->has_substitutes = true;
        }
    }
    if (text.p && utf8_prefix(text) < text.n) {
        buf_add(&out, substitute);
        s->has_substitutes = true;
    }
    return buf_str(&out);
}

static int32_t width_of(const struct sheet *s, uint32_t c, int32_t size)
{
    int32_t advance = s->advance(s->font, c);
    return advance < 0 ? 0 : (int32_t)((int64_t)advance * size / 1000);
}

int32_t sheet_width(const struct sheet *s, str shown, int32_t size)
{
    int32_t width = 0;
    while (shown.n)
        width += width_of(s, utf8_next(&shown), size);
    return width;
}

/* ---- what fits ---- */

/* The bytes of the longest beginning that is not wider. */
static size_t prefix_of(const struct sheet *s, str shown, int32_t size, int32_t width)
{
    str rest = shown;
    while (rest.n) {
        str before = rest;
        width -= width_of(s, utf8_next(&rest), size);
        if (width < 0)
            return shown.n - before.n;
    }
    return shown.n;
}

str sheet_fit(const struct sheet *s, str shown, int32_t size, int32_t width)
{
    if (sheet_width(s, shown, size) <= width)
        return shown;
    str ellipsis = s->advance(s->font, 0x2026) >= 0 ? STR("\u2026") : STR("...");
    size_t n = prefix_of(s, shown, size, width - sheet_width(s, ellipsis, size));
    return arena_printf(s->arena, "%.*s%.*s", (int)n, shown.p, STR_ARG(ellipsis));
}

static str trimmed(str s)
{
    while (s.n && s.p[0] == ' ')
        s = (str){ s.p + 1, s.n - 1 };
    while (s.n && s.p[s.n - 1] == ' ')
        s.n--;
    return s;
}

static size_t line_of(const struct sheet *s, str rest, int32_t size, int32_t width)
{
    size_t n = prefix_of(s, rest, size, width);
    if (n == rest.n)
        return n;
    for (size_t i = n; i > 0; i--)
        if (rest.p[i] == ' ')
            return i;
    if (n)
        return n;
    str after = rest;
    utf8_next(&after);
    return rest.n - after.n;
}

size_t sheet_wrap(const struct sheet *s, str shown, int32_t size, int32_t width, str *lines, size_t max)
{
    size_t n = 0;
    for (str rest = trimmed(shown); rest.n && n < max; n++) {
        size_t taken = n + 1 == max ? rest.n : line_of(s, rest, size, width);
        lines[n] = trimmed((str){ rest.p, taken });
        rest = trimmed((str){ rest.p + taken, rest.n - taken });
    }
    if (n)
        lines[n - 1] = sheet_fit(s, lines[n - 1], size, width);
    return n;
}

/* ---- marks ---- */

void sheet_begin(struct sheet *s, struct arena *a, sheet_advance *advance, void *font)
{
    *s = (struct sheet){ .arena = a, .advance = advance, .font = font };
    sheet_page(s);
}

void sheet_page(struct sheet *s)
{
    s->pages++;
    s->y = SHEET_TOP;
}

bool sheet_down(struct sheet *s, int32_t height)
{
    bool is_new = s->y - height < SHEET_BOTTOM;
    if (is_new)
        sheet_page(s);
    s->y -= height;
    return is_new;
}

void sheet_mark_at(struct sheet *s, struct sheet_mark mark)
{
    if (s->n == s->cap) {
        size_t cap = s->cap ? 2 * s->cap : 128;
        struct sheet_mark *marks = arena_array(s->arena, struct sheet_mark, cap);
        if (s->n)
            memcpy(marks, s->marks, s->n * sizeof *marks);
        s->marks = marks;
        s->cap = cap;
    }
    s->marks[s->n++] = mark;
}

void sheet_put(struct sheet *s, int32_t x, int32_t size, str shown)
{
    sheet_mark_at(s, (struct sheet_mark){ s->pages, x, s->y, size, 0, shown });
}

void sheet_put_sum(struct sheet *s, int32_t right, int32_t width, int32_t size, str shown)
{
    int32_t wide = sheet_width(s, shown, size);
    if (wide > width)
        size = (int32_t)((int64_t)size * width / wide);
    sheet_put(s, right - sheet_width(s, shown, size), size, shown);
}

void sheet_line(struct sheet *s, int32_t x, int32_t to_x)
{
    sheet_mark_at(s, (struct sheet_mark){ s->pages, x, s->y, 0, to_x, STR_NONE });
}
