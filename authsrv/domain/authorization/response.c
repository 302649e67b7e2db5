/* The tables of response types and modes. */
#include "authsrv/domain/authorization/response.h"

static const struct {
    unsigned parts;
    str name;
} types[] = {
#define X(parts, name) { parts, STR(name) },
    RESPONSE_TYPES(X)
#undef X
};
#define N_TYPES (sizeof types / sizeof types[0])

static const struct {
    str name;
    struct response_mode mode;
} modes[] = {
#define X(name, carrier, is_jwt) { STR(name), { carrier, is_jwt } },
    RESPONSE_MODES(X)
#undef X
};
#define N_MODES (sizeof modes / sizeof modes[0])

static unsigned part_of(str word)
{
    static const struct {
        str word;
        unsigned part;
    } parts[] = { { STR("code"), RESPONSE_CODE },
                  { STR("id_token"), RESPONSE_ID_TOKEN },
                  { STR("token"), RESPONSE_TOKEN },
                  { STR("none"), RESPONSE_NONE } };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (str_eq(parts[i].word, word))
            return parts[i].part;
    return 0;
}

bool response_type_parse(str text, unsigned *parts)
{
    str word;
    bool good = true;
    *parts = 0;
    while (str_next_word(&text, &word)) {
        unsigned part = part_of(word);
        if (part == 0 || (*parts & part))
            good = false;
        *parts |= part;
    }
    return good && str_given(response_type_name(*parts));
}

str response_type_name(unsigned parts)
{
    for (size_t i = 0; i < N_TYPES; i++)
        if (types[i].parts == parts)
            return types[i].name;
    return STR_NONE;
}

enum response_carrier response_carrier_default(unsigned parts)
{
    return parts & (RESPONSE_ID_TOKEN | RESPONSE_TOKEN) ? CARRY_FRAGMENT : CARRY_QUERY;
}

bool response_mode_parse(str text, unsigned parts, struct response_mode *ret)
{
    *ret = (struct response_mode){ response_carrier_default(parts), str_eq(text, STR("jwt")) };
    if (!str_given(text) || ret->is_jwt)
        return true;
    for (size_t i = 0; i < N_MODES; i++) {
        if (str_eq(modes[i].name, text)) {
            *ret = modes[i].mode;
            return true;
        }
    }
    return false;
}

str response_mode_name(struct response_mode mode)
{
    for (size_t i = 0; i < N_MODES; i++)
        if (modes[i].mode.carrier == mode.carrier && modes[i].mode.is_jwt == mode.is_jwt)
            return modes[i].name;
    return STR("query");
}

bool response_mode_fits(struct response_mode mode, unsigned parts)
{
    return mode.carrier != CARRY_QUERY || response_carrier_default(parts) == CARRY_QUERY;
}
