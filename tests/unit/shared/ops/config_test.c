/* Configuration: defaults, file, environment, and what each mistake is told. */
#include "shared/ops/config.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shared/base/buf.h"
#include "shared/ops/config_value.h"
#include "tests/support/test.h"

#define TEST_CONFIG(X)                                                                                                 \
    X(TEXT, issuer, "", 1, 40, "Issuer URL")                                                                           \
    X(INTEGER, workers, "16", 1, 256, "Worker threads")                                                                \
    X(DURATION, ttl, "300s", 60, 86400, "Life of a token")                                                             \
    X(BOOL, limits, "on", 0, 0, "Rate limits")                                                                         \
    X(SECRET, pepper_file, "", 0, 64, "File with the pepper")

struct config {
    CONFIG_FIELDS(TEST_CONFIG)
};
#define CONFIG_ITEM_STRUCT struct config
static const struct config_item items[] = { CONFIG_ITEMS(TEST_CONFIG) };
#define N_ITEMS (sizeof items / sizeof items[0])

static str file_write(struct arena *a, const char *text, mode_t mode)
{
    char *path = arena_cstr(a, STR("/tmp/stoa-config-XXXXXX"));
    int fd = mkstemp(path);
    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && fchmod(fd, mode) == 0);
    close(fd);
    return str_of(path);
}

/* What was complained about; absent: nothing. */
static str load(struct arena *a, const char *text, struct config *ret)
{
    char *said = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&said, &n);
    str path = text ? file_write(a, text, 0600) : STR_NONE;
    bool good = config_load(a, items, N_ITEMS, text ? path.p : NULL, "UNITTEST", ret, out);
    fclose(out);
    str complaint = arena_str(a, (str){ said, n });
    free(said);
    if (text)
        unlink(path.p);
    CHECK(good == (n == 0));
    return good ? STR_NONE : complaint;
}

static bool holds(str s, const char *part)
{
    return s.p && memmem(s.p, s.n, part, strlen(part)) != NULL;
}

TEST(defaults_file_and_environment_in_this_order)
{
    struct config c;
    CHECK_STR(load(arena, "; a comment\nissuer = http://a\nttl = 5m\nlimits = off\n", &c), STR_NONE);
    CHECK_STR(c.issuer, STR("http://a"));
    CHECK_I64(c.workers, 16);
    CHECK_I64(c.ttl.us, 300000000);
    CHECK(!c.limits);
    CHECK(!str_given(c.pepper_file.hidden));
    setenv("UNITTEST_WORKERS", "4", 1);
    CHECK_STR(load(arena, "issuer = http://a\nworkers = 8\n", &c), STR_NONE);
    unsetenv("UNITTEST_WORKERS");
    CHECK_I64(c.workers, 4);
}

TEST(every_mistake_is_told_with_line_and_allowed_values)
{
    struct config c;
    str said = load(arena, "issuer = http://a\nwokers = 8\nworkers = 0\nttl = 10s\nissuer = b\nlimits = maybe\n", &c);
    CHECK(holds(said, ":2: unknown key wokers"));
    CHECK(holds(said, ":3: workers must be an integer from 1 to 256"));
    CHECK(holds(said, ":4: ttl must be a time"));
    CHECK(holds(said, ":5: issuer is given twice"));
    CHECK(holds(said, ":6: limits must be on or off"));
    CHECK(holds(load(arena, "workers = 3\n", &c), "issuer must be a text of 1 to 40 characters"));
    CHECK(holds(load(arena, "issuer = a\n[section]\nworkers = 3\n", &c), "unknown section"));
    CHECK(holds(load(arena, "issuer = a\nnonsense\n", &c), ":2:"));
    setenv("UNITTEST_WORKES", "4", 1);
    CHECK(holds(load(arena, "issuer = a\n", &c), "UNITTEST_WORKES: unknown environment variable"));
    unsetenv("UNITTEST_WORKES");
}

TEST(lines_are_not_glued_and_long_lines_are_refused)
{
    struct config c;
    CHECK_STR(load(arena, "issuer = a\n  workers = 3\n", &c), STR_NONE);
    CHECK_I64(c.workers, 3);
    struct buf b;
    buf_init(&b, arena, 4096);
    buf_printf(&b, "issuer = %0300d\n", 1);
    buf_add_char(&b, '\0');
    CHECK(holds(load(arena, b.p, &c), "a line may have"));
}

TEST(a_secret_is_the_content_of_a_private_file)
{
    struct config c;
    str path = file_write(arena, "top secret\n", 0600);
    str text = arena_printf(arena, "issuer = a\npepper_file = %.*s\n", STR_ARG(path));
    CHECK_STR(load(arena, text.p, &c), STR_NONE);
    CHECK_STR(c.pepper_file.hidden, STR("top secret"));
    CHECK(chmod(path.p, 0640) == 0);
    CHECK(holds(load(arena, text.p, &c), "may be read by others"));
    str place = { path.p, (size_t)(strrchr(path.p, '/') - path.p) };
    setenv("CREDENTIALS_DIRECTORY", arena_cstr(arena, place), 1);
    CHECK_STR(load(arena, text.p, &c), STR_NONE);
    CHECK(chmod(path.p, 0644) == 0);
    CHECK(holds(load(arena, text.p, &c), "may be read by others"));
    CHECK(chmod(path.p, 0640) == 0);
    setenv("CREDENTIALS_DIRECTORY", arena_cstr(arena, (str){ place.p, place.n - 1 }), 1);
    CHECK(holds(load(arena, text.p, &c), "may be read by others"));
    unsetenv("CREDENTIALS_DIRECTORY");
    unlink(path.p);
    CHECK(holds(load(arena, text.p, &c), "cannot open"));
}

TEST(sample_secrets_of_our_own_are_recognised)
{
    static const char *const samples[] = { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "changeme-changeme-changeme-1234567",
                                           "0123456789abcdef0123456789abcdef" };
    const struct config_item own = { .kind = CONFIG_SECRET, .name = "own_file", .low = 32, .high = 64 },
                             foreign = { .kind = CONFIG_SECRET, .name = "foreign_file", .low = 16, .high = 64 };
    secret s;
    str why;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        str path = file_write(arena, samples[i], 0600);
        CHECK(!config_value_set(arena, &own, path, &s, &why));
        CHECK_STR(why, STR("is a sample or repeats itself: generate a random one"));
        CHECK(config_value_set(arena, &foreign, path, &s, &why));
        unlink(path.p);
    }
    str path = file_write(arena, "a94f0c27e5b1d8836fa2c4907e1bd355", 0600);
    CHECK(config_value_set(arena, &own, path, &s, &why));
    unlink(path.p);
}

TEST(durations_have_units)
{
    static const struct {
        const char *text;
        int64_t s;
    } cases[] = { { "60", 60 }, { "90s", 90 }, { "2m", 120 }, { "1h", 3600 }, { "1d", 86400 }, { "60000ms", 60 } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct config c;
        CHECK_STR(load(arena, arena_printf(arena, "issuer = a\nttl = %s\n", cases[i].text).p, &c), STR_NONE);
        CHECK_I64(c.ttl.us, cases[i].s * 1000000);
    }
    static const char *const wrong[] = { "", "-60s", "1.5m", "2d", "60 s", "s" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct config c;
        CHECK(str_given(load(arena, arena_printf(arena, "issuer = a\nttl = %s\n", wrong[i]).p, &c)));
    }
}
