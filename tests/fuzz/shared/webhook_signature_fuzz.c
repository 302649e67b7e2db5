/* Signed messages: three lines of headers, then the body. What is taken as signed now is not so with another byte in
 * the body. */
#include "shared/net/standard_webhook.h"
#include "tests/fuzz/fuzz.h"

#define SECRET STR("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
#define NOW 1700000000

static str line(str *rest)
{
    const char *end = memchr(rest->p, '\n', rest->n);
    str l = { rest->p, end ? (size_t)(end - rest->p) : rest->n };
    size_t taken = l.n + (end != NULL);
    *rest = (str){ rest->p + taken, rest->n - taken };
    return l;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    str rest = fuzz_text(data, size), id = line(&rest), timestamp = line(&rest), signature = line(&rest), good;
    const instant now = instant_of_seconds(NOW);
    enum webhook_verdict v = webhook_verify(a, SECRET, id, timestamp, signature, rest, now);
    MUST(v >= WEBHOOK_GOOD && v <= WEBHOOK_OUTSIDE_TOLERANCE);
    if (v == WEBHOOK_GOOD)
        MUST(webhook_verify(a, SECRET, id, timestamp, signature, arena_printf(a, "%.*s.", STR_ARG(rest)), now) !=
             WEBHOOK_GOOD);
    if (webhook_sign(a, SECRET, STR("msg_1"), NOW, rest, &good))
        MUST(webhook_verify(a, SECRET, STR("msg_1"), STR("1700000000"), good, rest, now) == WEBHOOK_GOOD);
    MUST(webhook_verify(a, signature, id, timestamp, signature, rest, now) >= WEBHOOK_GOOD);
    return 0;
}
