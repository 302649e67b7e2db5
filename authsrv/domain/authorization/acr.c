/* Levels of log-in, compared by their place in the table. */
#include "authsrv/domain/authorization/acr.h"

static const struct {
    str value, any_of;
} levels[] = {
#define X(value, any_of) { STR(value), STR(any_of) },
    ACR_LEVELS(X)
#undef X
};
#define N_LEVELS (sizeof levels / sizeof levels[0])

static const str ways[] = {
#define X(what, amr) STR(amr),
    LOG_IN_WAYS(X)
#undef X
};

static bool level_reached(size_t level, str amr)
{
    str words = levels[level].any_of, word;
    if (words.n == 0)
        return true;
    while (str_next_word(&words, &word))
        if (str_has_word(amr, word))
            return true;
    return false;
}

/* The first level is reached by every log-in. */
static size_t level_of(str amr)
{
    size_t level = N_LEVELS - 1;
    while (level > 0 && !level_reached(level, amr))
        level--;
    return level;
}

static bool serves(size_t level, str value)
{
    for (size_t i = 0; i <= level; i++)
        if (str_eq(levels[i].value, value))
            return true;
    return false;
}

static str first_served(size_t level, str wanted)
{
    str word;
    while (str_next_word(&wanted, &word))
        if (serves(level, word))
            return word;
    return STR_NONE;
}

static size_t level_attainable(void)
{
    size_t best = 0;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        if (level_of(ways[i]) > best)
            best = level_of(ways[i]);
    return best;
}

bool acr_served(str amr, str wanted)
{
    return str_given(first_served(level_of(amr), wanted));
}

bool acr_attainable(str wanted)
{
    return str_given(first_served(level_attainable(), wanted));
}

str acr_reported(str amr, str wanted)
{
    str value = first_served(level_of(amr), wanted);
    return str_given(value) ? value : levels[level_of(amr)].value;
}

void acr_supported_write(struct json *j, const char *key)
{
    json_array(j, key);
    for (size_t i = 0; i <= level_attainable(); i++)
        json_str(j, NULL, levels[i].value);
    json_close(j);
}
