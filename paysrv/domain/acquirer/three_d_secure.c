/* See three_d_secure.h. */
#include "paysrv/domain/acquirer/three_d_secure.h"

#define THREE_D_SECURE_NAME(name, text) [THREE_D_SECURE_##name] = text,
static const char *const results[] = { [THREE_D_SECURE_NONE] = "", THREE_D_SECURE_RESULTS(THREE_D_SECURE_NAME) };
static const char *const flows[] = { "untold", "frictionless", "challenge" };
#define N_RESULTS (sizeof results / sizeof results[0])
#define N_FLOWS (sizeof flows / sizeof flows[0])

enum three_d_secure_result three_d_secure_of_status(str trans_status)
{
    static const struct {
        char status;
        enum three_d_secure_result result;
    } said[] = {
        { 'Y', THREE_D_SECURE_AUTHENTICATED }, { 'A', THREE_D_SECURE_ATTEMPTED }, { 'I', THREE_D_SECURE_EXEMPTED },
        { 'U', THREE_D_SECURE_UNAVAILABLE },   { 'N', THREE_D_SECURE_FAILED },    { 'R', THREE_D_SECURE_REJECTED },
    };
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
        if (trans_status.n == 1 && trans_status.p[0] == said[i].status)
            return said[i].result;
    return THREE_D_SECURE_NONE;
}

enum three_d_secure_flow three_d_secure_flow_of(str flow)
{
    for (size_t i = 0; i < N_FLOWS; i++)
        if (str_eq(flow, str_of(flows[i])))
            return (enum three_d_secure_flow)i;
    return FLOW_UNTOLD;
}

bool three_d_secure_shifts(enum three_d_secure_result result)
{
    return result == THREE_D_SECURE_AUTHENTICATED || result == THREE_D_SECURE_ATTEMPTED;
}

str three_d_secure_text(struct arena *a, three_d_secure v)
{
    return v.result == THREE_D_SECURE_NONE ? STR_NONE : arena_printf(a, "%s %s", flows[v.flow], results[v.result]);
}

bool three_d_secure_parse(str stored, three_d_secure *ret)
{
    str flow, result = stored;
    if (!str_given(stored) || !str_cut(&result, ' ', &flow))
        return false;
    for (size_t i = THREE_D_SECURE_NONE + 1; i < N_RESULTS; i++) {
        if (str_eq(result, str_of(results[i]))) {
            *ret = (three_d_secure){ three_d_secure_flow_of(flow), (enum three_d_secure_result)i };
            return true;
        }
    }
    return false;
}

void three_d_secure_write(struct json *j, str stored)
{
    three_d_secure v;
    if (!three_d_secure_parse(stored, &v))
        return;
    json_object(j, "three_d_secure");
    json_str_or_null(j, "flow", v.flow == FLOW_UNTOLD ? STR_NONE : str_of(flows[v.flow]));
    json_str(j, "result", str_of(results[v.result]));
    json_bool(j, "liability_shift", three_d_secure_shifts(v.result));
    json_close(j);
}
