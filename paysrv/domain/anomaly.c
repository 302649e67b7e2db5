/* See anomaly.h. */
#include "paysrv/domain/anomaly.h"

static const struct {
    const char *name, *about;
    duration rest;
} kinds[] = {
#define ANOMALY_KIND(name, text, about, rest) { text, about, rest },
    ANOMALIES(ANOMALY_KIND)
};

str anomaly_name(enum anomaly kind)
{
    return str_of(kinds[kind].name);
}

bool anomaly_parse(str name, enum anomaly *ret)
{
    for (int i = 0; i < ANOMALY_COUNT; i++)
        if (str_eq(name, str_of(kinds[i].name))) {
            *ret = (enum anomaly)i;
            return true;
        }
    return false;
}

str anomaly_about(str name)
{
    enum anomaly kind;
    return anomaly_parse(name, &kind) ? str_of(kinds[kind].about) : STR("other");
}

bool anomaly_rests(enum anomaly kind, instant now, instant *since)
{
    duration rest = kinds[kind].rest;
    if (!rest.us)
        return false;
    *since = rest.us < now.us ? (instant){ now.us - rest.us } : (instant){ 0 };
    return true;
}
