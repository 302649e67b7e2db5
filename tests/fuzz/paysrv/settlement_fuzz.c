/* Registries of the acquirer's: what is taken is bounded, and adds up. */
#include "paysrv/domain/settlement/settlement_file.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    struct settlement_file f;
    str why = STR_NONE;
    if (!settlement_file_read(a, fuzz_text(data, size), &f, &why)) {
        MUST(why.n > 0);
        return 0;
    }
    int64_t gross = 0, fee = 0;
    for (size_t i = 0; i < f.n; i++) {
        MUST(f.lines[i].id.n > 0 && settlement_kind_name(f.lines[i].kind).n > 0);
        gross += f.lines[i].gross_minor;
        fee += f.lines[i].fee_minor;
    }
    MUST(f.id.n > 0 && f.transfer.n > 0 && f.n <= SETTLEMENT_MAX_LINES);
    MUST(gross == f.gross_minor && fee == f.fee_minor && gross - fee == f.net_minor);
    return 0;
}
