/* See breach.h. A binary search by offset: some forty short reads in a list of any size. */
#include "authsrv/flow/account/breach.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "authsrv/app.h"
#include "authsrv/faults.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

#define HEX_CHARS ((size_t)SHA1_BYTES * 2)
#define LINE_MAX_BYTES 128

/* The digest of the first line that begins at or after `at` (at 0, or after a line feed); false: none. */
static bool line_read(int fd, off_t at, str *ret, char line[LINE_MAX_BYTES * 2], off_t *begin)
{
    off_t from = at > 0 ? at - 1 : 0;
    ssize_t n = pread(fd, line, (size_t)LINE_MAX_BYTES * 2, from);
    if (n <= 0)
        return false;
    const char *p = line, *end = line + n;
    if (at > 0) {
        p = memchr(line, '\n', (size_t)n);
        if (!p)
            return false;
        p++;
    }
    if ((size_t)(end - p) < HEX_CHARS)
        return false;
    *begin = from + (p - line);
    *ret = (str){ p, HEX_CHARS };
    return true;
}

static int order(str a, str b)
{
    for (size_t i = 0; i < a.n; i++) {
        int x = a.p[i] >= 'a' ? a.p[i] - 'a' + 'A' : a.p[i], y = b.p[i] >= 'a' ? b.p[i] - 'a' + 'A' : b.p[i];
        if (x != y)
            return x - y;
    }
    return 0;
}

static bool list_has(int fd, off_t size, str wanted)
{
    char line[LINE_MAX_BYTES * 2];
    off_t low = 0, high = size, begin;
    str found;
    while (low < high) {
        off_t middle = low + (high - low) / 2;
        if (!line_read(fd, middle, &found, line, &begin) || begin >= high) {
            high = middle;
            continue;
        }
        int c = order(wanted, found);
        if (c == 0)
            return true;
        if (c < 0)
            high = middle;
        else
            low = begin + 1;
    }
    return false;
}

err password_is_breached(struct task *t, str password, bool *ret)
{
    unsigned char digest_of[SHA1_BYTES];
    struct stat about;
    str file = app_of(t)->config.breached_passwords_file;
    *ret = false;
    if (file.n == 0)
        return OK;
    int fd = open(arena_cstr(t->arena, file), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return FAIL(t, BREACHED_LIST, "the list of breached passwords cannot be opened");
    sha1(bytes_of(password), digest_of);
    bool sized = fstat(fd, &about) == 0;
    if (sized)
        *ret = list_has(fd, about.st_size, hex_encode(t->arena, (bytes){ digest_of, sizeof digest_of }));
    close(fd);
    return sized ? OK : FAIL(t, BREACHED_LIST, "the list of breached passwords cannot be read");
}
