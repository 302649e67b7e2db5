/* See prop.h. Choices are 64-bit numbers from splitmix64 while searching, and a list of them while shrinking. */
#include "tests/prop/prop.h"

#include <stdlib.h>
#include <string.h>

#include "shared/base/num.h"

#define CHOICES_MAX 20000
#define SHRINK_ROUNDS 20
#define USUAL_SEED 20261123
#define USUAL_RUNS 500

struct draw {
    uint64_t state;
    bool is_replay;
    size_t at, n;
    uint64_t *choices;
};

struct run {
    property body;
    struct arena *arena;
    struct draw *draw;
};

/* A failed CHECK leaves by a jump, so these live as long as the process. */
static uint64_t choices[CHOICES_MAX];

static struct arena *values_arena(void)
{
    static struct arena *a;
    if (!a)
        a = arena_create(1 << 16, (size_t)64 << 20);
    return a;
}

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

uint64_t draw_u64(struct draw *d)
{
    /* A stream that has ended goes on with zeros, the smallest choice. */
    if (d->at == CHOICES_MAX || (d->is_replay && d->at >= d->n))
        return 0;
    if (!d->is_replay) {
        d->choices[d->at] = splitmix64(&d->state);
        d->n = d->at + 1;
    }
    return d->choices[d->at++];
}

int64_t draw_range(struct draw *d, int64_t low, int64_t high)
{
    uint64_t width = (uint64_t)high - (uint64_t)low + 1;
    uint64_t choice = draw_u64(d);
    return (int64_t)((uint64_t)low + (width ? choice % width : choice));
}

bool draw_bool(struct draw *d)
{
    return draw_u64(d) & 1;
}

int64_t draw_i64(struct draw *d)
{
    static const int64_t EDGES[] = { 0,         1,         -1,         INT64_MAX,     INT64_MIN,
                                     INT32_MAX, INT32_MIN, UINT32_MAX, INT64_MAX - 1, INT64_MIN + 1 };
    if (draw_range(d, 0, 3) == 3)
        return EDGES[draw_range(d, 0, 9)];
    int64_t shift = draw_range(d, 0, 63);
    return (int64_t)(draw_u64(d) >> (63 - shift));
}

bytes draw_bytes(struct draw *d, struct arena *a, size_t max)
{
    size_t n = (size_t)draw_range(d, 0, (int64_t)max);
    unsigned char *p = arena_alloc(a, n);
    for (size_t i = 0; i < n; i++)
        p[i] = (unsigned char)draw_u64(d);
    return (bytes){ p, n };
}

