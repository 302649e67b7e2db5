/* See language.h. */
#include "shared/text/language.h"

#define TAG_MAX_BYTES 35 /* RFC 5646 section 4.4.1 */
#define TAGS_MAX 32
#define QUALITY_MAX 1000

/* Written without the script or region that we have; or of another script, which its readers need not know. */
static const struct {
    str from, to; /* to absent: nothing of ours is it */
} aliases[] = {
    { STR("pt"), STR("pt-BR") },    { STR("zh"), STR("zh-Hans") }, { STR("zh-Hant"), STR_NONE },
    { STR("zh-TW"), STR_NONE },     { STR("zh-HK"), STR_NONE },    { STR("zh-MO"), STR_NONE },
    { STR("cmn"), STR("zh-Hans") }, { STR("cmn-Hant"), STR_NONE }, { STR("iw"), STR("he") },
};

bool language_is_there(const struct languages *there, str tag)
{
    for (size_t i = 0; i < there->n; i++)
        if (str_eq(there->tags[i], tag))
            return true;
    return false;
}

/* Whatever the case of its letters. */
static bool is_there(const struct languages *there, str tag, size_t *ret)
{
    for (size_t i = 0; i < there->n; i++)
        if (str_eq_nocase(there->tags[i], tag)) {
            *ret = i;
            return true;
        }
    return false;
}

static bool is_tag(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'))
            return false;
    }
    return s.n > 0 && s.n <= TAG_MAX_BYTES && s.p[0] != '-' && s.p[s.n - 1] != '-';
}

/* Cuts the last subtag, and with it a single letter before it: that one only says what kind the next one is. */
static str shorter(str tag)
{
    while (tag.n > 0 && tag.p[tag.n - 1] != '-')
        tag.n--;
    if (tag.n > 0)
        tag.n--;
    if (tag.n >= 2 && tag.p[tag.n - 2] == '-')
        tag.n -= 2;
    return tag;
}

static bool lookup(const struct languages *there, str tag, size_t *ret)
{
    if (!is_tag(tag))
        return false;
    for (; tag.n > 0; tag = shorter(tag)) {
        if (is_there(there, tag, ret))
            return true;
        for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
            if (str_eq_nocase(aliases[i].from, tag))
                return str_given(aliases[i].to) && is_there(there, aliases[i].to, ret);
    }
    return false;
}

bool language_find(const struct languages *there, str tags, size_t *ret)
{
    str tag;
    for (int i = 0; i < TAGS_MAX && str_next_word(&tags, &tag); i++)
        if (lookup(there, tag, ret))
            return true;
    return false;
}

static str trim(str s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = (str){ s.p + 1, s.n - 1 };
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

/* "q=0.8" in thousandths; what is none counts as 0: whoever writes it wrong does not ask for it. */
static int quality(str weight)
{
    weight = trim(weight);
    if (weight.n < 3 || weight.n > 7 || (weight.p[0] != 'q' && weight.p[0] != 'Q') || weight.p[1] != '=')
        return 0;
    int q = 0, digit = QUALITY_MAX;
    for (size_t i = 2; i < weight.n; i++) {
        char c = weight.p[i];
        if (i == 3 && c == '.')
            continue;
        if (c < '0' || c > '9' || i == 3)
            return 0;
        q += (c - '0') * digit;
        digit /= 10;
    }
    return q <= QUALITY_MAX ? q : 0;
}

bool language_accept(const struct languages *there, str header, size_t *ret)
{
    int best = 0;
    size_t found;
    for (int i = 0; i < TAGS_MAX && header.n > 0; i++) {
        str range = header, tag;
        if (!str_cut(&header, ',', &range))
            header.n = 0;
        bool weighted = str_cut(&range, ';', &tag);
        int q = weighted ? quality(range) : QUALITY_MAX;
        if (q > best && lookup(there, trim(weighted ? tag : range), &found)) {
            best = q;
            *ret = found;
        }
    }
    return best > 0;
}
