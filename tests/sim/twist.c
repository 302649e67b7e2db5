/* An answer that says something else than what is so: see network_twists. */
#include <string.h>

#include "tests/sim/network.h"

static const char *twist_what, *twist_with; /* NULL: as it is */

void network_twists(const char *what, const char *with)
{
    twist_what = what;
    twist_with = with;
}

str network_twisted(str body)
{
    const str what = str_of(twist_what ? twist_what : "");
    const char *at = what.n && body.n ? memmem(body.p, body.n, what.p, what.n) : NULL;
    if (!at)
        return body;
    size_t before = (size_t)(at - body.p);
    return arena_printf(sim_memory(), "%.*s%s%.*s", (int)before, body.p, twist_with, (int)(body.n - before - what.n),
                        at + what.n);
}
