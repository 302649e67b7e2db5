/* See zone.h. */
#include "shared/text/zone.h"

#include "shared/base/arena.h"
#include "shared/text/zone_rule.h"

#define HEAD_BYTES 44
#define FILE_MAX_BYTES 65536
#define NAME_MAX_CHARS 64

struct zone {
    const int64_t *times;   /* the transitions, ascending */
    const int64_t *offsets; /* n + 1: before the first, after the first, ... */
    size_t n;
    struct zone_rule rule; /* after the last */
    bool has_rule;
};

struct counts {
    size_t utc, std, leap, times, types, chars;
};

static bool name_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '+';
}

/* What the directory of the database holds beside zones that people live by: none, and the machine's own. */
static bool is_no_place(str name)
{
    return str_eq(name, STR("Factory")) || str_eq(name, STR("posixrules")) || str_eq(name, STR("localtime")) ||
           str_starts(name, STR("posix/")) || str_starts(name, STR("right/"));
}

bool zone_name_valid(str name)
{
    if (is_no_place(name) || name.n == 0 || name.n > NAME_MAX_CHARS || name.p[0] == '/' || name.p[name.n - 1] == '/')
        return false;
    for (size_t i = 0; i < name.n; i++)
        if (!name_char(name.p[i]) && (name.p[i] != '/' || name.p[i - 1] == '/'))
            return false;
    return true;
}

static int64_t read_be(const unsigned char *p, size_t n)
{
    uint64_t v = p[0] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < n; i++)
        v = v << 8 | p[i];
    return (int64_t)v;
}

static bool take(bytes *rest, size_t n, bytes *ret)
{
    if (rest->n < n)
        return false;
    *ret = (bytes){ rest->p, n };
    *rest = (bytes){ rest->p + n, rest->n - n };
    return true;
}

static bool take_head(bytes *rest, struct counts *ret)
{
    bytes head;
    size_t *const fields[6] = { &ret->utc, &ret->std, &ret->leap, &ret->times, &ret->types, &ret->chars };
    if (!take(rest, HEAD_BYTES, &head) || memcmp(head.p, "TZif", 4) != 0 || head.p[4] < '2')
        return false;
    for (size_t i = 0; i < 6; i++) {
        int64_t count = read_be(head.p + 20 + i * 4, 4);
        if (count < 0 || count > FILE_MAX_BYTES)
            return false;
        *fields[i] = (size_t)count;
    }
    return true;
}

/* The first block is for readers that know only 32 bits. */
static bool skip_first(bytes *rest)
{
    struct counts c;
    bytes skipped;
    return take_head(rest, &c) &&
           take(rest, c.times * 5 + c.types * 6 + c.chars + c.leap * 8 + c.std + c.utc, &skipped);
}

static bool take_transitions(struct arena *a, bytes *rest, struct zone *ret)
{
    struct counts c;
    bytes times, kinds, types, names;
    if (!take_head(rest, &c) || c.leap > 0 || c.types == 0 || !take(rest, c.times * 8, &times) ||
        !take(rest, c.times, &kinds) || !take(rest, c.types * 6, &types) ||
        !take(rest, c.chars + c.std + c.utc, &names))
        return false;
    int64_t *at = arena_array(a, int64_t, c.times + 1), *offset = arena_array(a, int64_t, c.times + 1);
    for (size_t i = 0; i < c.types; i++) {
        int64_t offset_s = read_be(types.p + i * 6, 4);
        if (offset_s < ZONE_OFFSET_MIN_S || offset_s > ZONE_OFFSET_MAX_S)
            return false;
    }
    offset[0] = read_be(types.p, 4);
    for (size_t i = 0; i < c.times; i++) {
        at[i] = read_be(times.p + i * 8, 8);
        if (kinds.p[i] >= c.types || (i > 0 && at[i] <= at[i - 1]))
            return false;
        offset[i + 1] = read_be(types.p + (size_t)kinds.p[i] * 6, 4);
    }
    *ret = (struct zone){ .times = at, .offsets = offset, .n = c.times };
    return true;
}

static bool take_rule(bytes rest, struct zone *zone)
{
    str footer = { (const char *)rest.p, rest.n };
    if (footer.n < 2 || footer.p[0] != '\n' || footer.p[footer.n - 1] != '\n')
        return false;
    footer = (str){ footer.p + 1, footer.n - 2 };
    zone->has_rule = footer.n > 0;
    return footer.n == 0 || zone_rule_parse(footer, &zone->rule);
}

bool zone_parse(struct arena *a, bytes file, const struct zone **ret)
{
    struct zone *zone = arena_new(a, struct zone);
    if (file.n > FILE_MAX_BYTES || !skip_first(&file) || !take_transitions(a, &file, zone) || !take_rule(file, zone))
        return false;
    *ret = zone;
    return true;
}

static struct zone_stretch stretch_at(const struct zone *zone, int64_t utc_s)
{
    size_t low = 0, high = zone->n; /* how many transitions are not later than utc_s */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->times[middle] <= utc_s)
            low = middle + 1;
        else
            high = middle;
    }
    struct zone_stretch ret = { low > 0 ? zone->times[low - 1] : INT64_MIN,
                                low < zone->n ? zone->times[low] : INT64_MAX, zone->offsets[low] };
    if (low == zone->n && zone->has_rule) {
        struct zone_stretch ruled = zone_rule_stretch(&zone->rule, utc_s);
        ret.offset_s = ruled.offset_s;
        ret.end_s = ruled.end_s;
        ret.start_s = ruled.start_s > ret.start_s ? ruled.start_s : ret.start_s;
    }
    return ret;
}

int64_t zone_local(const struct zone *zone, int64_t utc_s)
{
    return utc_s + stretch_at(zone, utc_s).offset_s;
}

/* Goes through the stretches from before the earliest moment that the local time could be. */
int64_t zone_utc(const struct zone *zone, int64_t local_s)
{
    int64_t at = local_s - ZONE_OFFSET_MAX_S;
    for (;;) {
        struct zone_stretch stretch = stretch_at(zone, at);
        int64_t utc_s = local_s - stretch.offset_s;
        if (utc_s < stretch.start_s)
            return stretch.start_s;
        if (utc_s < stretch.end_s)
            return utc_s;
        at = stretch.end_s;
    }
}
