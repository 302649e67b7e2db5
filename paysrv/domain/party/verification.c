/* See verification.h. */
#include "paysrv/domain/party/verification.h"

#define HTTP_OK 200

str verification_name(enum verification verification)
{
    static const char *const names[] = {
#define VERIFICATION_NAME(name, text) text,
        VERIFICATIONS(VERIFICATION_NAME)
    };
    return str_of(names[verification]);
}

/* The codes of the scheme (EPC 218-23), in the order of ours. */
static enum verification of_code(str code)
{
    static const char *const codes[] = { "", "MTCH", "CMTC", "NMTC", "NOAP" };
    for (int i = VERIFICATION_MATCH; i < VERIFICATION_COUNT; i++)
        if (str_eq(code, str_of(codes[i])))
            return (enum verification)i;
    return VERIFICATION_UNKNOWN;
}

enum verification verification_judge(struct arena *a, int status, str body, str *matched_name)
{
    const struct json_value *document;
    str code, name;
    *matched_name = STR_NONE;
    if (status != HTTP_OK || !json_parse(a, body, &document) || !json_get_str(document, "partyNameMatch", &code))
        return VERIFICATION_UNKNOWN;
    enum verification said = of_code(code);
    if (said == VERIFICATION_CLOSE_MATCH && json_get_str(document, "matchedName", &name) && name.n > 0 &&
        name.n <= VERIFICATION_NAME_MAX)
        *matched_name = name;
    return said;
}

duration verification_pause(int tries)
{
    static const int64_t seconds[] = { 10, 60, 300, 1800, 3600 };
    const int last = sizeof seconds / sizeof seconds[0];
    return SECONDS(seconds[tries < 1 ? 0 : tries > last ? last - 1 : tries - 1]);
}

bool verification_differs(str status)
{
    return str_eq(status, verification_name(VERIFICATION_CLOSE_MATCH)) ||
           str_eq(status, verification_name(VERIFICATION_NO_MATCH));
}
