/* Mails that come back: what is taken names one mail of ours and a status of class 5. */
#include "paysrv/domain/confirmation/bounce.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    struct bounce bounce;
    str why = STR_NONE;
    if (!bounce_read(a, fuzz_text(data, size), &bounce, &why)) {
        MUST(why.n > 0);
        return 0;
    }
    MUST(str_starts(bounce.mail, STR("mail_")) && bounce.mail.n == 31);
    MUST(str_starts(bounce.status, STR("5.")) && bounce.status.n >= 5 && bounce.status.n <= 9);
    return 0;
}
