/* See screening.h. */
#include "paysrv/domain/payout/screening.h"

#define HTTP_OK 200
#define REFERENCE_MAX 100

str screening_name(enum screening screening)
{
    static const char *const names[] = {
#define SCREENING_NAME(name, text) text,
        SCREENINGS(SCREENING_NAME)
    };
    return str_of(names[screening]);
}

duration screening_pause(int tries)
{
    static const int64_t seconds[] = { 10, 60, 300 };
    return SECONDS(seconds[tries < 1 ? 0 : tries > 3 ? 2 : tries - 1]);
}

static bool decision_read(const struct json_value *document, enum screening *ret)
{
    str decision;
    if (!json_get_str(document, "decision", &decision))
        return false;
    for (enum screening s = SCREENING_ALLOW; s < SCREENING_AGAIN; s++) {
        if (str_eq(decision, screening_name(s))) {
            *ret = s;
            return true;
        }
    }
    return false;
}

enum screening screening_judge(struct arena *a, int status, str body, int tries, str *reference)
{
    const struct json_value *document;
    enum screening said;
    *reference = STR_NONE;
    if (status == HTTP_OK && json_parse(a, body, &document) && decision_read(document, &said)) {
        if (json_get_str(document, "reference", reference) && reference->n > REFERENCE_MAX)
            *reference = STR_NONE;
        return said;
    }
    return tries < SCREENING_TRIES ? SCREENING_AGAIN : SCREENING_REVIEW;
}
