/* See zones.h. */
#include "paysrv/flow/zones.h"

#include <fcntl.h>
#include <unistd.h>

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "shared/text/locale_text.h"

#define FILE_MAX_BYTES 65536

static bool file_read(struct task *t, str path, bytes *ret)
{
    unsigned char *content = arena_alloc(t->arena, FILE_MAX_BYTES);
    size_t n = 0;
    ssize_t got = -1;
    int fd = open(arena_cstr(t->arena, path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    while (fd >= 0 && n < FILE_MAX_BYTES && (got = read(fd, content + n, FILE_MAX_BYTES - n)) > 0)
        n += (size_t)got;
    if (fd >= 0)
        close(fd);
    *ret = (bytes){ content, n };
    return got == 0;
}

err zone_load(struct task *t, str name, const struct zone **ret)
{
    const struct app *app = t->app;
    bytes file;
    if (!zone_name_valid(name) ||
        !file_read(t, arena_printf(t->arena, "%.*s/%.*s", STR_ARG(app->config.zone_directory), STR_ARG(name)), &file) ||
        !zone_parse(t->arena, file, ret))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("zone"), STR("must be a time zone such as Europe/Berlin"));
    return OK;
}

err moment_there(struct task *t, enum language l, instant at, str zone, str *ret)
{
    const struct zone *rules;
    TRY(zone_load(t, zone, &rules));
    instant local = instant_of_seconds(zone_local(rules, instant_seconds(at)));
    *ret = locale_moment_there(t->arena, language_tags[l], local, zone);
    return OK;
}

str moment_by(struct task *t, enum language l, instant at, str zone)
{
    str there;
    if (str_given(zone) && !moment_there(t, l, at, zone, &there))
        return there;
    return locale_moment(t->arena, language_tags[l], at);
}
