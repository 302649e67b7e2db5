/* Values of the configuration. Bounds are lengths (TEXT, SECRET), values (INTEGER) or seconds (DURATION). */
#include "shared/ops/config_value.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shared/base/num.h"

#define SECRET_FILE_MAX_BYTES 65536

str config_value_allowed(struct arena *a, const struct config_item *item)
{
    long long low = item->low, high = item->high;
    switch (item->kind) {
    case CONFIG_TEXT:
        return arena_printf(a, "a text of %lld to %lld characters", low, high);
    case CONFIG_INTEGER:
        return arena_printf(a, "an integer from %lld to %lld", low, high);
    case CONFIG_DURATION:
        return arena_printf(a, "a time such as 30s, 5m, 24h or 30d, from %llds to %llds", low, high);
    case CONFIG_SECRET:
        return arena_printf(a, "the path of a file of %lld to %lld bytes that only its owner may read", low, high);
    case CONFIG_BOOL:
        return STR("on or off");
    }
    return STR("nothing");
}

static bool duration_parse(str text, duration *ret)
{
    static const struct {
        str unit;
        int64_t us;
    } units[] = {
        { STR("ms"), 1000 },      { STR("s"), 1000000 },     { STR("m"), 60000000 },
        { STR("h"), 3600000000 }, { STR("d"), 86400000000 }, { STR(""), 1000000 },
    };
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        int64_t n, us;
        if (!str_ends(text, units[i].unit) || !num_parse((str){ text.p, text.n - units[i].unit.n }, &n))
            continue;
        if (n < 0 || !num_mul(n, units[i].us, &us))
            return false;
        *ret = (duration){ us };
        return true;
    }
    return false;
}

#define NOT_OF_OTHERS 077
#define NOT_OF_OTHERS_BUT_OF_ACL 037

/* Newer versions of systemd let the unit's user read a credential, which is root's, by an access list: that shows as
 * its group's mode. */
static mode_t mode_refused(str path)
{
    const char *credentials = getenv("CREDENTIALS_DIRECTORY");
    str place = credentials ? str_of(credentials) : STR_NONE;
    bool is_below = place.n > 0 && path.n > place.n && str_starts(path, place) && path.p[place.n] == '/';
    return is_below ? NOT_OF_OTHERS_BUT_OF_ACL : NOT_OF_OTHERS;
}

/* A secret that others can read is not a secret: the file must be regular and closed to group and world. */
static bool secret_read(struct arena *a, str path, secret *ret, str *why)
{
    int fd = open(arena_cstr(a, path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        *why = arena_printf(a, "cannot open %.*s: %s", STR_ARG(path), strerror(errno));
        return false;
    }
    struct stat st;
    char *text = arena_alloc(a, SECRET_FILE_MAX_BYTES);
    ssize_t n = -1;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        *why = arena_printf(a, "%.*s is not a regular file", STR_ARG(path));
    else if (st.st_mode & mode_refused(path))
        *why = arena_printf(a, "%.*s may be read by others; chmod 600 it", STR_ARG(path));
    else if ((n = read(fd, text, SECRET_FILE_MAX_BYTES)) < 0)
        *why = arena_printf(a, "cannot read %.*s", STR_ARG(path));
    close(fd);
    if (n < 0)
        return false;
    if (n > 0 && text[n - 1] == '\n')
        n--;
    *ret = (secret){ { text, (size_t)n } };
    return true;
}

/* What nobody would have generated. */
static bool secret_is_sample(str value)
{
    bool seen[256] = { false };
    size_t distinct = 0;
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        if (!seen[c])
            distinct++;
        seen[c] = true;
    }
    return distinct < 10 || str_starts(value, STR("changeme")) || str_starts(value, STR("example")) ||
           str_starts(value, STR("secret")) || str_starts(value, STR("0123456789"));
}

/* Those of so many bytes are our own; what is shorter somebody else gives, as acquirers do their keys. */
#define OWN_SECRET_BYTES 32

static bool within(int64_t v, const struct config_item *item)
{
    return v >= item->low && v <= item->high;
}

static bool secret_set(struct arena *a, const struct config_item *item, str text, secret *field, str *why)
{
    secret s = { STR_NONE };
    if (text.n == 0) {
        *field = s;
        return item->low == 0;
    }
    if (!secret_read(a, text, &s, why) || !within((int64_t)s.hidden.n, item))
        return false;
    if (item->low >= OWN_SECRET_BYTES && secret_is_sample(s.hidden)) {
        *why = STR("is a sample or repeats itself: generate a random one");
        return false;
    }
    *field = s;
    return true;
}

static bool bool_set(str text, bool *field)
{
    bool on = str_eq(text, STR("on")) || str_eq(text, STR("true")) || str_eq(text, STR("yes"));
    if (!on && !str_eq(text, STR("off")) && !str_eq(text, STR("false")) && !str_eq(text, STR("no")))
        return false;
    *field = on;
    return true;
}

bool config_value_set(struct arena *a, const struct config_item *item, str text, void *ret, str *why)
{
    void *field = (char *)ret + item->offset;
    int64_t n;
    duration d;
    *why = STR_NONE;
    switch (item->kind) {
    case CONFIG_TEXT:
        if (!within((int64_t)text.n, item))
            return false;
        *(str *)field = arena_str(a, text);
        return true;
    case CONFIG_INTEGER:
        if (!num_parse(text, &n) || !within(n, item))
            return false;
        *(int64_t *)field = n;
        return true;
    case CONFIG_DURATION:
        if (!duration_parse(text, &d) || d.us < item->low * 1000000 || d.us / 1000000 > item->high)
            return false;
        *(duration *)field = d;
        return true;
    case CONFIG_SECRET:
        return secret_set(a, item, text, field, why);
    case CONFIG_BOOL:
        return bool_set(text, field);
    }
    return false;
}