static size_t utf8_put(char *p, uint32_t c)
{
    if (c < 0x80) {
        p[0] = (char)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char LEAD[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        p[i] = (char)(0x80 | (c & 0x3F));
    p[0] = (char)(LEAD[n] | c);
    return n;
}

str draw_text(struct draw *d, struct arena *a, size_t max)
{
    static const int64_t HIGHEST[] = { 0x7E, 0x7F, 0x7FF, 0xFFFF, 0x10FFFF };
    size_t n = (size_t)draw_range(d, 0, (int64_t)max), end = 0;
    int64_t kind = draw_bool(d) ? draw_range(d, 1, 4) : 0;
    char *p = arena_alloc(a, 4 * n);
    for (size_t i = 0; i < n; i++) {
        uint32_t c = (uint32_t)draw_range(d, kind ? 1 : ' ', HIGHEST[kind]);
        end += utf8_put(p + end, c >= 0xD800 && c <= 0xDFFF ? 'x' : c);
    }
    return (str){ p, end };
}

str draw_word(struct draw *d, struct arena *a, const char *alphabet, size_t max)
{
    size_t n = (size_t)draw_range(d, 0, (int64_t)max);
    int64_t last = (int64_t)strlen(alphabet) - 1;
    char *p = arena_alloc(a, n);
    for (size_t i = 0; i < n; i++)
        p[i] = alphabet[draw_range(d, 0, last)];
    return (str){ p, n };
}

static void run_body(void *arg)
{
    const struct run *r = arg;
    r->body(r->arena, r->draw);
}

static bool replay_fails(struct run *r)
{
    r->draw->is_replay = true;
    r->draw->at = 0;
    arena_reset(r->arena);
    return !test_holds(run_body, r);
}

/* Takes count choices out at from when the shorter stream still fails. */
static bool cut_choices(struct run *r, size_t from, size_t count)
{
    struct draw *d = r->draw;
    static uint64_t before[CHOICES_MAX];
    size_t n = d->n;
    memcpy(before, d->choices, n * sizeof *before);
    memmove(d->choices + from, d->choices + from + count, (n - from - count) * sizeof *before);
    d->n = n - count;
    bool still_fails = replay_fails(r);
    if (!still_fails) {
        memcpy(d->choices, before, n * sizeof *before);
        d->n = n;
    }
    return still_fails;
}

/* Makes one choice as small as halving the distance to zero finds. */
static bool lower_choice(struct run *r, size_t i)
{
    uint64_t *choice = &r->draw->choices[i];
    uint64_t original = *choice, fails = original, holds = 0;
    *choice = 0;
    if (original == 0 || replay_fails(r))
        return original != 0;
    while (fails - holds > 1) {
        uint64_t middle = holds + (fails - holds) / 2;
        *choice = middle;
        if (replay_fails(r))
            fails = middle;
        else
            holds = middle;
    }
    *choice = fails;
    return fails < original;
}

static void shrink(struct run *r)
{
    struct draw *d = r->draw;
    bool is_better = true;
    for (int rounds = 0; is_better && rounds < SHRINK_ROUNDS; rounds++) {
        is_better = false;
        for (size_t size = d->n / 2; size > 0; size /= 2) {
            for (size_t from = 0; from + size <= d->n;) {
                if (cut_choices(r, from, size))
                    is_better = true;
                else
                    from += size;
            }
        }
        for (size_t i = 0; i < d->n; i++)
            is_better = lower_choice(r, i) || is_better;
    }
}

/* Runs once with values from seed; true: it failed, and d holds the smallest choices that still fail. */
static bool seed_fails(property body, uint64_t seed, struct draw *d)
{
    struct run r = { body, values_arena(), d };
    *d = (struct draw){ .state = seed, .choices = d->choices };
    arena_reset(r.arena);
    if (test_holds(run_body, &r))
        return false;
    shrink(&r);
    return true;
}

static void one_run(property body, const char *name, uint64_t seed, struct draw *d)
{
    if (!seed_fails(body, seed, d))
        return;
    printf("# property %s fails with seed %llu; the smallest run found:\n", name, (unsigned long long)seed);
    d->is_replay = true;
    d->at = 0;
    arena_reset(values_arena());
    body(values_arena(), d);
    test_fail(__FILE__, __LINE__, "%s failed with seed %llu, but not again", name, (unsigned long long)seed);
}

static void kept_seeds(property body, const char *name, struct draw *d)
{
    struct arena *text = arena_create(4096, (size_t)4 << 20);
    uint64_t seeds[100];
    size_t n = 0;
    str rest = test_file(text, "prop/seeds.txt"), line, word;
    while (n < 100 && str_cut(&rest, '\n', &line)) {
        int64_t seed;
        if (str_next_word(&line, &word) && str_eq(word, str_of(name)) && num_parse(line, &seed))
            seeds[n++] = (uint64_t)seed;
    }
    arena_destroy(text);
    for (size_t i = 0; i < n; i++)
        one_run(body, name, seeds[i], d);
}

static int64_t setting(const char *name, int64_t usual)
{
    int64_t value;
    return num_parse(str_of(getenv(name)), &value) ? value : usual;
}

/* 63 bits, so that a printed seed can be read back. */
static uint64_t next_seed(uint64_t *seeds)
{
    return splitmix64(seeds) >> 1;
}

void property_check(const char *name, property body)
{
    struct draw d = { .choices = choices };
    uint64_t seeds = (uint64_t)setting("STOA_PROP_SEED", USUAL_SEED);
    int64_t runs = setting("STOA_PROP_RUNS", USUAL_RUNS);
    kept_seeds(body, name, &d);
    for (int64_t i = 0; i < runs; i++)
        one_run(body, name, next_seed(&seeds), &d);
}

size_t property_smallest(property body)
{
    struct draw d = { .choices = choices };
    uint64_t seeds = USUAL_SEED;
    for (int i = 0; i < USUAL_RUNS; i++) {
        if (seed_fails(body, next_seed(&seeds), &d))
            return d.n;
    }
    return 0;
}
