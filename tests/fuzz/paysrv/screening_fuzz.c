/* Answers about payees: nothing but a whole answer of a good status lets anything go out. The first byte picks the
 * status. */
#include "paysrv/domain/payout/screening.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int statuses[] = { 200, 0, 204, 301, 404, 429, 500 };
    struct arena *a = fuzz_arena();
    str reference = STR_NONE;
    if (!size)
        return 0;
    int status = statuses[data[0] % (sizeof statuses / sizeof statuses[0])];
    enum screening s =
        screening_judge(a, status, fuzz_text(data + 1, size - 1), 1 + data[0] % SCREENING_TRIES, &reference);
    MUST(s < SCREENING_COUNT);
    MUST(s != SCREENING_ALLOW || status == 200);
    MUST(!str_given(reference) || reference.n <= 200);
    return 0;
}
