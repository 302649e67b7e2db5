/* Transliteration tables by block: Latin-1 and Latin Extended-A, Greek, Cyrillic. See bank_text.h. */
#include "paysrv/domain/bank/bank_text.h"

#include <stdint.h>

#include "shared/base/buf.h"
#include "shared/text/encode.h"

static const char *const latin[] = {
    "A",  "A", "A",  "A", "Ae", "A", "AE", "C",  "E",  "E", "E",  "E",  "I", "I", "I",  "I",  "D",  "N", "O",  "O",
    "O",  "O", "Oe", "x", "O",  "U", "U",  "U",  "Ue", "Y", "Th", "ss", "a", "a", "a",  "a",  "ae", "a", "ae", "c",
    "e",  "e", "e",  "e", "i",  "i", "i",  "i",  "d",  "n", "o",  "o",  "o", "o", "oe", ":",  "o",  "u", "u",  "u",
    "ue", "y", "th", "y", "A",  "a", "A",  "a",  "A",  "a", "C",  "c",  "C", "c", "C",  "c",  "C",  "c", "D",  "d",
    "D",  "d", "E",  "e", "E",  "e", "E",  "e",  "E",  "e", "E",  "e",  "G", "g", "G",  "g",  "G",  "g", "G",  "g",
    "H",  "h", "H",  "h", "I",  "i", "I",  "i",  "I",  "i", "I",  "i",  "I", "i", "IJ", "ij", "J",  "j", "K",  "k",
    "k",  "L", "l",  "L", "l",  "L", "l",  "L",  "l",  "L", "l",  "N",  "n", "N", "n",  "N",  "n",  "n", "N",  "n",
    "O",  "o", "O",  "o", "O",  "o", "OE", "oe", "R",  "r", "R",  "r",  "R", "r", "S",  "s",  "S",  "s", "S",  "s",
    "S",  "s", "T",  "t", "T",  "t", "T",  "t",  "U",  "u", "U",  "u",  "U", "u", "U",  "u",  "U",  "u", "U",  "u",
    "W",  "w", "Y",  "y", "Y",  "Z", "z",  "Z",  "z",  "Z", "z",  "s",
};

static const char *const greek[] = {
    "A", ".", "E", "I", "I", ".", "O", ".", "Y",  "O",  "i", "A", "V",  "G", "D",  "E",  "Z", "I", "TH",
    "I", "K", "L", "M", "N", "X", "O", "P", "R",  ".",  "S", "T", "Y",  "F", "CH", "PS", "O", "I", "Y",
    "a", "e", "i", "i", "y", "a", "v", "g", "d",  "e",  "z", "i", "th", "i", "k",  "l",  "m", "n", "x",
    "o", "p", "r", "s", "s", "t", "y", "f", "ch", "ps", "o", "i", "y",  "o", "y",  "o",
};

static const char *const cyrillic[] = {
    "E", "E", "Dj", "G", "Ye", "Dz", "I",  "Yi", "J",  "Lj",   "Nj", "C", "K", "I", "U",  "Dz",
    "A", "B", "V",  "G", "D",  "E",  "Zh", "Z",  "I",  "Y",    "K",  "L", "M", "N", "O",  "P",
    "R", "S", "T",  "U", "F",  "Kh", "Ts", "Ch", "Sh", "Shch", "",   "Y", "",  "E", "Yu", "Ya",
    "a", "b", "v",  "g", "d",  "e",  "zh", "z",  "i",  "y",    "k",  "l", "m", "n", "o",  "p",
    "r", "s", "t",  "u", "f",  "kh", "ts", "ch", "sh", "shch", "",   "y", "",  "e", "yu", "ya",
    "e", "e", "dj", "g", "ye", "dz", "i",  "yi", "j",  "lj",   "nj", "c", "k", "i", "u",  "dz",
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static const char *transliterated(uint32_t c)
{
    if (c >= 0xC0 && c - 0xC0 < COUNT(latin))
        return latin[c - 0xC0];
    if (c >= 0x386 && c - 0x386 < COUNT(greek))
        return greek[c - 0x386];
    if (c >= 0x400 && c - 0x400 < COUNT(cyrillic))
        return cyrillic[c - 0x400];
    switch (c) {
    case '&':
        return "+";
    case '_':
    case 0x2010:
    case 0x2011:
    case 0x2013:
    case 0x2014:
        return "-";
    case '"':
    case '`':
    case 0x2018:
    case 0x2019:
    case 0x201C:
    case 0x201D:
        return "'";
    case '\t':
    case '\n':
    case '\r':
    case 0xA0:
        return " ";
    case 0x1E9E:
        return "SS";
    case 0x20AC:
        return "EUR";
    default:
        return c >= 0x300 && c <= 0x36F ? "" : "."; /* combining marks of decomposed letters vanish */
    }
}

static bool is_in_set(uint32_t c)
{
    return c < 0x80 && (is_letter_or_digit((char)c) || strchr(" /-?:().,'+", (int)c)) && c != 0;
}

/* A space or a slash never opens the text and never follows its like. */
static void char_add(struct buf *b, char c)
{
    bool repeated = b->n == 0 || b->p[b->n - 1] == c;
    if ((c == ' ' || c == '/') && repeated)
        return;
    buf_add_char(b, c);
}

static bool is_russian(uint32_t c)
{
    return (c >= 0x410 && c <= 0x44F) || c == 0x401 || c == 0x451;
}

static size_t cut(const struct buf *b, size_t max)
{
    size_t n = 0, i = 0;
    for (; i < b->n; i++)
        if (((unsigned char)b->p[i] & 0xC0) != 0x80 && n++ == max)
            break;
    while (i > 0 && (b->p[i - 1] == ' ' || b->p[i - 1] == '/'))
        i--;
    return i;
}

static str text_of(struct arena *a, str s, size_t max, bool keeps_russian)
{
    struct buf b;
    buf_init(&b, a, max * 4 + 16);
    bool readable = false;
    for (str rest = s; rest.n > 0 && utf8_length(buf_str(&b)) < max;) {
        str before = rest;
        uint32_t c = utf8_next(&rest);
        if (keeps_russian && is_russian(c)) {
            buf_add(&b, (str){ before.p, before.n - rest.n });
            readable = true;
            continue;
        }
        char own[2] = { (char)c, 0 };
        for (const char *p = is_in_set(c) ? own : transliterated(c); *p; p++) {
            char_add(&b, *p);
            readable = readable || is_letter_or_digit(*p);
        }
    }
    return readable ? (str){ b.p, cut(&b, max) } : STR("");
}

str bank_text(struct arena *a, str s, size_t max)
{
    return text_of(a, s, max, false);
}

str bank_text_ru(struct arena *a, str s, size_t max)
{
    return text_of(a, s, max, true);
}
